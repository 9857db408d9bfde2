import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { stop } from '../../../scripts/process.mjs';

/** How often a mark is sent until it is seen, in milliseconds. */
const markInterval = 20;

/** A capture of what goes to and from some ports of the loopback interface. */
export interface Capture {
  /** Writes everything up to now into a file. */
  save(file: string): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Starts dumpcap and settles when it captures. That it does, and that it has written everything up to some moment,
 * is seen by a datagram that is sent for it: the loopback interface delivers in order.
 */
export async function startCapture(ports: readonly number[]): Promise<Capture> {
  const marks = createSocket('udp4');
  marks.bind(0, '127.0.0.1');
  await once(marks, 'listening');
  const filter = [...ports.map((port) => `tcp port ${port}`), `udp port ${portOf(marks)}`];
  const memory = '64';
  const child = spawn(
    'dumpcap',
    ['-q', '-i', 'lo', '-f', filter.join(' or '), '-B', memory, '-w', '-'],
    {
      // It ends with the reader of this pipe: also when this process is killed.
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const closed = once(child, 'close');
  const chunks: Buffer[] = [];
  let errors = '';
  let watch = (_chunk: Buffer): void => {};
  child.stdout.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    watch(chunk);
  });
  child.stderr.on('data', (chunk: Buffer) => {
    errors += chunk.toString();
  });

  const end = async (): Promise<void> => {
    await stop(child);
    await closed;
    await new Promise<void>((resolve) => marks.close(() => resolve()));
  };
  const mark = async (): Promise<void> => {
    const token = randomBytes(16);
    let tail = Buffer.alloc(0);
    const seen = new Promise<true>((resolve) => {
      watch = (chunk) => {
        tail = Buffer.concat([tail.subarray(-token.length), chunk]);
        if (tail.includes(token)) {
          resolve(true);
        }
      };
    });
    const send = (): void => marks.send(token, portOf(marks), '127.0.0.1');
    send();
    const timer = setInterval(send, markInterval);
    try {
      if ((await Promise.race([seen, closed])) !== true) {
        throw new Error(`dumpcap ended: ${errors}`);
      }
    } finally {
      clearInterval(timer);
    }
  };

  try {
    await mark();
  } catch (error) {
    await end();
    throw error;
  }
  return {
    async save(file) {
      await mark();
      await stop(child);
      await closed;
      const dropped = /received\/dropped on interface .*: \d+\/(\d+)/.exec(errors)?.[1];
      if (dropped !== '0') {
        throw new Error(`dumpcap did not see everything: ${errors}`);
      }
      await writeFile(file, Buffer.concat(chunks));
    },
    stop: end,
  };
}

function portOf(socket: Socket): number {
  return (socket.address() as AddressInfo).port;
}
