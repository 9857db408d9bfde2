import type {
  CallStatus,
  ConnectEntry,
  Entry,
  FrameEntry,
  HeadersEntry,
  MessageEntry,
  ResolutionEntry,
  TlsEntry,
} from '../transcript/entry';
import { FrameFlag, FrameType } from '../wire/frame';
import { decodeFrameBody } from '../wire/frameBody';
import { errorCodeName, flagNames, frameTypeName, settingName } from '../wire/frameNames';
import { decodeGrpcMessage } from '../wire/headerText';
import type { TimelineRow } from './protocol';
import { byteSize, microseconds, oneLine, plural } from './text';

/** What a row is drawn from, beside the entry itself. */
export interface RowSource {
  /** Up to `count` bytes of a frame's payload. */
  payload(entry: number, from: number, count: number): Uint8Array;
  /** What a message says, in one line. */
  preview(message: MessageEntry): string;
  /** With what a compressed message is compressed. */
  encoding(message: MessageEntry): string;
}

/** Longest `content` of a row, in UTF-16 units. */
export const contentLimit = 300;

/** Longest name of a compression, which a server may make up. */
const encodingLimit = 20;

/** Bytes of a frame that its line is made from. A multiple of 6: whole settings. */
const framePrefix = 600;

type Look = Pick<TimelineRow, 'label' | 'content'> &
  Partial<Pick<TimelineRow, 'direction' | 'size' | 'streamId' | 'tone'>>;

/** One line of the timeline. `previousTime` is that of the row before it in the same view. */
export function timelineRow(
  entry: Entry,
  row: number,
  previousTime: number,
  source: RowSource,
): TimelineRow {
  const look = lookOf(entry, source);
  return {
    row,
    entry: entry.number,
    time: entry.time,
    delta: Math.max(0, entry.time - previousTime),
    kind: entry.kind,
    ...look,
    content: oneLine(look.content, contentLimit),
  };
}

function lookOf(entry: Entry, source: RowSource): Look {
  switch (entry.kind) {
    case 'resolution':
      return resolutionLook(entry);
    case 'connect':
      return connectLook(entry);
    case 'tls':
      return tlsLook(entry);
    case 'frame':
      return frameLook(entry, source);
    case 'headers':
    case 'trailers':
      return headersLook(entry);
    case 'message':
      return {
        label: `message ${entry.index + 1}`,
        direction: entry.direction,
        streamId: entry.streamId,
        size: entry.length,
        // Its size is the compressed one.
        content: entry.compressed
          ? `${oneLine(source.encoding(entry), encodingLimit)} · ${source.preview(entry)}`
          : source.preview(entry),
      };
    case 'status':
      return statusLook(entry.status);
    case 'note':
      return {
        label: 'note',
        content: entry.text,
        ...(entry.severity === 'warning' ? { tone: 'warning' } : {}),
      };
  }
}

function resolutionLook(entry: ResolutionEntry): Look {
  return entry.error
    ? {
        label: 'name',
        content: `${entry.target}: ${entry.error.code}: ${entry.error.message}`,
        tone: 'error',
      }
    : {
        label: 'name',
        content: `${entry.target} is ${entry.addresses.join(', ')} (${microseconds(entry.duration)})`,
      };
}

function connectLook(entry: ConnectEntry): Look {
  if (entry.error) {
    return {
      label: 'connect',
      content: `${entry.address}: ${entry.error.code}: ${entry.error.message}`,
      tone: 'error',
    };
  }
  return {
    label: 'connect',
    content: entry.reused
      ? `${entry.address}, open since ${microseconds(entry.reused.age)}`
      : `${entry.address} (${microseconds(entry.duration)})`,
  };
}

function tlsLook(entry: TlsEntry): Look {
  if (entry.error) {
    return {
      label: 'TLS',
      content: `${entry.error.code}: ${entry.error.message}`,
      tone: 'error',
    };
  }
  const parts = [
    entry.protocol,
    entry.cipher,
    entry.alpn,
    entry.certificate?.subject,
    entry.verified ? 'verified' : 'certificate NOT verified',
  ].filter((part) => part);
  return {
    label: 'TLS',
    content: parts.join(' · '),
    ...(entry.verified ? {} : { tone: 'warning' }),
  };
}

