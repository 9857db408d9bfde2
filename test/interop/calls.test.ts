import { describe, expect, it } from 'vitest';
import { toGrpcOptions } from '../../src/grpc/callOptions';
import type { Channel } from '../../src/grpc/channel';
import { buildMetadata } from '../../src/grpc/metadata';
import { seededRandom } from '../tools/random';
import { outline } from '../tools/readTranscript';
import { randomBook, sampleBooks } from './books';
import { isLack } from './languages';
import { shows } from './suite';
import {
  answer,
  end,
  open,
  patience,
  received,
  receivedBytes,
  send,
  servers,
  startForSuite,
  until,
} from './tools';

for (const {
  language,
  title,
  suite,
  deflate,
  gzipAnswers,
  negativeZero,
  negativeDurations,
} of servers) {
  const json = shows('json', { details: [negativeZero, negativeDurations] });

  describe(`calls to a server in ${title}`, suite, () => {
    const server = startForSuite(language);
    let channel: Channel;

    /** Equal options make one channel; each test gets its own. */
    const connect = async (options = {}): Promise<void> => {
      channel = await open(server.address, toGrpcOptions(options).channel);
    };

    describe('ProtoJSON', json, () => {
      it.each(sampleBooks)('$title: what it writes is what the server reads', async ({ book }) => {
        await connect();
        const echoed = await answer(channel, server.schema, 'EchoBook', book);
        expect(echoed).toEqual(book);
        const printed = await answer(channel, server.schema, 'PrintBook', book);
        const text = (printed as { text: string }).text;
        const read = await answer(channel, server.schema, 'ReadBook', { text });
        expect(read).toEqual(book);
        expect(JSON.parse(text)).toEqual(book);
      });

      it('agrees with the server on random messages', async () => {
        await connect();
        for (let seed = 1; seed <= 200; seed++) {
          const book = randomBook(seededRandom(seed));
          const echoed = await answer(channel, server.schema, 'EchoBook', book);
          expect(echoed, `seed ${seed}`).toEqual(book);
          const duration = (book as { loanPeriod?: string }).loanPeriod ?? '';
          if (negativeDurations !== true && /^-\d+s$/.test(duration)) {
            const status = await end(channel, server.schema, 'PrintBook', book);
            expect(status).toMatchObject({ name: 'INVALID_ARGUMENT' });
            expect(status.message).toContain('duration');
          } else {
            const { text } = (await answer(channel, server.schema, 'PrintBook', book)) as {
              text: string;
            };
            expect(JSON.parse(text), `seed ${seed}: what the server writes`).toEqual(book);
          }
          const read = await answer(channel, server.schema, 'ReadBook', {
            text: JSON.stringify(book),
          });
          expect(read, `seed ${seed}: what the server reads`).toEqual(book);
        }
      });

      it('keeps the sign of zero', async () => {
        await connect();
        const bytes = server.schema.encode('interop.v1.Book', '{"weight":-0.0,"prices":[-0]}');
        const call = send(channel, server.schema, 'EchoBook', [bytes]);
        expect(await call.done).toMatchObject({ name: 'OK' });
        expect(server.schema.decode('interop.v1.Book', receivedBytes(call, 0))).toMatch(
          negativeZero === true
            ? /"weight": -0(\.0)?,\s*"prices": \[\s*-0(\.0)?\s*\]/
            : /^\{\s*"prices": \[\s*-0(\.0)?\s*\]\s*\}$/,
        );
      });
    });

    it('keeps every digit of 64-bit integers', shows('integers'), async () => {
      await connect();
      const book = {
        pages: '-9223372036854775808',
        barcode: '18446744073709551615',
        shelf: '9223372036854775807',
        checksum: '9007199254740993',
        offset: '-9007199254740993',
        printings: ['-9223372036854775808', '-1', '9223372036854775807'],
        notes: { '-9223372036854775808': 'least', '9007199254740993': 'odd' },
        insuredFor: '9223372036854775807',
        box: '-9007199254740993',
      };
      expect(await answer(channel, server.schema, 'EchoBook', book)).toEqual(book);
      const { text } = (await answer(channel, server.schema, 'PrintBook', book)) as {
        text: string;
      };
      expect(JSON.parse(text)).toEqual(book);
    });

    describe('streams', () => {
      it('sends one message and gets one, frame by frame', shows('unary'), async () => {
        await connect();
        const call = send(channel, server.schema, 'EchoBook', [{ name: 'a' }]);
        expect(await call.done).toMatchObject({ name: 'OK', origin: 'application', cause: 'ok' });
        expect(conversation(outline(call.transcript))).toEqual([
          'connect',
          '-> HEADERS',
          '-> headers',
          '-> DATA',
          '-> message 0 (3 B)',
          '<- HEADERS',
          '<- headers',
          '<- DATA',
          '<- message 0 (3 B)',
          '<- HEADERS',
          '<- trailers',
          'status OK',
        ]);
      });

      it('gets every message of a server stream', shows('serverStream'), async () => {
        await connect();
        const call = send(channel, server.schema, 'ListBooks', [{ count: 2000, coverSize: 300 }]);
        expect(await call.done).toMatchObject({ name: 'OK' });
        const books = received(call, server.schema) as { name: string; pages?: string }[];
        expect(books.map(({ name }) => name)).toEqual(
          Array.from({ length: 2000 }, (_, number) => `books/${number}`),
        );
        expect(books[1999]?.pages).toBe('1999');
      });

      it('sends every message of a client stream', shows('clientStream'), async () => {
        await connect();
        const books = Array.from({ length: 500 }, (_, number) => ({ pages: `${number}` }));
        const call = send(channel, server.schema, 'AddBooks', books);
        expect(await call.done).toMatchObject({ name: 'OK' });
        expect(received(call, server.schema)).toEqual([{ count: 500, pages: '124750' }]);
        expect(call.transcript.messageCount('sent')).toBe(500);
      });

      it('talks in turns over a bidirectional stream', shows('bidirectional'), async () => {
        await connect();
        const path = '/interop.v1.Library/Discuss';
        const call = channel.startCall({ path, deadline: patience });
        for (let number = 1; number <= 3; number++) {
          const body = JSON.stringify({ number, text: 'é 😀' });
          call.send(server.schema.encode('interop.v1.Remark', body));
          await until(() => call.transcript.messageCount('received') === number);
        }
        call.halfClose();
        expect(await call.done).toMatchObject({ name: 'OK' });
        expect(received(call, server.schema)).toEqual(
          [1, 2, 3].map((number) => ({ number, text: 'é 😀' })),
        );
        const messages = outline(call.transcript).filter((line) => line.includes('message'));
        expect(messages.map((line) => line.replace(/ \(.*/, ''))).toEqual(
          [0, 1, 2].flatMap((number) => [`-> message ${number}`, `<- message ${number}`]),
        );
        call.transcript.dispose();
      });

      it('is told where the server stopped', shows('serverStream'), async () => {
        await connect();
        const call = send(channel, server.schema, 'ListBooks', [{ count: 9, failAfter: 3 }]);
        expect(await call.done).toMatchObject({
          name: 'ABORTED',
          message: 'stopped after 3 books',
          origin: 'application',
          certainty: 'observed',
        });
        expect(received(call, server.schema)).toHaveLength(3);
      });
    });

    describe('gzip', shows('gzip', { details: [gzipAnswers] }), () => {
      it('reads messages that the server compresses', async () => {
        await connect();
        const call = send(channel, server.schema, 'ListBooks', [
          { count: 3, coverSize: 6000, gzip: true },
        ]);
        expect(await call.done).toMatchObject({ name: 'OK' });
        const number = call.transcript.messageEntry('received', 0) ?? -1;
        expect(call.transcript.messageEncoding(number)).toBe('gzip');
        const entry = call.transcript.entry(number);
        expect(entry).toMatchObject({ kind: 'message', compressed: true });
        expect(entry.kind === 'message' && entry.length).toBeLessThan(300);
        expect(received(call, server.schema)).toEqual(
          [0, 1, 2].map((book) => ({
            name: `books/${book}`,
            ...(book > 0 && { pages: `${book}` }),
            cover: Buffer.from('cover '.repeat(1000)).toString('base64'),
          })),
        );
      });

      it('sends compressed messages', async () => {
        await connect({ compression: 'gzip' });
        const book = { cover: Buffer.alloc(5000).toString('base64') };
        const call = send(channel, server.schema, 'EchoBook', [book]);
        expect(await call.done).toMatchObject({ name: 'OK' });
        expect(received(call, server.schema)).toEqual([book]);
        const number = call.transcript.messageEntry('sent', 0) ?? -1;
        expect(call.transcript.messageEncoding(number)).toBe('gzip');
        expect(call.transcript.entry(number)).toMatchObject({ compressed: true });
      });

      it('sends and gets compressed messages on one call', async () => {
        await connect({ compression: 'gzip' });
        const call = send(channel, server.schema, 'ListBooks', [
          { count: 2, coverSize: 6000, gzip: true },
        ]);
        expect(await call.done).toMatchObject({ name: 'OK' });
        expect(received(call, server.schema)).toHaveLength(2);
        for (const direction of ['sent', 'received'] as const) {
          const number = call.transcript.messageEntry(direction, 0) ?? -1;
          expect(call.transcript.messageEncoding(number)).toBe('gzip');
          expect(call.transcript.entry(number)).toMatchObject({ compressed: true });
        }
      });
    });

    describe('deflate', shows('deflate', { whole: deflate }), () => {
      if (isLack(deflate)) {
        it('is told that the server does not know it', async () => {
          await connect({ compression: 'deflate' });
          expect(await end(channel, server.schema, 'EchoBook', { name: 'a' })).toMatchObject({
            name: 'UNIMPLEMENTED',
            origin: 'application',
            message: expect.stringContaining('deflate'),
          });
        });
        return;
      }

      it('sends compressed messages', async () => {
        await connect({ compression: 'deflate' });
        const book = { cover: Buffer.alloc(5000).toString('base64') };
        expect(await answer(channel, server.schema, 'EchoBook', book)).toEqual(book);
      });
    });

    describe('metadata', shows('metadata'), () => {
      it('arrives and comes back as it was, binary values and several of one key', async () => {
        await connect();
        const rows = [
          { key: 'x-text', value: 'one' },
          { key: 'X-Text', value: 'two, with a comma' },
          { key: 'x-bytes-bin', value: 'AP/+AQ==' },
          { key: 'x-bytes-bin', value: '' },
          { key: 'x-bytes-bin', value: Buffer.from('a,b').toString('base64') },
        ].map((row) => ({ ...row, enabled: true }));
        const { metadata, problems } = buildMetadata(rows);
        expect(problems).toEqual([]);
        const call = send(channel, server.schema, 'Inspect', [{}], { metadata });
        expect(await call.done).toMatchObject({ name: 'OK' });
        const [seen] = received(call, server.schema) as {
          metadata: { key: string; value?: string }[];
        }[];
        const values = (key: string): string[] =>
          (seen?.metadata ?? [])
            .filter((it) => it.key === key)
            .map((it) => Buffer.from(it.value ?? '', 'base64').toString('latin1'));
        expect(values('x-bytes-bin')).toEqual(['\0\xff\xfe\x01', '', 'a,b']);
        expect(values('x-text').join(', ')).toBe('one, two, with a comma');
        for (const kind of ['headers', 'trailers']) {
          const fields = fieldsOf(call, kind);
          const bytes = fields.filter(([key]) => key === 'x-bytes-bin').map(([, value]) => value);
          expect(bytes.flatMap((value) => value?.split(',') ?? []).map(unbase64)).toEqual([
            '\0\xff\xfe\x01',
            '',
            'a,b',
          ]);
        }
      });

      it('reads headers that fill several frames', async () => {
        await connect();
        const call = send(channel, server.schema, 'Inspect', [{ headerSize: 40_000 }]);
        expect(await call.done).toMatchObject({ name: 'OK' });
        expect(outline(call.transcript)).toContain('<- CONTINUATION');
        const large = fieldsOf(call, 'headers').find(([key]) => key === 'x-large');
        expect(large?.[1]).toBe('a~'.repeat(20_000));
      });
    });
  });
}

/** Without what comes at the server's own time: SETTINGS, WINDOW_UPDATE, PING, and an empty last DATA. */
function conversation(lines: readonly string[]): string[] {
  const frames = lines.filter((line) => !/SETTINGS|WINDOW_UPDATE|PING/.test(line));
  return frames.filter(
    (line, index) => !(line === '-> DATA' && frames[index - 1] !== '-> headers'),
  );
}

function fieldsOf(
  call: ReturnType<Channel['startCall']>,
  kind: string,
): readonly (readonly string[])[] {
  for (let number = 0; number < call.transcript.length; number++) {
    const entry = call.transcript.entry(number);
    if ('fields' in entry && entry.kind === kind && entry.direction === 'received') {
      return entry.fields;
    }
  }
  return [];
}

function unbase64(value: string): string {
  return Buffer.from(value, 'base64').toString('latin1');
}
