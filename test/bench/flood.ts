import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import * as grpc from '@grpc/grpc-js';
import type { Call } from '../../src/grpc/call';
import { Channel } from '../../src/grpc/channel';
import type { Transcript } from '../../src/transcript/transcript';
import { floodPath, order } from './floodMessage';

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
  const start = (count: number): Call => {
    const call = channel.startCall({ path: floodPath });
    call.send(order(count));
    call.halfClose();
    return call;
  };
  return {
    /** The call that floods; its transcript is the caller's to dispose. */
    start,
    /** Messages a second of the same stream through grpc-js alone. */
    async bare(count: number): Promise<number> {
      const began = performance.now();
      await new Promise<void>((resolve) => {
        const stream = bareClient.makeBidiStreamRequest(floodPath, identity, identity);
        stream.write(order(count));
        stream.end();
        stream.on('data', () => {});
        stream.on('end', resolve);
      });
      return (count / (performance.now() - began)) * 1000;
    },
    /** Messages a second into a transcript, which the caller disposes. */
    async tapped(count: number): Promise<{ rate: number; transcript: Transcript }> {
      const began = performance.now();
      const call = start(count);
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
