import { describe, expect, it } from 'vitest';
import { toGrpcOptions } from '../../src/grpc/callOptions';
import type { Channel } from '../../src/grpc/channel';
import { shows } from './suite';
import { open, received, receivedBytes, send, servers, startForSuite, startForTest } from './tools';

const mebibyte = 1024 * 1024;
/** What every server takes by default. */
const limit = 4 * mebibyte;

for (const { language, title, suite, tooLarge, gzipAnswers } of servers) {
  describe(`large messages and a server in ${title}`, suite, () => {
    const server = startForSuite(language);
    let channel: Channel;

    /** A book of so many bytes. */
    const bookOf = (size: number): Uint8Array => {
      // The tag of `cover` takes a byte, and its length 4, as these are all more than 2 MiB.
      const cover = Buffer.alloc(size - 5, 'cover ').toString('base64');
      const book = server.schema.encode('interop.v1.Book', JSON.stringify({ cover }));
      expect(book).toHaveLength(size);
      return book;
    };

    describe('without a limit here', shows('large'), () => {
      it('one of 20 MB is received', async () => {
        channel = await open(server.address, toGrpcOptions({ maxReceiveSize: -1 }).channel);
        const coverSize = 20 * mebibyte;
        const call = send(channel, server.schema, 'ListBooks', [{ count: 1, coverSize }]);
        expect(await call.done).toMatchObject({ name: 'OK' });
        const cover = Buffer.alloc(coverSize, 'cover ').toString('base64');
        const book = server.schema.encode(
          'interop.v1.Book',
          JSON.stringify({ name: 'books/0', cover }),
        );
        // Not toEqual(): it would take a minute.
        expect(Buffer.compare(receivedBytes(call, 0), book)).toBe(0);
      });

      it('one of 20 MB goes there and back', async () => {
        const size = 20 * mebibyte;
        const { address } = await startForTest(language, [`--max-receive-size=${size}`]);
        channel = await open(address, toGrpcOptions({ maxReceiveSize: -1 }).channel);
        const book = bookOf(size);
        const call = send(channel, server.schema, 'EchoBook', [book]);
        expect(await call.done).toMatchObject({ name: 'OK' });
        expect(Buffer.compare(receivedBytes(call, 0), book)).toBe(0);
      });

      it('20 MB are sent, in messages as large as the server takes', async () => {
        channel = await open(server.address);
        const books = Array.from({ length: 5 }, () => bookOf(limit));
        const call = send(channel, server.schema, 'AddBooks', books);
        expect(await call.done).toMatchObject({ name: 'OK' });
        expect(received(call, server.schema)).toEqual([{ count: 5 }]);
      });

      it('one of exactly the size that the server takes goes there and back', async () => {
        channel = await open(server.address);
        const book = bookOf(limit);
        const call = send(channel, server.schema, 'EchoBook', [book]);
        expect(await call.done).toMatchObject({ name: 'OK' });
        expect(Buffer.compare(receivedBytes(call, 0), book)).toBe(0);
      });

      it.each([1, mebibyte])(
        '%i bytes more than the server takes are refused there',
        async (more) => {
          channel = await open(server.address);
          const call = send(channel, server.schema, 'EchoBook', [bookOf(limit + more)]);
          expect(await call.done).toMatchObject({
            name: tooLarge,
            origin: 'application',
            cause: `application-${tooLarge.toLowerCase().replaceAll('_', '-')}`,
            explanation: expect.stringContaining('4 MiB'),
            message: expect.stringContaining('4194304'),
          });
        },
      );
    });

    describe('with a limit here', shows('large'), () => {
      const openWith = (maxReceiveSize: number): Promise<Channel> =>
        open(server.address, toGrpcOptions({ maxReceiveSize }).channel);
      // Small enough for every server's own limit.
      const size = 3 * mebibyte;

      it('a message of exactly that size is received', async () => {
        channel = await openWith(size);
        const book = bookOf(size);
        const call = send(channel, server.schema, 'EchoBook', [book], { maxReceiveSize: size });
        expect(await call.done).toMatchObject({ name: 'OK' });
        expect(Buffer.compare(receivedBytes(call, 0), book)).toBe(0);
      });

      it('one byte more is refused here', async () => {
        channel = await openWith(size);
        const call = send(channel, server.schema, 'EchoBook', [bookOf(size + 1)], {
          maxReceiveSize: size,
        });
        expect(await call.done).toMatchObject({
          name: 'RESOURCE_EXHAUSTED',
          origin: 'client',
          cause: 'message-too-large-received',
        });
      });

      it('a stream ends at the message that is too large', async () => {
        channel = await openWith(limit);
        const body = { count: 1, coverSize: 5 * mebibyte };
        const call = send(channel, server.schema, 'ListBooks', [body], { maxReceiveSize: limit });
        expect(await call.done).toMatchObject({
          name: 'RESOURCE_EXHAUSTED',
          origin: 'client',
          cause:
            gzipAnswers === true ? 'message-too-large-received' : 'message-too-large-decompressed',
        });
      });
    });
  });
}
