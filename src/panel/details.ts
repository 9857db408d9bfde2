import type { Schema } from '../schema/schema';
import { decodeStatusDetails } from '../schema/statusDetails';
import type {
  CallStatus,
  FrameEntry,
  HeadersEntry,
  MessageEntry,
  TlsEntry,
} from '../transcript/entry';
import { messageBytes } from '../transcript/messageBytes';
import type { Transcript } from '../transcript/transcript';
import { FrameType } from '../wire/frame';
import { decodeFrameBody } from '../wire/frameBody';
import { errorCodeName, flagNames, frameTypeName, settingName } from '../wire/frameNames';
import { decodeBinaryValues, decodeGrpcMessage, parseGrpcTimeout } from '../wire/headerText';
import { MessageReader } from '../wire/messageReader';
import { type MethodTypes, messageType } from './messageText';
import type { ByteWindow, DetailField, EntryDetail, WireField } from './protocol';
import { byteSize, microseconds } from './text';

/** What an entry's detail is made from. */
export interface DetailSource {
  readonly transcript: Pick<Transcript, 'entry' | 'payload' | 'payloadLength' | 'messageEncoding'>;
  readonly schema: Schema;
  readonly types: MethodTypes;
  /** Show fields that have their default value. */
  readonly defaults: boolean;
}

/** Longest message, decompressed, that the panel shows as JSON; longer ones are opened in an editor. */
const jsonLimit = 256 * 1024;
/** Longest JSON text that goes to the webview, in UTF-16 units. */
const jsonTextLimit = 1024 * 1024;
/** Bytes that the byte view shows of an entry. */
export const byteLimit = 64 * 1024;
const fieldLimit = 2000;
const valueLimit = 16 * 1024;

/** Everything that the detail pane shows of one entry, bounded whatever the entry's size. */
export function entryDetail(number: number, source: DetailSource): EntryDetail {
  const entry = source.transcript.entry(number);
  switch (entry.kind) {
    case 'message':
      return messageDetail(entry, source);
    case 'status':
      return {
        kind: 'status',
        entry: number,
        status: entry.status,
        details: statusDetails(entry.status, source.schema),
      };
    case 'frame':
      return frameDetail(entry, source);
    case 'headers':
    case 'trailers':
      return {
        kind: 'fields',
        entry: number,
        title: `${entry.trailersOnly ? 'Trailers-only' : entry.kind === 'trailers' ? 'Trailers' : 'Headers'} ${entry.direction} on stream ${entry.streamId}`,
        fields: headerFields(entry),
      };
    case 'resolution':
      return fields(number, `Name resolution of ${entry.target}`, [
        ...entry.addresses.map((address) => field('address', address)),
        field('duration', microseconds(entry.duration)),
        ...errorFields(entry.error),
      ]);
    case 'connect':
      return fields(number, `Connection to ${entry.address}`, [
        field('address', entry.address),
        ...(entry.localAddress === undefined ? [] : [field('local address', entry.localAddress)]),
        entry.reused
          ? field('reused', `open since ${microseconds(entry.reused.age)}`)
          : field('duration', microseconds(entry.duration)),
        ...errorFields(entry.error),
      ]);
    case 'tls':
      return fields(number, 'TLS handshake', tlsFields(entry));
    case 'note':
      return fields(number, 'Note', [field(entry.severity, entry.text)]);
  }
}

function messageDetail(entry: MessageEntry, source: DetailSource): EntryDetail {
  const { transcript, schema, types, defaults } = source;
  const typeName = messageType(types, entry.direction);
  const content = messageBytes(transcript, entry, jsonLimit);
  const decoded = content.problem === undefined ? content.bytes : undefined;
  const shown = decoded?.subarray(0, byteLimit) ?? new Uint8Array(0);
  return {
    kind: 'message',
    entry: entry.number,
    title: `Message ${entry.index + 1} ${entry.direction} on stream ${entry.streamId}`,
    typeName,
    ...messageJson(content, schema, typeName, defaults),
    bytes: byteWindow(transcript, entry.number),
    prefixLength: MessageReader.PREFIX_LENGTH,
    fields: decoded === undefined ? [] : firstFields(schema.fields(typeName, shown)),
    ...(entry.compressed && decoded !== undefined
      ? {
          decompressed: {
            base64: toBase64(shown),
            offset: 0,
            total: decoded.length,
          },
        }
      : {}),
    ...(entry.compressed ? { encoding: transcript.messageEncoding(entry.number) } : {}),
  };
}

function messageJson(
  content: ReturnType<typeof messageBytes>,
  schema: Schema,
  typeName: string,
  defaults: boolean,
): { readonly json?: string; readonly problem?: string; readonly truncated: boolean } {
  if (content.problem !== undefined) {
    return { problem: content.problem, truncated: false };
  }
  if (content.truncated) {
    return { truncated: true };
  }
  try {
    const json = schema.decode(typeName, content.bytes, { defaults });
    return { json: json.slice(0, jsonTextLimit), truncated: json.length > jsonTextLimit };
  } catch (error) {
    return {
      problem: `It does not fit ${typeName}: ${error instanceof Error ? error.message : String(error)}`,
      truncated: false,
    };
  }
}

/** More details than anyone reads. */
const detailLimit = 50;

/** The `google.rpc` details of a status, bounded. */
export function statusDetails(
  status: CallStatus,
  schema: Schema,
): Extract<EntryDetail, { kind: 'status' }>['details'] {
  return status.detailsBin === undefined || status.detailsBin === ''
    ? []
    : decodeStatusDetails(status.detailsBin, schema).details.slice(0, detailLimit);
}

