import { describe, expect, it } from 'vitest';
import { FrameBoundary } from '../../../src/sampleServer/frameBoundary';
import {
  continuationFrame,
  dataFrame,
  headersFrame,
  pingFrame,
  settingsAckFrame,
} from '../../../src/wire/frameEncoder';

const frames = [
  settingsAckFrame(),
  headersFrame(1, Buffer.alloc(40), { endHeaders: false }),
  continuationFrame(1, Buffer.alloc(3), { endHeaders: false }),
  continuationFrame(1, Buffer.alloc(0)),
  dataFrame(1, Buffer.alloc(300)),
  dataFrame(1, Buffer.alloc(0)),
  pingFrame(),
];
const bytes = Buffer.concat(frames);

/** Offsets after whole frames, without those inside a header block. */
const boundaries = frames
  .map((_, index) => Buffer.concat(frames.slice(0, index + 1)).length)
  .filter((_, index) => index !== 1 && index !== 2);

describe('FrameBoundary', () => {
  it.each([1, 2, 7, 9, 10, 64, 1000])('finds the places between frames in chunks of %i', (size) => {
    const boundary = new FrameBoundary();
    const found: number[] = [];
    for (let start = 0; start < bytes.length; ) {
      const chunk = bytes.subarray(start, start + size);
      const end = boundary.scanToFirst(chunk);
      start += end ?? chunk.length;
      if (end !== undefined) found.push(start);
    }
    expect(found).toEqual(boundaries);
  });

  it('says whether the bytes so far end between frames', () => {
    for (let length = 0; length <= bytes.length; length++) {
      const boundary = new FrameBoundary();
      boundary.scan(bytes.subarray(0, length));
      expect(boundary.between, `${length} bytes`).toBe(length === 0 || boundaries.includes(length));
    }
  });
});
