import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface InnerListener {
  /** What `net.connect` takes. */
  readonly path: string;
  readonly listener: Server;
  remove(): void;
}

/**
 * Listens where only this process looks: a Unix socket in a directory of its own, on Windows a pipe with a
 * random name. grpc-js needs real sockets on both sides to be fast.
 */
export async function listenInside(accept: (socket: Socket) => void): Promise<InnerListener> {
  const windows = process.platform === 'win32';
  const directory = windows ? undefined : mkdtempSync(join(tmpdir(), 'frameline-sample-'));
  const path = directory ? join(directory, 's') : `\\\\.\\pipe\\${randomBytes(16).toString('hex')}`;
  const listener = createServer(accept);
  const remove = () => {
    process.off('exit', remove);
    if (directory) {
      rmSync(directory, { recursive: true, force: true });
    }
  };
  process.on('exit', remove);
  await new Promise<void>((resolve, reject) => {
    listener.once('error', reject);
    listener.listen(path, resolve);
  });
  return { path, listener, remove };
}
