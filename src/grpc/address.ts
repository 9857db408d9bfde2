import { isIPv4, isIPv6 } from 'node:net';
import { domainToASCII } from 'node:url';
import { quote } from './quote';

export interface HostPort {
  /** Name or IP address; an IPv6 address without brackets. */
  readonly host: string;
  readonly port: number;
}

export interface Address {
  readonly ok: true;
  /** How grpc-js finds the addresses. A bare `host:port` is `dns`, also when the host is an IP address. */
  readonly kind: 'dns' | 'ipv4' | 'ipv6' | 'unix';
  /** What grpc-js takes. Always with its scheme: `dns:50051` alone would be read as a scheme. */
  readonly grpcTarget: string;
  /** The `:authority` that grpc-js derives from the target when none is given. */
  readonly defaultAuthority: string;
  /** One for `dns`, one or more for `ipv4` and `ipv6`, none for `unix`. */
  readonly hosts: readonly HostPort[];
  /** `unix` only: path of the socket. */
  readonly path?: string;
}

export type AddressProblem =
  | 'empty'
  | 'space'
  | 'url'
  | 'missing-port'
  | 'bad-port'
  | 'missing-host'
  | 'bad-host'
  | 'ipv6-without-brackets'
  | 'path-after-port'
  | 'user-info'
  | 'dns-server'
  | 'unsupported-scheme'
  | 'bad-ip'
  | 'bad-socket-path';

export interface AddressError {
  readonly ok: false;
  readonly problem: AddressProblem;
  /** What is wrong and what to write instead. */
  readonly message: string;
  /** A complete address that was probably meant. */
  readonly suggestion?: string;
  /** Set when the pasted URL also says whether TLS is wanted. */
  readonly suggestedSecurity?: 'plaintext' | 'tls';
}

const howToWrite =
  'Write host:port, dns:///host:port, ipv4:1.2.3.4:50051, ipv6:[::1]:50051 or unix:/path/to/socket.';

/** `sun_path` has 108 bytes on Linux (104 elsewhere) with the closing zero. */
const longestSocketPath = 107;

/**
 * Reads a target's address as gRPC writes it (gRPC Name Resolution) and refuses what grpc-js would take for
 * something else or ignore: grpc-js falls back to port 443 and treats an unknown scheme as a host name.
 */
export function parseAddress(text: string): Address | AddressError {
  const written = text.trim();
  if (written === '') {
    return refuse('empty', `No address given. ${howToWrite}`);
  }
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  const blank = /[\s\u0000-\u001f\u007f]/u.exec(written);
  if (blank !== null) {
    return refuse(
      'space',
      `There is a space or control character after ${quote(written.slice(0, blank.index))}: an address has none.`,
    );
  }
  const url = /^(https?|grpcs?|wss?|tcp):\/\/(.*)$/i.exec(written);
  if (url !== null) {
    return refuseUrl(url[1] ?? '', url[2] ?? '');
  }
  const scheme = /^(dns|ipv4|ipv6|unix):(.*)$/is.exec(written);
  if (scheme !== null) {
    const rest = scheme[2] ?? '';
    switch (scheme[1]?.toLowerCase()) {
      case 'unix':
        return parseUnix(rest);
      case 'ipv4':
        return parseIpList('ipv4', rest);
      case 'ipv6':
        return parseIpList('ipv6', rest);
      default:
        return parseDns(rest);
    }
  }
  const other = /^([a-z][a-z0-9+.-]*):(\/\/|@)?/i.exec(written);
  if (other !== null && (other[2] !== undefined || isOtherScheme(other[1] ?? ''))) {
    return refuse(
      'unsupported-scheme',
      `The scheme ${quote(other[1] ?? '')} is not supported. ${howToWrite}`,
    );
  }
  return parseDns(written);
}

/** Schemes of other gRPC implementations that would otherwise read as a host name. */
function isOtherScheme(name: string): boolean {
  return ['unix-abstract', 'xds', 'vsock', 'passthrough', 'google-c2p'].includes(
    name.toLowerCase(),
  );
}

function parseDns(rest: string): Address | AddressError {
  let name = rest;
  const server = /^\/\/([^/]*)\/(.*)$/.exec(rest);
  if (server !== null) {
    if (server[1] !== '') {
      return refuse(
        'dns-server',
        `${quote(server[1] ?? '')} would name a DNS server, which grpc-js ignores. Write dns:/// with three slashes.`,
        { suggestion: `dns:///${server[2]}` },
      );
    }
    name = server[2] ?? '';
  } else if (rest.startsWith('//')) {
    return refuse('dns-server', 'Write dns:///host:port with three slashes.', {
      suggestion: `dns:///${rest.slice(2)}`,
    });
  }
  const parsed = parseHostPort(name);
  if (!parsed.ok) {
    return parsed;
  }
  const { host, port } = parsed;
  const hostPort = joinHostPort(host, port);
  return {
    ok: true,
    kind: 'dns',
    grpcTarget: `dns:${hostPort}`,
    defaultAuthority: hostPort,
    hosts: [{ host, port }],
  };
}

