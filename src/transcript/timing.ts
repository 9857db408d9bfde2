/** Microseconds since the call began; a member is absent until it has happened. */
export interface CallTiming {
  readonly resolved?: number;
  readonly connected?: number;
  readonly tlsDone?: number;
  readonly headersSent?: number;
  readonly firstByte?: number;
  /** The last message received. */
  readonly lastMessage?: number;
  readonly ended?: number;
  /** True when the call went over a connection that was open before. */
  readonly reusedConnection?: boolean;
}

export type MutableTiming = { -readonly [K in keyof CallTiming]: CallTiming[K] };
