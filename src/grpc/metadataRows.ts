import { quote } from './quote';

export interface MetadataEntry {
  readonly key: string;
  /** Text; for a key that ends in `-bin`, base64. */
  readonly value: string;
  readonly enabled: boolean;
}

export interface MetadataProblem {
  /** Index in the rows that were given. */
  readonly row: number;
  readonly message: string;
}

/** What is sent for one row. */
export interface MetadataValue {
  /** In lower case. */
  readonly key: string;
  readonly value: string | Buffer;
}

/** Keys that gRPC, HTTP/2 or grpc-js set or forbid, with the reason and what to do instead. */
const reservedKeys: ReadonlyMap<string, string> = new Map([
  ['te', 'gRPC always sends te: trailers.'],
  ['content-type', 'gRPC always sends content-type: application/grpc.'],
  ['user-agent', 'grpc-js writes it. Use the option user-agent to put a name in front.'],
  ['accept-encoding', 'grpc-js writes it. Use the option compression for what is sent.'],
  ['host', 'HTTP/2 has :authority instead. Set the authority of the target.'],
  ['content-length', 'A gRPC request is a stream: a wrong length makes the server refuse it.'],
  ...[
    'connection',
    'keep-alive',
    'proxy-connection',
    'transfer-encoding',
    'upgrade',
    'http2-settings',
  ].map((key): [string, string] => [
    key,
    'It belongs to HTTP/1.1 connections; HTTP/2 forbids it (RFC 9113 section 8.2.2).',
  ]),
]);

/** What to do instead of setting a `grpc-` key that the library writes itself. */
const grpcKeys: ReadonlyMap<string, string> = new Map([
  ['grpc-timeout', 'It is made from the deadline. Use the option deadline.'],
  ['grpc-encoding', 'It is made from the option compression.'],
  ['grpc-accept-encoding', 'grpc-js writes what it can decompress.'],
]);

/** `grpc-` keys that tracing libraries set as applications do. */
const openGrpcKeys: ReadonlySet<string> = new Set(['grpc-trace-bin', 'grpc-tags-bin']);

/**
 * Keys of which Node's HTTP/2 sends one value at most: with more it throws, and grpc-js connects and fails
 * anew until the deadline.
 */
const singleValueKeys: ReadonlySet<string> = new Set([
  'access-control-allow-credentials',
  'access-control-max-age',
  'access-control-request-method',
  'age',
  'authorization',
  'content-encoding',
  'content-language',
  'content-location',
  'content-md5',
  'content-range',
  'date',
  'dnt',
  'etag',
  'expires',
  'from',
  'if-match',
  'if-modified-since',
  'if-none-match',
  'if-range',
  'if-unmodified-since',
  'last-modified',
  'location',
  'max-forwards',
  'proxy-authorization',
  'range',
  'referer',
  'retry-after',
  'tk',
  'upgrade-insecure-requests',
  'x-content-type-options',
]);

/**
 * Reads request metadata from rows (gRPC over HTTP2, Custom-Metadata). Keys may be written in upper case: HTTP/2
 * knows lower case only, and they are sent so. Rows that are off or wholly empty are left out.
 */
export function readMetadata(rows: readonly MetadataEntry[]): {
  /** The rows without a problem. */
  readonly values: readonly MetadataValue[];
  readonly problems: readonly MetadataProblem[];
} {
  const values: MetadataValue[] = [];
  const problems: MetadataProblem[] = [];
  const firstRow = new Map<string, number>();
  for (const [row, { key: written, value, enabled }] of rows.entries()) {
    if (!enabled || (written.trim() === '' && value === '')) {
      continue;
    }
    const key = written.trim().toLowerCase();
    const first = firstRow.get(key);
    const refusal =
      keyProblem(key) ??
      (first !== undefined && singleValueKeys.has(key)
        ? `${key} can have one value only; row ${first + 1} has one already.`
        : undefined);
    const parsed = refusal === undefined ? readValue(key, value) : { problem: refusal };
    if ('problem' in parsed) {
      problems.push({ row, message: parsed.problem });
    } else {
      firstRow.set(key, first ?? row);
      values.push({ key, value: parsed.value });
    }
  }
  return { values, problems };
}

/** Why a key is refused; undefined when it is not. `key` is trimmed and in lower case. */
function keyProblem(key: string): string | undefined {
  if (key === '') {
    return 'The key is missing.';
  }
  if (key.startsWith(':')) {
    return `${quote(key)} is a pseudo-header of HTTP/2: gRPC makes them from method, target and security.`;
  }
  const bad = /[^0-9a-z_.-]/u.exec(key);
  if (bad !== null) {
    return `${describeCharacter(bad[0])} at position ${bad.index + 1} can't stand in a key: only a-z, 0-9, - _ and . can.`;
  }
  const reason = reservedKeys.get(key) ?? grpcKeys.get(key);
  if (reason !== undefined) {
    return `${key} can't be set here. ${reason}`;
  }
  if (key.startsWith('grpc-') && !openGrpcKeys.has(key)) {
    return `${key} can't be set here. Keys that begin with grpc- are reserved for gRPC itself.`;
  }
  return undefined;
}

type ReadValue = { readonly value: string | Buffer } | { readonly problem: string };

function readValue(key: string, value: string): ReadValue {
  return key.endsWith('-bin') ? readBinary(value) : readText(value);
}

/** ASCII-Value: space to ~ (gRPC over HTTP2, Requests). */
function readText(value: string): ReadValue {
  const bad = /[^ -~]/u.exec(value);
  if (bad !== null) {
    return {
      problem: `${describeCharacter(bad[0])} at position ${bad.index + 1} can't stand in a value: only printable ASCII can. Send anything else as base64 under a key that ends in -bin.`,
    };
  }
  if (value.startsWith(' ') || value.endsWith(' ')) {
    return {
      problem:
        'A value can not begin or end with a space (RFC 9113 section 8.2.1): it would be cut off or refused on the way.',
    };
  }
  return { value };
}

/** Base64 in the standard or the URL-safe alphabet, padded or not. */
function readBinary(value: string): ReadValue {
  const written = value.trim();
  const standard = written.replace(/-/g, '+').replace(/_/g, '/');
  if (written.includes(',')) {
    return { problem: 'There is a comma in the base64. Give each value a row of its own.' };
  }
  const bad = /[^0-9a-z+/]/iu.exec(standard.replace(/={1,2}$/, ''));
  if (bad !== null) {
    return {
      problem: `${describeCharacter(bad[0])} at position ${bad.index + 1} is not base64, and a key that ends in -bin takes base64.`,
    };
  }
  const digits = standard.replace(/=+$/, '');
  const padded = digits.length !== standard.length;
  if (digits.length % 4 === 1 || (padded && standard.length % 4 !== 0)) {
    return {
      problem: `${written.length} characters are not base64 (4 stand for 3 bytes): something is cut off, and a key that ends in -bin takes base64.`,
    };
  }
  return { value: Buffer.from(digits, 'base64') };
}

function describeCharacter(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const hex = `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
  switch (character) {
    case ' ':
      return 'The space';
    case '\n':
    case '\r':
      return 'The line break';
    case '\t':
      return 'The tab';
    default:
      return code < 0x20 || (code >= 0x7f && code < 0xa0) ? hex : `"${character}" (${hex})`;
  }
}