function parseIpList(kind: 'ipv4' | 'ipv6', rest: string): Address | AddressError {
  const list = rest.startsWith('///') ? rest.slice(3) : rest;
  if (list.startsWith('//')) {
    return refuse('bad-ip', `Write the addresses right after the colon: ${kind}:${list.slice(2)}`, {
      suggestion: `${kind}:${list.slice(2)}`,
    });
  }
  const example = kind === 'ipv4' ? 'ipv4:10.0.0.1:50051' : 'ipv6:[2001:db8::1]:50051';
  const hosts: HostPort[] = [];
  for (const item of list.split(',')) {
    if (item === '') {
      return refuse('missing-host', `An address is missing in the list. Write ${example}.`);
    }
    const parsed = parseHostPort(item);
    if (!parsed.ok) {
      return parsed;
    }
    if (!(kind === 'ipv4' ? isIPv4(parsed.host) : isIPv6(parsed.host))) {
      return refuse(
        'bad-ip',
        `${quote(parsed.host)} is not an ${kind === 'ipv4' ? 'IPv4' : 'IPv6'} address. Write ${example}; names go with dns:.`,
      );
    }
    hosts.push({ host: parsed.host, port: parsed.port });
  }
  const written = hosts.map(({ host, port }) => joinHostPort(host, port));
  return {
    ok: true,
    kind,
    grpcTarget: `${kind}:${written.join(',')}`,
    defaultAuthority: written[0] ?? '',
    hosts,
  };
}

function parseUnix(rest: string): Address | AddressError {
  let path = rest;
  if (rest.startsWith('//')) {
    if (!rest.startsWith('///')) {
      return refuse(
        'bad-socket-path',
        'unix:// with two slashes would name a host. Write unix:/path or unix:///path.',
        { suggestion: `unix:///${rest.slice(2)}` },
      );
    }
    path = rest.slice(2);
  }
  if (!path.startsWith('/')) {
    return refuse(
      'bad-socket-path',
      'The path of the socket must be absolute: unix:/path/to/socket. A relative one would depend on where the editor was started.',
    );
  }
  if (Buffer.byteLength(path) > longestSocketPath) {
    return refuse(
      'bad-socket-path',
      `The path has ${Buffer.byteLength(path)} bytes; a Unix socket's path has at most ${longestSocketPath}.`,
    );
  }
  return {
    ok: true,
    kind: 'unix',
    grpcTarget: `unix:${path}`,
    defaultAuthority: 'localhost',
    hosts: [],
    path,
  };
}

type ParsedHostPort = ({ readonly ok: true } & HostPort) | AddressError;

/** `host:port`, `1.2.3.4:port` or `[ipv6]:port`; the port is needed. */
function parseHostPort(text: string): ParsedHostPort {
  if (text.includes('@')) {
    return refuse(
      'user-info',
      'A user name or password has no place in an address: credentials go into metadata or TLS.',
    );
  }
  const bracketed = /^\[([^\]]*)\](.*)$/.exec(text);
  if (bracketed !== null) {
    const [, host = '', after = ''] = bracketed;
    if (!isIPv6(host)) {
      return refuse('bad-ip', `${quote(host)} is not an IPv6 address; only those have brackets.`);
    }
    if (after === '') {
      return missingPort(`[${host}]`);
    }
    return after.startsWith(':')
      ? withPort(host, after.slice(1))
      : refuse('bad-port', `After the bracket comes a colon and the port: [${host}]:50051.`);
  }
  if (text.startsWith('[')) {
    return refuse('bad-ip', 'The closing bracket of the IPv6 address is missing.');
  }
  const colons = text.split(':').length - 1;
  if (colons > 1) {
    return refuseColons(text);
  }
  const [hostText = '', portText] = text.split(':');
  const slash = hostText.indexOf('/');
  if (slash >= 0) {
    return refuse(
      'path-after-port',
      'An address has no path: the method names it. Write host:port only.',
    );
  }
  if (hostText === '') {
    return refuse('missing-host', `The host is missing before the port. ${howToWrite}`);
  }
  if (portText === undefined) {
    return /^\d+$/.test(hostText)
      ? refuse('missing-host', `${quote(hostText)} looks like a port without a host.`, {
          suggestion: `localhost:${hostText}`,
        })
      : missingPort(hostText);
  }
  const host = checkHost(hostText);
  return typeof host === 'string' ? withPort(host, portText) : host;
}

