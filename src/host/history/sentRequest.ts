/** What was sent in a call, as it was written; kept for the history. */
export class SentRequest {
  readonly #messages: string[] = [];
  #length = 0;
  #leftOut = 0;
  #ended = false;

  /** Texts kept of one call: a stream may run for days. */
  static readonly limits = { messages: 1000, characters: 4 * 1024 * 1024 };

  get messages(): readonly string[] {
    return this.#messages;
  }

  /** Messages that were sent and are not among `messages`. */
  get leftOut(): number {
    return this.#leftOut;
  }

  /** Whether the caller has said that no more messages follow. */
  get ended(): boolean {
    return this.#ended;
  }

  add(message: string): void {
    const { messages, characters } = SentRequest.limits;
    this.#length += message.length;
    if (this.#messages.length < messages && this.#length <= characters) {
      this.#messages.push(message);
    } else {
      this.#leftOut++;
    }
  }

  end(): void {
    this.#ended = true;
  }
}
