import { DecompressError, decompressMessage } from '../wire/decompress';
import { MessageReader } from '../wire/messageReader';
import type { MessageEntry } from './entry';
import { maskByte } from './masking/secretMask';
import type { Transcript } from './transcript';

/** A message's own bytes, without prefix and compression; at most `limit` of them. */
export interface MessageBytes {
  readonly bytes: Uint8Array;
  readonly truncated: boolean;
  /** Why the bytes are still compressed. */
  readonly problem?: string;
}

export function messageBytes(
  transcript: Pick<Transcript, 'payload' | 'messageEncoding'>,
  entry: MessageEntry,
  limit: number,
): MessageBytes {
  if (!entry.compressed) {
    const bytes = transcript.payload(
      entry.number,
      MessageReader.PREFIX_LENGTH,
      Math.min(limit, entry.length),
    );
    return { bytes, truncated: entry.length > limit };
  }
  const wire = transcript.payload(entry.number, MessageReader.PREFIX_LENGTH);
  if (wire.length > 0 && wire.every((byte) => byte === maskByte)) {
    return {
      bytes: wire.subarray(0, limit),
      truncated: wire.length > limit,
      problem: 'It is compressed, and hidden because a secret of the call stands in it, or may.',
    };
  }
  const encoding = transcript.messageEncoding(entry.number);
  try {
    return decompressMessage(encoding, wire, limit);
  } catch (error) {
    if (!(error instanceof DecompressError)) {
      throw error;
    }
    return {
      bytes: wire.subarray(0, limit),
      truncated: wire.length > limit,
      problem: `It could not be decompressed: ${error.message}.`,
    };
  }
}
