import type { Random } from '../tools/random';

/** Books in ProtoJSON, written as the ProtoJSON format prescribes for output. */
export const sampleBooks: readonly { readonly title: string; readonly book: object }[] = [
  { title: 'nothing', book: {} },
  {
    title: 'every scalar',
    book: {
      name: 'Ünïcode "quoted" \\ \n \u2028 \u0000 😀',
      pages: '1',
      barcode: '2',
      shelf: '-3',
      checksum: '4',
      offset: '-5',
      year: -2147483648,
      copies: 4294967295,
      floor: -2147483648,
      color: 4294967295,
      tilt: 2147483647,
      weight: 1.7976931348623157e308,
      rating: 0.1,
      lent: true,
      cover: 'AP/+',
      condition: 'CONDITION_WORN',
    },
  },
  {
    title: 'numbers that JSON has no digits for',
    book: { weight: 'NaN', rating: '-Infinity', prices: ['Infinity', 5e-324, 1e21, 1e-7] },
  },
  // The largest float itself is refused by Python's parser, which wrote it.
  { title: 'a large float', book: { rating: 3.4e38 } },
  {
    title: 'lists and maps',
    book: {
      authors: [{ name: 'A', teacher: { name: 'B', teacher: {} } }, {}],
      printings: ['0', '-1'],
      history: ['CONDITION_UNSPECIFIED', 'CONDITION_NEW', 7],
      notes: { '0': '', '-1': 'minus' },
      readers: { '': {}, 'with "quotes"': { name: 'R' } },
      flags: { true: 'AQ==', false: '' },
    },
  },
  { title: 'a oneof with a default value', book: { room: '' } },
  { title: 'a oneof with a 64-bit zero', book: { box: '0' } },
  { title: 'a oneof with an empty message', book: { lentTo: {} } },
  { title: 'optional fields with default values', book: { edition: 0, subtitle: '' } },
  {
    title: 'well-known types',
    book: {
      printedAt: '1969-12-31T23:59:59.999999999Z',
      loanPeriod: '-1.500s',
      publicFields: 'name,shownTitle,authors.name',
      extras: {
        text: 'a',
        number: 1.5,
        yes: true,
        none: null,
        list: [1, [], {}],
        object: { a: {} },
      },
      anything: [null, { a: 'b' }],
      insuredFor: '0',
      seal: '',
      signed: false,
    },
  },
  { title: 'a null value', book: { anything: null } },
  {
    title: 'the first and last timestamps',
    book: { printedAt: '0001-01-01T00:00:00Z', loanPeriod: '315576000000s' },
  },
  { title: 'the last timestamp', book: { printedAt: '9999-12-31T23:59:59.999999999Z' } },
  {
    title: 'an Any with a message',
    book: {
      attachment: {
        '@type': 'type.googleapis.com/interop.v1.Book',
        name: 'inner',
        pages: '9007199254740993',
      },
    },
  },
  {
    title: 'an Any with a well-known type in an Any',
    book: {
      attachment: {
        '@type': 'type.googleapis.com/google.protobuf.Any',
        value: { '@type': 'type.googleapis.com/google.protobuf.Duration', value: '1.000000001s' },
      },
    },
  },
  { title: 'names with capitals and names of their own', book: { ISBNCode: '978', title: 'T' } },
];

/** A book with random fields, as the ProtoJSON format prescribes for output: nothing unset, nothing default. */
export function randomBook(random: Random): object {
  const book: Record<string, unknown> = {};
  for (const [name, make] of Object.entries(makers)) {
    if (random.chance(0.4)) {
      book[name] = make(random);
    }
  }
  const member = random.pick(['room', 'box', 'lentTo', undefined] as const);
  if (member !== undefined) {
    book[member] = { room: text, box: signed64, lentTo: author }[member](random);
  }
  return book;
}

