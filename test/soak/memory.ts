import { setImmediate } from 'node:timers/promises';

/** Bytes that live after a collection. */
export interface MemorySample {
  readonly heap: number;
  readonly external: number;
  /** Calls made so far. */
  readonly calls: number;
}

export async function sampleMemory(collect: () => void, calls: number): Promise<MemorySample> {
  // What is released in the finalizers of one collection goes in the next.
  for (let round = 0; round < 3; round++) {
    collect();
    await setImmediate();
  }
  const { heapUsed, external } = process.memoryUsage();
  return { heap: heapUsed, external, calls };
}

export interface Growth {
  /** Bytes from the median of the early samples to that of the late ones. */
  readonly bytes: number;
  readonly perCall: number;
  readonly tooMuch: boolean;
}

/** Compiled code and its statistics grow for a while without being a leak. */
const allowedBytes = 6 * 1024 * 1024;
const allowedPerCall = 512;
/** Samples while everything is used for the first time. */
const warmUp = 2;

/**
 * Compares the first third of the samples after the warm-up with the last third. Too much is what is over both bounds
 * together: a small leak shows in a long run, and a short one must not fail for its warm-up.
 */
export function growth(samples: readonly MemorySample[]): Growth | undefined {
  const settled = samples.slice(warmUp);
  const third = Math.floor(settled.length / 3);
  if (third === 0) {
    return undefined;
  }
  const early = settled.slice(0, third);
  const late = settled.slice(-third);
  const bytes = median(late.map(total)) - median(early.map(total));
  const calls = median(late.map((sample) => sample.calls)) - median(early.map((s) => s.calls));
  return {
    bytes,
    perCall: bytes / Math.max(1, calls),
    tooMuch: bytes > allowedBytes + calls * allowedPerCall,
  };
}

function total({ heap, external }: MemorySample): number {
  return heap + external;
}

function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