function headersLook(entry: HeadersEntry): Look {
  const value = (name: string): string | undefined =>
    entry.fields.find(([field]) => field === name)?.[1];
  const said = ['grpc-status', 'grpc-message', ':path', 'grpc-timeout', ':status', 'content-type']
    .flatMap((name) => {
      const text = value(name);
      const shown = name === 'grpc-message' ? decodeGrpcMessage(text ?? '') : text;
      return text === undefined ? [] : [`${name}: ${shown}`];
    })
    .join(' · ');
  const label = entry.trailersOnly
    ? 'trailers-only'
    : entry.kind === 'trailers'
      ? 'trailers'
      : 'headers';
  const status = entry.kind === 'trailers' ? value('grpc-status') : undefined;
  return {
    label,
    direction: entry.direction,
    streamId: entry.streamId,
    content: said === '' ? plural(entry.fields.length, 'field') : said,
    ...(status === undefined ? {} : { tone: status === '0' ? 'ok' : 'error' }),
  };
}

function statusLook(status: CallStatus): Look {
  return {
    label: 'status',
    content:
      status.message === '' || status.message === status.name
        ? status.name
        : `${status.name}: ${status.message}`,
    tone: status.name === 'OK' ? 'ok' : status.name === 'CANCELLED' ? 'warning' : 'error',
  };
}

function frameLook(entry: FrameEntry, source: RowSource): Look {
  const { header } = entry;
  const isAck =
    (header.type === FrameType.Settings || header.type === FrameType.Ping) &&
    (header.flags & FrameFlag.Ack) !== 0;
  const said = frameContent(entry, source);
  const flags = flagNames(header.type, header.flags).filter((flag) => flag !== 'ACK');
  return {
    label: frameTypeName(header.type) + (isAck ? ' ACK' : ''),
    direction: entry.direction,
    streamId: header.streamId,
    size: header.length,
    ...said,
    content: [...flags, said.content].filter((part) => part !== '').join(' · '),
  };
}

/** What the payload of a frame says in one line. */
function frameContent(entry: FrameEntry, source: RowSource): Pick<Look, 'content' | 'tone'> {
  const { header, messages } = entry;
  if (header.type === FrameType.Data) {
    return { content: messages ? carried(messages) : '' };
  }
  if (header.type === FrameType.Headers || header.type === FrameType.Continuation) {
    return { content: '' };
  }
  const payload = source.payload(entry.number, 0, framePrefix);
  const body = decodeFrameBody({ ...header, length: payload.length }, payload);
  switch (body.kind) {
    case 'ping':
      return {
        content:
          entry.roundTrip === undefined
            ? hex(body.opaque)
            : `round trip ${microseconds(entry.roundTrip)} · ${hex(body.opaque)}`,
      };
    case 'settings':
      return {
        content: body.settings.map(({ id, value }) => `${settingName(id)}=${value}`).join(', '),
      };
    case 'windowUpdate':
      return { content: `+${byteSize(body.increment)}` };
    case 'rstStream':
      return { content: errorCodeName(body.errorCode), tone: toneOf(body.errorCode) };
    case 'goAway': {
      const debug = Buffer.from(body.debugData).toString('latin1');
      return {
        content: `${errorCodeName(body.errorCode)} · last stream ${body.lastStreamId}${debug === '' ? '' : ` · "${debug}"`}`,
        ...(body.errorCode === 0 ? {} : { tone: 'error' }),
      };
    }
    case 'priority':
      return { content: `depends on stream ${body.dependsOn}, weight ${body.weight}` };
    case 'pushPromise':
      return { content: `promises stream ${body.promisedStreamId}` };
    case 'undecodable':
      return { content: body.reason, tone: 'error' };
    case 'unknown':
      return { content: hex(body.payload.subarray(0, 32)) };
    case 'data':
    case 'headers':
    case 'continuation':
      return { content: '' };
  }
}

/** Messages as people count them, from 1. */
function carried({ first, end }: { readonly first: number; readonly end: number }): string {
  if (end <= first) {
    return '';
  }
  return end - first === 1 ? `message ${first + 1}` : `messages ${first + 1} to ${end}`;
}

/** NO_ERROR and CANCEL end a stream early but say that nothing is wrong. */
function toneOf(errorCode: number): 'warning' | 'error' {
  return errorCode === 0x0 || errorCode === 0x8 ? 'warning' : 'error';
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
