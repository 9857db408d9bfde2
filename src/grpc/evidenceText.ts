import { fieldValue } from '../wire/frame';
import { errorCodeName } from '../wire/frameNames';
import { largeHeaders, peerStatus, responseField } from './causes/cause';
import { describeDuration } from './duration';
import type { Evidence } from './evidence';
import { describeSize } from './size';
import { StatusCode, statusName, statusOfHttp } from './statusCodes';

/**
 * The facts that a status explanation rests on, one a line. What the server sent stands in them as data:
 * shortened, control characters replaced, never to be shown as anything but text.
 */
export function evidenceText(evidence: Evidence): string[] {
  return [
    ...connectionFacts(evidence),
    ...frameFacts(evidence),
    ...responseFacts(evidence),
    ...localFacts(evidence),
  ];
}

function* connectionFacts(evidence: Evidence): Generator<string> {
  const { resolution, connectAttempts, tls, connectionError } = evidence;
  if (resolution?.error !== undefined) {
    yield `Name resolution failed: ${clean(resolution.error.code)}`;
  }
  for (const { address, error } of connectAttempts.slice(-5)) {
    if (error !== undefined) {
      yield `Connecting to ${clean(address)} failed: ${clean(error.code)}`;
    }
  }
  if (tls?.error !== undefined) {
    yield `TLS handshake failed: ${clean(tls.error.code)}: ${clean(tls.error.message)}`;
  } else if (tls !== undefined && tls.alpn !== 'h2') {
    yield `ALPN: ${tls.alpn === undefined || tls.alpn === '' ? 'nothing chosen' : clean(tls.alpn)}`;
  }
  if (evidence.peerTalkedTls) {
    yield 'The first bytes received are a TLS record, on a plaintext connection';
  }
  if (evidence.peerTalkedHttp1 !== undefined) {
    const [line = ''] = evidence.peerTalkedHttp1.split(/\r?\n/, 1);
    yield `The first bytes received are HTTP/1: "${clean(line)}"`;
  }
  if (evidence.malformed !== undefined) {
    yield `Received what can't be decoded: ${clean(evidence.malformed)}`;
  }
  if (evidence.connected && !evidence.settingsReceived && evidence.framesAvailable) {
    yield 'Connected, but no SETTINGS frame was received';
  }
  if (connectionError !== undefined) {
    yield `The connection ended with ${clean(connectionError.code)}: ${clean(connectionError.message)}`;
  } else if (evidence.keepaliveTimedOut) {
    yield 'A PING of this side was unanswered when it closed the connection';
  } else if (evidence.connectionClosedMidStream) {
    yield `The connection was closed while the stream was open${silenceInWords(evidence)}`;
  }
}

function silenceInWords({ silence }: Evidence): string {
  return silence === undefined
    ? ''
    : `, without GOAWAY, ${describeDuration(silence.milliseconds)} after the last frame${
        silence.repeated ? ', as another connection before it' : ''
      }`;
}

function* frameFacts({ goAway, rstStream, streamId }: Evidence): Generator<string> {
  if (goAway !== undefined) {
    const debug = goAway.debugData === '' ? '' : `, debug data "${clean(goAway.debugData)}"`;
    const own = streamId === undefined ? '' : `, this call's is ${streamId}`;
    yield `GOAWAY received: ${errorCodeName(goAway.errorCode)} (${goAway.errorCode})${debug}, last stream ${goAway.lastStreamId}${own}`;
  }
  if (rstStream !== undefined) {
    yield `RST_STREAM ${rstStream.direction}: ${errorCodeName(rstStream.errorCode)} (${rstStream.errorCode})`;
  }
}

function* responseFacts(evidence: Evidence): Generator<string> {
  const status = fieldValue(evidence.trailers, 'grpc-status');
  if (status !== undefined) {
    const http = evidence.httpStatus ?? 200;
    yield `grpc-status: ${clean(status)} in the trailers${evidence.trailersOnly ? ' (a trailers-only response)' : ''}${
      http === 200 ? '' : `, with HTTP status ${http}`
    }`;
  } else if (evidence.httpStatus !== undefined) {
    yield evidence.httpStatus === 200
      ? 'HTTP status 200, no grpc-status'
      : `HTTP status ${evidence.httpStatus}, no grpc-status: gRPC reads that as ${statusName(statusOfHttp(evidence.httpStatus))}`;
  } else if (evidence.framesAvailable && evidence.headersSent) {
    const size = largeHeaders(evidence);
    yield `The request headers were sent${
      size === undefined ? '' : ` (${describeSize(size)} as HTTP/2 counts them)`
    }, no response headers were received`;
  }
  if (evidence.code === StatusCode.Ok) {
    return;
  }
  const { connectionServer } = evidence;
  if (connectionServer !== undefined && responseField(evidence, 'server') === undefined) {
    yield `server: ${clean(connectionServer)} (in an earlier response on this connection)`;
  }
  for (const name of ['server', 'via', 'location', 'content-type', 'grpc-encoding']) {
    const value = responseField(evidence, name);
    if (value !== undefined && !(name === 'content-type' && value === 'application/grpc')) {
      yield `${name}: ${clean(value)}`;
    }
  }
}

function* localFacts(evidence: Evidence): Generator<string> {
  const { messageTooLarge, badCompression, deadlineMs, elapsedMs, code } = evidence;
  if (evidence.cancelledHere) {
    yield `Cancelled here after ${describeDuration(elapsedMs)}`;
  }
  if (code === StatusCode.DeadlineExceeded || evidence.deadlinePassedHere) {
    yield `${
      deadlineMs === undefined
        ? 'No deadline of its own'
        : `Deadline ${describeDuration(deadlineMs)}`
    }, ended after ${describeDuration(elapsedMs)}`;
  }
  if (messageTooLarge !== undefined) {
    const { direction, size, limit } = messageTooLarge;
    yield `A message ${direction === 'sent' ? 'to send' : 'received'} has ${describeSize(size)}, the limit is ${describeSize(limit)}`;
  }
  if (badCompression !== undefined) {
    yield `Decompression failed: ${clean(badCompression)}`;
  }
  if (code !== StatusCode.Ok && evidence.headersSent) {
    yield `Messages: ${evidence.messagesSent} sent, ${evidence.messagesReceived} received`;
  }
  if (!evidence.framesAvailable) {
    yield 'Frames are not available on this connection';
  }
  if (code !== StatusCode.Ok && peerStatus(evidence) === undefined && evidence.details) {
    yield `grpc-js says: ${clean(evidence.details)}`;
  }
}

const longest = 200;

function clean(text: string): string {
  const short = text.length > longest ? `${text.slice(0, longest)}…` : text;
  return short.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\uFFFD');
}
