import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as grpc from '@grpc/grpc-js';
import { afterEach, expect, it, vi } from 'vitest';
import { Channel } from '../../src/grpc/channel';
import { startRawServer } from '../tools/rawServer';

const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const cleanup of cleanups.splice(0).reverse()) {
    cleanup();
  }
  vi.unstubAllEnvs();
});

it('ends a stream that neither disk nor memory has room for, and says why', async () => {
  const server = await startRawServer({
    // As fast as flow control lets it, and without an end.
    Flood: (call) => {
      const chunk = Buffer.alloc(1024 * 1024);
      const flood = (): void => {
        while (!call.cancelled && call.write(chunk)) {
          // Until the connection takes no more.
        }
      };
      call.on('drain', flood);
      flood();
    },
  });
  cleanups.push(() => server.close());
  // No spill file can be made there.
  const nowhere = join(tmpdir(), 'no-such-folder-for-spilling');
  vi.stubEnv('TMPDIR', nowhere);
  vi.stubEnv('TEMP', nowhere);
  const channel = new Channel(
    { address: `127.0.0.1:${server.port}`, security: { kind: 'plaintext' } },
    grpc.credentials.createInsecure(),
    {},
  );
  cleanups.push(() => channel.close());
  const call = channel.startCall({ path: '/raw.Raw/Flood' });
  call.halfClose();
  expect(await call.done).toMatchObject({ name: 'CANCELLED' });
  const { transcript } = call;
  expect(transcript.usage.disk).toBe(0);
  expect(transcript.usage.memory).toBeLessThan(256 * 1024 * 1024);
  const notes = Array.from({ length: transcript.length }, (_, number) => transcript.entry(number))
    .filter((entry) => entry.kind === 'note')
    .map((entry) => entry.text);
  expect(notes[0]).toMatch(/^Cancelled: there is no room .*ENOENT/);
  transcript.dispose();
});
