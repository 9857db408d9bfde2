import type { FrameHeader } from '../../../src/wire/frame';
import {
  FrameDecoder,
  type FrameDecoderOptions,
  type WireProblem,
} from '../../../src/wire/frameDecoder';

export interface ReadFrame {
  readonly header: FrameHeader;
  readonly payload: Uint8Array;
}

/** Bytes written as hex; spaces and line breaks are for the reader. */
export function hex(text: string): Uint8Array {
  return Uint8Array.from(text.replace(/\s+/g, '').match(/../g) ?? [], (byte) =>
    Number.parseInt(byte, 16),
  );
}

export function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

export function ascii(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text, 'latin1'));
}

export function joined(parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(Buffer.concat(parts));
}

export function everyByte(bytes: Uint8Array): Uint8Array[] {
  return Array.from(bytes, (byte) => Uint8Array.of(byte));
}

export interface ReadResult {
  readonly frames: ReadFrame[];
  readonly problems: WireProblem[];
  readonly prefaces: number;
  readonly decoder: FrameDecoder;
}

export function readFrames(
  chunks: readonly Uint8Array[],
  options: FrameDecoderOptions = { expectPreface: false },
): ReadResult {
  const frames: ReadFrame[] = [];
  const problems: WireProblem[] = [];
  let prefaces = 0;
  const decoder = new FrameDecoder(options, {
    preface: () => {
      prefaces++;
    },
    frame: (header, payload) => frames.push({ header, payload: payload.slice() }),
    malformed: (problem) => problems.push(problem),
  });
  for (const chunk of chunks) decoder.push(chunk);
  return { frames, problems, prefaces, decoder };
}
