import type { Random } from '../tools/random';

/** How the relay passes on what one side says. */
export type Cut = 'whole' | 'bytes' | 'frames' | 'pieces';

/**
 * `fin`: the connection is closed in both directions. `rst`: it is reset. `half-close`: one direction ends, the other
 * goes on. `stall`: nothing more passes, and nobody is told. `pause`: nothing passes for a moment.
 */
export type Stop = 'fin' | 'rst' | 'half-close' | 'stall' | 'pause';

/** What the relay does to one connection, drawn before it stands. */
export interface ConnectionPlan {
  /** `pass` to the server, or what the client meets in its place. */
  readonly greeting: 'pass' | 'silent' | 'fin' | 'rst';
  readonly cut: Cut;
  /** Longest wait between two pieces, in milliseconds; 0 for none. */
  readonly delay: number;
  /** Most bytes between two waits; 0 for as many as there are. */
  readonly throttle: number;
  /** Comes after so many whole frames of a direction and so many bytes of the next one. */
  readonly stop?: {
    readonly kind: Stop;
    readonly direction: 'down' | 'up';
    readonly frames: number;
    readonly bytes: number;
  };
}

export const plainPlan: ConnectionPlan = { greeting: 'pass', cut: 'whole', delay: 0, throttle: 0 };

/** `harmless`: everything arrives, whatever its timing. `harmful`: some connections break. */
export type Mood = 'harmless' | 'harmful';

/** Bytes of a frame after which a stop is worth it: before it, in its header, at the border, in its payload. */
const placesInFrame = [0, 1, 5, 8, 9, 10, 14];

export function drawPlan(random: Random, mood: Mood): ConnectionPlan {
  const base: ConnectionPlan = {
    greeting: 'pass',
    cut: random.pick(['whole', 'bytes', 'frames', 'pieces']),
    delay: random.chance(0.3) ? random.integer(1, 4) : 0,
    throttle: random.chance(0.15) ? random.integer(8_000, 64_000) : 0,
  };
  if (mood === 'harmful' && random.chance(0.12)) {
    return { ...base, greeting: random.pick(['silent', 'fin', 'rst']) };
  }
  const kinds: readonly Stop[] =
    mood === 'harmful' ? ['fin', 'rst', 'half-close', 'stall', 'pause'] : ['pause'];
  if (!random.chance(0.75)) {
    return base;
  }
  return {
    ...base,
    stop: {
      kind: random.pick(kinds),
      direction: random.chance(0.75) ? 'down' : 'up',
      // The first frames are SETTINGS and the like; most calls have some more.
      frames: random.chance(0.8) ? random.integer(0, 12) : random.integer(0, 80),
      bytes: random.pick(placesInFrame),
    },
  };
}

/** Bytes at the beginning that go one by one, and the longest piece after them: it has to come to an end. */
const singleBytes = 800;
const longestPiece = 3000;

/**
 * How many of the next bytes go in one piece.
 * @param untilBorder bytes to the next border of a frame
 */
export function pieceLength(
  plan: ConnectionPlan,
  at: { readonly position: number; readonly untilBorder: number },
  random: Random,
): number {
  const most = plan.throttle > 0 ? plan.throttle : Number.POSITIVE_INFINITY;
  switch (plan.cut) {
    case 'whole':
      return most;
    case 'frames':
      return Math.min(most, at.untilBorder);
    case 'bytes':
      return at.position < singleBytes ? 1 : Math.min(most, at.untilBorder);
    case 'pieces':
      return Math.min(most, random.integer(1, longestPiece));
  }
}
