import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { HeaderField } from '../../../src/wire/frame';
import { type PdmlField, readPdml } from './pdml';
import type { ConnectionPorts } from './transcriptLines';
import { content, fieldsLine, frameLine, messageLine, type WireLine } from './wireLine';

export interface CapturedLine extends WireLine {
  /** In the order of the capture, over both directions. */
  readonly position: number;
}

export interface CapturedConnection {
  readonly lines: readonly CapturedLine[];
  /** The server has closed it: what this side wrote last may never have gone out. */
  readonly closedByServer: boolean;
}

/** What tshark read of each connection. */
export type CapturedConnections = ReadonlyMap<ConnectionPorts, CapturedConnection>;

export interface CaptureFile {
  readonly file: string;
  /** Of the servers. */
  readonly ports: readonly number[];
  /** TLS, with the session keys in this file. */
  readonly keyLog?: string;
}

/** Has tshark decode a capture: HPACK, header blocks, gRPC messages, TLS are all its own. */
export async function readCapture({
  file,
  ports,
  keyLog,
}: CaptureFile): Promise<CapturedConnections> {
  const protocol = keyLog === undefined ? 'http2' : 'tls';
  const layers = ports.flatMap((port) => ['-d', `tcp.port==${port},${protocol}`]);
  const keys = keyLog === undefined ? [] : ['-o', `tls.keylog_file:${keyLog}`];
  const reassembly = [
    ...['-o', 'tcp.desegment_tcp_streams:TRUE', '-o', 'tcp.reassemble_out_of_order:TRUE'],
    ...['-o', 'tls.desegment_ssl_records:TRUE', '-o', 'tls.desegment_ssl_application_data:TRUE'],
  ];
  // No -2: in the second pass tshark 4.0 fails at DATA that comes in several TLS records.
  const output = ['-Y', 'tcp', '-T', 'pdml', '-J', 'tcp http2 grpc'];
  const child = spawn('tshark', ['-r', file, ...layers, ...keys, ...reassembly, ...output], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => {
    errors += chunk.toString();
  });
  const closed = once(child, 'close');
  const decoded = new Decoded(ports);
  await readPdml(createInterface({ input: child.stdout }), (fields) => decoded.packet(fields));
  const [code] = await closed;
  if (code !== 0) {
    throw new Error(`tshark ended with ${code}: ${errors}`);
  }
  return decoded.connections;
}

/** What tshark says when it could not read everything. */
const trouble =
  /^(_ws\.malformed|http2\.(header_(size|lines)_exceeded|reassembly_error|body_decompression_failed|unknown)|tcp\.analysis\.(ack_)?lost_segment)$/;

class Decoded {
  readonly connections = new Map<
    ConnectionPorts,
    { lines: CapturedLine[]; closedByServer: boolean }
  >();
  readonly #servers: ReadonlySet<number>;
  readonly #streams = new Map<string, { open: OpenBlock | undefined; answered: boolean }>();
  #position = 0;

  constructor(ports: readonly number[]) {
    this.#servers = new Set(ports);
  }

  packet(fields: readonly PdmlField[]): void {
    const problem = fields.find(({ name }) => trouble.test(name));
    if (problem !== undefined) {
      throw new Error(`tshark could not read everything: ${problem.name} ${problem.show}`);
    }
    const [source, target] = [numberOf(fields, 'tcp.srcport'), numberOf(fields, 'tcp.dstport')];
    const sent = !this.#servers.has(source);
    const ports = sent ? `${source} to ${target}` : `${target} to ${source}`;
    if (!sent && (isSet(fields, 'tcp.flags.fin') || isSet(fields, 'tcp.flags.reset'))) {
      this.#connection(ports).closedByServer = true;
    }
    let frame: CapturedFrame | undefined;
    for (const part of partsOf(fields)) {
      const [first] = part;
      if (first?.name === 'grpc' && frame !== undefined) {
        this.#add(ports, messageOf(frame, part));
      } else if (
        first?.name === 'http2.stream' &&
        !part.some(({ name }) => name === 'http2.magic')
      ) {
        frame = { ...headerOf(part), direction: sent ? 'sent' : 'received' };
        this.#add(ports, frameLine({ ...frame, content: contentOf(frame, part) }));
        this.#readBlock(ports, frame, part);
      }
    }
  }

  #add(ports: ConnectionPorts, line: WireLine): void {
    this.#connection(ports).lines.push({ ...line, position: this.#position++ });
  }

  #connection(ports: ConnectionPorts): { lines: CapturedLine[]; closedByServer: boolean } {
    const connection = this.connections.get(ports) ?? { lines: [], closedByServer: false };
    this.connections.set(ports, connection);
    return connection;
  }

  /** tshark shows a field with the frame that completes it; a block is complete with END_HEADERS. */
  #readBlock(ports: ConnectionPorts, frame: CapturedFrame, part: readonly PdmlField[]): void {
    if (frame.type !== HEADERS && frame.type !== CONTINUATION) {
      return;
    }
    const { direction, streamId, flags } = frame;
    const key = `${ports}/${direction}/${streamId}`;
    const stream = this.#streams.get(key) ?? { open: undefined, answered: false };
    this.#streams.set(key, stream);
    stream.open ??= { fields: [], trailers: direction === 'received' && (flags & 0x1) !== 0 };
    stream.open.fields.push(...headerFields(part));
    if ((flags & 0x4) === 0) {
      return;
    }
    const { fields, trailers } = stream.open;
    const trailersOnly = trailers && !stream.answered;
    const kind = trailers ? 'trailers' : 'headers';
    this.#add(ports, fieldsLine({ direction, streamId, kind, trailersOnly, fields }));
    stream.open = undefined;
    stream.answered = true;
  }
}

