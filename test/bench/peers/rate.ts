import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { median, note } from '../report';
import type { Command, Programs } from './programs';

const CALLS = 3000;
const ROUNDS = 7;
const method = 'interop.v1.Library/EchoBook';
const book = '{"name":"books/1"}';

/**
 * Calls a second, one after the other over one connection, as each program counts them. ghz makes load and looks at
 * nothing but the status; `frameline run` keeps the frames of each call and holds its answer to an expectation.
 */
export async function rate(programs: Programs): Promise<void> {
  const { frameline, ghz, library, folder } = programs;
  const file = join(folder, 'calls.grpc');
  await writeFile(file, requestFile(library));
  const limits = ['--connections', '1', '--concurrency', '1', '--total', String(CALLS)];
  const theirs: Command = [
    ...ghz,
    ...['--insecure', ...limits, '--format', 'json'],
    ...['--call', method, '--data', book, library],
  ];
  const ours: number[] = [];
  const others: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const { summary } = await said<{ summary: { passed: number; milliseconds: number } }>(
      programs,
      [...frameline, 'run', '--json', file],
    );
    ours.push(summary.passed / (summary.milliseconds / 1000));
    const { rps } = await said<{ rps: number }>(programs, theirs);
    others.push(rps);
  }
  const [run, load] = [median(ours), median(others)];
  note(
    'frameline run against ghz, one worker on one connection',
    `${run.toFixed(0)} / ${load.toFixed(0)} calls/s = ${(run / load).toFixed(2)}`,
  );
}

async function said<T>({ measure, folder }: Programs, command: Command): Promise<T> {
  const file = join(folder, 'said.json');
  await measure(command, file);
  return JSON.parse(await readFile(file, 'utf8')) as T;
}

function requestFile(address: string): string {
  const request = `###
GRPC ${address}/${method}

${book}
`;
  return `# @plaintext\n\n${request.repeat(CALLS)}`;
}
