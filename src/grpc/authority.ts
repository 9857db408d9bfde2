import { isIPv6 } from 'node:net';
import { joinHostPort, parseAddress } from './address';
import type { GrpcChannelOptions } from './callOptions';
import { quote } from './quote';
import type { Target } from './target';

export type ParsedAuthority =
  | {
      readonly ok: true;
      /** Sent as `:authority`. */
      readonly authority: string;
      /** The host in it: the name that the certificate must carry, and SNI. */
      readonly serverName: string;
    }
  | { readonly ok: false; readonly message: string };

/** Reads an authority override: `host`, `host:port`, `[ipv6]` or `[ipv6]:port`. */
export function parseAuthority(text: string): ParsedAuthority {
  const written = text.trim();
  const hasPort = /[^:\]]:\d*$|\]:\d*$/.test(written) && !isIPv6(written);
  const parsed = parseAddress(`dns:///${hasPort ? written : `${written}:443`}`);
  const [host] = parsed.ok ? parsed.hosts : [];
  if (!parsed.ok || host === undefined) {
    return {
      ok: false,
      message:
        written === ''
          ? 'No authority given. Write the host name that the server expects, with its port or without.'
          : `${quote(written)} is not an authority: write host or host:port.`,
    };
  }
  const full = joinHostPort(host.host, host.port);
  return {
    ok: true,
    authority: hasPort ? full : full.slice(0, -':443'.length),
    serverName: host.host,
  };
}

/** The channel options of a target's authority override. Throws a TypeError when it is not valid. */
export function authorityOptions(
  target: Pick<Target, 'authority' | 'security'>,
): GrpcChannelOptions {
  if (target.authority === undefined || target.authority === '') {
    return {};
  }
  const parsed = parseAuthority(target.authority);
  if (!parsed.ok) {
    throw new TypeError(parsed.message);
  }
  return {
    'grpc.default_authority': parsed.authority,
    ...(target.security.kind === 'tls'
      ? { 'grpc.ssl_target_name_override': parsed.serverName }
      : {}),
  };
}
