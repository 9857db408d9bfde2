import { type AddressInfo, createServer, type Socket } from 'node:net';
import * as grpc from '@grpc/grpc-js';
import { afterEach, describe, expect, it } from 'vitest';
import { attemptPacing } from '../../src/grpc/attemptPacing';
import { Channel } from '../../src/grpc/channel';
import { FrameType } from '../../src/wire/frame';
import { type Random, seededRandom } from '../tools/random';
import { until } from '../tools/until';

const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const cleanup of cleanups.splice(0).reverse()) {
    cleanup();
  }
});

function frame(type: number, flags: number, stream: number, payload: Uint8Array): Buffer {
  const header = Buffer.alloc(9);
  header.writeUIntBE(payload.length, 0, 3);
  header[3] = type;
  header[4] = flags;
  header.writeUInt32BE(stream, 5);
  return Buffer.concat([header, payload]);
}

/** `:status: 200` and `content-type: application/grpc`. */
const headers = Buffer.from('885f106170706c69636174696f6e2f67727063', 'hex');
/** `grpc-status: 5`. */
const trailers = Buffer.concat([
  Buffer.from([0, 11]),
  Buffer.from('grpc-status'),
  Buffer.from([1, 0x35]),
]);

/** What a server of bad will or with bad luck may answer: frames in any order, and what is none. */
function answer(random: Random): Buffer {
  const bytes = (most: number): Uint8Array => random.bytes(random.integer(0, most));
  const parts = [
    () => frame(FrameType.Headers, 4, 1, headers),
    () => frame(FrameType.Headers, 5, 1, trailers),
    () => frame(FrameType.Data, random.integer(0, 15), 1, bytes(60)),
    () => frame(FrameType.Ping, random.integer(0, 1), 0, random.bytes(8)),
    () => frame(FrameType.GoAway, 0, 0, random.bytes(random.integer(8, 48))),
    () => frame(FrameType.RstStream, 0, 1, random.bytes(4)),
    () => frame(FrameType.Continuation, random.integer(0, 7), 1, bytes(5)),
    () => frame(FrameType.PushPromise, 4, 1, bytes(12)),
    () => frame(random.integer(0, 255), random.integer(0, 255), random.integer(0, 3), bytes(40)),
    () => Buffer.from(bytes(30)),
  ];
  const settings = frame(FrameType.Settings, 0, 0, new Uint8Array(0));
  const chosen = Array.from({ length: random.integer(0, 12) }, () => random.pick(parts)());
  return Buffer.concat([settings, frame(FrameType.Settings, 1, 0, new Uint8Array(0)), ...chosen]);
}

describe('a peer that sends anything', () => {
  // Without pacing grpc-js hangs the process at some of these.
  it.each([7, 8, 9])('ends each call with a status (seed %i)', async (seed) => {
    const random = seededRandom(seed);
    const sockets = new Set<Socket>();
    const server = createServer((socket) => {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.once('data', () => socket.write(answer(random)));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    cleanups.push(() => {
      server.close();
      for (const socket of sockets) {
        socket.destroy();
      }
    });
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    for (let index = 0; index < 30; index++) {
      const channel = new Channel(
        { address: `127.0.0.1:${port}`, security: { kind: 'plaintext' } },
        grpc.credentials.createInsecure(),
        random.chance(0.5) ? { 'grpc.enable_retries': 0 } : {},
      );
      const call = channel.startCall({ path: '/raw.Raw/Echo', deadline: 100 });
      call.send(Buffer.from([8, 1]));
      call.halfClose();
      expect((await call.done).explanation).not.toBe('');
      const { transcript } = call;
      for (let number = 0; number < transcript.length; number++) {
        expect(transcript.entry(number).number).toBe(number);
      }
      transcript.dispose();
      channel.close();
    }
  });
});

describe('a peer that refuses a large message before it is whole', () => {
  it('leaves no connection open after the channel was closed', async () => {
    let isAnswered = false;
    let isClosed = false;
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.on('close', () => {
        isClosed = true;
      });
      let received = 0;
      socket.on('data', (chunk: Buffer) => {
        received += chunk.length;
        // The window of the stream is full: the rest of the message has to wait.
        if (received > 65_535 && !isAnswered) {
          isAnswered = true;
          const status = Buffer.concat([headers, trailers]);
          const ends = [
            frame(FrameType.Headers, 5, 1, status),
            frame(FrameType.RstStream, 0, 1, Buffer.alloc(4)),
          ];
          socket.write(Buffer.concat(ends));
        }
      });
      socket.write(frame(FrameType.Settings, 0, 0, new Uint8Array(0)));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    cleanups.push(() => server.close());
    const { port } = server.address() as AddressInfo;
    const channel = new Channel(
      { address: `127.0.0.1:${port}`, security: { kind: 'plaintext' } },
      grpc.credentials.createInsecure(),
      {},
    );
    const call = channel.startCall({ path: '/raw.Raw/Echo', deadline: 10_000 });
    call.send(Buffer.alloc(1_000_000));
    call.halfClose();
    expect(await call.done).toMatchObject({ name: 'NOT_FOUND' });
    channel.close();
    await until(() => isClosed);
  });
});

describe('attemptPacing', () => {
  it('gives the event loop its turn between attempts that never end', async () => {
    const pacing = attemptPacing();
    let hasTurned = false;
    setImmediate(() => {
      hasTurned = true;
    });
    let attempts = 0;
    for (; !hasTurned && attempts < 10_000; attempts++) {
      await pacing.generateMetadata({ method_name: 'Echo', service_url: 'http://localhost' });
    }
    expect(attempts).toBeLessThan(200);
  });
});
