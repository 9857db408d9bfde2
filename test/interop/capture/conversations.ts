import type { Call } from '../../../src/grpc/call';
import type { CallOptions } from '../../../src/grpc/callOptions';
import type { Channel } from '../../../src/grpc/channel';
import { buildMetadata } from '../../../src/grpc/metadata';
import type { Schema } from '../../../src/schema/schema';
import type { Traits } from '../languages';
import { patience, send, until } from '../tools';

/** What a conversation has to talk with. */
export interface Stage {
  readonly schema: Schema;
  /** Opens the channel of the conversation. */
  open(options?: CallOptions): Promise<Channel>;
}

export interface Conversation {
  readonly title: string;
  /** It talks with the server that closes connections soon. */
  readonly aging?: true;
  /** What the server has to be able to do. */
  readonly needs?: keyof Pick<
    Traits,
    'gzipAnswers' | 'trailersOnly' | 'pingLimit' | 'connectionAge'
  >;
  /** What must be among the compared frames: that the conversation was what its title says. */
  readonly shows: readonly RegExp[];
  /** Settles when all its calls have ended. */
  play(stage: Stage): Promise<readonly Call[]>;
}

export const conversations: readonly Conversation[] = [
  {
    title: 'every kind of call, one after the other',
    shows: [/-> .*DATA.*END_STREAM/, /<- .*trailers/, /<- .*message of/],
    async play({ open, schema }) {
      const channel = await open();
      const book = { name: 'books/1', cover: Buffer.alloc(100, 'a').toString('base64') };
      const calls = [await ended(send(channel, schema, 'EchoBook', [book]))];
      calls.push(await ended(send(channel, schema, 'ListBooks', [{ count: 20, coverSize: 50 }])));
      calls.push(await ended(send(channel, schema, 'AddBooks', [{ pages: 1 }, {}, { pages: 3 }])));
      calls.push(await discuss(channel, schema, 3));
      return calls;
    },
  },
  {
    title: 'errors, details, metadata',
    shows: [/grpc-status-details-bin/, /"x-bytes-bin"/],
    async play({ open, schema }) {
      const channel = await open();
      const failure = { code: 9, message: '100 % Ünïcode\n"more"', details: true };
      const calls = [await ended(send(channel, schema, 'Fail', [failure]))];
      const { metadata } = buildMetadata(
        [
          { key: 'x-text', value: 'one' },
          { key: 'x-text', value: 'two, with <&> "quotes" \\' },
          { key: 'x-bytes-bin', value: 'AP/+AQ==' },
          { key: 'x-bytes-bin', value: '' },
        ].map((row) => ({ ...row, enabled: true })),
      );
      calls.push(await ended(send(channel, schema, 'Inspect', [{}], { metadata })));
      // The second time HPACK sends numbers for what it has in its table.
      calls.push(await ended(send(channel, schema, 'Inspect', [{}], { metadata })));
      calls.push(await ended(send(channel, schema, 'ListBooks', [{ count: 9, failAfter: 3 }])));
      return calls;
    },
  },
  {
    title: 'trailers-only',
    needs: 'trailersOnly',
    shows: [/trailers, trailers-only/],
    async play({ open, schema }) {
      const channel = await open();
      return [
        await ended(send(channel, schema, 'Fail', [{ code: 5, message: 'no such book' }])),
        await ended(send(channel, schema, 'Burn', [{}])),
      ];
    },
  },
  {
    title: 'headers over 16 KB, both ways',
    shows: [/-> .*CONTINUATION.*END_HEADERS/, /<- .*CONTINUATION.*END_HEADERS/],
    async play({ open, schema }) {
      const channel = await open();
      const calls = [await ended(send(channel, schema, 'Inspect', [{ headerSize: 40_000 }]))];
      const { metadata } = buildMetadata([
        { key: 'x-long', value: '~ab'.repeat(15_000), enabled: true },
      ]);
      // Some servers refuse so much, in frames that are compared as well.
      calls.push(await ended(send(channel, schema, 'EchoBook', [{}], { metadata })));
      calls.push(await ended(send(channel, schema, 'Inspect', [{ headerSize: 20_000 }])));
      return calls;
    },
  },
  {
    title: 'gzip, both ways',
    needs: 'gzipAnswers',
    shows: [/-> .*message of \d+, compressed/, /<- .*message of \d+, compressed/],
    async play({ open, schema }) {
      const channel = await open({ compression: 'gzip' });
      const book = { cover: Buffer.alloc(5000).toString('base64') };
      const body = { count: 3, coverSize: 6000, gzip: true };
      return [
        await ended(send(channel, schema, 'EchoBook', [book])),
        await ended(send(channel, schema, 'ListBooks', [body])),
      ];
    },
  },
  {
    title: 'messages over many frames and windows, both ways',
    shows: [
      /-> .*message of [1-9]\d{5}/,
      /<- .*message of [1-9]\d{5}/,
      /-> stream [1-9]\d*: WINDOW_UPDATE/,
      /<- .*WINDOW_UPDATE/,
    ],
    async play({ open, schema }) {
      const channel = await open();
      const cover = Buffer.from(Array.from({ length: 400_000 }, (_, index) => index % 251));
      return [
        await ended(send(channel, schema, 'EchoBook', [{ cover: cover.toString('base64') }])),
        await ended(send(channel, schema, 'ListBooks', [{ count: 3, coverSize: 150_000 }])),
      ];
    },
  },
  {
    title: 'cancelled, before and in the middle of answers',
    shows: [/-> .*RST_STREAM.*code 8/],
    async play({ open, schema }) {
      const channel = await open();
      const waiting = send(channel, schema, 'Wait', [{}]);
      await until(() => waiting.connection !== undefined);
      waiting.cancel();
      const calls = [await ended(waiting)];
      const streaming = send(channel, schema, 'ListBooks', [{ count: 3, stay: true }]);
      await until(() => streaming.transcript.messageCount('received') === 3);
      streaming.cancel();
      calls.push(await ended(streaming));
      const flood = send(channel, schema, 'ListBooks', [{ count: 1000, coverSize: 1000 }]);
      await until(() => flood.transcript.messageCount('received') > 3);
      flood.cancel();
      calls.push(await ended(flood));
      calls.push(await ended(send(channel, schema, 'EchoBook', [{}])));
      return calls;
    },
  },
  {
    title: 'deadlines, before and in the middle of answers',
    shows: [/-> .*RST_STREAM/, /"grpc-timeout"/],
    async play({ open, schema }) {
      const channel = await open();
      const calls = [await ended(send(channel, schema, 'EchoBook', [{}]))];
      const deadline = 300;
      calls.push(await ended(send(channel, schema, 'Wait', [{}], { deadline })));
      const body = { count: 3, stay: true };
      calls.push(await ended(send(channel, schema, 'ListBooks', [body], { deadline })));
      return calls;
    },
  },
  {
    title: 'ended by the server while this side still sends',
    shows: [/: trailers/],
    async play({ open, schema }) {
      const channel = await open();
      const nothing = { path: '/interop.v1.Library/Nothing', deadline: patience };
      const calls = [await ended(channel.startCall(nothing))];
      const flood = channel.startCall(nothing);
      for (let index = 0; index < 50; index++) {
        flood.send(schema.encode('interop.v1.Remark', '{"text":"so far"}'));
      }
      calls.push(await ended(flood));
      calls.push(await ended(send(channel, schema, 'EchoBook', [{}])));
      return calls;
    },
  },
  {
    title: 'keepalive PINGs and their answers',
    shows: [/-> stream 0: PING/, /<- stream 0: PING.*ACK/],
    async play({ open, schema }) {
      const channel = await open({ keepaliveTime: 200 });
      const call = channel.startCall({ path: '/interop.v1.Library/Discuss', deadline: patience });
      await until(() => pingAnswers(call) >= 1);
      // Data in between makes the server forget the PINGs that it counts.
      call.send(schema.encode('interop.v1.Remark', '{"number":1}'));
      await until(() => pingAnswers(call) >= 2);
      call.halfClose();
      return [await ended(call)];
    },
  },
  {
    title: 'too_many_pings',
    needs: 'pingLimit',
    shows: [/<- stream 0: GOAWAY.*code 11/],
    async play({ open, schema }) {
      const channel = await open({ keepaliveTime: 1000, keepalivePermitWithoutCalls: true });
      return [await ended(send(channel, schema, 'Wait', [{}]))];
    },
  },
  {
    title: 'GOAWAY at the age of the connection, and the next one',
    aging: true,
    needs: 'connectionAge',
    shows: [/<- stream 0: GOAWAY.*code 0/],
    async play({ open, schema }) {
      const channel = await open();
      const calls = [await ended(send(channel, schema, 'ListBooks', [{ count: 3, stay: true }]))];
      calls.push(await ended(send(channel, schema, 'EchoBook', [{}])));
      return calls;
    },
  },
  {
    title: 'many calls at once on one connection',
    shows: [/<- stream [1-9]\d+: /],
    async play({ open, schema }) {
      const channel = await open();
      // From the first frame to the last call's end: its transcript has all frames of the connection itself.
      const all = channel.startCall({ path: '/interop.v1.Library/Discuss', deadline: patience });
      const others = Array.from({ length: 12 }, (_, index) =>
        index % 3 === 0
          ? send(channel, schema, 'ListBooks', [{ count: 8, coverSize: 9000 }])
          : send(channel, schema, 'EchoBook', [{ name: `books/${index}`, pages: `${index}` }]),
      );
      await Promise.all(others.map((call) => call.done));
      all.send(schema.encode('interop.v1.Remark', '{"text":"last"}'));
      all.halfClose();
      return [await ended(all), ...others];
    },
  },
];

async function ended(call: Call): Promise<Call> {
  await call.done;
  return call;
}

/** In turns over a bidirectional stream. */
async function discuss(channel: Channel, schema: Schema, turns: number): Promise<Call> {
  const call = channel.startCall({ path: '/interop.v1.Library/Discuss', deadline: patience });
  for (let number = 1; number <= turns; number++) {
    call.send(schema.encode('interop.v1.Remark', JSON.stringify({ number, text: 'é 😀' })));
    await until(() => call.transcript.messageCount('received') === number);
  }
  call.halfClose();
  return ended(call);
}

function pingAnswers({ transcript }: Call): number {
  let found = 0;
  for (let number = 0; number < transcript.length; number++) {
    const entry = transcript.entry(number);
    if (entry.kind === 'frame' && entry.roundTrip !== undefined) {
      found++;
    }
  }
  return found;
}
