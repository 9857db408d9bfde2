import { describeDuration } from '../duration';
import type { Evidence } from '../evidence';
import { describeSize } from '../size';
import { StatusCode } from '../statusCodes';
import { type Cause, deadlineReached, peerStatus, responseField } from './cause';
import { connectingCause } from './connecting';

/** The call ended by a decision here: cancelled, its deadline, a limit. Undefined when it did not. */
export function localCause(evidence: Evidence): Cause | undefined {
  if (evidence.cancelledHere && evidence.code === StatusCode.Cancelled) {
    return {
      cause: 'cancelled-here',
      origin: 'client',
      certainty: 'observed',
      explanation: 'The call was cancelled here, by you or because its panel was closed.',
      nextActions: evidence.headersSent
        ? ['The server may have done a part of the work: it was told with RST_STREAM CANCEL.']
        : [],
    };
  }
  return deadlineCause(evidence) ?? sizeCause(evidence) ?? compressionCause(evidence);
}

/**
 * DEADLINE_EXCEEDED comes from the client's own timer or from `grpc-status`. The second is the deadline of
 * this call all the same when it comes in its last moment: servers enforce `grpc-timeout`. tonic says CANCELLED
 * then.
 */
function deadlineCause(evidence: Evidence): Cause | undefined {
  const { code } = evidence;
  const peer = peerStatus(evidence);
  const cancelledByServer = code === StatusCode.Cancelled && peer === StatusCode.Cancelled;
  if (code !== StatusCode.DeadlineExceeded && !cancelledByServer) {
    return undefined;
  }
  const gaveUpHere = evidence.deadlinePassedHere && evidence.rstStream?.direction === 'sent';
  const saidByServer = peer === code && !gaveUpHere;
  if (saidByServer && !deadlineReached(evidence)) {
    return undefined;
  }
  const endedByServer = saidByServer || evidence.rstStream?.direction === 'received';
  const { deadlineMs, elapsedMs } = evidence;
  const fromConfig =
    deadlineMs === undefined || (!evidence.deadlinePassedHere && elapsedMs < deadlineMs / 2);
  const deadline = fromConfig
    ? `The timeout in the service config (it was over after ${describeDuration(elapsedMs)})`
    : `The deadline of ${describeDuration(deadlineMs)}`;
  const raise = fromConfig ? 'Raise the timeout in the service config.' : 'Raise the deadline.';
  return {
    origin: 'client',
    certainty: evidence.framesAvailable && !endedByServer ? 'observed' : 'inferred',
    ...stage(evidence, deadline, raise, endedByServer),
  };
}

function serverKnew(evidence: Evidence): string {
  const name =
    evidence.code === StatusCode.Cancelled ? ', with the code that tonic has for this' : '';
  return `The server, which grpc-timeout tells of the deadline, ended the call first${name}.`;
}

function stage(
  evidence: Evidence,
  deadline: string,
  raise: string,
  endedByServer: boolean,
): Pick<Cause, 'cause' | 'explanation' | 'nextActions'> {
  if (!evidence.framesAvailable) {
    return {
      cause: 'deadline',
      explanation: `${deadline} passed here. How far the call had come is not known: frames are not available.`,
      nextActions: [raise],
    };
  }
  if (!evidence.headersSent) {
    return beforeSending(evidence, deadline, raise);
  }
  if (evidence.responseHeaders === undefined) {
    return {
      cause: 'deadline-before-headers',
      explanation: `${deadline} passed before the server answered anything: the request was sent${
        evidence.messagesSent === 0 ? ' without a message yet' : ''
      }, and ${endedByServer ? `no message came. ${serverKnew(evidence)}` : 'no response headers came.'}`,
      nextActions: [
        raise,
        "Look at the server's log: did the call arrive, and what did it wait for?",
        ...(evidence.messagesSent === 0
          ? ['Send a message: a method with a request usually waits for the first one.']
          : []),
      ],
    };
  }
  return {
    cause: 'deadline-mid-stream',
    explanation: `${deadline} passed in the middle of the call: ${received(evidence.messagesReceived)}.${
      endedByServer ? ` ${serverKnew(evidence)}` : ''
    }`,
    nextActions: [
      `${raise} A stream that is meant to stay open needs one as long as itself.`,
      'See the time between the messages in the timeline: it shows where the server was slow.',
    ],
  };
}

