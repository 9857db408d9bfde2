import type { Milliseconds } from '../program/value';

/** Something between client and server. */
export interface Hop {
  /** For messages: `AWS NLB`. */
  readonly name: string;
  /** 4: passes bytes on, a PING counts as traffic. 7: speaks HTTP/2 itself, a PING ends there. */
  readonly layer: 4 | 7;
  /** After which it drops what is quiet; undefined when it has no such timeout, or none is known. */
  readonly idleTimeout?: Milliseconds;
  /** What `idleTimeout` ends. */
  readonly ends: 'connection' | 'stream';
  /** Whether a PING resets that timeout; undefined when it isn't known. */
  readonly pingResetsIdle?: boolean;
  /**
   * What it spreads over the servers: calls, whole connections (so that all calls of one connection stay at one
   * server), or nothing.
   */
  readonly balances: 'calls' | 'connections' | 'nothing';
}

/**
 * Hops that `frameline.json` names, with their defaults. `docs/frameline-json.md` has the source of each
 * number; a test compares them.
 */
export const knownHops = {
  /** 60–6000 s for TCP listeners, fixed for TLS ones. */
  'aws-nlb': layer4('AWS NLB', 350_000),
  /** "Application Load Balancers do not support HTTP/2 PING frames. These do not reset the connection idle timeout." */
  'aws-alb': layer7('AWS ALB', 60_000, 'connection'),
  /** gRPC passes it on TCP and SSL listeners only; whether a PING counts is not documented. */
  'aws-classic-lb': {
    name: 'AWS Classic Load Balancer',
    layer: 4,
    idleTimeout: 60_000,
    ends: 'connection',
    balances: 'connections',
  },
  /** 4–100 min; drops silently unless TCP reset is turned on. */
  'azure-lb': layer4('Azure Load Balancer', 240_000),
  /** Connection tracking of VPC firewall rules. */
  gcp: { ...layer4('Google Cloud VPC', 600_000), balances: 'nothing' },
  /** stream_idle_timeout; a connection without streams lives 1 h. */
  envoy: layer7('Envoy', 300_000, 'stream'),
  /** Istio turns Envoy's stream_idle_timeout off; a connection without streams lives 1 h. */
  istio: layer7('Istio', 3_600_000, 'connection'),
  /** Has no timeout of its own: it reads `timeout client` and `timeout server`. */
  haproxy: { name: 'HAProxy', layer: 7, ends: 'connection', balances: 'calls' },
  /** grpc_read_timeout and grpc_send_timeout: between two reads, between two writes. */
  nginx: layer7('nginx', 60_000, 'stream'),
  /** kube-proxy: connection tracking keeps a connection for a day. */
  'kubernetes-service': layer4('Kubernetes Service'),
} as const satisfies Readonly<Record<string, Hop>>;

export type HopName = keyof typeof knownHops;

export const hopNames = Object.keys(knownHops) as readonly HopName[];

/** Passes bytes on: a PING is traffic like any other. */
export function layer4(name: string, idleTimeout?: Milliseconds): Hop {
  return {
    name,
    layer: 4,
    ends: 'connection',
    pingResetsIdle: true,
    balances: 'connections',
    ...(idleTimeout === undefined ? {} : { idleTimeout }),
  };
}

/** Answers PINGs itself and counts streams and data. */
export function layer7(
  name: string,
  idleTimeout: Milliseconds | undefined,
  ends: Hop['ends'],
): Hop {
  return {
    name,
    layer: 7,
    ends,
    pingResetsIdle: false,
    balances: 'calls',
    ...(idleTimeout === undefined ? {} : { idleTimeout }),
  };
}
