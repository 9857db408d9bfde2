import { describe, expect, it } from 'vitest';
import { buildMetadata } from '../../src/grpc/metadata';
import { decodeStatusDetails } from '../../src/schema/load';
import { outline } from '../tools/readTranscript';
import { isLack } from './languages';
import { shows } from './suite';
import {
  end,
  open,
  patience,
  received,
  send,
  servers,
  startForSuite,
  startForTest,
  until,
} from './tools';

for (const { language, title, suite, ...traits } of servers) {
  describe(`how calls to a server in ${title} end`, suite, () => {
    const server = startForSuite(language);

    it.each([
      [2, 'UNKNOWN', 'application-unknown'],
      [4, 'DEADLINE_EXCEEDED', 'deadline-at-server'],
      [5, 'NOT_FOUND', 'application-not-found'],
      [14, 'UNAVAILABLE', 'application-unavailable'],
      [16, 'UNAUTHENTICATED', 'application-unauthenticated'],
    ])('status %i of the handler', shows('details'), async (code, name, cause) => {
      const channel = await open(server.address);
      const message = '100 % Ünïcode\nand "more" 😀';
      expect(await end(channel, server.schema, 'Fail', { code, message })).toMatchObject({
        name,
        cause,
        message,
        origin: 'application',
        certainty: 'observed',
      });
    });

    it('status details', shows('details'), async () => {
      const channel = await open(server.address);
      const body = { code: 9, message: 'no room', details: true };
      const status = await end(channel, server.schema, 'Fail', body);
      expect(status).toMatchObject({ name: 'FAILED_PRECONDITION', message: 'no room' });
      const decoded = decodeStatusDetails(status.detailsBin ?? '', server.schema);
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

    it('a method that is described and not implemented', shows('details'), async () => {
      const channel = await open(server.address);
      expect(await end(channel, server.schema, 'Burn', {})).toMatchObject({
        name: 'UNIMPLEMENTED',
        origin: 'application',
        cause: 'application-unimplemented',
      });
    });

    it.each(['/interop.v1.Library/Nothing', '/interop.v1.Nothing/Nothing'])(
      'no method %s',
      shows('details'),
      async (path) => {
        const channel = await open(server.address);
        const call = channel.startCall({ path, deadline: patience });
        call.halfClose();
        expect(await call.done).toMatchObject({ name: 'UNIMPLEMENTED', origin: 'application' });
        call.transcript.dispose();
      },
    );

    it('cancelled here', shows('cancel'), async () => {
      const channel = await open(server.address);
      const call = send(channel, server.schema, 'ListBooks', [{ count: 3, stay: true }]);
      await until(() => call.transcript.messageCount('received') === 3);
      call.cancel();
      expect(await call.done).toMatchObject({ name: 'CANCELLED', cause: 'cancelled-here' });
      expect(outline(call.transcript)).toContain('-> RST_STREAM');
    });

    it.each(traits.headers)(
      'request headers of %i bytes: %s',
      shows('metadata'),
      async (size, cause) => {
        const channel = await open(server.address);
        const rows = [{ key: 'x-large', value: 'a'.repeat(size), enabled: true }];
        const { metadata } = buildMetadata(rows);
        const status = await end(channel, server.schema, 'EchoBook', {}, { metadata });
        expect(status).toMatchObject({ cause });
        if (status.origin === 'transport') {
          expect(status.explanation).toMatch(/headers .*KiB|KiB of headers/);
          expect(status.nextActions.join()).toContain('Send less metadata');
        }
      },
    );

    it('the server dies in the middle of a stream', shows('stop'), async () => {
      const own = await startForTest(language);
      const channel = await open(own.address);
      const call = send(channel, server.schema, 'ListBooks', [{ count: 3, stay: true }]);
      await until(() => call.transcript.messageCount('received') === 3);
      own.kill();
      expect(await call.done).toMatchObject({
        name: 'UNAVAILABLE',
        origin: 'transport',
        cause: 'connection-lost',
      });
    });

    it('the server is stopped in the middle of a stream', shows('stop'), async () => {
      const own = await startForTest(language);
      const channel = await open(own.address);
      const call = send(channel, server.schema, 'ListBooks', [{ count: 3, stay: true }]);
      await until(() => call.transcript.messageCount('received') === 3);
      own.endInput();
      const status = await call.done;
      expect(status).toMatchObject({ origin: 'transport' });
      expect(traits.stopped).toContain(status.cause);
    });

    describe(
      'age',
      shows('age', { whole: traits.connectionAge, details: [traits.namesAge] }),
      () => {
        it('the connection reaches the age that the server allows', async () => {
          const own = await startForTest(language, [
            `--max-connection-age=500${traits.milliseconds}`,
            `--max-connection-age-grace=500${traits.milliseconds}`,
          ]);
          const channel = await open(own.address);
          const call = send(channel, server.schema, 'ListBooks', [{ count: 3, stay: true }]);
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
          expect(await end(channel, server.schema, 'EchoBook', {})).toMatchObject({ name: 'OK' });
        });

        if (isLack(traits.connectionAge)) {
          it('a call outlives the age that the server allows without a grace period', async () => {
            const own = await startForTest(language, ['--max-connection-age=300']);
            const channel = await open(own.address);
            const call = channel.startCall({
              path: '/interop.v1.Library/Discuss',
              deadline: patience,
            });
            await until(() => outline(call.transcript).includes('<- GOAWAY'));
            // A new connection takes the next call; the old one still serves this.
            expect(await end(channel, server.schema, 'EchoBook', {})).toMatchObject({ name: 'OK' });
            call.send(server.schema.encode('interop.v1.Remark', '{"number":1}'));
            call.halfClose();
            expect(await call.done).toMatchObject({ name: 'OK', cause: 'ok' });
            expect(received(call, server.schema)).toEqual([{ number: 1 }]);
            call.transcript.dispose();
          });
        }
      },
    );
  });
}
