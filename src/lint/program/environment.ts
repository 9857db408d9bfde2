import { join, type Value } from './value';

/**
 * Where a value is kept: `#3` is a variable, `this.stub` a field of the object, and `#3.deadline` or
 * `this.options.deadline` a member of one of these.
 */
export type Place = string;

/** Names of one block, and of those around it. */
export class Scope {
  static #last = 0;
  readonly #places = new Map<string, Place>();

  constructor(readonly parent: Scope | undefined) {}

  /** A new variable; hides those with the same name outside. */
  declare(name: string): Place {
    Scope.#last += 1;
    const place = `#${Scope.#last}`;
    this.#places.set(name, place);
    return place;
  }

  find(name: string): Place | undefined {
    return this.#places.get(name) ?? this.parent?.find(name);
  }

  names(): readonly string[] {
    return [...this.#places.keys()];
  }

  /** Only in this block. */
  own(name: string): Place | undefined {
    return this.#places.get(name);
  }
}

/** What is known of every place at one point of the program. */
export class State {
  readonly #values: Map<Place, Value>;
  /** Places of whose members something is known. */
  readonly #owners = new Set<Place>();
  /** Whether the program can be here at all: not after `return`. */
  reachable = true;

  constructor(values: Iterable<readonly [Place, Value]> = []) {
    this.#values = new Map(values);
  }

  /** Whether anything is known of a member of anything. */
  get knowsMembers(): boolean {
    return this.#owners.size > 0;
  }

  get(place: Place): Value | undefined {
    return this.#values.get(place);
  }

  /** What was known of its members is gone with the old value. */
  set(place: Place, value: Value): void {
    if (this.#owners.has(place)) {
      const members = `${place}.`;
      for (const known of this.#values.keys()) {
        if (known.startsWith(members)) {
          this.#values.delete(known);
        }
      }
    }
    this.#values.set(place, value);
    for (let dot = place.indexOf('.'); dot >= 0; dot = place.indexOf('.', dot + 1)) {
      this.#owners.add(place.slice(0, dot));
    }
  }

  fork(): State {
    const copy = new State(this.#values);
    copy.#own(this);
    copy.reachable = this.reachable;
    return copy;
  }

  /** Becomes what is known after either of them. A place that only one knows is known no more. */
  become(a: State, b: State = a): void {
    const from = a.reachable || !b.reachable ? a : b;
    const other = from === a && b.reachable ? b : from;
    const joined: [Place, Value][] = [];
    for (const [place, value] of from.#values) {
      const second = other.#values.get(place);
      if (second !== undefined) {
        joined.push([place, join(value, second)]);
      }
    }
    this.reachable = a.reachable || b.reachable;
    this.#own(a);
    this.#own(b);
    this.#values.clear();
    for (const [place, value] of joined) {
      this.#values.set(place, value);
    }
  }

  #own(other: State): void {
    for (const owner of other.#owners) {
      this.#owners.add(owner);
    }
  }

  /** Takes over what `inner`, which may or may not have run, knows of the places that are known here. */
  mayBecome(inner: State): void {
    for (const [place, value] of this.#values) {
      const second = inner.#values.get(place);
      if (second !== undefined && second !== value) {
        this.#values.set(place, join(value, second));
      }
    }
  }
}
