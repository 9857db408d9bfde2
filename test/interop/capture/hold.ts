import { join } from 'node:path';
import { toGrpcOptions } from '../../../src/grpc/callOptions';
import type { Security } from '../../../src/grpc/target';
import type { Schema } from '../../../src/schema/schema';
import { open } from '../tools';
import { type Comparison, compare } from './compare';
import type { Conversation } from './conversations';
import { startCapture } from './dumpcap';
import { logSessionKeys } from './keyLog';
import { type CallLines, transcriptLines } from './transcriptLines';
import { type CapturedConnections, readCapture } from './tsharkLines';

export interface Held {
  readonly comparison: Comparison;
  /** All that the transcripts say, for looking whether something is in it. */
  readonly told: string;
}

export interface Setting {
  readonly schema: Schema;
  /** `127.0.0.1:port` of the server, and of the one that closes connections soon. */
  readonly address: string;
  readonly agingAddress: string | undefined;
  readonly security: Security;
  /** For the capture and the session keys, which whoever looks for a difference needs. */
  readonly folder: string;
}

/**
 * Plays conversations at once, each on connections of its own, under one capture, and compares each with what was
 * captured of its connections. A conversation that could not be played to its end gives its error.
 */
export async function hold(
  conversations: readonly Conversation[],
  { schema, address, agingAddress, security, folder }: Setting,
): Promise<Map<string, Held | Error>> {
  const [file, keyLog] = [join(folder, 'capture.pcapng'), join(folder, 'session.keys')];
  const addresses = [address, ...(agingAddress === undefined ? [] : [agingAddress])];
  const ports = addresses.map((server) => Number(/\d+$/.exec(server)?.[0]));
  const stopLogging = logSessionKeys(keyLog);
  const capture = await startCapture(ports);
  try {
    const played = await Promise.all(
      conversations.map(async ({ title, aging, play }) => {
        const server = aging ? (agingAddress ?? '') : address;
        const openChannel = (options = {}) =>
          open(server, toGrpcOptions(options).channel, security);
        const calls = await play({ schema, open: openChannel }).catch((error: Error) => error);
        return { title, calls };
      }),
    );
    await capture.save(file);
    const isTls = security.kind === 'tls';
    const captured = await readCapture({ file, ports, ...(isTls && { keyLog }) });
    return new Map(
      played.map(({ title, calls }): [string, Held | Error] => {
        if (calls instanceof Error) {
          return [title, calls];
        }
        const lines = calls.map(({ transcript }) => transcriptLines(transcript));
        const comparison = compare(lines, connectionsOf(lines, captured));
        const told = lines.flatMap((call) => call.lines.map(({ text }) => text)).join('\n');
        return [title, { comparison, told }];
      }),
    );
  } finally {
    stopLogging();
    await capture.stop();
  }
}

function connectionsOf(
  calls: readonly CallLines[],
  captured: CapturedConnections,
): CapturedConnections {
  const named = new Set(calls.flatMap(({ ports }) => ports));
  return new Map([...captured].filter(([ports]) => named.has(ports)));
}
