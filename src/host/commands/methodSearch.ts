/** What of a method can be searched. */
export interface Searchable {
  /** Full service name. */
  readonly service: string;
  readonly method: string;
  /** Its kind, its server and whatever else stands in the list. */
  readonly more: string;
}

/**
 * The items that have every word of `query`, case ignored, those whose method name fits best first. A word may
 * be part of a name, or a whole method pasted as `market.v1.ListingService/GetListing`, with a slash or a dot.
 */
export function searchMethods<T extends Searchable>(query: string, items: readonly T[]): T[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) {
    return [...items];
  }
  return items
    .flatMap((item) => {
      const rank = rankOf(words, item);
      return rank === undefined ? [] : [{ item, rank }];
    })
    .sort((one, other) => one.rank - other.rank)
    .map(({ item }) => item);
}

/** Less is better; `undefined` when a word is not there. */
function rankOf(words: readonly string[], item: Searchable): number | undefined {
  const method = item.method.toLowerCase();
  const service = item.service.toLowerCase();
  const text = `${service}/${method} ${service}.${method} ${item.more.toLowerCase()}`;
  let rank = 2;
  for (const word of words) {
    // A path as it stands in HTTP/2 begins with a slash.
    const name = word.replace(/^\//, '');
    if (!text.includes(name)) {
      return undefined;
    }
    if (method.startsWith(name)) {
      rank = 0;
    } else if (method.includes(name)) {
      rank = Math.min(rank, 1);
    }
  }
  return rank;
}
