import type { CallSnapshot, CallTiming } from '../../protocol';

export interface Phase {
  readonly id: 'resolve' | 'connect' | 'tls' | 'send' | 'wait' | 'receive' | 'finish';
  readonly label: string;
  /** Microseconds since the call began. */
  readonly from: number;
  readonly to: number;
}

const steps: readonly {
  readonly id: Phase['id'];
  readonly label: string;
  readonly end: keyof CallTiming;
}[] = [
  { id: 'resolve', label: 'Resolve', end: 'resolved' },
  { id: 'connect', label: 'Connect', end: 'connected' },
  { id: 'tls', label: 'TLS', end: 'tlsDone' },
  { id: 'send', label: 'Send headers', end: 'headersSent' },
  { id: 'wait', label: 'Wait for first byte', end: 'firstByte' },
  { id: 'receive', label: 'Messages', end: 'lastMessage' },
  { id: 'finish', label: 'Finish', end: 'ended' },
];

/** The call's time cut into phases. A step that has not happened, or not in this order, takes no time. */
export function phases(timing: CallTiming): Phase[] {
  let from = 0;
  const out: Phase[] = [];
  for (const { id, label, end } of steps) {
    const to = timing[end];
    if (typeof to === 'number' && to > from) {
      out.push({ id, label, from, to });
      from = to;
    }
  }
  return out;
}

/**
 * Microseconds that the whole strip stands for. While the call runs the deadline is the scale, so that the
 * rest is what is left; afterwards only a deadline that was close is worth its room.
 */
export function stripScale(snapshot: CallSnapshot, elapsed: number): number {
  const deadline = snapshot.deadline === undefined ? 0 : snapshot.deadline * 1000;
  const end = snapshot.timing.ended ?? elapsed;
  if (snapshot.phase !== 'ended') {
    return Math.max(deadline, elapsed, 1);
  }
  return deadline > 0 && deadline < end * 3 ? Math.max(deadline, end) : Math.max(end, 1);
}
