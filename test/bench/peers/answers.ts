import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { randomBook, sampleBooks } from '../../interop/books';
import { seededRandom } from '../../tools/random';
import { note, report } from '../report';
import type { Command, Programs } from './programs';
import { type Departure, differences } from './sameJson';

const RANDOM_BOOKS = 40;
const kitchen = 'kitchen.v1.KitchenSink';

interface Question {
  readonly address: string;
  readonly method: string;
  readonly data: object;
}

/** What both programs write of the same answers, values compared one by one and order left aside. */
export async function answers(programs: Programs): Promise<void> {
  const departures = new Map<Departure, number>();
  const wrong: string[] = [];
  let compared = 0;
  for (const { address, method, data } of questions(programs)) {
    const common = ['-d', JSON.stringify(data), address, method];
    const { frameline, grpcurl } = programs;
    const ours = await answerOf(programs, [...frameline, 'call', '--plaintext', ...common]);
    const theirs = await answerOf(programs, [...grpcurl, '-plaintext', ...common]);
    compared++;
    const found = differences(ours, theirs);
    for (const departure of found.departures) {
      departures.set(departure, (departures.get(departure) ?? 0) + 1);
    }
    if (found.wrong.length > 0) {
      wrong.push(`${method} ${JSON.stringify(data)}: ${found.wrong.join('; ')}`);
    }
  }
  const share = ((compared - wrong.length) / compared) * 100;
  report(`the same JSON in ${compared} answers`, `${share.toFixed(1)} %`, '100 %', share === 100);
  for (const [departure, count] of departures) {
    note(`grpcurl leaves ProtoJSON: ${departure}`, `${count} times`);
  }
  for (const line of wrong.slice(0, 5)) {
    console.error(line.slice(0, 1000));
  }
}

function questions({ sample, library }: Programs): Question[] {
  const random = seededRandom(1);
  const books = [
    ...sampleBooks.map(({ book }) => book),
    ...Array.from({ length: RANDOM_BOOKS }, () => randomBook(random)),
  ];
  const ask = (method: string, data: object): Question => ({
    address: sample,
    method: `${kitchen}/${method}`,
    data,
  });
  return [
    ask('Extremes', {}),
    ask('ToAny', { aString: 'a', anInt64: '9007199254740993' }),
    ask('EchoLegacy', { name: 'soup', oven: { celsius: 180 }, step: [{ text: 'a' }, {}] }),
    ask('EchoModern', { name: 'a', id: '1', part: { inner: { id: '2' } }, size: 'SIZE_LARGE' }),
    ask('Ping', {}),
    // Read by the server, because grpcurl does not take every form of ProtoJSON.
    ...books.map((book) => ({
      address: library,
      method: 'interop.v1.Library/ReadBook',
      data: { text: JSON.stringify(book) },
    })),
  ];
}

async function answerOf({ measure, folder }: Programs, command: Command): Promise<unknown[]> {
  const file = join(folder, 'answer.json');
  await measure(command, file);
  const text = await readFile(file, 'utf8');
  return text
    .trim()
    .split(/\n(?=\{)/)
    .map((message) => JSON.parse(message));
}
