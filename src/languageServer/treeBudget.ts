/** What keeps a tree that can be made again. */
export interface TreeHolder {
  readonly text: string;
  release(): void;
}

/** Keeps the trees of the documents that were used last, up to a length of all their texts together. */
export class TreeBudget<Holder extends TreeHolder> {
  readonly #longest: number;
  /** The one that was used last comes last. */
  readonly #holders = new Set<Holder>();

  /** @param longest in UTF-16 units; a tree takes some thirty bytes for each */
  constructor(longest: number) {
    this.#longest = longest;
  }

  /** Notes that a document is used, and takes the trees of those that weren't for the longest time. */
  use(used: Holder): void {
    this.#holders.delete(used);
    this.#holders.add(used);
    let sum = 0;
    for (const holder of [...this.#holders].reverse()) {
      sum += holder.text.length;
      if (sum > this.#longest && holder !== used) {
        this.delete(holder);
      }
    }
  }

  delete(holder: Holder): void {
    this.#holders.delete(holder);
    holder.release();
  }
}
