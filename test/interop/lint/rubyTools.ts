import { createHash } from 'node:crypto';
import { mkdir, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { cached } from '../../../scripts/cache.mjs';
import { run } from '../../../scripts/process.mjs';

/** A Ruby to try things with. */
export interface Ruby {
  readonly file: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Whether it has the grpc gem. */
  readonly hasGrpc: boolean;
}

const needsGrpc = "require 'grpc'";

/**
 * The Ruby of this machine if it has the grpc gem; else Debian's packages of both, unpacked into the cache folder
 * and not installed; else the Ruby of this machine as it is. A sentence when there is none of them.
 */
export async function findRuby(): Promise<Ruby | string> {
  const own: Ruby = { file: 'ruby', args: [], env: {}, hasGrpc: true };
  if (await works(own, needsGrpc)) {
    return own;
  }
  const unpacked = await unpackedRuby();
  if (typeof unpacked !== 'string') {
    return unpacked;
  }
  return (await works(own, '1')) ? { ...own, hasGrpc: false } : `there is no ruby, and ${unpacked}`;
}

/** Runs a file or option, and gives the exit code with all that was printed. */
export function runRuby({ file, args, env }: Ruby, more: readonly string[]) {
  return run(file, [...args, ...more], { env: { ...process.env, ...env } });
}

async function works(ruby: Ruby, code: string): Promise<boolean> {
  const finished = await runRuby(ruby, ['-e', code]).catch(() => undefined);
  return finished?.code === 0;
}

async function unpackedRuby(): Promise<Ruby | string> {
  for (const tool of ['apt-get', 'dpkg-deb']) {
    const finished = await run(tool, ['--version']).catch(() => undefined);
    if (finished?.code !== 0) {
      return `there is no ${tool} to get one`;
    }
  }
  const { output } = await run('apt-config', ['dump']);
  const name = `interop-ruby-${createHash('sha256').update(output).digest('hex').slice(0, 16)}`;
  try {
    const ruby = await rubyIn(join(await cached(name, unpack), 'root'));
    return (await works(ruby, needsGrpc)) ? ruby : "Debian's does not run here";
  } catch (error) {
    return `Debian's can't be had: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** Fetches Ruby, the grpc gem and what this machine lacks of what they need; changes nothing of the machine. */
async function unpack(to: string): Promise<void> {
  const [lists, archives, root] = ['lists', 'archives', 'root'].map((each) => join(to, each));
  if (lists === undefined || archives === undefined || root === undefined) {
    return;
  }
  await mkdir(join(lists, 'partial'), { recursive: true });
  await mkdir(archives);
  await mkdir(root);
  const options = ['-o', `Dir::State::Lists=${lists}`, '-o', `Dir::Cache=${to}`];
  const apt = (...args: readonly string[]) => must('apt-get', [...options, '--quiet', ...args], to);
  await apt('update');
  const plan = await apt('install', '--simulate', '--no-install-recommends', 'ruby', 'ruby-grpc');
  const packages = [...plan.matchAll(/^Inst (\S+) (?:\[\S+\] )?\((\S+) /gm)].map(
    ([, name, version]) => `${name}=${version}`,
  );
  await must('apt-get', [...options, '--quiet', 'download', ...packages], archives);
  for (const file of await readdir(archives)) {
    await must('dpkg-deb', ['--extract', join(archives, file), root], to);
  }
}

async function must(file: string, args: readonly string[], cwd: string): Promise<string> {
  const { code, output } = await run(file, args, { cwd });
  if (code !== 0) {
    throw new Error(`${file} ${args.at(-1)} ended with ${code}: ${output.slice(-500)}`);
  }
  return output;
}

/** How the Ruby in this folder finds its own libraries and gems. */
async function rubyIn(root: string): Promise<Ruby> {
  const paths = await readdir(root, { recursive: true });
  const gems = paths.filter((path) =>
    /\/gems\/[^/]+\/(?:src\/ruby\/)?lib$|\/extensions\/[^/]+\/[^/]+\/[^/]+$/.test(path),
  );
  const library = paths.filter((path) =>
    /^usr\/lib\/(?:[^/]+\/)?ruby\/(?:vendor_ruby|(?:vendor_ruby\/)?\d+\.\d+\.\d+)$/.test(path),
  );
  const program = paths.find((path) => /^usr\/bin\/ruby\d/.test(path));
  const shared = paths.find((path) => /\/libruby-[\d.]+\.so/.test(path));
  if (program === undefined || shared === undefined) {
    throw new Error('the packages hold no ruby');
  }
  return {
    file: join(root, program),
    args: ['--disable-gems'],
    env: {
      RUBYLIB: [...gems, ...library].map((path) => join(root, path)).join(':'),
      LD_LIBRARY_PATH: join(root, dirname(shared)),
    },
    hasGrpc: true,
  };
}
