import { randomInt, randomUUID } from 'node:crypto';
import { nearest } from '../../grpc/nearest';

/** A value that is made anew each time it is asked for. */
export interface DynamicSpec {
  /** Without the `$`. */
  readonly name: string;
  /** As it is written, with its arguments. */
  readonly usage: string;
  readonly help: string;
  /** Whether it stands for a number, and needs no quotes in JSON. */
  readonly numeric: boolean;
}

export const dynamicSpecs: readonly DynamicSpec[] = [
  {
    name: 'uuid',
    usage: '$uuid',
    numeric: false,
    help: 'A random UUID, version 4 (RFC 9562, section 5.4).',
  },
  {
    name: 'timestamp',
    usage: '$timestamp',
    numeric: true,
    help: 'Seconds since 1970-01-01T00:00:00Z.',
  },
  {
    name: 'isoTimestamp',
    usage: '$isoTimestamp',
    numeric: false,
    help: 'Now, as google.protobuf.Timestamp is written in JSON.',
  },
  {
    name: 'randomInt',
    usage: '$randomInt min max',
    numeric: true,
    help: 'A random integer from min to max, both included; 0 to 1000 when left out.',
  },
];

export type DynamicValue =
  | { readonly ok: true; readonly value: string }
  /** A sentence: what is wrong and what to write. */
  | { readonly ok: false; readonly message: string };

/** What `{{$name args}}` stands for. */
export function dynamicValue(name: string, args: readonly string[]): DynamicValue {
  if (name === 'randomInt') {
    return randomIntBetween(args);
  }
  const spec = dynamicSpecs.find((candidate) => candidate.name === name);
  if (spec === undefined) {
    const names = dynamicSpecs.map((candidate) => candidate.name);
    const meant = nearest(name, names);
    const hint =
      meant === undefined ? `There are $${names.join(', $')}.` : `Did you mean $${meant}?`;
    return { ok: false, message: `There is no dynamic value $${name}. ${hint}` };
  }
  if (args.length > 0) {
    return { ok: false, message: `$${name} takes no argument: write {{$${name}}}.` };
  }
  switch (name) {
    case 'uuid':
      return { ok: true, value: randomUUID() };
    case 'timestamp':
      return { ok: true, value: String(Math.floor(Date.now() / 1000)) };
    default:
      return { ok: true, value: new Date().toISOString() };
  }
}

/** `randomInt` of Node takes a range of less than 2^48. */
const widestRange = 2 ** 48 - 1;

function randomIntBetween(args: readonly string[]): DynamicValue {
  const [min, max] = args.length === 0 ? [0, 1000] : args.map(Number);
  const bothWhole =
    args.every((text) => /^-?\d+$/.test(text)) &&
    Number.isSafeInteger(min) &&
    Number.isSafeInteger(max);
  if (
    args.length === 1 ||
    args.length > 2 ||
    !bothWhole ||
    min === undefined ||
    max === undefined
  ) {
    return { ok: false, message: 'Write {{$randomInt min max}} with two integers.' };
  }
  if (min > max || max - min >= widestRange) {
    const message =
      min > max
        ? `${min} is more than ${max}: the smaller one comes first.`
        : 'The range is too wide.';
    return { ok: false, message };
  }
  return { ok: true, value: String(randomInt(min, max + 1)) };
}
