import { gzipSync } from 'node:zlib';
import type { HeaderField } from '../wire/frame';
import { grpcMessage, messagePrefix, type Script, type Step } from './script';

/** The answers that `faults.v1.Wire` offers and the contract tests ask a scripted peer for. */

const grpcFields: readonly HeaderField[] = [
  [':status', '200'],
  ['content-type', 'application/grpc'],
];

export const responseHeaders = (...more: HeaderField[]): Step => ({
  do: 'headers',
  fields: [...grpcFields, ...more],
});

export const trailers = (code = 0, ...more: HeaderField[]): Step => ({
  do: 'headers',
  fields: [['grpc-status', String(code)], ...more],
  endStream: true,
});

const data = (bytes: Uint8Array, more: Omit<Step & { do: 'data' }, 'do' | 'bytes'> = {}): Step => ({
  do: 'data',
  bytes,
  ...more,
});

/** A complete answer with these messages and status OK. */
export function okAnswer(...messages: readonly Uint8Array[]): Script {
  return [responseHeaders(), ...messages.map((bytes) => data(grpcMessage(bytes))), trailers()];
}

/** Headers and half of a message: what comes before a failure in the middle. */
function halfMessage(message: Uint8Array): Step[] {
  const whole = grpcMessage(message);
  return [responseHeaders(), data(whole.subarray(0, Math.ceil(whole.length / 2)))];
}

export type RstWhen = 'beforeHeaders' | 'afterHeaders' | 'midMessage' | 'afterMessage';

/** RST_STREAM with `code`, RFC 9113 section 7. */
export function rstStream(code: number, when: RstWhen, message: Uint8Array): Script {
  const before: Record<RstWhen, Script> = {
    beforeHeaders: [],
    afterHeaders: [responseHeaders()],
    midMessage: halfMessage(message),
    afterMessage: [responseHeaders(), data(grpcMessage(message))],
  };
  return [...before[when], { do: 'rstStream', code }];
}

/** GOAWAY, then the end of the connection. */
export function goAway(code: number, debugData: string): Script {
  return [{ do: 'goAway', code, debugData }, { do: 'wait', milliseconds: 20 }, { do: 'close' }];
}

/** GOAWAY NO_ERROR as in an orderly shutdown: the call still ends well. */
export function gracefulGoAway(debugData: string, message: Uint8Array): Script {
  return [
    { do: 'goAway', code: 0, debugData },
    responseHeaders(),
    { do: 'wait', milliseconds: 20 },
    data(grpcMessage(message)),
    trailers(),
    { do: 'wait', milliseconds: 20 },
    { do: 'close' },
  ];
}

export function closeMidMessage(message: Uint8Array, how: 'close' | 'reset' = 'close'): Script {
  return [...halfMessage(message), { do: 'wait', milliseconds: 20 }, { do: how }];
}

export interface HttpAnswer {
  readonly status: number;
  readonly server?: string;
  readonly contentType?: string;
  readonly body?: string;
}

/** An HTTP answer without grpc-status, as proxies and web servers give it. */
export function httpAnswer({
  status,
  server,
  contentType = 'text/html',
  body = '',
}: HttpAnswer): Script {
  const fields: HeaderField[] = [
    [':status', String(status)],
    ...(server ? [['server', server] as const] : []),
    ['content-type', contentType],
  ];
  return body === ''
    ? [{ do: 'headers', fields, endStream: true }]
    : [{ do: 'headers', fields }, data(Buffer.from(body), { endStream: true })];
}

const gzipBombSize = 32 * 1024 * 1024;

