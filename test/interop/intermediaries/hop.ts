import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inject } from 'vitest';
import type { Intermediary } from '../../../scripts/interop/intermediaries.mjs';
import { stop } from '../../../scripts/process.mjs';

const programs = inject('intermediaries');

/** As people write their names. */
export const titles: Readonly<Record<Intermediary, string>> = {
  haproxy: 'HAProxy',
  nginx: 'nginx',
  envoy: 'Envoy',
};

export const kinds = Object.keys(titles) as Intermediary[];

export function isMissing(kind: Intermediary): boolean {
  return programs[kind] === undefined;
}

/** A proxy that runs in the foreground with its configuration file of this folder. */
export interface Hop {
  /** `127.0.0.1:PORT` of the port that the configuration calls `name`. */
  address(name: string): string;
  /** The same as a number. */
  port(name: string): number;
  stop(): Promise<void>;
}

/** Ports are found by asking for free ones, which somebody else may take before the proxy does. */
const attempts = 3;

/** Milliseconds until a port that nobody serves is given up: a mistake in the configuration. */
const startTimeout = 15_000;

/** @param ports of the servers behind it, by the names that stand in the configuration */
export async function startHop(
  kind: Intermediary,
  ports: Readonly<Record<string, number>>,
): Promise<Hop> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await tryToStart(kind, ports);
    } catch (error) {
      if (attempt === attempts) {
        throw error;
      }
    }
  }
}

async function tryToStart(
  kind: Intermediary,
  ports: Readonly<Record<string, number>>,
): Promise<Hop> {
  const folder = await mkdtemp(join(tmpdir(), `frameline-${kind}-`));
  let child: ChildProcess | undefined;
  const end = async () => {
    await (child && stop(child));
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const { text, filled } = await fill(kind, ports);
    const config = join(folder, files[kind]);
    await writeFile(config, text);
    child = spawn(programs[kind]?.file ?? '', args(kind, config, folder), {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    await listening(child, Object.values(filled));
    return {
      address: (name) => `127.0.0.1:${known(filled, name)}`,
      port: (name) => known(filled, name),
      stop: end,
    };
  } catch (error) {
    await end();
    throw error;
  }
}

const files: Readonly<Record<Intermediary, string>> = {
  haproxy: 'haproxy.cfg',
  nginx: 'nginx.conf',
  envoy: 'envoy.yaml',
};

function args(kind: Intermediary, config: string, folder: string): string[] {
  switch (kind) {
    case 'haproxy':
      return ['-db', '-f', config];
    case 'nginx':
      return ['-p', folder, '-c', config, '-e', 'stderr'];
    case 'envoy':
      return ['-c', config, '--concurrency', '1', '--disable-hot-restart', '-l', 'warning'];
  }
}

function known(ports: Readonly<Record<string, number>>, name: string): number {
  const port = ports[name];
  if (port === undefined) {
    throw new Error(`The configuration has no \${${name}}.`);
  }
  return port;
}

/** Names without a given port get a free one: there the proxy listens. */
async function fill(kind: Intermediary, given: Readonly<Record<string, number>>) {
  const template = await readFile(fileURLToPath(new URL(files[kind], import.meta.url)), 'utf8');
  const pattern = /\$\{([A-Z][A-Z_]*)\}/g;
  const names = [...new Set(Array.from(template.matchAll(pattern), ([, name = '']) => name))];
  const open = names.filter((name) => given[name] === undefined);
  const free = await freePorts(open.length);
  const filled = Object.fromEntries(open.map((name, index) => [name, free[index] ?? 0]));
  const all: Readonly<Record<string, number>> = { ...given, ...filled };
  return { text: template.replace(pattern, (_all, name: string) => `${all[name]}`), filled };
}

async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer();
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      return server;
    }),
  );
  return Promise.all(
    servers.map(async (server) => {
      const bound = server.address();
      await new Promise((resolve) => server.close(resolve));
      return bound !== null && typeof bound === 'object' ? bound.port : 0;
    }),
  );
}

/** Waits until the process takes connections on every port; fails with its words when it ends before. */
async function listening(child: ChildProcess, ports: readonly number[]): Promise<void> {
  let words = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      words = (words + chunk.toString()).slice(-20_000);
    });
  }
  let failure: string | undefined;
  child.once('error', (error) => {
    failure = error.message;
  });
  child.once('exit', (code) => {
    failure ??= `ended with ${code}`;
  });
  const timer = setTimeout(() => {
    failure ??= 'does not listen on every port';
  }, startTimeout);
  try {
    for (const port of ports) {
      while (!(await takesConnections(port))) {
        if (failure !== undefined) {
          throw new Error(`${child.spawnfile}: ${failure}\n${words}`);
        }
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    }
  } finally {
    clearTimeout(timer);
  }
}

function takesConnections(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true));
    socket.once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}
