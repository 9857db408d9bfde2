import { type Direction, FrameFlag, type FrameHeader } from '../wire/frame';

/** PINGs remembered at a time: a peer that floods must not fill memory. */
const LIMIT = 1024;

/** PINGs that wait for their ACK, both ways (RFC 9113 section 6.7). */
export class OpenPings {
  readonly #entries = new Map<string, number>();

  /** For an ACK: the entry of the PING that it answers. A PING is remembered as `entry`. */
  match(
    connection: number,
    direction: Direction,
    header: FrameHeader,
    opaque: Uint8Array,
    entry: number,
  ): number | undefined {
    const isAck = (header.flags & FrameFlag.Ack) !== 0;
    const sender = (direction === 'sent') === isAck ? 'peer' : 'here';
    const key = `${connection}/${sender}/${Buffer.from(opaque).toString('hex', 0, 8)}`;
    if (!isAck) {
      // Of two PINGs with the same opaque data the ACK answers the newer one.
      if (this.#entries.size < LIMIT || this.#entries.has(key)) {
        this.#entries.set(key, entry);
      }
      return undefined;
    }
    const ping = this.#entries.get(key);
    this.#entries.delete(key);
    return ping;
  }
}
