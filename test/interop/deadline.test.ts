import { describe, expect, it } from 'vitest';
import type { Call } from '../../src/grpc/call';
import type { Channel } from '../../src/grpc/channel';
import type { HeadersEntry } from '../../src/transcript/entry';
import { fieldValue } from '../../src/wire/frame';
import { parseGrpcTimeout } from '../../src/wire/headerText';
import { shows } from './suite';
import { end, open, patience, received, send, servers, startForSuite } from './tools';

const hour = 3_600_000;

for (const { language, title, suite, deadlinePassed } of servers) {
  describe(`deadlines of calls to a server in ${title}`, suite, () => {
    const server = startForSuite(language);
    let channel: Channel;

    describe('what is asked for', shows('deadline'), () => {
      it.each([
        { deadline: patience, unit: 1, as: /^\d{1,5}m$/ },
        // More milliseconds than grpc-timeout has digits for.
        { deadline: 30 * hour, unit: 1000, as: /^\d+S$/ },
      ])(
        '$deadline ms: is on the wire what is left of it, and the server has no more',
        async ({ deadline, unit, as }) => {
          channel = await open(server.address);
          const call = send(channel, server.schema, 'Inspect', [{}], { deadline });
          expect(await call.done).toMatchObject({ name: 'OK' });
          const headers = headersSent(call);
          const text = fieldValue(headers.fields, 'grpc-timeout') ?? '';
          expect(text).toMatch(as);
          const { milliseconds: told } = parseGrpcTimeout(text) ?? { milliseconds: 0 };
          expect(told).toBeLessThanOrEqual(deadline);
          // Nothing is lost but the time until it was sent, and what the unit rounds.
          expect(told).toBeGreaterThan(deadline - headers.time / 1000 - unit - 1);

          const [seen] = received(call, server.schema) as { remaining: string }[];
          expect(Number(seen?.remaining)).toBeLessThanOrEqual(told);
          expect(Number(seen?.remaining)).toBeGreaterThan(told - patience);
        },
      );

      it('none: nothing is on the wire, and the server has none', async () => {
        channel = await open(server.address);
        const call = channel.startCall({ path: '/interop.v1.Library/Inspect' });
        call.send(new Uint8Array());
        call.halfClose();
        expect(await call.done).toMatchObject({ name: 'OK' });
        expect(fieldValue(headersSent(call).fields, 'grpc-timeout')).toBeUndefined();
        expect(received(call, server.schema)[0]).not.toHaveProperty('remaining');
        call.transcript.dispose();
      });
    });

    describe('that passes', shows('deadline'), () => {
      it('before any answer', async () => {
        channel = await open(server.address);
        // Connects first: what is measured is the call.
        await end(channel, server.schema, 'EchoBook', {});
        const ends = await Promise.all(
          Array.from({ length: 20 }, () =>
            end(channel, server.schema, 'Wait', {}, { deadline: 300 }),
          ),
        );
        for (const status of ends) {
          expect(status).toMatchObject({ origin: 'client', cause: 'deadline-before-headers' });
          // The server, which counts the same time, may be first.
          expect(['DEADLINE_EXCEEDED', deadlinePassed]).toContain(status.name);
        }
      });

      it('in the middle of a stream', async () => {
        channel = await open(server.address);
        // The first call of a method may take its time.
        await end(channel, server.schema, 'ListBooks', { count: 3 });
        const call = send(channel, server.schema, 'ListBooks', [{ count: 3, stay: true }], {
          deadline: 500,
        });
        expect(await call.done).toMatchObject({
          name: 'DEADLINE_EXCEEDED',
          origin: 'client',
          cause: 'deadline-mid-stream',
        });
        expect(received(call, server.schema)).toHaveLength(3);
      });
    });
  });
}

function headersSent({ transcript }: Call): HeadersEntry {
  for (let number = 0; number < transcript.length; number++) {
    const entry = transcript.entry(number);
    if (entry.kind === 'headers' && entry.direction === 'sent') {
      return entry;
    }
  }
  throw new Error('No headers were sent.');
}
