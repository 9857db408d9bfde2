import type { Connection } from './connection';

/** Milliseconds; shorter silences are the pauses of every connection, and say nothing. */
const shortest = 1_000;

/** How exact a timer is that counts as the same, in milliseconds and as a share: two crashes must not pass for one. */
const tolerance = { milliseconds: 50, share: 0.005 };

/**
 * Sees that two connections of a channel, one after the other, end after the same silence. A server that stops or
 * crashes may do so at any time; after the same silence twice it was somebody's timer. gRPC servers have one, too,
 * and send GOAWAY first.
 */
export class SilentEnds {
  #last = 0;

  /** Marks the silence of a connection that has ended when that of the one before was the same. */
  note(connection: Pick<Connection, 'silence'>): void {
    const { silence } = connection;
    if (silence === undefined || silence.milliseconds < shortest) {
      return;
    }
    const { milliseconds } = silence;
    const difference = Math.abs(milliseconds - this.#last);
    const repeated = difference <= Math.max(tolerance.milliseconds, milliseconds * tolerance.share);
    connection.silence = { milliseconds, repeated };
    this.#last = milliseconds;
  }
}