function refuseColons(text: string): AddressError {
  if (isIPv6(text)) {
    const last = text.lastIndexOf(':');
    const front = text.slice(0, last);
    const port = text.slice(last + 1);
    const meant =
      isIPv6(front) && /^\d{2,5}$/.test(port) ? `[${front}]:${port}` : `[${text}]:50051`;
    return refuse(
      'ipv6-without-brackets',
      `An IPv6 address needs brackets, or its port can't be told apart: ${meant}`,
      { suggestion: meant },
    );
  }
  const last = text.lastIndexOf(':');
  if (isIPv6(text.slice(0, last))) {
    const meant = `[${text.slice(0, last)}]${text.slice(last)}`;
    return refuse(
      'ipv6-without-brackets',
      `An IPv6 address needs brackets, or its port can't be told apart: ${meant}`,
      { suggestion: meant },
    );
  }
  return refuse('bad-port', `${quote(text)} has more than one colon. ${howToWrite}`);
}

function missingPort(host: string): AddressError {
  return refuse(
    'missing-port',
    `The port is missing: ${host}:50051 for a plaintext server by custom, ${host}:443 for one behind TLS.`,
  );
}

function withPort(host: string, text: string): ParsedHostPort {
  const slash = text.indexOf('/');
  if (slash >= 0 && /^\d+$/.test(text.slice(0, slash))) {
    return refuse(
      'path-after-port',
      `An address has no path: the method names it. Leave out ${quote(text.slice(slash))}.`,
      { suggestion: joinHostPort(host, Number(text.slice(0, slash))) },
    );
  }
  if (text === '') {
    return missingPort(host.includes(':') ? `[${host}]` : host);
  }
  if (!/^\d{1,5}$/.test(text) || Number(text) < 1 || Number(text) > 65_535) {
    return refuse('bad-port', `${quote(text)} is not a port: a number from 1 to 65535.`);
  }
  return { ok: true, host, port: Number(text) };
}

/** The host as it goes to DNS, or why not (RFC 1035 section 2.3.4 for lengths; `_` is common in practice). */
function checkHost(text: string): string | AddressError {
  const labels = text.replace(/\.$/, '').split('.');
  if (/^\d+$/.test(labels[labels.length - 1] ?? '')) {
    return isIPv4(text)
      ? text
      : refuse('bad-ip', `${quote(text)} is not an IPv4 address: four numbers from 0 to 255.`);
  }
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the range is ASCII
  const ascii = /^[\u0000-\u007f]*$/.test(text) ? text : domainToASCII(text);
  const bad = /[^a-z0-9._-]/i.exec(ascii);
  if (ascii === '' || bad !== null) {
    return refuse(
      'bad-host',
      `${quote(bad?.[0] ?? text)} can't stand in a host name. ${howToWrite}`,
    );
  }
  const asciiLabels = ascii.replace(/\.$/, '').split('.');
  if (asciiLabels.some((label) => label === '' || label.length > 63) || ascii.length > 254) {
    return refuse(
      'bad-host',
      `${quote(text)} is not a host name: its parts between dots have 1 to 63 characters, 253 in all.`,
    );
  }
  return ascii;
}

function refuseUrl(scheme: string, rest: string): AddressError {
  const name = scheme.toLowerCase();
  const tls = name === 'https' || name === 'grpcs' || name === 'wss';
  const plaintext = name === 'http' || name === 'grpc' || name === 'ws';
  const authority = rest.split(/[/?#]/, 1)[0] ?? '';
  const port = name === 'https' ? 443 : name === 'http' ? 80 : undefined;
  const withDefault =
    port !== undefined && /^([^:[\]]+|\[[^\]]+\])$/.test(authority)
      ? `${authority}:${port}`
      : authority;
  const usable = parseAddress(withDefault).ok;
  const security = tls ? 'tls' : plaintext ? 'plaintext' : undefined;
  return refuse(
    'url',
    `${scheme}:// belongs to a URL; a target is an address${
      security === undefined ? '' : ' and its security is chosen apart'
    }. Write ${usable ? withDefault : 'host:port'}${
      security === undefined ? '' : ` and choose ${tls ? 'TLS' : 'plaintext'}`
    }.`,
    {
      ...(usable ? { suggestion: withDefault } : {}),
      ...(security === undefined ? {} : { suggestedSecurity: security }),
    },
  );
}

/** `host:port` with brackets around an IPv6 address. */
export function joinHostPort(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

function refuse(
  problem: AddressProblem,
  message: string,
  more: Pick<AddressError, 'suggestion' | 'suggestedSecurity'> = {},
): AddressError {
  return { ok: false, problem, message, ...more };
}
