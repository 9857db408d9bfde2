import type { CallStatus, RecordBody } from '../../src/transcript/entry';
import { now, Transcript, type TranscriptOptions } from '../../src/transcript/transcript';
import type { Direction, HeaderField } from '../../src/wire/frame';
import { FrameFlag, FrameType } from '../../src/wire/frame';
import type { Random } from './random';

/** A transcript of random calls: frames with padding, connections, retries, PINGs, broken messages, notes. */
export function randomTranscript(random: Random, options?: TranscriptOptions): Transcript {
  const transcript = new Transcript(options);
  const writer = new RandomWriter(random, transcript);
  const steps = random.integer(0, 120);
  for (let step = 0; step < steps; step++) {
    writer.step();
  }
  if (random.chance(0.8)) {
    transcript.end(randomStatus(random), writer.time());
  }
  return transcript;
}

/** A transcript of a connection that could not be tapped. */
export function randomUntapped(random: Random): Transcript {
  const transcript = new Transcript();
  let time = now();
  for (let step = random.integer(0, 30); step > 0; step--) {
    time += random.integer(0, 5000);
    if (random.chance(0.7)) {
      const direction = random.pick(['sent', 'received'] as const);
      transcript.appendMessage(direction, random.bytes(random.integer(0, 300)), time);
    } else {
      const fields = randomFields(random);
      transcript.appendRecord(
        { kind: 'headers', direction: 'received', streamId: 0, fields },
        time,
      );
    }
  }
  transcript.end(randomStatus(random), time);
  return transcript;
}

/** Everything that can be read out of a transcript, as plain data. */
export function readOut(transcript: Transcript) {
  const numbers = Array.from({ length: transcript.length }, (_, number) => number);
  const rows = Array.from({ length: transcript.rowCount('messages') }, (_, row) => row);
  const messages = (direction: Direction) =>
    Array.from({ length: transcript.messageCount(direction) + 1 }, (_, index) =>
      transcript.messageEntry(direction, index),
    );
  return {
    startedAt: transcript.startedAt,
    timing: transcript.timing,
    status: transcript.status,
    entries: numbers.map((number) => transcript.entry(number)),
    payloads: numbers.map((number) => Buffer.from(transcript.payload(number)).toString('hex')),
    lengths: numbers.map((number) => transcript.payloadLength(number)),
    encodings: (['sent', 'received'] as const).flatMap((direction) =>
      messages(direction).map((number) =>
        number === undefined ? undefined : transcript.messageEncoding(number),
      ),
    ),
    frameRows: transcript.rowCount('frames'),
    messageRows: rows.map((row) => transcript.entryNumber('messages', row)),
    rowsOf: numbers.map((number) => transcript.rowOf('messages', number)),
    sent: messages('sent'),
    received: messages('received'),
    sentBytes: transcript.messageBytes('sent'),
    receivedBytes: transcript.messageBytes('received'),
    unfinished: [transcript.unfinishedMessage('sent'), transcript.unfinishedMessage('received')],
  };
}

class RandomWriter {
  readonly #random: Random;
  readonly #transcript: Transcript;
  #time = now();
  #connections = 1;
  #streamId = 1;
  /** DATA that has been begun and is cut into frames, by direction. */
  readonly #waiting = { sent: Buffer.alloc(0), received: Buffer.alloc(0) };

  constructor(random: Random, transcript: Transcript) {
    this.#random = random;
    this.#transcript = transcript;
  }

  /** Mostly later than before; frames that were kept back are earlier. */
  time(): number {
    this.#time += this.#random.integer(this.#random.chance(0.1) ? -300 : 0, 2000);
    return this.#time;
  }

