import { describe, expect, it } from 'vitest';
import { type ExportFormat, exportTranscript } from '../../../src/panel/exportTranscript';
import { rowSource } from '../../../src/panel/rowSource';
import type { Transcript } from '../../../src/transcript/transcript';
import { brokenCall, Conversation, ordinaryCall, schema, types } from './conversation';

function exported(transcript: Transcript, format: ExportFormat): string {
  const pieces = exportTranscript(
    {
      transcript,
      schema,
      types,
      title: { target: 'localhost:50051', method: 'market.v1.ListingService/Get' },
      ...rowSource(transcript, schema, types),
    },
    format,
  );
  return [...pieces].join('');
}

type Line = Readonly<Record<string, unknown>>;
const lines = (text: string): Line[] =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);

describe('exportTranscript as JSON Lines', () => {
  it('has a line for the call and one for each entry', () => {
    const { transcript } = ordinaryCall();
    const all = lines(exported(transcript, 'jsonl'));
    expect(all[0]).toMatchObject({
      kind: 'call',
      timeUnit: 'microseconds',
      target: 'localhost:50051',
      method: 'market.v1.ListingService/Get',
    });
    expect(all.slice(1).map((line) => line.number)).toEqual(
      Array.from({ length: transcript.length }, (_, index) => index),
    );
    expect(all.filter((line) => line.kind === 'message').map((line) => line.json)).toEqual([
      { id: 'lamp-1' },
      { title: 'Desk lamp', price: '9007199254740993' },
      { title: 'Floor lamp' },
    ]);
    expect(all.at(-1)).toMatchObject({ kind: 'status', status: { name: 'OK' }, details: [] });
    transcript.dispose();
  });

  it('writes a message that can not be decoded as its bytes', () => {
    const { transcript } = new Conversation().message('received', new Uint8Array([0x0a, 0xff]));
    expect(lines(exported(transcript, 'jsonl')).at(-1)).toMatchObject({
      kind: 'message',
      base64: Buffer.from([0, 0, 0, 0, 2, 0x0a, 0xff]).toString('base64'),
    });
    transcript.dispose();
  });
});

describe('exportTranscript as text', () => {
  it('reads as a conversation', () => {
    const { transcript } = ordinaryCall();
    const text = exported(transcript, 'text').replace(/^ *[\d.]+ ms /gm, '');
    const [, ...body] = text.split('\n');
    expect(body.slice(0, 13).map((line) => line.trim())).toEqual([
      '',
      '→ SETTINGS [6] INITIAL_WINDOW_SIZE=65535',
      '← SETTINGS [6] MAX_CONCURRENT_STREAMS=100',
      '← SETTINGS ACK [0]',
      '→ HEADERS [1] END_HEADERS',
      '→ headers',
      ':path: /market.v1.ListingService/Get',
      'authorization: (hidden)',
      'grpc-timeout: 14998m',
      '→ DATA [13] message 1',
      '→ message 1 [8]',
      '{',
      '"id": "lamp-1"',
    ]);
    expect(text).toContain('status OK');
    transcript.dispose();
  });

  it('lets no control character of a server through', () => {
    const { transcript } = brokenCall('\u001b]0;owned\u0007');
    transcript.appendRecord({ kind: 'note', severity: 'info', text: 'a\u001b[2Jb' }, 0);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
    expect(exported(transcript, 'text')).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
    transcript.dispose();
  });
});

describe.each(['text', 'jsonl'] as const)('secrets in an export as %s', (format) => {
  it('are not written', () => {
    const { transcript } = new Conversation().headers('sent', [
      ['authorization', 'Bearer s3cret'],
      ['cookie', 's3cret'],
      ['x-api-key', 's3cret'],
      ['x-auth-token', 's3cret'],
      ['x-request-id', 'r-1'],
    ]);
    const text = exported(transcript, format);
    expect(text).not.toContain('s3cret');
    expect(text).toContain('r-1');
    transcript.dispose();
  });
});
