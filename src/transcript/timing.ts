import type { RecordBody } from './entry';

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

/** On a connection that was open before, connecting and TLS took none of this call's time. */
export function noteTiming(timing: MutableTiming, body: RecordBody, time: number): void {
  if ('error' in body && body.error) {
    return;
  }
  switch (body.kind) {
    case 'resolution':
      timing.resolved ??= time;
      return;
    case 'connect':
      if (body.reused) {
        timing.reusedConnection = true;
      } else {
        timing.connected ??= time;
      }
      return;
    case 'tls':
      if (!timing.reusedConnection) {
        timing.tlsDone ??= time;
      }
      return;
    default:
  }
}
