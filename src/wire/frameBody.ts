import { byteAt, readUint16, readUint31, readUint32 } from './bytes';
import { type FrameBody, FrameFlag, type FrameHeader, FrameType } from './frame';

/** Why a payload doesn't fit its frame type; stays inside this file. */
class BodyProblem extends Error {}

/**
 * What a whole frame's payload says, RFC 9113 section 6. The byte members are views into `payload`.
 * Never throws: a payload that doesn't fit its type comes back as `undecodable` with the reason.
 */
export function decodeFrameBody(header: FrameHeader, payload: Uint8Array): FrameBody {
  try {
    return decode(header, payload);
  } catch (error) {
    if (!(error instanceof BodyProblem)) throw error;
    return { kind: 'undecodable', payload, reason: error.message };
  }
}

function decode(header: FrameHeader, payload: Uint8Array): FrameBody {
  switch (header.type) {
    case FrameType.Data: {
      const { content, padding } = withoutPadding(header, payload);
      return { kind: 'data', padding, data: content };
    }
    case FrameType.Headers: {
      const { content, padding } = withoutPadding(header, payload);
      if ((header.flags & FrameFlag.Priority) === 0) {
        return { kind: 'headers', padding, block: content };
      }
      needAtLeast(content, 5, 'the priority fields');
      return { kind: 'headers', padding, priority: priority(content), block: content.subarray(5) };
    }
    case FrameType.Priority:
      needExactly(payload, 5);
      return { kind: 'priority', ...priority(payload) };
    case FrameType.RstStream:
      needExactly(payload, 4);
      return { kind: 'rstStream', errorCode: readUint32(payload, 0) };
    case FrameType.Settings:
      return { kind: 'settings', settings: settings(header, payload) };
    case FrameType.PushPromise: {
      const { content, padding } = withoutPadding(header, payload);
      needAtLeast(content, 4, 'the promised stream id');
      return {
        kind: 'pushPromise',
        padding,
        promisedStreamId: readUint31(content, 0),
        block: content.subarray(4),
      };
    }
    case FrameType.Ping:
      needExactly(payload, 8);
      return { kind: 'ping', opaque: payload };
    case FrameType.GoAway:
      needAtLeast(payload, 8, 'the last stream id and the error code');
      return {
        kind: 'goAway',
        lastStreamId: readUint31(payload, 0),
        errorCode: readUint32(payload, 4),
        debugData: payload.subarray(8),
      };
    case FrameType.WindowUpdate:
      needExactly(payload, 4);
      return { kind: 'windowUpdate', increment: readUint31(payload, 0) };
    case FrameType.Continuation:
      return { kind: 'continuation', block: payload };
    default:
      return { kind: 'unknown', payload };
  }
}

/** RFC 9113 section 6.1: a length byte in front, that many bytes behind. */
function withoutPadding(
  header: FrameHeader,
  payload: Uint8Array,
): { content: Uint8Array; padding: number } {
  if ((header.flags & FrameFlag.Padded) === 0) return { content: payload, padding: 0 };
  needAtLeast(payload, 1, 'the padding length');
  const padding = byteAt(payload, 0);
  if (padding >= payload.length) {
    throw new BodyProblem(
      `${padding} bytes of padding do not fit a payload of ${payload.length} bytes`,
    );
  }
  return { content: payload.subarray(1, payload.length - padding), padding };
}

function priority(bytes: Uint8Array): { dependsOn: number; exclusive: boolean; weight: number } {
  return {
    dependsOn: readUint31(bytes, 0),
    exclusive: (byteAt(bytes, 0) & 0x80) !== 0,
    // The wire carries the weight less one (RFC 7540 section 6.3).
    weight: byteAt(bytes, 4) + 1,
  };
}

function settings(header: FrameHeader, payload: Uint8Array): { id: number; value: number }[] {
  if ((header.flags & FrameFlag.Ack) !== 0) needExactly(payload, 0);
  if (payload.length % 6 !== 0) {
    throw new BodyProblem(`${payload.length} bytes are not a whole number of 6-byte settings`);
  }
  const list: { id: number; value: number }[] = [];
  for (let offset = 0; offset < payload.length; offset += 6) {
    list.push({ id: readUint16(payload, offset), value: readUint32(payload, offset + 2) });
  }
  return list;
}

function needExactly(payload: Uint8Array, length: number): void {
  if (payload.length !== length) {
    throw new BodyProblem(`the payload has ${payload.length} bytes instead of ${length}`);
  }
}

function needAtLeast(payload: Uint8Array, length: number, what: string): void {
  if (payload.length < length) {
    throw new BodyProblem(`a payload of ${payload.length} bytes has no room for ${what}`);
  }
}
