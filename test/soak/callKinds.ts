import type { Random } from '../tools/random';

/** What a call does and, left alone, how it ends. */
export interface CallPlan {
  /** Name of the kind, for counting. */
  readonly kind: string;
  readonly path: string;
  /** As ProtoJSON, in their order. */
  readonly requests: readonly object[];
  /** Sends the next request when an answer to the last one has come. */
  readonly inTurn?: boolean;
  /** Cancels after so many messages; 0 at once. */
  readonly cancelAfter?: number;
  /** Stops reading for a moment after so many messages. */
  readonly restAfter?: number;
  /** It only ends by its deadline. */
  readonly endless?: boolean;
  /** It may end in several ways, and take the connection along. */
  readonly breaks?: boolean;
  /** A message of the server is over the limit of this side. */
  readonly overLimit?: boolean;
  /** Status code when it is left alone; absent when several are right. */
  readonly code?: number;
  /** Messages received when it ends with `code`. */
  readonly answers?: number;
}

export type ServerKind = 'sample' | 'go';

/** Bytes that a message may have here: grpc-js's own limit. */
export const receiveLimit = 4 * 1024 * 1024;

type Draw = (random: Random) => Omit<CallPlan, 'kind'>;

const list = <T>(count: number, item: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => item(index));

const text = (random: Random, longest: number): string =>
  'soak '.repeat(random.integer(0, longest / 5));

const base64 = (random: Random, longest: number): string =>
  Buffer.from(random.bytes(random.integer(0, longest))).toString('base64');

const market = '/market.v1.ListingService/';
const faults = '/faults.v1.Faults/';
const wire = '/faults.v1.Wire/';
const kitchen = '/kitchen.v1.KitchenSink/';
const library = '/interop.v1.Library/';

const sampleKinds: Readonly<Record<string, Draw>> = {
  unary: () => ({ path: `${market}GetListing`, requests: [{ id: 'lamp-1' }], code: 0, answers: 1 }),
  'unary, echo': (random) => ({
    path: `${kitchen}Echo`,
    requests: [{ aString: text(random, 30_000), someBytes: base64(random, 5000) }],
    code: 0,
    answers: 1,
  }),
  'unary, fails with details': () => ({
    path: `${market}GetListing`,
    requests: [{ id: 'ghost-1' }],
    code: 5,
    answers: 0,
  }),
  'unary, trailers only': () => ({
    path: `${faults}TrailersOnly`,
    requests: [{ code: 7, message: 'soak' }],
    code: 7,
    answers: 0,
  }),
  'unary, slow': () => ({
    path: `${faults}Delay`,
    requests: [{ headers: '0.030s', message: '0.030s' }],
    code: 0,
    answers: 1,
  }),
  'unary, metadata': () => ({ path: `${faults}Metadata`, requests: [{}], code: 0, answers: 1 }),
  'unary, gzip': (random) => ({
    path: `${wire}CompressedEcho`,
    requests: [{ text: text(random, 20_000) }],
    code: 0,
    answers: 1,
  }),
  'unary, large': (random) => ({
    path: `${faults}LargeMessage`,
    requests: [{ size: random.integer(100_000, 2_000_000) }],
    code: 0,
    answers: 1,
  }),
  'unary, too large': () => ({
    path: `${faults}LargeMessage`,
    requests: [{ size: receiveLimit + 1000 }],
    overLimit: true,
    code: 8,
    answers: 0,
  }),
  'unary, hangs': () => ({ path: `${faults}Hang`, requests: [{}], endless: true }),
  'unary, cancelled': () => ({
    path: `${faults}Hang`,
    requests: [{}],
    cancelAfter: 0,
    code: 1,
    answers: 0,
  }),
  'server stream': (random) => {
    const count = random.integer(0, 400);
    const size = random.integer(2, 2000);
    return { path: `${faults}Flood`, requests: [{ count, size }], code: 0, answers: count };
  },
  'server stream, searched': () => ({
    path: `${market}SearchListings`,
    requests: [{ limit: 5, pause: '0.010s' }],
    code: 0,
    answers: 5,
  }),
  'server stream, 20 MB': () => ({
    path: `${faults}Flood`,
    requests: [{ count: 40, size: 512 * 1024 }],
    code: 0,
    answers: 40,
  }),
  'server stream, fails': (random) => {
    const count = random.integer(0, 60);
    return {
      path: `${faults}FailAfter`,
      requests: [{ count, status: { code: 10, message: 'soak' } }],
      code: 10,
      answers: count,
    };
  },
  'server stream, read slowly': () => ({
    path: `${faults}Flood`,
    requests: [{ count: 300, size: 1000 }],
    restAfter: 3,
    code: 0,
    answers: 300,
  }),
  'server stream, hangs': () => ({
    path: `${faults}HangAfterHeaders`,
    requests: [{}],
    endless: true,
  }),
  'server stream, cancelled': (random) => ({
    path: `${faults}Flood`,
    requests: [{ count: 1_000_000, size: 300 }],
    cancelAfter: random.integer(1, 50),
    code: 1,
  }),
  'client stream': (random) => ({
    path: `${faults}SlowConsumer`,
    requests: list(random.integer(0, 40), () => ({ data: base64(random, 2000) })),
    code: 0,
    answers: 1,
  }),
  'client stream, photos': (random) => ({
    path: `${market}UploadPhotos`,
    requests: [
      { info: { listingId: 'lamp-1', fileName: 'soak.jpg' } },
      ...list(random.integer(0, 10), () => ({ chunk: base64(random, 30_000) })),
    ],
    code: 0,
    answers: 1,
  }),
  bidirectional: (random) => {
    const count = random.integer(1, 30);
    return {
      path: `${kitchen}EchoStream`,
      requests: list(count, (index) => ({ anInt32: index, aString: text(random, 500) })),
      inTurn: true,
      code: 0,
      answers: count,
    };
  },
  'bidirectional, all at once': (random) => {
    const count = random.integer(1, 60);
    return {
      path: `${kitchen}EchoStream`,
      requests: list(count, (index) => ({ anInt32: index, someBytes: base64(random, 3000) })),
      code: 0,
      answers: count,
    };
  },
  'unusual frames': (random) => ({
    path: `${wire}Framing`,
    // No CONTINUATION: the HTTP/2 library of Node counts each piece of one as another one, and 8 are too many for it.
    requests: [{ kind: random.pick([0, 1, 2, 4]) }],
    code: 0,
  }),
  RST_STREAM: (random) => ({
    path: `${wire}RstStream`,
    requests: [{ code: random.pick([2, 7, 8, 11]), when: random.integer(0, 3) }],
    breaks: true,
  }),
  GOAWAY: (random) => ({
    path: `${wire}GoAway`,
    requests: [{ code: random.pick([0, 2]), graceful: random.chance(0.5) }],
    breaks: true,
  }),
  'socket closed by the server': () => ({
    path: `${wire}CloseSocket`,
    requests: [{}],
    breaks: true,
  }),
};

