import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { cached } from '../../../scripts/cache.mjs';
import { prepareGhz } from '../../../scripts/interop/ghz.mjs';
import { prepareGo } from '../../../scripts/interop/go.mjs';
import { prepareGrpcurl } from '../../../scripts/interop/grpcurl.mjs';
import { startServer } from '../../../scripts/interop/servers.mjs';
import { hash, must } from '../../../scripts/interop/tools.mjs';
import { median } from '../report';

/** A program and its arguments. */
export type Command = readonly [file: string, ...args: string[]];

/** What a whole process took. */
export interface Taken {
  /** Milliseconds from its start to its end. */
  readonly time: number;
  /** Milliseconds of all processors. */
  readonly processor: number;
  /** The most that it had, in MiB. */
  readonly memory: number;
}

/** What the rows run, and what they run it against. */
export interface Programs {
  readonly frameline: Command;
  readonly grpcurl: Command;
  readonly ghz: Command;
  /** Of the library of test/interop, served by grpc-go. */
  readonly library: string;
  /** Of the sample server. */
  readonly sample: string;
  /** A folder for files. */
  readonly folder: string;
  /**
   * Runs a command to its end. Throws when it fails.
   * @param output where its standard output goes
   */
  measure(command: Command, output?: string): Promise<Taken>;
}

/**
 * Builds what is missing.
 * @param own the command `frameline`, and where the sample server listens
 * @returns undefined where there is no Go
 */
export async function preparePrograms(
  own: Pick<Programs, 'frameline' | 'sample' | 'folder'>,
): Promise<{ readonly programs: Programs; stop(): Promise<void> } | undefined> {
  const server = await prepareGo(console.log);
  const grpcurl = await prepareGrpcurl(console.log);
  const ghz = await prepareGhz(console.log);
  if (server === undefined || grpcurl === undefined || ghz === undefined) {
    return undefined;
  }
  const measure = await prepareMeasure();
  const library = await startServer(server);
  return {
    programs: {
      ...own,
      grpcurl: [grpcurl],
      ghz: [ghz],
      library: library.address,
      measure: (command, output = '/dev/null') => taken(measure, command, output),
    },
    stop: () => library.stop(),
  };
}

async function prepareMeasure(): Promise<string> {
  const source = join(import.meta.dirname, 'measure.go');
  const folder = await cached(`bench-measure-${await hash(process.arch, source)}`, async (to) => {
    await must('go', ['build', '-o', join(to, 'measure'), source]);
  });
  return join(folder, 'measure');
}

async function taken(measure: string, command: Command, output: string): Promise<Taken> {
  const child = spawn(measure, [output, ...command], { stdio: ['ignore', 'pipe', 'pipe'] });
  let told = '';
  let errors = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    told += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  const result = JSON.parse(told === '' ? '{}' : told) as Partial<Record<string, number>>;
  const { code, time = 0, processor = 0, memory = 0 } = result;
  if (code !== 0) {
    throw new Error(`${command.join(' ')} ended with ${code}:\n${errors}`);
  }
  return { time: time / 1e6, processor: processor / 1e6, memory: memory / 1024 / 1024 };
}

/** Medians of rounds in which the programs take turns, so that what else the machine does falls on all of them alike. */
export async function alternate<K extends string>(
  rounds: number,
  programs: Readonly<Record<K, () => Promise<Taken>>>,
): Promise<Readonly<Record<K, Taken>>> {
  const names = Object.keys(programs) as K[];
  const all = new Map<K, Taken[]>(names.map((name) => [name, []]));
  // The first round warms the disk, and counts for nothing.
  for (let round = 0; round <= rounds; round++) {
    for (const name of names) {
      const result = await programs[name]();
      if (round > 0) {
        all.get(name)?.push(result);
      }
    }
  }
  const middle = (name: K, what: keyof Taken): number =>
    median((all.get(name) ?? []).map((it) => it[what]));
  return Object.fromEntries(
    names.map((name) => [
      name,
      {
        time: middle(name, 'time'),
        processor: middle(name, 'processor'),
        memory: middle(name, 'memory'),
      },
    ]),
  ) as Record<K, Taken>;
}
