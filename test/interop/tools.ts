import { join } from 'node:path';
import type { ChannelOptions } from '@grpc/grpc-js';
import { Metadata } from '@grpc/grpc-js';
import { afterAll, afterEach, beforeAll, inject } from 'vitest';
import { type Language, startServer } from '../../scripts/interop/servers.mjs';
import { protos } from '../../scripts/interop/tools.mjs';
import type { Call, CallRequest } from '../../src/grpc/call';
import type { Channel } from '../../src/grpc/channel';
import { ChannelPool } from '../../src/grpc/channelPool';
import type { Security } from '../../src/grpc/target';
import {
  buildSchema,
  discover,
  discoveryChannelOptions,
  loadProtoFiles,
} from '../../src/schema/load';
import type { Schema } from '../../src/schema/schema';
import type { CallStatus } from '../../src/transcript/entry';
import { decompressMessage } from '../../src/wire/decompress';
import { MessageReader } from '../../src/wire/messageReader';
import { isLack, languages } from './languages';
import { suiteOf } from './suite';

/** What this machine can run. */
const { programs } = inject('interop');

/** The servers' languages with their traits; `missing` where this machine lacks what one needs. */
export const servers = (Object.keys(languages) as Language[]).map((language) => ({
  language,
  ...languages[language],
  suite: suiteOf(language),
  missing: isMissing(language),
}));

export function isMissing(language: Language): boolean {
  return programs[language] === undefined;
}

export type InteropServer = Awaited<ReturnType<typeof startServer>>;

/** A server that the caller stops. */
export function start(language: Language, flags: readonly string[] = []): Promise<InteropServer> {
  const program = programs[language];
  if (!program) {
    throw new Error(`This machine has no ${language}.`);
  }
  return startServer(program, flags);
}

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) {
    await cleanup();
  }
});

/** Runs after the test, the last one first. */
export function later(cleanup: () => unknown): void {
  cleanups.push(cleanup);
}

/** A server for one test. */
export async function startForTest(
  language: Language,
  flags: readonly string[] = [],
): Promise<InteropServer> {
  const server = await start(language, flags);
  later(() => server.stop());
  return server;
}

const plaintext: Security = { kind: 'plaintext' };

/** A channel for one test, made as the extension makes it. */
export function open(
  address: string,
  options: ChannelOptions = {},
  security: Security = plaintext,
): Promise<Channel> {
  const pool = new ChannelPool();
  later(() => pool.dispose());
  return pool.get({ address, security }, options);
}

/** What the server describes of itself; where its language has no reflection, what the .proto files say. */
export function schemaFor(
  language: Language,
  address: string,
  security?: Security,
): Promise<Schema> {
  const { reflection } = languages[language];
  return isLack(reflection) ? schemaOfFiles() : schemaOf(address, security);
}

/** A server for all tests of the suite that this stands in, which hear of it when they run. */
export function startForSuite(language: Language): {
  readonly address: string;
  readonly schema: Schema;
} {
  let server: InteropServer | undefined;
  let schema: Schema | undefined;
  beforeAll(async () => {
    server = await start(language);
    schema = await schemaFor(language, server.address);
  });
  afterAll(() => server?.stop());
  const started = <T>(part: T | undefined): T => {
    if (part === undefined) {
      throw new Error(`The server of ${language} has not been started.`);
    }
    return part;
  };
  return {
    get address() {
      return started(server).address;
    },
    get schema() {
      return started(schema);
    },
  };
}

/** What the .proto files say. */
async function schemaOfFiles(): Promise<Schema> {
  const file = join(protos, 'interop', 'v1', 'library.proto');
  return buildSchema({ local: await loadProtoFiles([file], [protos]) });
}

/** What the server describes of itself. */
export async function schemaOf(address: string, security?: Security): Promise<Schema> {
  const channel = await open(address, discoveryChannelOptions, security);
  return buildSchema({
    reflection: await discover(channel.client, { metadata: new Metadata() }),
  });
}

/** Milliseconds; long enough for a busy machine, and a call that hangs fails by itself. */
export const patience = 20_000;

const service = '/interop.v1.Library/';

/** Sends ProtoJSON (or bytes) to a method of the library, and closes the request stream. */
export function send(
  channel: Channel,
  schema: Schema,
  method: string,
  bodies: readonly (object | Uint8Array)[],
  request: Partial<CallRequest> = {},
): Call {
  const call = channel.startCall({ path: `${service}${method}`, deadline: patience, ...request });
  later(() => call.transcript.dispose());
  const type = schema.findMethod(call.path)?.requestType ?? '';
  for (const body of bodies) {
    call.send(body instanceof Uint8Array ? body : schema.encode(type, JSON.stringify(body)));
  }
  call.halfClose();
  return call;
}

/** The messages that came, from the transcript as the panel reads them. */
export function received(call: Pick<Call, 'path' | 'transcript'>, schema: Schema): unknown[] {
  const type = schema.findMethod(call.path)?.responseType ?? '';
  const count = call.transcript.messageCount('received');
  return Array.from({ length: count }, (_, index) =>
    JSON.parse(schema.decode(type, receivedBytes(call, index))),
  );
}

export function receivedBytes(call: Pick<Call, 'transcript'>, index: number): Uint8Array {
  const { transcript } = call;
  const number = transcript.messageEntry('received', index);
  const entry = number === undefined ? undefined : transcript.entry(number);
  if (number === undefined || entry?.kind !== 'message') {
    throw new Error(`There is no message ${index}.`);
  }
  const bytes = transcript.payload(number, MessageReader.PREFIX_LENGTH);
  return entry.compressed
    ? decompressMessage(transcript.messageEncoding(number), bytes, 64 * 1024 * 1024).bytes
    : bytes;
}

/** A call with one request and one response; fails with the whole status when it does not end with OK. */
export async function answer(
  channel: Channel,
  schema: Schema,
  method: string,
  body: object,
  request?: Partial<CallRequest>,
): Promise<unknown> {
  const call = send(channel, schema, method, [body], request);
  const status = await call.done;
  if (status.code !== 0) {
    throw new Error(`${method}: ${JSON.stringify(status, undefined, 2)}`);
  }
  return received(call, schema)[0];
}

/** How a call with one request ends. */
export function end(
  channel: Channel,
  schema: Schema,
  method: string,
  body: object,
  request?: Partial<CallRequest>,
): Promise<CallStatus> {
  return send(channel, schema, method, [body], request).done;
}

/** Waits for a state, not for a time; the test's own time limit is the bound. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
