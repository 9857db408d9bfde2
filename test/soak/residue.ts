import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { setTimeout } from 'node:timers/promises';

/** What this process holds open, by its kind. */
export type Holdings = ReadonlyMap<string, number>;

const descriptors = '/proc/self/fd';

export function holdings(): Holdings {
  const counts = new Map<string, number>();
  const add = (name: string) => counts.set(name, (counts.get(name) ?? 0) + 1);
  for (const name of process.getActiveResourcesInfo()) {
    add(name);
  }
  if (existsSync(descriptors)) {
    for (const name of readdirSync(descriptors)) {
      add(`open ${kindOf(name)}`);
    }
  }
  for (const name of readdirSync(tmpdir())) {
    add(`temporary ${name}`);
  }
  counts.set('child process', childCount());
  return counts;
}

/** A file is named, also one that has no name any more: a spill file. */
function kindOf(descriptor: string): string {
  try {
    const target = readlinkSync(`${descriptors}/${descriptor}`);
    return target.startsWith('/') ? target : target.replace(/:?\[.*/, '');
  } catch {
    // The one that lists the folder.
    return 'folder';
  }
}

/** The TCP connections of this process, as the system lists them: which one is left shows who left it. */
export function openConnections(): string[] {
  const table = '/proc/self/net/tcp';
  if (!existsSync(table)) {
    return [];
  }
  const own = new Set(readdirSync(descriptors).map((name) => socketOf(name)));
  return readFileSync(table, 'utf8')
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter((columns) => columns[9] !== undefined && own.has(columns[9]))
    .map(([, local = '', remote = '', state]) => {
      return `port ${portOf(local)} to ${portOf(remote)}, state ${state}`;
    });
}

/** The number that the system's table knows a socket by. */
function socketOf(descriptor: string): string | undefined {
  try {
    return /^socket:\[(\d+)\]$/.exec(readlinkSync(`${descriptors}/${descriptor}`))?.[1];
  } catch {
    return undefined;
  }
}

/** An end is written as its address and port in hexadecimal digits. */
function portOf(end: string): number {
  return Number.parseInt(end.slice(end.indexOf(':') + 1), 16);
}

/** Processes that this one has started and that have not been waited for. */
function childCount(): number {
  const list = `/proc/self/task/${process.pid}/children`;
  return existsSync(list) ? readFileSync(list, 'utf8').split(' ').filter(Boolean).length : 0;
}

/** What there is more of than before. */
export function surplus(before: Holdings, after: Holdings): string[] {
  return [...after]
    .filter(([name, count]) => count > (before.get(name) ?? 0))
    .map(([name, count]) => `${name}: ${count}, was ${before.get(name) ?? 0}`)
    .sort();
}

/** Milliseconds that closing may take: sockets close in turns of the event loop, and calls of reflection in a second. */
const patience = 15_000;

/** What is left over `before` when everything has been closed; waits for what still closes. */
export async function residue(before: Holdings): Promise<string[]> {
  const until = performance.now() + patience;
  for (;;) {
    const left = surplus(before, holdings());
    if (left.length === 0 || performance.now() > until) {
      return left;
    }
    await setTimeout(50);
  }
}
