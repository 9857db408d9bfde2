import * as grpc from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Call, CallRequest } from '../../src/grpc/call';
import { Channel } from '../../src/grpc/channel';
import { TapCredentials } from '../../src/grpc/tap';
import { type SampleServer, startSampleServer } from '../../src/sampleServer/sampleServer';
import { echo, startRawServer } from '../tools/rawServer';
import { everythingInSample as schema } from '../tools/sampleSchema';
import { everyPlace, type Places, secretsIn, spillFiles } from '../tools/secretSearch';

/** With characters that travel differently everywhere. */
const token = 's3cr3t "t0ken" & <more> 100%/+~\\end';
const wide = 'wörd of pässage';
const binary = Buffer.from('00ff10fbfa7f80c3281a2b3c', 'hex').toString('base64');
const secrets = [token, wide, binary];

let server: SampleServer;

beforeAll(async () => {
  server = await startSampleServer();
});
afterAll(() => server.close());

function metadataWithSecrets(): grpc.Metadata {
  const metadata = new grpc.Metadata();
  metadata.set('authorization', `Bearer ${token}`);
  metadata.set('x-basic', `Basic ${Buffer.from(`user:${token}`).toString('base64')}`);
  metadata.set('x-key', token);
  metadata.set('x-text', binary);
  metadata.set('key-bin', Buffer.from(binary, 'base64'));
  metadata.set('note-bin', Buffer.from(`note: ${wide}.`));
  return metadata;
}

const failing = {
  code: 16,
  message: `no ${wide}, and no ${token}`,
  details: [
    {
      '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
      reason: token,
      metadata: { key: wide, other: binary },
    },
  ],
  trailers: [
    { name: 'x-echo', value: token },
    { name: 'echo-bin', value: wide },
  ],
};

/** Each sends secrets and has them sent back, in another place. */
const echoes: readonly { readonly method: string; readonly request: object }[] = [
  { method: 'faults.v1.Faults/Metadata', request: {} },
  { method: 'faults.v1.Faults/Status', request: failing },
  { method: 'faults.v1.Faults/TrailersOnly', request: failing },
  { method: 'faults.v1.Wire/GoAway', request: { code: 'ENHANCE_YOUR_CALM', debugData: token } },
  {
    method: 'faults.v1.Wire/HttpStatus',
    request: { status: 503, server: token, body: `<html>${token} ${binary}</html>` },
  },
  { method: 'faults.v1.Wire/HttpStatus', request: { status: 404, body: token } },
  { method: 'faults.v1.Wire/CompressedEcho', request: { text: `${wide} ${token}`, data: binary } },
];

async function played(
  method: string,
  request: object,
  options: Partial<CallRequest>,
): Promise<Call> {
  const path = `/${method}`;
  const channel = new Channel(
    { address: server.address, security: { kind: 'plaintext' } },
    grpc.credentials.createInsecure(),
    { 'grpc.enable_retries': 0 },
  );
  const info = schema.findMethod(path);
  const call = channel.startCall({
    path,
    deadline: 20_000,
    metadata: metadataWithSecrets(),
    ...options,
  });
  call.send(schema.encode(info?.requestType ?? '', JSON.stringify(request)));
  call.halfClose();
  await call.done;
  channel.close();
  return call;
}

async function placesOf(call: Call) {
  const info = schema.findMethod(call.path);
  const types = info ?? { requestType: 'faults.v1.Payload', responseType: 'faults.v1.Payload' };
  return everyPlace(call.transcript, schema, types);
}

describe('a call with secrets', () => {
  it.each(echoes)('shows none of them: $method', async ({ method, request }) => {
    const call = await played(method, request, { secrets });
    const places = await placesOf(call);
    places.set('done', Buffer.from(JSON.stringify(await call.done)));
    expect(secretsIn(places, secrets)).toEqual([]);
    // Without masking the same search finds them: it looks in the right places.
    const open = await played(method, request, {});
    const found = secretsIn(await placesOf(open), secrets).join('\n');
    for (const place of ['entries', 'payloads', 'jsonl', 'archive', 'opened details']) {
      expect(found).toContain(`${place}: `);
    }
    expect(call.transcript.status?.cause).toBe(open.transcript.status?.cause);
    expect(call.transcript.status?.code).toBe(open.transcript.status?.code);
    expect(call.transcript.messageBytes('received')).toBe(open.transcript.messageBytes('received'));
    call.transcript.dispose();
    open.transcript.dispose();
  });

  it('sends them as they are, and decodes what came back', async () => {
    const call = await played('faults.v1.Faults/Metadata', {}, { secrets });
    const number = call.transcript.messageEntry('received', 0) ?? -1;
    const bytes = call.transcript.payload(number, 5);
    const answer = JSON.parse(schema.decode('faults.v1.MetadataResponse', bytes)) as {
      entries: { name: string; values: string[] }[];
    };
    const value = (name: string) => answer.entries.find((entry) => entry.name === name)?.values[0];
    expect(value('authorization')).toBe(`Bearer ${'*'.repeat(token.length)}`);
    expect(value('x-text')).toBe('*'.repeat(binary.length));
    expect(value('key-bin')?.length).toBe(binary.length);
  });

  it('is explained as without them when compression is at fault', async () => {
    for (const kind of ['COMPRESSED_WITHOUT_ENCODING', 'UNKNOWN_ENCODING', 'CORRUPT_GZIP']) {
      const [masked, open] = await Promise.all([
        played('faults.v1.Wire/Malformed', { kind }, { secrets }),
        played('faults.v1.Wire/Malformed', { kind }, {}),
      ]);
      expect(masked.transcript.status?.cause).toBe(open.transcript.status?.cause);
      expect(masked.transcript.status?.explanation).toBe(open.transcript.status?.explanation);
    }
  });

  it('shows none of them where frames can not be seen', async () => {
    const original = TapCredentials.isSupported;
    TapCredentials.isSupported = () => false;
    try {
      for (const { method, request } of echoes.slice(0, 3)) {
        const call = await played(method, request, { secrets });
        expect(secretsIn(await placesOf(call), secrets)).toEqual([]);
        const open = await played(method, request, {});
        expect(secretsIn(await placesOf(open), secrets)).not.toEqual([]);
      }
    } finally {
      TapCredentials.isSupported = original;
    }
  });
});

