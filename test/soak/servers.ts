import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { stop } from '../../scripts/process.mjs';
import type { Random } from '../tools/random';

/** Where the programs stand that `scripts/soak.mjs` has built. */
export interface Programs {
  readonly sampleServer: string;
  readonly command: string;
  /** Absent where there is no Go. */
  readonly goServer?: string;
  /** For temporary files of servers: one that is killed removes nothing. */
  readonly serverFolder: string;
}

export interface SampleAddresses {
  readonly address: string;
  readonly tlsAddress?: string;
  readonly certificates?: { readonly ca: string };
}

/** Milliseconds that a server has to start, on the busiest machine. */
const startGuard = 60_000;

/** A server in a process of its own that can be killed and started again on the same port. */
export class ServerProcess<A> {
  readonly #start: () => ChildProcess;
  readonly #read: (line: string) => A;
  #child: ChildProcess | undefined;

  constructor(start: () => ChildProcess, read: (line: string) => A) {
    this.#start = start;
    this.#read = read;
  }

  /** Starts it and gives what its first line says. */
  async start(): Promise<A> {
    const child = this.#start();
    this.#child = child;
    const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream });
    const guard = AbortSignal.timeout(startGuard);
    const line = await Promise.race([
      once(lines, 'line', { signal: guard }).then(([text]) => String(text)),
      once(child, 'close', { signal: guard }).then(([code]) => {
        throw new Error(`${child.spawnfile} ${child.spawnargs.join(' ')} ended with ${code}`);
      }),
    ]);
    lines.close();
    child.stdout?.resume();
    return this.#read(line);
  }

  /** `SIGKILL` as a crash does, `SIGTERM` as an operator does. */
  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const child = this.#child;
    if (child && child.exitCode === null && child.signalCode === null) {
      child.kill(signal);
      await once(child, 'close');
    }
  }

  async stop(): Promise<void> {
    if (this.#child) {
      await stop(this.#child);
    }
  }
}

export function sampleServer(
  { sampleServer: program, serverFolder }: Programs,
  flags: readonly string[],
): ServerProcess<SampleAddresses> {
  return new ServerProcess(
    () =>
      spawn(process.execPath, [program, '--json', '--exit-with-parent', ...flags], {
        stdio: ['pipe', 'pipe', 'inherit'],
        env: { ...process.env, TMPDIR: serverFolder, TEMP: serverFolder, TMP: serverFolder },
      }),
    (line) => JSON.parse(line) as SampleAddresses,
  );
}

export function goServer(program: string): ServerProcess<string> {
  return new ServerProcess(
    () => spawn(program, [], { stdio: ['pipe', 'pipe', 'inherit'] }),
    (line) => line,
  );
}

/** Below the ports that systems give out by themselves: nobody takes it while it is closed for a moment. */
export async function quietPort(random: Random, hosts: readonly string[]): Promise<number> {
  for (;;) {
    const port = random.integer(15_000, 30_000);
    const free = await Promise.all(hosts.map((host) => isFree(port, host)));
    if (free.every((is) => is)) {
      return port;
    }
  }
}

async function isFree(port: number, host: string): Promise<boolean> {
  // Somebody may take it for the server that had this port before.
  const server = createServer((client) => client.destroy());
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, host, resolve);
    });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') {
      throw error;
    }
    return false;
  } finally {
    server.close();
  }
}
