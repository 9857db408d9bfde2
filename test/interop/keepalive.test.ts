import { describe, expect, it } from 'vitest';
import { toGrpcOptions } from '../../src/grpc/callOptions';
import type { FrameEntry } from '../../src/transcript/entry';
import type { Transcript } from '../../src/transcript/transcript';
import { isLack } from './languages';
import { shows } from './suite';
import { later, open, patience, send, servers, startForSuite, until } from './tools';

const [ping, goAway] = [6, 7];

for (const { language, title, suite, pingLimit } of servers) {
  describe(`keepalive of a connection to a server in ${title}`, suite, () => {
    const server = startForSuite(language);

    it(
      'sends PINGs no sooner than it was told, and each is answered',
      shows('keepalive'),
      async () => {
        const keepaliveTime = 200;
        const channel = await open(server.address, toGrpcOptions({ keepaliveTime }).channel);
        const call = channel.startCall({ path: '/interop.v1.Library/Discuss', deadline: patience });
        later(() => call.transcript.dispose());
        const remark = server.schema.encode('interop.v1.Remark', '{"number":1}');
        // Servers count PINGs; data that they send makes them forget.
        for (let count = 1; count <= 4; count++) {
          await until(() => acks(call.transcript).length >= count);
          call.send(remark);
          await until(() => call.transcript.messageCount('received') === count);
        }
        call.halfClose();
        expect(await call.done).toMatchObject({ name: 'OK' });

        const pings = pingsSent(call.transcript);
        for (const [index, { linked, roundTrip }] of acks(call.transcript).entries()) {
          expect(linked).toBe(pings[index]?.number);
          expect(roundTrip).toBeGreaterThan(0);
        }
        for (const [index, { time }] of pings.slice(1).entries()) {
          // A timer of Node may be early by a millisecond.
          expect(time - (pings[index]?.time ?? 0)).toBeGreaterThan((keepaliveTime - 2) * 1000);
        }
      },
    );

    describe('PINGs that are too many', shows('pingLimit', { whole: pingLimit }), () => {
      const options = { keepaliveTime: 150, keepalivePermitWithoutCalls: true };

      if (isLack(pingLimit)) {
        it('are answered all the same', async () => {
          const channel = await open(server.address, toGrpcOptions(options).channel);
          const call = send(channel, server.schema, 'Wait', [{}]);
          await until(() => acks(call.transcript).length >= 8);
          call.cancel();
          expect(await call.done).toMatchObject({ cause: 'cancelled-here' });
          const frames = framesOf(call.transcript);
          expect(frames.filter(({ header }) => header.type === goAway)).toEqual([]);
        });
        return;
      }

      it('end the connection, which is explained', async () => {
        const channel = await open(server.address, toGrpcOptions(options).channel);
        const call = send(channel, server.schema, 'Wait', [{}]);
        expect(await call.done).toMatchObject({
          // What HTTP/2's ENHANCE_YOUR_CALM means to grpc-js.
          name: 'RESOURCE_EXHAUSTED',
          origin: 'transport',
          certainty: 'observed',
          cause: 'too-many-pings',
          explanation: expect.stringContaining('GOAWAY too_many_pings'),
          evidence: expect.arrayContaining([expect.stringContaining('too_many_pings')]),
          nextActions: expect.arrayContaining([expect.stringContaining('keepalive-time')]),
        });
        const frames = framesOf(call.transcript);
        const end = frames.find(({ header }) => header.type === goAway);
        expect(end?.direction).toBe('received');
        const before = pingsSent(call.transcript).filter(
          ({ number }) => number < (end?.number ?? 0),
        );
        // Two are forgiven.
        expect(before.length).toBeGreaterThan(2);
      });
    });
  });
}

function framesOf(transcript: Transcript): FrameEntry[] {
  return Array.from({ length: transcript.length }, (_, number) => transcript.entry(number)).filter(
    (entry) => entry.kind === 'frame',
  );
}

/** Keepalive PINGs, without the answers to those of the server. */
function pingsSent(transcript: Transcript): FrameEntry[] {
  return framesOf(transcript).filter(
    ({ direction, header }) =>
      direction === 'sent' && header.type === ping && (header.flags & 1) === 0,
  );
}

/** ACKs of the PINGs that were sent here. */
function acks(transcript: Transcript): FrameEntry[] {
  return framesOf(transcript).filter(
    ({ direction, roundTrip }) => direction === 'received' && roundTrip !== undefined,
  );
}
