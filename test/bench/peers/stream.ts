import { alternate, type Command, type Programs } from './programs';
import { compare, noteProcessor } from './rows';
import { sameText } from './sameText';

const MESSAGES = 200_000;
const ROUNDS = 7;
const method = 'interop.v1.Library/ListBooks';

/** Books with a name, a 64-bit number and 64 bytes each. */
const request = JSON.stringify({ count: MESSAGES, coverSize: 64 });

export async function stream(programs: Programs): Promise<void> {
  const { frameline, grpcurl, library, measure } = programs;
  const ours: Command = [...frameline, 'call', '--plaintext', '--deadline', 'none', '-d', request];
  const theirs: Command = [...grpcurl, '-plaintext', '-d', request];
  await sameText(programs, [...ours, library, method], [...theirs, library, method]);
  const taken = await alternate(ROUNDS, {
    ours: () => measure([...ours, library, method]),
    theirs: () => measure([...theirs, library, method]),
  });
  const what = `${MESSAGES.toLocaleString('en')} streamed messages, written as JSON`;
  compare(what, taken.ours.time, taken.theirs.time, 'ms', 1);
  noteProcessor(what, taken.ours, taken.theirs);
}