// Of RFC 9113, written here once more: this side of the comparison must not share a mistake with the other.
const DATA = 0x0;
const HEADERS = 0x1;
const PRIORITY = 0x2;
const RST_STREAM = 0x3;
const SETTINGS = 0x4;
const PING = 0x6;
const GOAWAY = 0x7;
const WINDOW_UPDATE = 0x8;
const CONTINUATION = 0x9;

interface OpenBlock {
  readonly fields: HeaderField[];
  readonly trailers: boolean;
}

interface CapturedFrame {
  readonly direction: 'sent' | 'received';
  readonly type: number;
  readonly flags: number;
  readonly streamId: number;
  readonly length: number;
}

/** The fields of each frame and of each gRPC message of a packet. */
function partsOf(fields: readonly PdmlField[]): PdmlField[][] {
  const parts: PdmlField[][] = [];
  for (const field of fields) {
    if (field.name === 'http2.stream' || field.name === 'grpc') {
      parts.push([]);
    }
    parts.at(-1)?.push(field);
  }
  return parts;
}

function headerOf(part: readonly PdmlField[]): Omit<CapturedFrame, 'direction'> {
  return {
    type: numberOf(part, 'http2.type'),
    flags: numberOf(part, 'http2.flags'),
    streamId: numberOf(part, 'http2.streamid'),
    length: numberOf(part, 'http2.length'),
  };
}

function contentOf({ type, flags }: CapturedFrame, part: readonly PdmlField[]): string {
  switch (type) {
    case DATA:
      return content.data(paddingOf(flags, part, 1), bytesOf(part, 'http2.data.data'));
    case HEADERS: {
      const priority = (flags & 0x20) === 0 ? undefined : priorityOf(part);
      const block = bytesOf(part, 'http2.headers');
      return content.headers(paddingOf(flags, part, 0), priority, block);
    }
    case PRIORITY:
      return content.priority(priorityOf(part));
    case RST_STREAM:
      return content.rstStream(numberOf(part, 'http2.rst_stream.error'));
    case SETTINGS:
      return content.settings(settingsOf(part));
    case PING:
      return content.ping(bytesOf(part, (flags & 0x1) === 0 ? 'http2.ping' : 'http2.pong'));
    case GOAWAY:
      return content.goAway(
        numberOf(part, 'http2.goaway.last_stream_id'),
        numberOf(part, 'http2.goaway.error'),
        bytesOf(part, 'http2.goaway.addata'),
      );
    case WINDOW_UPDATE:
      return content.windowUpdate(numberOf(part, 'http2.window_update.window_size_increment'));
    case CONTINUATION:
      return content.continuation(bytesOf(part, 'http2.continuation.header'));
    default:
      throw new Error(`No conversation here has frames of type ${type}.`);
  }
}

/** `lengthByte`: whether the byte that says how much there is counts, too. */
function paddingOf(flags: number, part: readonly PdmlField[], lengthByte: 0 | 1): number {
  return (flags & 0x8) === 0 ? 0 : numberOf(part, 'http2.pad_length') + lengthByte;
}

function priorityOf(part: readonly PdmlField[]) {
  return {
    dependsOn: numberOf(part, 'http2.stream_dependency'),
    exclusive: numberOf(part, 'http2.exclusive') !== 0,
    weight: numberOf(part, 'http2.headers.weight_real'),
  };
}

function settingsOf(part: readonly PdmlField[]): { id: number; value: number }[] {
  return part.flatMap(({ name, show }, index) =>
    name === 'http2.settings.id'
      ? [{ id: Number(show), value: Number(part[index + 1]?.show) }]
      : [],
  );
}

function headerFields(part: readonly PdmlField[]): HeaderField[] {
  const texts = (wanted: string): string[] =>
    part
      .filter(({ name }) => name === wanted)
      .map(({ value = new Uint8Array(0) }) => Buffer.from(value).toString('latin1'));
  const values = texts('http2.header.value');
  return texts('http2.header.name').map((name, index) => [name, values[index] ?? '']);
}

function messageOf({ direction, streamId }: CapturedFrame, part: readonly PdmlField[]): WireLine {
  const length = numberOf(part, 'grpc.message_length');
  const compressed = numberOf(part, 'grpc.compressed_flag') === 1;
  const bytes = bytesOf(part, 'grpc.message_data');
  return messageLine({ direction, streamId, compressed, length, bytes });
}

function numberOf(fields: readonly PdmlField[], name: string): number {
  const show = fields.find((field) => field.name === name)?.show;
  if (show === undefined || show === '' || Number.isNaN(Number(show))) {
    throw new Error(`tshark shows no number for ${name}: ${show}`);
  }
  return Number(show);
}

function isSet(fields: readonly PdmlField[], name: string): boolean {
  return numberOf(fields, name) !== 0;
}

/** None where tshark leaves the field out: it is empty. The length of the frame would tell if it were not. */
function bytesOf(fields: readonly PdmlField[], name: string): Uint8Array {
  return fields.find((field) => field.name === name)?.value ?? new Uint8Array(0);
}