/** A message in protobuf's smallest form can hold a field in every two bytes. */
function firstFields(all: readonly WireField[]): WireField[] {
  let left = fieldLimit;
  const take = (list: readonly WireField[]): WireField[] => {
    const taken: WireField[] = [];
    for (const one of list) {
      if (left === 0) {
        break;
      }
      left--;
      taken.push(one.children ? { ...one, children: take(one.children) } : one);
    }
    return taken;
  };
  return take(all);
}

function frameDetail(entry: FrameEntry, source: DetailSource): EntryDetail {
  const { header } = entry;
  const flags = flagNames(header.type, header.flags);
  return {
    kind: 'fields',
    entry: entry.number,
    title: `${frameTypeName(header.type)} ${entry.direction}`,
    fields: [
      field('length', byteSize(header.length)),
      field('type', `0x${header.type.toString(16)}`, frameTypeName(header.type)),
      field('flags', `0x${header.flags.toString(16)}`, flags.join(', ') || 'none'),
      field(
        'stream',
        String(header.streamId),
        header.streamId === 0 ? 'the connection' : undefined,
      ),
      ...(entry.roundTrip === undefined
        ? []
        : [field('round trip', microseconds(entry.roundTrip))]),
      ...bodyFields(entry, source),
    ],
    bytes: byteWindow(source.transcript, entry.number),
  };
}

function bodyFields(entry: FrameEntry, source: DetailSource): DetailField[] {
  const { header, messages } = entry;
  if (header.type === FrameType.Data) {
    return messages && messages.end > messages.first
      ? [
          field(
            'carries',
            messages.end - messages.first === 1
              ? `message ${messages.first + 1}`
              : `messages ${messages.first + 1} to ${messages.end}`,
          ),
        ]
      : [];
  }
  if (header.type === FrameType.Headers || header.type === FrameType.Continuation) {
    const linked = entry.linked === undefined ? undefined : source.transcript.entry(entry.linked);
    return linked?.kind === 'headers' || linked?.kind === 'trailers' ? headerFields(linked) : [];
  }
  const payload = source.transcript.payload(entry.number, 0, byteLimit);
  const body = decodeFrameBody({ ...header, length: payload.length }, payload);
  switch (body.kind) {
    case 'settings':
      return body.settings
        .slice(0, fieldLimit)
        .map(({ id, value }) => field(settingName(id), String(value)));
    case 'windowUpdate':
      return [field('increment', byteSize(body.increment))];
    case 'ping':
      return [field('opaque data', Buffer.from(body.opaque).toString('hex'))];
    case 'rstStream':
      return [errorCode(body.errorCode)];
    case 'goAway':
      return [
        errorCode(body.errorCode),
        field('last stream', String(body.lastStreamId)),
        field('debug data', Buffer.from(body.debugData).toString('utf8')),
      ];
    case 'priority':
      return [
        field('depends on', String(body.dependsOn), body.exclusive ? 'exclusive' : undefined),
        field('weight', String(body.weight)),
      ];
    case 'pushPromise':
      return [field('promised stream', String(body.promisedStreamId))];
    case 'undecodable':
      return [field('malformed', body.reason)];
    case 'unknown':
    case 'data':
    case 'headers':
    case 'continuation':
      return [];
  }
}

function headerFields(entry: HeadersEntry): DetailField[] {
  return entry.fields
    .slice(0, fieldLimit)
    .map(([name, value]) => field(name, value, headerNote(name, value)));
}

/** A second form of a header that a person can't read as it stands. */
function headerNote(name: string, value: string): string | undefined {
  if (name === 'grpc-timeout') {
    return parseGrpcTimeout(value)?.text;
  }
  if (name === 'grpc-message') {
    const decoded = decodeGrpcMessage(value);
    return decoded === value ? undefined : decoded;
  }
  if (name.endsWith('-bin')) {
    return decodeBinaryValues(value.slice(0, valueLimit))
      .map((bytes) => (bytes ? Buffer.from(bytes).toString('hex') : 'not base64'))
      .join(', ');
  }
  return undefined;
}

function tlsFields(entry: TlsEntry): DetailField[] {
  const { certificate } = entry;
  const optional = (name: string, value: string | undefined): DetailField[] =>
    value === undefined ? [] : [field(name, value)];
  return [
    ...errorFields(entry.error),
    ...optional('protocol', entry.protocol),
    ...optional('cipher', entry.cipher),
    ...optional('ALPN', entry.alpn),
    ...optional('server name', entry.serverName),
    field(
      'verification',
      entry.error
        ? 'failed'
        : entry.verified
          ? 'verified'
          : 'turned off: anyone may be at the other end',
    ),
    ...(certificate
      ? [
          field('subject', certificate.subject),
          field('issuer', certificate.issuer),
          ...optional('subject alternative names', certificate.subjectAltName),
          field('valid from', certificate.validFrom),
          field('valid to', certificate.validTo),
          field('SHA-256 fingerprint', certificate.fingerprint256),
        ]
      : []),
    field('duration', microseconds(entry.duration)),
  ];
}

function errorFields(
  error: { readonly code: string; readonly message: string } | undefined,
): DetailField[] {
  return error ? [field('error', `${error.code}: ${error.message}`)] : [];
}

function errorCode(code: number): DetailField {
  return field('error code', String(code), errorCodeName(code));
}

function field(name: string, value: string, note?: string): DetailField {
  return {
    name,
    value: value.slice(0, valueLimit),
    ...(note === undefined ? {} : { note: note.slice(0, valueLimit) }),
  };
}

function fields(entry: number, title: string, list: readonly DetailField[]): EntryDetail {
  return { kind: 'fields', entry, title, fields: list };
}

function byteWindow(transcript: DetailSource['transcript'], number: number): ByteWindow {
  return {
    base64: toBase64(transcript.payload(number, 0, byteLimit)),
    offset: 0,
    total: transcript.payloadLength(number),
  };
}

function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}