const goKinds: Readonly<Record<string, Draw>> = {
  'Go: unary': (random) => ({
    path: `${library}EchoBook`,
    requests: [{ name: text(random, 5000), pages: '9007199254740993' }],
    code: 0,
    answers: 1,
  }),
  'Go: unary, fails with details': () => ({
    path: `${library}Fail`,
    requests: [{ code: 9, message: 'soak', details: true }],
    code: 9,
    answers: 0,
  }),
  'Go: unary, large headers': () => ({
    path: `${library}Inspect`,
    requests: [{ headerSize: 6000 }],
    code: 0,
    answers: 1,
  }),
  'Go: unary, not implemented': () => ({
    path: `${library}Burn`,
    requests: [{}],
    code: 12,
    answers: 0,
  }),
  'Go: unary, hangs': () => ({ path: `${library}Wait`, requests: [{}], endless: true }),
  'Go: server stream': (random) => {
    const count = random.integer(0, 300);
    const request = { count, coverSize: random.integer(0, 3000), gzip: random.chance(0.5) };
    return { path: `${library}ListBooks`, requests: [request], code: 0, answers: count };
  },
  'Go: server stream, fails': () => ({
    path: `${library}ListBooks`,
    requests: [{ count: 20, failAfter: 7 }],
    code: 10,
    answers: 7,
  }),
  'Go: server stream, cancelled': () => ({
    path: `${library}ListBooks`,
    requests: [{ count: 10, stay: true }],
    cancelAfter: 10,
    code: 1,
    answers: 10,
  }),
  'Go: client stream': (random) => ({
    path: `${library}AddBooks`,
    requests: list(random.integer(0, 50), () => ({ name: text(random, 500), pages: '1' })),
    code: 0,
    answers: 1,
  }),
  'Go: bidirectional': (random) => {
    const count = random.integer(1, 30);
    return {
      path: `${library}Discuss`,
      requests: list(count, (number) => ({ number, text: text(random, 300) })),
      inTurn: random.chance(0.5),
      code: 0,
      answers: count,
    };
  },
};

const kinds = { sample: sampleKinds, go: goKinds } as const;

/** Some take a second alone: they come less often. */
const rare: Readonly<Record<string, number>> = { 'server stream, 20 MB': 0.1 };

/** @param alone no call may take the connection away from others */
export function drawCall(random: Random, server: ServerKind, alone: boolean): CallPlan {
  for (;;) {
    const [kind, draw] = random.pick(Object.entries(kinds[server]));
    const plan = { kind, ...draw(random) };
    if (random.chance(rare[kind] ?? 1) && !(alone && plan.breaks)) {
      return plan;
    }
  }
}
