import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';
import { commandLineBuild } from '../../scripts/linterBundle.mjs';
import { sampleServerBuild, sampleServerFiles } from '../../scripts/sampleServerBundle.mjs';

/** The command as it is packed, and a sample server in a process of its own. */
export interface Bench {
  readonly folder: string;
  readonly address: string;
  /** Path of the command. */
  readonly program: string;
  /** Milliseconds that a run of the command takes, from start to exit. Throws when it doesn't end with 0. */
  command(args: readonly string[]): number;
  /** The same of bare grpc-js making so many calls. */
  bare(calls: number): number;
  stop(): void;
}

export async function startBench(): Promise<Bench> {
  const folder = mkdtempSync(join(tmpdir(), 'frameline-command-bench-'));
  const dist = join(folder, 'dist');
  const common = { minify: true, logLevel: 'warning' } as const;
  await Promise.all([
    esbuild.build({ ...common, ...commandLineBuild(dist) }),
    esbuild.build({ ...common, ...sampleServerBuild(dist) }),
    sampleServerFiles(dist),
  ]);
  cpSync('package.json', join(folder, 'package.json'));
  const server = spawn(
    process.execPath,
    [join(dist, 'sampleServer', 'bin', 'main.cjs'), '--json', '--exit-with-parent'],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  );
  const address = await addressOf(server);
  const program = join(dist, 'cli', 'frameline.cjs');
  const bare = fileURLToPath(new URL('./bareCall.mjs', import.meta.url));
  return {
    folder,
    address,
    program,
    command: (args) => timed([program, ...args]),
    bare: (calls) => timed([bare, address, String(calls)]),
    stop: () => {
      server.kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function addressOf(server: ChildProcess): Promise<string> {
  const [line] = (await once(server.stdout as NodeJS.ReadableStream, 'data')) as [Buffer];
  return (JSON.parse(line.toString()) as { address: string }).address;
}

function timed(args: readonly string[]): number {
  const began = performance.now();
  const { status, stderr } = spawnSync(process.execPath, args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 64 * 1024 * 1024,
  });
  const time = performance.now() - began;
  if (status !== 0) {
    throw new Error(`${args.join(' ')} ended with ${status}:\n${stderr}`);
  }
  return time;
}
