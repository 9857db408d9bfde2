import type { CallOptions } from '../grpc/callOptions';
import type { Target } from '../grpc/target';

/** What a grpcurl command line says of one request. */
export interface GrpcurlRequest {
  readonly target: Target;
  /** `/market.v1.ListingService/GetListing`. */
  readonly path: string;
  /** ProtoJSON; several messages of a stream may stand one after the other. Absent: none is sent. */
  readonly body?: string;
  readonly metadata?: readonly { readonly key: string; readonly value: string }[];
  readonly options?: Pick<CallOptions, 'deadline' | 'keepaliveTime' | 'maxReceiveSize'>;
  /** Used when the server has no reflection, or beside it. */
  readonly protoFiles?: readonly string[];
  readonly importPaths?: readonly string[];
  readonly descriptorSets?: readonly string[];
}

/**
 * The request as a command for grpcurl in a POSIX shell, every word quoted where it must be. The words stand
 * on lines of their own, joined with `\`.
 */
export function grpcurlCommand(request: GrpcurlRequest): string {
  const lines = grpcurlLines(request).map((words) => words.map(shellQuote).join(' '));
  return lines.join(' \\\n  ');
}

/** The words of the command, an option and its value together. */
export function grpcurlLines(request: GrpcurlRequest): string[][] {
  const { target, options = {} } = request;
  const address = addressWord(target.address);
  const lines: string[][] = [
    ['grpcurl', ...(address.unix ? ['-unix'] : []), ...securityWords(target)],
  ];
  const add = (flag: string, value: string | undefined): void => {
    if (value !== undefined) {
      lines.push([flag, value]);
    }
  };
  if (target.security.kind === 'tls') {
    add('-cacert', target.security.ca);
    add('-cert', target.security.client?.certificate);
    add('-key', target.security.client?.key);
  }
  // Over a Unix socket grpcurl would send the path as :authority, which servers refuse.
  add('-authority', target.authority ?? (address.unix ? 'localhost' : undefined));
  for (const path of request.importPaths ?? []) {
    add('-import-path', path);
  }
  for (const file of request.protoFiles ?? []) {
    add('-proto', file);
  }
  for (const file of request.descriptorSets ?? []) {
    add('-protoset', file);
  }
  for (const { key, value } of request.metadata ?? []) {
    add('-H', `${key}: ${value}`);
  }
  if (typeof options.deadline === 'number') {
    add('-max-time', seconds(options.deadline));
  }
  if (typeof options.keepaliveTime === 'number') {
    add('-keepalive-time', seconds(options.keepaliveTime));
  }
  if (options.maxReceiveSize !== undefined && options.maxReceiveSize > 0) {
    add('-max-msg-sz', String(options.maxReceiveSize));
  }
  add('-d', request.body);
  lines.push([address.word, request.path.replace(/^\//, '')]);
  return lines;
}

function securityWords(target: Target): string[] {
  if (target.security.kind === 'plaintext') {
    return ['-plaintext'];
  }
  return target.security.verify ? [] : ['-insecure'];
}

/** grpcurl knows neither the `ipv4:` and `ipv6:` schemes (the first address stands for all) nor `unix:` URIs. */
function addressWord(address: string): { readonly word: string; readonly unix: boolean } {
  const [, scheme, rest = ''] = /^(unix|ipv4|ipv6):(.*)$/s.exec(address) ?? [];
  if (scheme === 'unix') {
    return { word: rest.replace(/^\/\/(?=\/)/, ''), unix: true };
  }
  if (scheme !== undefined) {
    return { word: rest.split(',')[0] ?? rest, unix: false };
  }
  // What begins with "-" would be read as an option.
  return { word: address.startsWith('-') ? `dns:///${address}` : address, unix: false };
}

/** grpcurl's durations are seconds with a fraction. */
function seconds(milliseconds: number): string {
  return String(milliseconds / 1000);
}

/** One word of a POSIX shell. NUL can't stand in a word: it is left out. */
export function shellQuote(word: string): string {
  const text = word.replaceAll('\0', '');
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
