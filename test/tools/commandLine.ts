import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import * as esbuild from 'esbuild';
import { commandLineBuild, grammarFiles } from '../../scripts/linterBundle.mjs';
import { root } from '../../scripts/project.mjs';

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** The command as it ships, built into a folder of its own. */
export interface BuiltCommand {
  /** Of the package. */
  readonly folder: string;
  readonly program: string;
  /** XDG_CACHE_HOME of its runs. */
  readonly cache: string;
  /** @param input what is piped in; nothing when left out */
  run(
    args: readonly string[],
    cwd: string,
    env?: NodeJS.ProcessEnv,
    input?: string,
  ): Promise<Ended>;
  remove(): Promise<void>;
}

export async function buildCommand(): Promise<BuiltCommand> {
  const folder = await mkdtemp(join(tmpdir(), 'frameline-command-'));
  const dist = join(folder, 'dist');
  await mkdir(join(folder, 'docs'));
  await Promise.all([
    esbuild.build({ ...commandLineBuild(dist), logLevel: 'warning' }),
    grammarFiles(dist),
    cp(join(root, 'package.json'), join(folder, 'package.json')),
    cp(join(root, 'docs', 'rules'), join(folder, 'docs', 'rules'), { recursive: true }),
  ]);
  const program = join(dist, 'cli', 'frameline.cjs');
  return {
    folder,
    program,
    cache: join(folder, 'cache'),
    run: (args, cwd, env = process.env, input) =>
      runToEnd(program, args, cwd, { ...env, XDG_CACHE_HOME: join(folder, 'cache') }, input),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

function runToEnd(
  program: string,
  args: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv,
  input?: string,
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, ...args], {
      cwd,
      env: { ...env, NO_COLOR: '1' },
      stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    }) as ChildProcessByStdio<Writable | null, Readable, Readable>;
    child.stdin?.end(input);
    let out = '';
    let err = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      out += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      err += text;
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, out, err }));
  });
}
