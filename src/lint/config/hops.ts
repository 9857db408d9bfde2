import type { Milliseconds } from '../program/value';

/** Something between client and server. */
export interface Hop {
  /** For messages: `AWS NLB`. */
  readonly name: string;
  /** 4: passes bytes on, a PING counts as traffic. 7: speaks HTTP/2 itself, a PING ends there. */
  readonly layer: 4 | 7;
  /** After which it drops a connection without traffic; undefined when it has none of its own. */
  readonly idleTimeout?: Milliseconds;
  /** Whether a PING resets that timeout; undefined when it isn't known. */
  readonly pingResetsIdle?: boolean;
  /** Whether it spreads calls, not connections, over the servers. */
  readonly balancesCalls: boolean;
}
