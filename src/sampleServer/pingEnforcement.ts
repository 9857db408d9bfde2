export interface PingPolicy {
  /** The shortest time in milliseconds between two PINGs that is no strike. */
  readonly minInterval: number;
  /** Strikes that are forgiven. */
  readonly maxStrikes: number;
}

/** What a gRPC server enforces when nobody configured it. */
export const defaultPingPolicy: PingPolicy = { minInterval: 300_000, maxStrikes: 2 };

/** Counts the PINGs of one connection as a gRPC server does (gRFC A8, "Server Enforcement"). */
export class PingEnforcement {
  readonly #policy: PingPolicy;
  #last: number | undefined;
  #pings = 0;
  #strikes = 0;

  constructor(policy: PingPolicy) {
    this.#policy = policy;
  }

  /**
   * A PING came.
   *
   * @param now Milliseconds on a monotonic clock.
   */
  ping(now: number) {
    const sinceLast = this.#last === undefined ? undefined : now - this.#last;
    this.#last = now;
    this.#pings++;
    if (sinceLast !== undefined && sinceLast < this.#policy.minInterval) {
      this.#strikes++;
    }
    return {
      pings: this.#pings,
      strikes: this.#strikes,
      sinceLast,
      tooMany: this.#strikes > this.#policy.maxStrikes,
    };
  }
}
