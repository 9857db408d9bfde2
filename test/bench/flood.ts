import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import * as grpc from '@grpc/grpc-js';
import { Channel } from '../../src/grpc/channel';
import type { Transcript } from '../../src/transcript/transcript';

const PATH = '/bench.Bench/Flood';
const identity = (bytes: Buffer) => bytes;

/** The flood server in its own process, with a bare grpc-js client and a tapped channel to it. */
export async function startFlood() {
  const file = fileURLToPath(new URL('./floodServer.mjs', import.meta.url));
  const child = spawn(process.execPath, [file], { stdio: ['ignore', 'pipe', 'inherit'] });
  const port = await new Promise<number>((resolve) =>
    child.stdout.once('data', (data) => resolve(Number(String(data)))),
  );
  const address = `127.0.0.1:${port}`;
  const bareClient = new grpc.Client(address, grpc.credentials.createInsecure(), {
    'grpc.use_local_subchannel_pool': 1,
  });
  const channel = new Channel(
    { address, security: { kind: 'plaintext' } },
    grpc.credentials.createInsecure(),
    {},
  );
  return {
    /** Messages a second of the same stream through grpc-js alone. */
    async bare(count: number): Promise<number> {
      const began = performance.now();
      await new Promise<void>((resolve) => {
        const stream = bareClient.makeBidiStreamRequest(PATH, identity, identity);
        stream.write(request(count));
        stream.end();
        stream.on('data', () => {});
        stream.on('end', resolve);
      });
      return (count / (performance.now() - began)) * 1000;
    },
    /** Messages a second into a transcript, which the caller disposes. */
    async tapped(count: number): Promise<{ rate: number; transcript: Transcript }> {
      const began = performance.now();
      const call = channel.startCall({ path: PATH });
      call.send(request(count));
      call.halfClose();
      await call.done;
      const rate = (count / (performance.now() - began)) * 1000;
      return { rate, transcript: call.transcript };
    },
    stop(): void {
      channel.close();
      bareClient.close();
      child.kill();
    },
  };
}

function request(count: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(count);
  return bytes;
}
