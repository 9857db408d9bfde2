/** What a class of the file says of itself. */
export interface OwnMembers {
  readonly names: ReadonlySet<string>;
  /** Without type arguments. */
  readonly supers: readonly string[];
}

/** The names that can be written without an object in a class of the file. */
export type Members = ReadonlyMap<string, ReadonlySet<string>>;

/** With those of the classes of the file that each class extends. */
export function withInherited(own: ReadonlyMap<string, OwnMembers>): Members {
  const all = new Map<string, ReadonlySet<string>>();
  for (const [name, { names, supers }] of own) {
    const found = new Set(names);
    const seen = new Set([name]);
    for (let parents = supers; parents.length > 0; ) {
      const known = parents.filter((parent) => own.has(parent) && !seen.has(parent));
      for (const parent of known) {
        seen.add(parent);
        for (const member of own.get(parent)?.names ?? []) {
          found.add(member);
        }
      }
      parents = known.flatMap((parent) => own.get(parent)?.supers ?? []);
    }
    all.set(name, found);
  }
  return all;
}
