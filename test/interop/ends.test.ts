import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { builtInDefaults, toGrpcOptions } from '../../src/grpc/callOptions';
import { buildMetadata } from '../../src/grpc/metadata';
import { decodeStatusDetails } from '../../src/schema/load';
import type { Schema } from '../../src/schema/schema';
import type { Entry } from '../../src/transcript/entry';
import type { Transcript } from '../../src/transcript/transcript';
import { outline } from '../tools/readTranscript';
import {
  end,
  type InteropServer,
  open,
  patience,
  received,
  schemaFor,
  send,
  servers,
  start,
  startForTest,
  until,
} from './tools';

const { maxReceiveSize } = builtInDefaults;

for (const { language, title, missing, ...traits } of servers) {
  describe.skipIf(missing)(`how calls to a server in ${title} end`, () => {
    let server: InteropServer;
    let schema: Schema;

    beforeAll(async () => {
      server = await start(language);
      schema = await schemaFor(language, server.address);
    });
    afterAll(() => server?.stop());

    it.each([
      [2, 'UNKNOWN', 'application-unknown'],
      [4, 'DEADLINE_EXCEEDED', 'deadline-at-server'],
      [5, 'NOT_FOUND', 'application-not-found'],
      [14, 'UNAVAILABLE', 'application-unavailable'],
      [16, 'UNAUTHENTICATED', 'application-unauthenticated'],
    ])('status %i of the handler', async (code, name, cause) => {
      const channel = await open(server.address);
      const message = '100 % Ünïcode\nand "more" 😀';
      expect(await end(channel, schema, 'Fail', { code, message })).toMatchObject({
        name,
        cause,
        message,
        origin: 'application',
        certainty: 'observed',
      });
    });

    it('status details', async () => {
      const channel = await open(server.address);
      const body = { code: 9, message: 'no room', details: true };
      const status = await end(channel, schema, 'Fail', body);
      expect(status).toMatchObject({ name: 'FAILED_PRECONDITION', message: 'no room' });
      const decoded = decodeStatusDetails(status.detailsBin ?? '', schema);
      expect(decoded).toMatchObject({ code: 9, message: 'no room' });
      expect(decoded.problem).toBeUndefined();
      expect(decoded.details.map(({ type, json = '' }) => [type, JSON.parse(json)])).toEqual([
        [
          'google.rpc.ErrorInfo',
          {
            reason: 'SHELF_FULL',
            domain: 'library.example',
            metadata: { shelf: '9007199254740993' },
          },
        ],
        [
          'google.rpc.BadRequest',
          { fieldViolations: [{ field: 'book.pages', description: 'must not be negative' }] },
        ],
        ['google.rpc.RetryInfo', { retryDelay: '1.500s' }],
        ['interop.v1.Book', { name: 'books/1', pages: '9007199254740993' }],
      ]);
    });

    it('a method that is described and not implemented', async () => {
      const channel = await open(server.address);
      expect(await end(channel, schema, 'Burn', {})).toMatchObject({
        name: 'UNIMPLEMENTED',
        origin: 'application',
        cause: 'application-unimplemented',
      });
    });

    it.each(['/interop.v1.Library/Nothing', '/interop.v1.Nothing/Nothing'])(
      'no method %s',
      async (path) => {
        const channel = await open(server.address);
        const call = channel.startCall({ path, deadline: patience });
        call.halfClose();
        expect(await call.done).toMatchObject({ name: 'UNIMPLEMENTED', origin: 'application' });
        call.transcript.dispose();
      },
    );

    it('the deadline here, before any answer', async () => {
      const channel = await open(server.address);
      // Connects first: what is measured is the call.
      await end(channel, schema, 'EchoBook', {});
      const ends = await Promise.all(
        Array.from({ length: 20 }, () => end(channel, schema, 'Wait', {}, { deadline: 300 })),
      );
      for (const status of ends) {
        expect(status).toMatchObject({ origin: 'client', cause: 'deadline-before-headers' });
        // The server, which counts the same time, may be first.
        expect(['DEADLINE_EXCEEDED', traits.deadlinePassed]).toContain(status.name);
      }
    });

    it('the deadline here, in the middle of a stream', async () => {
      const channel = await open(server.address);
      const call = send(channel, schema, 'ListBooks', [{ count: 3, stay: true }], {
        deadline: 500,
      });
      expect(await call.done).toMatchObject({
        name: 'DEADLINE_EXCEEDED',
        origin: 'client',
        cause: 'deadline-mid-stream',
      });
      expect(received(call, schema)).toHaveLength(3);
    });

    it('cancelled here', async () => {
      const channel = await open(server.address);
      const call = send(channel, schema, 'ListBooks', [{ count: 3, stay: true }]);
      await until(() => call.transcript.messageCount('received') === 3);
      call.cancel();
      expect(await call.done).toMatchObject({ name: 'CANCELLED', cause: 'cancelled-here' });
      expect(outline(call.transcript)).toContain('-> RST_STREAM');
    });

    it("a request over the server's limit", async () => {
      const channel = await open(server.address);
      const book = { cover: Buffer.alloc(5 * 1024 * 1024).toString('base64') };
      expect(await end(channel, schema, 'EchoBook', book)).toMatchObject({
        name: traits.tooLarge,
        origin: 'application',
        cause: `application-${traits.tooLarge.toLowerCase().replaceAll('_', '-')}`,
        explanation: expect.stringContaining('4 MiB'),
        message: expect.stringContaining('4194304'),
      });
    });

    it.each(traits.headers)('request headers of %i bytes: %s', async (size, cause) => {
      const channel = await open(server.address);
      const rows = [{ key: 'x-large', value: 'a'.repeat(size), enabled: true }];
      const { metadata } = buildMetadata(rows);
      const status = await end(channel, schema, 'EchoBook', {}, { metadata });
      expect(status).toMatchObject({ cause });
      if (status.origin === 'transport') {
        expect(status.explanation).toMatch(/headers .*KiB|KiB of headers/);
        expect(status.nextActions.join()).toContain('Send less metadata');
      }
    });

    it('a response over the limit here', async () => {
      const channel = await open(server.address);
      const body = { count: 1, coverSize: 5 * 1024 * 1024 };
      expect(await end(channel, schema, 'ListBooks', body, { maxReceiveSize })).toMatchObject({
        name: 'RESOURCE_EXHAUSTED',
        origin: 'client',
        cause:
          traits.gzipAnswers === 'always'
            ? 'message-too-large-decompressed'
            : 'message-too-large-received',
      });
    });

    it('the server dies in the middle of a stream', async () => {
      const own = await startForTest(language);
      const channel = await open(own.address);
      const call = send(channel, schema, 'ListBooks', [{ count: 3, stay: true }]);
      await until(() => call.transcript.messageCount('received') === 3);
      own.kill();
      expect(await call.done).toMatchObject({
        name: 'UNAVAILABLE',
        origin: 'transport',
        cause: 'connection-lost',
      });
    });

    it('the server is stopped in the middle of a stream', async () => {
      const own = await startForTest(language);
      const channel = await open(own.address);
      const call = send(channel, schema, 'ListBooks', [{ count: 3, stay: true }]);
      await until(() => call.transcript.messageCount('received') === 3);
      own.endInput();
      const status = await call.done;
      expect(status).toMatchObject({ origin: 'transport' });
      expect(traits.stopped).toContain(status.cause);
    });

    it('the connection reaches the age that the server allows', async () => {
      const own = await startForTest(language, [
        `--max-connection-age=500${traits.milliseconds}`,
        `--max-connection-age-grace=500${traits.milliseconds}`,
      ]);
      const channel = await open(own.address);
      const call = send(channel, schema, 'ListBooks', [{ count: 3, stay: true }]);
      const status = await call.done;
      expect(status).toMatchObject({ name: 'UNAVAILABLE', origin: 'transport' });
      if (traits.connectionAge === true) {
        expect(status).toMatchObject({
          cause: 'goaway-graceful',
          explanation: expect.stringContaining(
            traits.namesAge === true ? 'reached the age' : 'because the connection is old',
          ),
        });
        expect(status.evidence.join('\n')).not.toContain('The connection ended with');
      } else {
        expect(status.cause).toBe('connection-lost');
        expect(outline(call.transcript).join('\n')).not.toContain('GOAWAY');
      }
      // A new connection takes the next call.
      expect(await end(channel, schema, 'EchoBook', {})).toMatchObject({ name: 'OK' });
    });

    it.runIf(traits.connectionAge !== true)(
      'a call outlives the age that the server allows without a grace period',
      async () => {
        const own = await startForTest(language, ['--max-connection-age=300']);
        const channel = await open(own.address);
        const call = channel.startCall({ path: '/interop.v1.Library/Discuss', deadline: patience });
        await until(() => outline(call.transcript).includes('<- GOAWAY'));
        // A new connection takes the next call; the old one still serves this.
        expect(await end(channel, schema, 'EchoBook', {})).toMatchObject({ name: 'OK' });
        call.send(schema.encode('interop.v1.Remark', '{"number":1}'));
        call.halfClose();
        expect(await call.done).toMatchObject({ name: 'OK', cause: 'ok' });
        expect(received(call, schema)).toEqual([{ number: 1 }]);
        call.transcript.dispose();
      },
    );

    describe('keepalive', () => {
      it('PINGs are answered, with their round trip', async () => {
        // The server counts PINGs; data in between makes it forget them.
        const channel = await open(server.address, toGrpcOptions({ keepaliveTime: 300 }).channel);
        const call = channel.startCall({ path: '/interop.v1.Library/Discuss', deadline: patience });
        await until(() => acks(call.transcript).length >= 1);
        const remark = schema.encode('interop.v1.Remark', '{"number":1}');
        call.send(remark);
        await until(() => acks(call.transcript).length >= 2);
        call.halfClose();
        expect(await call.done).toMatchObject({ name: 'OK' });
        const [first] = acks(call.transcript);
        expect(first?.roundTrip).toBeGreaterThan(0);
        call.transcript.dispose();
      });

      it.runIf(traits.pingLimit === true)(
        'of one second is too much for a server with default settings',
        async () => {
          const options = { keepaliveTime: 1000, keepalivePermitWithoutCalls: true };
          const channel = await open(server.address, toGrpcOptions(options).channel);
          const status = await end(channel, schema, 'Wait', {});
          expect(status).toMatchObject({
            // What HTTP/2's ENHANCE_YOUR_CALM means to grpc-js.
            name: 'RESOURCE_EXHAUSTED',
            origin: 'transport',
            certainty: 'observed',
            cause: 'too-many-pings',
            evidence: expect.arrayContaining([expect.stringContaining('too_many_pings')]),
          });
        },
      );
      it.skipIf(traits.pingLimit === true)('may be as short as one likes', async () => {
        const channel = await open(server.address, toGrpcOptions({ keepaliveTime: 50 }).channel);
        const call = send(channel, schema, 'Wait', [{}]);
        await until(() => acks(call.transcript).length >= 8);
        call.cancel();
        expect(await call.done).toMatchObject({ cause: 'cancelled-here' });
      });
    });
  });
}

type Ack = Extract<Entry, { kind: 'frame' }>;

/** ACKs of the PINGs that were sent here. */
function acks(transcript: Transcript): Ack[] {
  const found: Ack[] = [];
  for (let number = 0; number < transcript.length; number++) {
    const entry = transcript.entry(number);
    if (entry.kind === 'frame' && entry.direction === 'received' && entry.roundTrip !== undefined) {
      found.push(entry);
    }
  }
  return found;
}
