import type { Evidence } from '../evidence';
import { responseField } from './cause';

/** What stands in `server` when something on the way answered, and how people call it. */
const proxies: readonly (readonly [RegExp, string])[] = [
  [/^istio-envoy/i, 'Istio (Envoy)'],
  [/^envoy/i, 'Envoy'],
  [/^(nginx|openresty)/i, 'nginx'],
  [/^awselb/i, 'the AWS load balancer'],
  [/^(cloudfront|amazons3)/i, 'CloudFront'],
  [/^cloudflare/i, 'Cloudflare'],
  [/^(google frontend|gws|esf|gfe)/i, 'the Google front end'],
  [/^microsoft-azure-application-gateway/i, 'the Azure application gateway'],
  [/^haproxy/i, 'HAProxy'],
  [/^caddy/i, 'Caddy'],
  [/^kong/i, 'Kong'],
  [/^traefik/i, 'Traefik'],
  [/^varnish/i, 'Varnish'],
  [/^akamai/i, 'Akamai'],
  [/^apache/i, 'Apache'],
];

export interface Proxy {
  /** As it stands in a sentence. */
  readonly name: string;
  readonly isEnvoy: boolean;
}

/** The proxy that put its name into the response; undefined when none that is known did. */
export function findProxy(evidence: Evidence): Proxy | undefined {
  return proxyOf(responseField(evidence, 'server'));
}

/**
 * That the other end of the connection is a proxy, which ends streams and connections by its own decision. A
 * response on it went through one: then nobody but a proxy can speak HTTP/2 there, this one or another before it.
 */
export function proxyInWords(evidence: Evidence): string | undefined {
  const own = findProxy(evidence);
  if (own !== undefined) {
    return `The headers of the response name ${own.name}`;
  }
  const earlier = proxyOf(evidence.connectionServer);
  return earlier && `An earlier response on this connection names ${earlier.name}`;
}

function proxyOf(server: string | undefined): Proxy | undefined {
  if (server === undefined) {
    return undefined;
  }
  const name = proxies.find(([pattern]) => pattern.test(server))?.[1];
  return name === undefined ? undefined : { name, isEnvoy: /^(istio-)?envoy/i.test(server) };
}