  step(): void {
    const random = this.#random;
    const direction = random.pick(['sent', 'received'] as const);
    const kind = random.integer(0, 9);
    if (kind <= 3) {
      this.#data(direction);
    } else if (kind === 4) {
      this.#headers(direction);
    } else if (kind === 5) {
      this.#ping(direction);
    } else if (kind === 6) {
      const payload = random.bytes(random.integer(0, 40));
      const type = random.pick([2, 3, 4, 5, 7, 8, 9, 0x42, 255]);
      const streamId = random.pick([0, this.#streamId]);
      this.#frame(direction, type, random.integer(0, 255), payload, streamId);
    } else if (kind === 7) {
      this.#transcript.appendRecord(randomRecord(random), this.time());
    } else if (random.chance(0.3)) {
      this.#retry();
    }
  }

  /** The same stream id on another connection, or another stream on the same one. */
  #retry(): void {
    if (this.#random.chance(0.5)) {
      this.#connections++;
      this.#streamId = 1;
    } else {
      this.#streamId += 2;
    }
    this.#waiting.sent = Buffer.alloc(0);
    this.#waiting.received = Buffer.alloc(0);
  }

  #data(direction: Direction): void {
    const random = this.#random;
    if (this.#waiting[direction].length === 0) {
      const messages = Array.from({ length: random.integer(0, 4) }, () => {
        const bytes = random.bytes(random.integer(0, 60));
        const prefix = Buffer.alloc(5);
        prefix.writeUInt8(random.chance(0.2) ? 1 : 0);
        prefix.writeUInt32BE(bytes.length, 1);
        return Buffer.concat([prefix, bytes]);
      });
      this.#waiting[direction] = Buffer.concat(messages);
    }
    const waiting = this.#waiting[direction];
    const count = random.integer(0, waiting.length);
    const data = waiting.subarray(0, count);
    this.#waiting[direction] = waiting.subarray(count);
    if (random.chance(0.3)) {
      const padding = random.integer(0, 20);
      const payload = Buffer.concat([Buffer.from([padding]), data, Buffer.alloc(padding)]);
      this.#frame(direction, FrameType.Data, FrameFlag.Padded, payload);
    } else if (random.chance(0.05)) {
      // More padding than there is room for.
      this.#frame(direction, FrameType.Data, FrameFlag.Padded, Buffer.from([200, 1, 2]));
    } else {
      this.#frame(direction, FrameType.Data, 0, data);
    }
  }

  #headers(direction: Direction): void {
    const random = this.#random;
    const time = this.time();
    if (random.chance(0.9)) {
      this.#frame(direction, FrameType.Headers, FrameFlag.EndHeaders, random.bytes(9));
    } else {
      this.#transcript.appendRecord(randomRecord(random), time);
    }
    const fields = randomFields(random);
    const isEnd = random.chance(0.3);
    this.#transcript.appendFields(
      this.#connections,
      direction,
      this.#streamId,
      fields,
      isEnd,
      time,
    );
  }

  #ping(direction: Direction): void {
    const opaque = new Uint8Array(8).fill(this.#random.integer(0, 3));
    const flags = this.#random.chance(0.5) ? FrameFlag.Ack : 0;
    this.#frame(direction, FrameType.Ping, flags, opaque, 0);
  }

  #frame(
    direction: Direction,
    type: number,
    flags: number,
    payload: Uint8Array,
    streamId = this.#streamId,
  ): void {
    const header = { length: payload.length, type, flags, streamId };
    this.#transcript.appendFrame(this.#connections, direction, header, payload, this.time());
  }
}

function randomFields(random: Random): HeaderField[] {
  const names = [':path', 'x-ümlaut', 'grpc-encoding', 'grpc-status', 'trace-bin', '__proto__'];
  return Array.from({ length: random.integer(0, 5) }, () => [
    random.pick(names),
    random.pick([
      'gzip',
      'identity',
      '',
      '0',
      '\u0000\u001b[31m"\\\n',
      '\u00ff',
      'long'.repeat(40),
    ]),
  ]);
}

function randomRecord(random: Random): RecordBody {
  const error = random.chance(0.3) ? { error: { code: 'ECONNREFUSED', message: 'no "one"' } } : {};
  const duration = random.integer(0, 10_000);
  return random.pick<RecordBody>([
    { kind: 'note', severity: 'warning', text: 'line\nline 🎈' },
    { kind: 'resolution', target: 'dns:a', addresses: ['::1', '127.0.0.1'], duration, ...error },
    { kind: 'connect', address: '127.0.0.1:1', duration, ...error },
    { kind: 'connect', address: '/tmp/socket', duration: 0, reused: { age: 12_345_678 } },
    { kind: 'tls', verified: true, protocol: 'TLSv1.3', alpn: 'h2', duration, ...error },
    {
      kind: 'tls',
      verified: false,
      duration,
      certificate: {
        subject: 'CN=a',
        issuer: 'CN=b',
        validFrom: 'then',
        validTo: 'later',
        fingerprint256: 'AA:BB',
      },
    },
  ]);
}

function randomStatus(random: Random): CallStatus {
  return {
    code: random.integer(0, 16),
    name: 'NOT_FOUND',
    message: random.pick(['', 'no lamp\u0007', '🎈']),
    origin: random.pick(['application', 'intermediary', 'transport', 'client']),
    certainty: random.pick(['observed', 'inferred']),
    cause: 'application',
    explanation: 'The handler said so.',
    evidence: ['grpc-status: 5'],
    nextActions: [],
    ...(random.chance(0.5) ? { detailsBin: 'CAUSAA==' } : {}),
  };
}
