import type { StatusOrigin } from '../../transcript/entry';
import { fieldValue } from '../../wire/frame';
import type { Evidence } from '../evidence';

/** Why a call ended as it did, without the facts that are the same for every cause. */
export interface Cause {
  /** Stable id: `tls-expired`. Tests, documentation and settings may name it. */
  readonly cause: string;
  readonly origin: StatusOrigin;
  readonly certainty: 'observed' | 'inferred';
  /** One plain sentence or two. Holds nothing that the server sent. */
  readonly explanation: string;
  readonly nextActions: readonly string[];
}

/** A field of the response, wherever it stood. */
export function responseField(evidence: Evidence, name: string): string | undefined {
  return fieldValue(evidence.responseHeaders, name) ?? fieldValue(evidence.trailers, name);
}

/** What the peer itself said in `grpc-status`; undefined when it said nothing or no number. */
export function peerStatus(evidence: Evidence): number | undefined {
  const text = fieldValue(evidence.trailers, 'grpc-status')?.trim();
  return text !== undefined && /^\d{1,10}$/.test(text) ? Number(text) : undefined;
}

/**
 * Milliseconds before the deadline at which an end already counts as its doing: a server counts the same time
 * down from `grpc-timeout`, and its timer may fire before the one here.
 */
const deadlineSlack = 5;

/** The deadline had passed here, or, as the server counts it, there. */
export function deadlineReached(evidence: Evidence): boolean {
  const { deadlineMs, sentDeadlineMs, deadlinePassedHere, elapsedMs } = evidence;
  const deadline = Math.min(deadlineMs ?? Infinity, sentDeadlineMs ?? Infinity);
  return deadlinePassedHere || elapsedMs >= deadline - deadlineSlack;
}

/** Java's servers take 8 KiB, gRPC's C core and nginx about as much, HAProxy 16 KB, Envoy 60 KB. */
const commonHeadersLimit = 8 * 1024;

/** The size of request headers that many refuse, when there was no answer to them. */
export function largeHeaders({
  requestHeadersSize,
  responseHeaders,
}: Evidence): number | undefined {
  return responseHeaders === undefined && (requestHeadersSize ?? 0) > commonHeadersLimit
    ? requestHeadersSize
    : undefined;
}

export const largerHeadersAdvice =
  'Send less metadata, or raise the limit (nginx: large_client_header_buffers, HAProxy: tune.bufsize, Envoy: max_request_headers_kb, gRPC in Java: maxInboundMetadataSize).';

/** `NOT_FOUND` as `not-found`, for the id of a cause. */
export function kebab(name: string): string {
  return name.toLowerCase().replace(/_/g, '-');
}

export function isTls(evidence: Evidence): boolean {
  return evidence.target.security.kind === 'tls';
}

export function hasClientCertificate(evidence: Evidence): boolean {
  const { security } = evidence.target;
  return security.kind === 'tls' && security.client !== undefined;
}

/** The host that the certificate must name, as the user wrote it. */
export function expectedHost(evidence: Evidence): string {
  return evidence.target.authority ?? evidence.target.address;
}
