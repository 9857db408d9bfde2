import { note } from '../report';
import { alternate, type Programs } from './programs';
import { compare } from './rows';

const ROUNDS = 21;
const method = 'interop.v1.Library/EchoBook';
const book = '{"name":"books/1"}';

export async function unary({ frameline, grpcurl, library, measure }: Programs): Promise<void> {
  const { ours, theirs, node } = await alternate(ROUNDS, {
    ours: () => measure([...frameline, 'call', '--plaintext', '-d', book, library, method]),
    theirs: () => measure([...grpcurl, '-plaintext', '-d', book, library, method]),
    node: () => measure([process.execPath, '--eval', '']),
  });
  compare('one unary call, whole process', ours.time, theirs.time, 'ms', 2.5);
  note('of that, the start of Node itself', `${node.time.toFixed(0)} ms`);
}