describe('a flood with secrets', () => {
  /** Echoes messages of 1 MB, full of secrets and longer than a frame, and looks at what spilled. */
  async function flooded(secretsOfCall: readonly string[] | undefined): Promise<Call> {
    const raw = await startRawServer({ Echo: echo });
    const channel = new Channel(
      { address: `127.0.0.1:${raw.port}`, security: { kind: 'plaintext' } },
      grpc.credentials.createInsecure(),
      {},
    );
    const call = channel.startCall({
      path: '/raw.Raw/Echo',
      ...(secretsOfCall && { secrets: secretsOfCall }),
    });
    const one = Buffer.from(`${token} ${Buffer.from(wide).toString('base64')} ${binary},`);
    const message = Buffer.concat(Array.from({ length: 1e6 / one.length }, () => one));
    for (let index = 0; index < 12; index++) {
      call.send(message);
      await call.drained();
    }
    call.halfClose();
    await call.done;
    channel.close();
    raw.close();
    return call;
  }

  it('has none of them in its messages or in the spill file', async () => {
    for (const masked of [true, false]) {
      const call = await flooded(masked ? secrets : undefined);
      expect(call.transcript.usage.disk).toBeGreaterThan(1e6);
      expect(call.transcript.messageCount('received')).toBe(12);
      const parts: Uint8Array[] = [];
      for (let number = 0; number < call.transcript.length; number++) {
        parts.push(call.transcript.payload(number));
      }
      const places: Places = new Map([['payloads', Buffer.concat(parts)]]);
      const spilled = spillFiles();
      if (spilled) {
        expect(spilled.length).toBeGreaterThan(1e6);
        places.set('spill file', spilled);
      }
      // Frames end in the middle of secrets: no half of one may stand before or behind such an end.
      const halves = [token.slice(0, 12), token.slice(-12)];
      const found = secretsIn(places, [...secrets, ...halves]);
      expect(new Set(found.map((one) => one.split(':')[0]))).toEqual(
        masked ? new Set() : new Set(places.keys()),
      );
      call.transcript.dispose();
    }
  });

  it('hides messages that were sent compressed', async () => {
    const raw = await startRawServer({ Echo: echo });
    const channel = new Channel(
      { address: `127.0.0.1:${raw.port}`, security: { kind: 'plaintext' } },
      grpc.credentials.createInsecure(),
      { 'grpc.default_compression_algorithm': 2 },
    );
    const call = channel.startCall({ path: '/raw.Raw/Echo', secrets });
    call.send(Buffer.from(`${wide} and more, and more, and more, and more`));
    call.send(Buffer.from('nothing to hide, nothing to hide, nothing to hide'));
    call.halfClose();
    expect(await call.done).toMatchObject({ name: 'OK' });
    const { transcript } = call;
    const shown = [0, 1].map((index) => {
      const number = transcript.messageEntry('sent', index) ?? -1;
      expect(transcript.entry(number)).toMatchObject({ compressed: true });
      return Buffer.from(transcript.payload(number, 5));
    });
    expect(shown[0]?.every((byte) => byte === 0x2a)).toBe(true);
    expect(shown[1]?.subarray(0, 2).toString('hex')).toBe('1f8b');
    const notes = Array.from({ length: transcript.length }, (_, number) => transcript.entry(number))
      .filter((entry) => entry.kind === 'note')
      .map((entry) => entry.text);
    expect(notes).toContain(
      'Compressed messages in which a secret stands, or may stand, are hidden as a whole: their bytes are shown as *.',
    );
    channel.close();
    raw.close();
  });
});
