import { alternate, type Command, type Programs } from './programs';
import { compare } from './rows';
import { sameText } from './sameText';

const SIZE = 64 * 1024 * 1024;
const ROUNDS = 5;
const method = 'interop.v1.Library/ListBooks';
const request = JSON.stringify({ count: 1, coverSize: SIZE });

export async function bigMessage(programs: Programs): Promise<void> {
  const { frameline, grpcurl, library, measure } = programs;
  const limit = 2 * SIZE;
  const common = ['-d', request, library, method];
  const ours: Command = [
    ...frameline,
    ...['call', '--plaintext', '--max-receive-size', `${limit}B`],
    ...common,
  ];
  const theirs: Command = [...grpcurl, '-plaintext', '-max-msg-sz', String(limit), ...common];
  await sameText(programs, ours, theirs);
  const taken = await alternate(ROUNDS, {
    ours: () => measure(ours),
    theirs: () => measure(theirs),
  });
  const what = 'a message of 64 MB, received and shown';
  compare(`${what}: time`, taken.ours.time, taken.theirs.time, 'ms', 1.5);
  compare(`${what}: memory`, taken.ours.memory, taken.theirs.memory, 'MiB', 1.5);
}
