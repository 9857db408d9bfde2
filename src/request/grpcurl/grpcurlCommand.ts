import type { CallOptions } from '../../grpc/callOptions';
import { unlimitedSize } from '../../grpc/size';
import type { Target } from '../../grpc/target';
import type { MetadataPair } from '../draft';
import { shellQuote } from './shellQuote';

/** What a grpcurl command line says of one request. */
export interface GrpcurlRequest {
  readonly target: Target;
  /** `/market.v1.ListingService/GetListing`. */
  readonly path: string;
  /** ProtoJSON; several messages of a stream may stand one after the other. Absent: none is sent. */
  readonly body?: string;
  readonly metadata?: readonly MetadataPair[];
  /** Absent: what `metadata` has is sent with reflection too. */
  readonly reflectionMetadata?: readonly MetadataPair[];
  readonly options?: Pick<
    CallOptions,
    'deadline' | 'keepaliveTime' | 'maxReceiveSize' | 'userAgent'
  >;
  /** The server is asked by reflection beside the files; without files it always is. */
  readonly alsoReflection?: boolean;
  readonly protoFiles?: readonly string[];
  readonly importPaths?: readonly string[];
  readonly descriptorSets?: readonly string[];
}

/**
 * The request as a command for grpcurl in a POSIX shell, every word quoted where it must be. The words stand
 * on lines of their own, joined with `\`.
 * @param variables name of a reference in the request (`{{token}}`) to the shell variable that stands for it
 */
export function grpcurlCommand(
  request: GrpcurlRequest,
  variables?: ReadonlyMap<string, string>,
): string {
  const lines = grpcurlLines(request).map((words) =>
    words.map((word) => shellQuote(word, variables)).join(' '),
  );
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
  if (request.alsoReflection === true) {
    lines.push(['-use-reflection']);
  }
  for (const [flag, { key, value }] of headers(request)) {
    add(flag, `${key}: ${value}`);
  }
  if (typeof options.deadline === 'number') {
    add('-max-time', seconds(options.deadline));
  }
  if (typeof options.keepaliveTime === 'number') {
    add('-keepalive-time', seconds(options.keepaliveTime));
  }
  if (options.maxReceiveSize === unlimitedSize) {
    add('-max-msg-sz', String(largestMessage));
  } else if (options.maxReceiveSize !== undefined && options.maxReceiveSize > 0) {
    add('-max-msg-sz', String(options.maxReceiveSize));
  }
  add('-user-agent', options.userAgent);
  // "@" alone would have grpcurl read its standard input.
  add('-d', request.body === '@' ? ' @' : request.body);
  lines.push([address.word, request.path.replace(/^\//, '')]);
  return lines;
}

/** No protobuf library reads a message of 2 GiB or more. */
const largestMessage = 2 ** 31 - 1;

type HeaderFlag = '-H' | '-rpc-header' | '-reflect-header';

/** `-H` goes to both; a key whose values differ gets the flags for one of them, so that its values keep their order. */
function headers({
  metadata = [],
  reflectionMetadata = metadata,
}: GrpcurlRequest): (readonly [HeaderFlag, MetadataPair])[] {
  const valuesOf = (pairs: readonly MetadataPair[], key: string): string =>
    JSON.stringify(pairs.flatMap((pair) => (sameKey(pair.key, key) ? [pair.value] : [])));
  const isShared = ({ key }: MetadataPair): boolean =>
    valuesOf(metadata, key) === valuesOf(reflectionMetadata, key);
  return [
    ...metadata.map((pair) => [isShared(pair) ? '-H' : '-rpc-header', pair] as const),
    ...reflectionMetadata
      .filter((pair) => !isShared(pair))
      .map((pair) => ['-reflect-header', pair] as const),
  ];
}

function sameKey(one: string, other: string): boolean {
  return one.trim().toLowerCase() === other.trim().toLowerCase();
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
