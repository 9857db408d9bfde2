import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { entryDetail } from '../../src/panel/details';
import { exportTranscript } from '../../src/panel/exportTranscript';
import type { MethodTypes } from '../../src/panel/messageText';
import { rowSource } from '../../src/panel/rowSource';
import { timelineRow } from '../../src/panel/rows';
import type { Schema } from '../../src/schema/schema';
import { readArchive, writeArchive } from '../../src/transcript/archive';
import type { Transcript } from '../../src/transcript/transcript';
import { encodeHuffman } from '../../src/wire/hpackHuffman';

/** What can be read out of a transcript in one way, as the bytes that are read. */
export type Places = Map<string, Buffer>;

/** Everything that can be read out of a transcript: by code, on the screen, in exports and in its archive. */
export async function everyPlace(
  transcript: Transcript,
  schema: Schema,
  types: MethodTypes,
): Promise<Places> {
  const archive = Buffer.concat([...writeArchive(transcript)]);
  const opened = await readArchive(archive);
  const places = new Map([
    ...placesOf('', transcript, schema, types),
    ...placesOf('opened ', opened, schema, types),
    ['archive', archive] as const,
  ]);
  opened.dispose();
  return places;
}

function placesOf(
  name: string,
  transcript: Transcript,
  schema: Schema,
  types: MethodTypes,
): Places {
  const places: Places = new Map();
  const numbers = Array.from({ length: transcript.length }, (_, number) => number);
  const put = (what: string, texts: readonly (string | Uint8Array)[]): void => {
    places.set(name + what, Buffer.concat(texts.map((text) => Buffer.from(text as string))));
  };
  const rows = rowSource(transcript, schema, types);
  put(
    'entries',
    numbers.map((number) => JSON.stringify(transcript.entry(number))),
  );
  put(
    'strings',
    numbers.flatMap((number) => stringsOf(transcript.entry(number))),
  );
  put(
    'payloads',
    numbers.map((number) => transcript.payload(number)),
  );
  put('status', stringsOf(transcript.status));
  put(
    'rows',
    numbers.map((number) => timelineRow(transcript.entry(number), 0, 0, rows).content),
  );
  const details = numbers.map((number) =>
    entryDetail(number, { transcript, schema, types, defaults: false }),
  );
  put(
    'details',
    details.map((detail) => JSON.stringify(detail)),
  );
  put('strings of details', details.flatMap(stringsOf));
  for (const format of ['text', 'jsonl'] as const) {
    const title = { target: 'server', method: 'method' };
    put(format, [...exportTranscript({ ...rows, transcript, schema, types, title }, format)]);
  }
  return places;
}

/** What stands in the spill files of this process. They have no names; only some systems let them be opened. */
export function spillFiles(): Buffer | undefined {
  if (process.platform !== 'linux') {
    return undefined;
  }
  const folder = '/proc/self/fd';
  const open = readdirSync(folder).filter((number) => {
    try {
      return /frameline-\w+\/transcript \(deleted\)$/.test(readlinkSync(`${folder}/${number}`));
    } catch {
      // The one through which the folder was read.
      return false;
    }
  });
  return Buffer.concat(open.map((number) => readFileSync(`${folder}/${number}`)));
}

/** Where the secrets stand, and in which form: `entries: base64`. */
export function secretsIn(places: Places, secrets: readonly string[]): string[] {
  return [...places].flatMap(([place, bytes]) =>
    secrets.flatMap((secret) =>
      formsOf(secret)
        .filter(([, form]) => bytes.includes(form))
        .map(([name]) => `${place}: ${name} of ${secret}`),
    ),
  );
}

/** On its own, without a look at the code that masks. */
function formsOf(secret: string): [name: string, form: string | Buffer][] {
  const raw = Buffer.from(secret, 'utf8');
  const json = JSON.stringify(secret).slice(1, -1);
  const isBase64 = raw.length % 4 === 0 && /^[A-Za-z0-9+/]+={0,2}$/.test(secret);
  const forms: [string, string | Buffer][] = [
    ['text', secret],
    ['JSON', json],
    ['JSON in JSON', JSON.stringify(json).slice(1, -1)],
    ['URI', encodeURIComponent(secret)],
    ['grpc-message', secret.replaceAll('%', '%25').replaceAll('ä', '%C3%A4')],
    ['hex', raw.toString('hex')],
    ['Huffman', Buffer.from(encodeHuffman(raw.toString('latin1')).slice(0, -1))],
    ...base64Forms(raw),
  ];
  if (isBase64) {
    const bytes = Buffer.from(secret, 'base64');
    forms.push(['decoded', bytes], ['hex of decoded', bytes.toString('hex')]);
    forms.push(...base64Forms(bytes));
  }
  return forms;
}

function base64Forms(bytes: Buffer): [string, string][] {
  return [0, 1, 2].map((offset) => {
    const text = Buffer.concat([Buffer.alloc(offset, 'u'), bytes]).toString('base64');
    // Without the characters that hold bits of what stands beside it.
    return [`base64 + ${offset}`, text.slice(offset === 0 ? 0 : offset + 1).replace(/.?=*$/, '')];
  });
}

function stringsOf(value: unknown): string[] {
  if (typeof value === 'string') {
    return [`${value}\n`];
  }
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(stringsOf) : [];
}
