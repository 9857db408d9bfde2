/** Numbers that repeat for a seed: a failure can be run again. */
export interface Random {
  /** At least 0, less than 1. */
  next(): number;
  /** An integer from `min` to `max`, both included. */
  integer(min: number, max: number): number;
  chance(probability: number): boolean;
  bytes(length: number): Uint8Array;
  pick<T>(list: readonly T[]): T;
}

/** mulberry32. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const integer = (min: number, max: number): number => min + Math.floor(next() * (max - min + 1));
  return {
    next,
    integer,
    chance: (probability) => next() < probability,
    bytes: (length) => Uint8Array.from({ length }, () => integer(0, 255)),
    pick: (list) => {
      if (list.length === 0) throw new RangeError('nothing to pick from');
      return list[integer(0, list.length - 1)] as (typeof list)[number];
    },
  };
}

/**
 * Runs `check` with `count` seeds and names the seed of the first that fails. The environment variable
 * `FRAMELINE_SEED` runs that seed alone.
 */
export function forSeeds(count: number, check: (random: Random, seed: number) => void): void {
  const only = process.env.FRAMELINE_SEED;
  const first = only === undefined ? 1 : Number(only);
  const last = only === undefined ? count : first;
  for (let seed = first; seed <= last; seed++) {
    try {
      check(seededRandom(seed), seed);
    } catch (error) {
      throw new Error(`failed with seed ${seed} (FRAMELINE_SEED=${seed})`, { cause: error });
    }
  }
}

/** Cuts `bytes` into chunks of random lengths up to `longest`, some of them empty. */
export function randomChunks(random: Random, bytes: Uint8Array, longest: number): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = Math.min(random.integer(0, longest), bytes.length - at);
    chunks.push(bytes.subarray(at, at + length));
    at += length;
  }
  return chunks;
}