/** Answers that break a rule of gRPC over HTTP2. */
export const malformed = {
  badStatusDetails: () => [
    responseHeaders(),
    trailers(
      3,
      ['grpc-message', 'the details are no google.rpc.Status'],
      [
        'grpc-status-details-bin',
        Buffer.from([0x0a, 0xff, 0xff, 0xff, 0x7f, 0x01]).toString('base64'),
      ],
    ),
  ],
  badStatusDetailsBase64: () => [
    responseHeaders(),
    trailers(3, ['grpc-status-details-bin', '*** not base64 ***']),
  ],
  badGrpcStatus: (message) => [
    responseHeaders(),
    data(grpcMessage(message)),
    { do: 'headers', fields: [['grpc-status', 'fine, thanks']], endStream: true },
  ],
  missingTrailers: (message) => [
    responseHeaders(),
    data(grpcMessage(message), { endStream: true }),
  ],
  missingGrpcStatus: (message) => [
    responseHeaders(),
    data(grpcMessage(message)),
    { do: 'headers', fields: [['x-request-id', '42']], endStream: true },
  ],
  compressedWithoutEncoding: (message) => [
    responseHeaders(),
    data(grpcMessage(gzipSync(message), true)),
    trailers(),
  ],
  unknownEncoding: (message) => [
    responseHeaders(['grpc-encoding', 'brotlish']),
    data(grpcMessage(message, true)),
    trailers(),
  ],
  corruptGzip: (message) => [
    responseHeaders(['grpc-encoding', 'gzip']),
    data(
      grpcMessage(Buffer.concat([gzipSync(message).subarray(0, 12), Buffer.alloc(20, 0xff)]), true),
    ),
    trailers(),
  ],
  oversizedPrefix: (message) => [
    responseHeaders(),
    data(Buffer.concat([messagePrefix(2 ** 31, false), message])),
    { do: 'wait', milliseconds: 50 },
    trailers(),
  ],
  truncatedMessage: (message) => [...halfMessage(message), trailers()],
  badProtobuf: () => [
    responseHeaders(),
    // A field of 127 bytes of which three are there.
    data(grpcMessage(Buffer.from([0x0a, 0x7f, 0x01, 0x02, 0x03]))),
    trailers(),
  ],
  gzipBomb: () => [
    responseHeaders(['grpc-encoding', 'gzip']),
    data(grpcMessage(gzipSync(Buffer.alloc(gzipBombSize)), true)),
    trailers(),
  ],
} satisfies Record<string, (message: Uint8Array) => Script>;

/** Correct answers in unusual frames. */
export const framing = {
  oneByteFrames: (message) => [
    responseHeaders(),
    data(grpcMessage(message), { split: 1 }),
    trailers(),
  ],
  joinedMessages: (message) => [
    responseHeaders(),
    data(Buffer.concat([grpcMessage(message), grpcMessage(message), grpcMessage(message)])),
    trailers(),
  ],
  paddedData: (message) => [
    responseHeaders(),
    data(grpcMessage(message), { padding: 100 }),
    trailers(),
  ],
  continuation: (message) => [
    { do: 'headers', fields: [...grpcFields, ['x-long', 'long '.repeat(40).trim()]], split: 32 },
    data(grpcMessage(message)),
    {
      do: 'headers',
      fields: [
        ['grpc-status', '0'],
        ['x-trailer', 'also split'],
      ],
      split: 8,
      endStream: true,
    },
  ],
  emptyDataFrames: (message) => [
    responseHeaders(),
    data(Buffer.alloc(0)),
    data(grpcMessage(message)),
    data(Buffer.alloc(0)),
    trailers(),
  ],
} satisfies Record<string, (message: Uint8Array) => Script>;

/** An answer compressed with gzip. */
export function gzipAnswer(message: Uint8Array): Script {
  return [
    responseHeaders(['grpc-encoding', 'gzip']),
    data(grpcMessage(gzipSync(message), true)),
    trailers(),
  ];
}

/** Text that wants to be more than text. */
export const hostileTexts = {
  html: '<img src=x onerror=alert(1)><script>alert(2)</script>&lt;b&gt;</textarea>',
  terminalEscapes:
    '\u001b[2J\u001b[31mred\u001b]0;title\u0007\u001b]8;;http://evil.example\u0007link\u009b1m',
  controlCharacters: 'a\u0000b\u0007c\bd\u000be\r\nf\u007fg\u0085h\u2028i',
  bidirectionalOverrides: 'user \u202egnp.exe\u202c \u2066isolated\u2069 \u200bzero\u200bwidth',
} as const;

/** The text as message, as status message and, where HTTP/2 allows it, in headers. */
export function hostileAnswer(text: string, message: Uint8Array): Script {
  const inHeader = Buffer.from(
    // biome-ignore lint/suspicious/noControlCharactersInRegex: no field value may hold them.
    text.replace(/[\u0000-\u001f\u007f]/g, ''),
  ).toString('latin1');
  return [
    responseHeaders(['x-hostile', inHeader]),
    data(grpcMessage(message)),
    trailers(2, ['grpc-message', percentEncode(text)], ['x-hostile', inHeader]),
  ];
}

/** How gRPC over HTTP2 writes "Status-Message": all but printable ASCII, and `%`, as `%XX`. */
function percentEncode(text: string): string {
  return [...Buffer.from(text)]
    .map((byte) =>
      byte >= 0x20 && byte <= 0x7e && byte !== 0x25
        ? String.fromCharCode(byte)
        : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`,
    )
    .join('');
}
