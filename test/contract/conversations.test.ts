import * as grpc from '@grpc/grpc-js';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Channel } from '../../src/grpc/channel';
import { exportTranscript } from '../../src/panel/exportTranscript';
import { rowSource } from '../../src/panel/rowSource';
import { type SampleServer, startSampleServer } from '../../src/sampleServer/sampleServer';
import type { Entry } from '../../src/transcript/entry';
import { FrameType } from '../../src/wire/frame';
import { everythingInSample as schema } from '../tools/sampleSchema';
import { until } from '../tools/until';

/**
 * Whole conversations with the sample server as text, compared with test/contract/golden. What a review wants to
 * see of a change in frames, decoding, rows, status or export is the difference in these files:
 * `npx vitest run --project contract conversations -u`.
 */
interface Conversation {
  readonly name: string;
  readonly method: string;
  /** Sent one after the other; each but the first waits for one more answer. Then the stream is ended. */
  readonly requests: readonly object[];
  readonly metadata?: Readonly<Record<string, string>>;
}

const conversations: readonly Conversation[] = [
  {
    name: 'unary',
    method: 'market.v1.ListingService/GetListing',
    requests: [{ id: 'lamp-1' }],
    metadata: { 'x-trace': 'abc', authorization: 'Bearer secret' },
  },
  {
    name: 'application-error',
    method: 'market.v1.ListingService/GetListing',
    requests: [{ id: 'nothing-9' }],
  },
  {
    name: 'server-streaming',
    method: 'market.v1.ListingService/SearchListings',
    requests: [{ query: 'lamp', limit: 2 }],
  },
  {
    name: 'client-streaming',
    method: 'market.v1.ListingService/UploadPhotos',
    requests: [{ info: { listingId: 'lamp-1', fileName: 'a.jpg' } }, { chunk: 'AAECAw==' }],
  },
  {
    name: 'bidirectional',
    method: 'market.v1.ListingService/Negotiate',
    requests: [{ listingId: 'lamp-1' }, { text: 'still there?' }],
  },
  {
    name: 'trailers-only',
    method: 'faults.v1.Faults/TrailersOnly',
    requests: [{ code: 7, message: 'not yours' }],
  },
  { name: 'rst-stream', method: 'faults.v1.Wire/RstStream', requests: [{ code: 'CANCEL' }] },
  {
    name: 'goaway',
    method: 'faults.v1.Wire/GoAway',
    requests: [{ code: 'ENHANCE_YOUR_CALM', debugData: 'too_many_pings' }],
  },
  {
    name: 'proxy-page',
    method: 'faults.v1.Wire/HttpStatus',
    requests: [{ status: 503, server: 'envoy', body: 'no healthy upstream' }],
  },
  { name: 'gzip', method: 'faults.v1.Wire/CompressedEcho', requests: [{ text: 'squeeze me' }] },
];

let server: SampleServer;

beforeAll(async () => {
  server = await startSampleServer();
});

afterAll(() => server.close());

it.each(conversations)('$name', async (conversation) => {
  await expect(await played(conversation)).toMatchFileSnapshot(`golden/${conversation.name}.txt`);
});

async function played({ method, requests, metadata = {} }: Conversation): Promise<string> {
  const path = `/${method}`;
  const info = schema.findMethod(path);
  if (!info) {
    throw new Error(`The sample server has no ${method}.`);
  }
  const security = { kind: 'plaintext' } as const;
  const channel = new Channel(
    { address: server.address, security },
    grpc.credentials.createInsecure(),
    { 'grpc.enable_retries': 0 },
  );
  const headers = new grpc.Metadata();
  for (const [name, value] of Object.entries(metadata)) {
    headers.set(name, value);
  }
  const call = channel.startCall({ path, deadline: 20_000, metadata: headers });
  const { transcript } = call;
  const answersEach = info.kind === 'bidirectional';
  for (const [index, request] of requests.entries()) {
    await until(() => !answersEach || transcript.messageCount('received') >= index);
    call.send(schema.encode(info.requestType, JSON.stringify(request)));
  }
  await until(() => !answersEach || transcript.messageCount('received') >= requests.length);
  call.halfClose();
  await call.done;
  const [, ...pieces] = exportTranscript(
    {
      transcript,
      schema,
      types: info,
      title: { target: server.address, method },
      ...rowSource(transcript, schema, info),
    },
    'text',
  );
  const entries = pieces.map((text, number) => ({ text, entry: transcript.entry(number) }));
  channel.close();
  // Both sides talk at once about the connection: only the order in each direction is certain.
  const of = (direction: 'sent' | 'received') =>
    entries.filter(
      ({ entry }) => isHousekeeping(entry) && 'direction' in entry && entry.direction === direction,
    );
  const stream = entries.filter(({ entry }) => !isHousekeeping(entry));
  return ['connection', of('sent'), of('received'), '', 'call', stream]
    .flatMap((part) => (typeof part === 'string' ? `${part}\n` : part.map(({ text }) => text)))
    .map(steady)
    .join('');
}

/** Entries whose place among the others depends on who was faster. */
function isHousekeeping(entry: Entry): boolean {
  return (
    entry.kind === 'frame' && entry.header.streamId === 0 && entry.header.type !== FrameType.GoAway
  );
}

/** Without what differs from run to run. */
function steady(text: string): string {
  return text
    .replace(/^ +[\d.]+ ms /, '')
    .replace(/^(. HEADERS) \[\d+\]/, '$1')
    .replace(/^(. SETTINGS(?: ACK)?) \[.*$/m, '$1')
    .replaceAll(/127\.0\.0\.1:\d+/g, '127.0.0.1:PORT')
    .replaceAll(/^( +grpc-timeout: ).*$/gm, '$1TIMEOUT')
    .replaceAll(/^( +date: ).*$/gm, '$1DATE')
    .replaceAll(/^( +user-agent: ).*$/gm, '$1USER-AGENT')
    .replaceAll(/\d+(\.\d+)? (µs|ms|s)\b/g, 'TIME');
}