const makers: Readonly<Record<string, (random: Random) => unknown>> = {
  name: (random) => `${text(random)}.`,
  pages: nonZero(signed64),
  barcode: nonZero((random) => BigInt.asUintN(64, bits(random)).toString()),
  shelf: nonZero(signed64),
  checksum: nonZero((random) => BigInt.asUintN(64, bits(random)).toString()),
  offset: nonZero(signed64),
  year: (random) => random.integer(1, 2 ** 31 - 1) * random.pick([1, -1]),
  copies: (random) => random.integer(1, 2 ** 32 - 1),
  floor: (random) => random.integer(1, 2 ** 31 - 1) * random.pick([1, -1]),
  color: (random) => random.integer(1, 2 ** 32 - 1),
  tilt: (random) => random.integer(1, 2 ** 31 - 1) * random.pick([1, -1]),
  weight: double,
  lent: () => true,
  cover: (random) => base64(random, 1),
  condition: (random) => random.pick(['CONDITION_NEW', 'CONDITION_WORN', 3, -1]),
  authors: (random) => list(random, author),
  printings: (random) => list(random, signed64),
  prices: (random) => list(random, double),
  notes: (random) => Object.fromEntries(list(random, (it) => [signed64(it), text(it)])),
  readers: (random) => Object.fromEntries(list(random, (it) => [text(it), author(it)])),
  flags: (random) => ({ [`${random.chance(0.5)}`]: base64(random, 0) }),
  edition: (random) => random.integer(-3, 3),
  subtitle: text,
  printedAt: (random) => {
    const seconds = random.integer(-62_135_596_800, 253_402_300_799);
    const [date] = new Date(seconds * 1000).toISOString().split('.');
    return `${date}${fraction(random)}Z`;
  },
  loanPeriod: (random) =>
    `${random.pick(['', '-'])}${random.integer(1, 315_575_999_999)}${fraction(random)}s`,
  extras: (random) => ({ [text(random)]: jsonValue(random, 3) }),
  anything: (random) => jsonValue(random, 3),
  attachment: (random) => ({
    '@type': 'type.googleapis.com/interop.v1.Author',
    ...author(random),
  }),
  insuredFor: signed64,
  seal: (random) => base64(random, 0),
  signed: (random) => random.chance(0.5),
};

function bits(random: Random): bigint {
  const all = Buffer.from(random.bytes(8)).readBigUInt64LE();
  // Small and large ones alike.
  return all >> BigInt(random.integer(0, 63));
}

function signed64(random: Random): string {
  return BigInt.asIntN(64, random.chance(0.5) ? bits(random) : -bits(random)).toString();
}

function nonZero(make: (random: Random) => string): (random: Random) => string {
  return (random) => {
    const value = make(random);
    return value === '0' ? '1' : value;
  };
}

/** Any finite double but zero. */
function double(random: Random): number {
  const value = Buffer.from(random.bytes(8)).readDoubleLE();
  return Number.isFinite(value) && value !== 0 ? value : 0.5;
}

function text(random: Random): string {
  const pieces = [
    'a',
    'Z',
    '0',
    ' ',
    '"',
    '\\',
    '/',
    '\n',
    '\u0001',
    '<',
    'é',
    '漢',
    '😀',
    '\u2029',
  ];
  return Array.from({ length: random.integer(0, 8) }, () => random.pick(pieces)).join('');
}

function base64(random: Random, shortest: number): string {
  return Buffer.from(random.bytes(random.integer(shortest, 20))).toString('base64');
}

/** None, or 3, 6 or 9 digits: what is written is as short as it can be of these. */
function fraction(random: Random): string {
  const digits = random.pick([0, 3, 6, 9]);
  const last = random.integer(1, 9);
  return digits === 0 ? '' : `.${'0'.repeat(digits - 1)}${last}`;
}

function list<T>(random: Random, make: (random: Random) => T): T[] {
  return Array.from({ length: random.integer(1, 4) }, () => make(random));
}

function author(random: Random): object {
  return {
    name: `${text(random)}.`,
    ...(random.chance(0.3) && { teacher: author(random) }),
  };
}

function jsonValue(random: Random, depth: number): unknown {
  switch (random.integer(0, depth > 0 ? 5 : 3)) {
    case 0:
      return null;
    case 1:
      return random.chance(0.5);
    case 2:
      return double(random);
    case 3:
      return text(random);
    case 4:
      return list(random, (it) => jsonValue(it, depth - 1));
    default:
      return { [text(random)]: jsonValue(random, depth - 1) };
  }
}