function beforeSending(
  evidence: Evidence,
  deadline: string,
  raise: string,
): Pick<Cause, 'cause' | 'explanation' | 'nextActions'> {
  const under = connectingCause(evidence);
  if (under !== undefined) {
    return {
      cause: 'deadline-before-connecting',
      explanation: `${deadline} passed while connecting. ${under.explanation}`,
      nextActions: under.nextActions,
    };
  }
  if (evidence.connected && !evidence.settingsReceived) {
    return {
      cause: 'deadline-before-http2',
      explanation: `${deadline} passed while waiting for the first word: ${evidence.target.address} took the connection and stayed silent, where an HTTP/2 server sends SETTINGS at once.`,
      nextActions: [
        'Check the port: a server with TLS waits in silence for a handshake, and so do other protocols.',
        'Check whether the server hangs: the system takes connections for it even then.',
      ],
    };
  }
  if (evidence.connected) {
    return {
      cause: 'deadline-before-sending',
      explanation: `${deadline} passed before the request could be sent, though the connection stood: it was set up too late, or too many calls run on it.`,
      nextActions: [raise, 'See MAX_CONCURRENT_STREAMS in the SETTINGS of the server.'],
    };
  }
  return {
    cause: 'deadline-before-connecting',
    explanation: `${deadline} passed before a connection to ${evidence.target.address} stood; ${
      evidence.connectAttempts.length === 0
        ? 'name resolution had given no address yet'
        : 'the attempt was still open'
    }.`,
    nextActions: [
      'Check the address, the firewall and the VPN: packets that vanish look like this.',
      raise,
    ],
  };
}

function sizeCause(evidence: Evidence): Cause | undefined {
  const { messageTooLarge } = evidence;
  const base = { origin: 'client', certainty: 'observed' } as const;
  if (messageTooLarge === undefined) {
    if (isRefusedUnseen(evidence)) {
      return {
        ...base,
        certainty: 'inferred',
        cause: 'message-too-large-received',
        explanation:
          'A message of the server is larger than this client accepts (max-receive-size): it was refused before its first frame was whole.',
        nextActions: [
          'Raise max-receive-size: the message names both sizes.',
          'Or ask the server for less: a page size, a field mask, a stream.',
        ],
      };
    }
    return isDecompressedTooLarge(evidence)
      ? {
          ...base,
          certainty: 'inferred',
          cause: 'message-too-large-decompressed',
          explanation:
            'A compressed message of the server unpacks to more than max-receive-size allows, so it was refused here.',
          nextActions: [
            'Raise max-receive-size, if such a message is to be expected.',
            'Else ask the server for less: a page size, a field mask, a stream.',
          ],
        }
      : undefined;
  }
  const { direction, size, limit } = messageTooLarge;
  const sizes = `${describeSize(size)}, and the limit is ${describeSize(limit)}`;
  return direction === 'received'
    ? {
        ...base,
        cause: 'message-too-large-received',
        explanation: `A message of the server is larger than this client accepts: ${sizes} (max-receive-size).`,
        nextActions: [
          `Raise max-receive-size over ${describeSize(size)}.`,
          'Or ask the server for less: a page size, a field mask, a stream.',
        ],
      }
    : {
        ...base,
        cause: 'message-too-large-sent',
        explanation: `The message is larger than this client sends: ${sizes} (max-send-size). It was not sent.`,
        nextActions: [
          `Raise max-send-size over ${describeSize(size)}.`,
          'The server has a limit of its own, often 4 MiB: it may have to be raised too.',
        ],
      };
}

/**
 * The library reads the size of a message as soon as it is there, which may be in the middle of a frame: nothing of it
 * is shown then. It resets the stream, and nobody else has said RESOURCE_EXHAUSTED.
 */
function isRefusedUnseen(evidence: Evidence): boolean {
  const { code, responseHeaders, trailers, rstStream, messagesReceived } = evidence;
  return (
    code === StatusCode.ResourceExhausted &&
    responseHeaders !== undefined &&
    trailers === undefined &&
    rstStream?.direction === 'sent' &&
    messagesReceived === 0
  );
}

/** The size on the wire was within the limit, and nothing came from outside that means RESOURCE_EXHAUSTED. */
function isDecompressedTooLarge(evidence: Evidence): boolean {
  const encoding = responseField(evidence, 'grpc-encoding');
  return (
    evidence.code === StatusCode.ResourceExhausted &&
    encoding !== undefined &&
    encoding !== 'identity' &&
    evidence.messagesReceived > 0 &&
    peerStatus(evidence) !== StatusCode.ResourceExhausted &&
    evidence.rstStream?.direction !== 'received'
  );
}

function compressionCause(evidence: Evidence): Cause | undefined {
  // With another status of the peer's own the message did not matter.
  const peer = peerStatus(evidence);
  const otherReason = peer === evidence.code && peer !== StatusCode.Internal;
  return evidence.badCompression === undefined || otherReason
    ? undefined
    : {
        cause: 'bad-compression',
        origin: 'client',
        certainty: 'observed',
        explanation:
          'A message of the server could not be decompressed here: its bytes do not fit the compression that its headers name, or that compression is not known here.',
        nextActions: [
          'See grpc-encoding in the response headers: gzip, deflate and identity can be read here.',
          'If a proxy on the way compresses or unpacks bodies, turn that off for gRPC.',
        ],
      };
}

function received(messages: number): string {
  return messages === 0
    ? 'headers had come, but no message and no status'
    : `headers and ${messages === 1 ? '1 message' : `${messages} messages`} had come, the status had not`;
}
