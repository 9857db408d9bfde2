import type { Place } from './environment';
import type { Expression, Target } from './syntax';
import type { Value } from './value';

interface Write {
  readonly target: Target;
  /** Undefined for a member. */
  readonly place: Place | undefined;
  readonly value: Value;
}

interface Fill {
  readonly className: string;
  readonly name: string;
  readonly value: Value;
}

/** Everything that one function assigns, in its order. */
export class Writes {
  readonly #writes: Write[] = [];
  /** Fields that literals of this file's classes give a value: `Server{client: c}`, `Server(client=c)`. */
  readonly #fills: Fill[] = [];

  add(target: Target, place: Place | undefined, value: Value): void {
    this.#writes.push({ target, place, value });
  }

  fill(className: string, name: string, value: Value): void {
    this.#fills.push({ className, name, value });
  }

  /** Those of a function inside. */
  addAll(inner: Writes): void {
    this.#writes.push(...inner.#writes);
    this.#fills.push(...inner.#fills);
  }

  /** What the variable at this place got. */
  to(place: Place): Value[] {
    return this.#writes.flatMap((write) => (write.place === place ? [write.value] : []));
  }

  /** What the member of an object got. */
  toMember(name: string, isIts: (object: Expression) => boolean): Value[] {
    return this.#writes.flatMap(({ target, value }) =>
      target.kind === 'member' && target.name === name && isIts(target.object) ? [value] : [],
    );
  }

  /** What a field got where an object of the class was made. */
  filled(className: string, field: string): Value[] {
    return this.#fills.flatMap(({ className: of, name, value }) =>
      of === className && name === field ? [value] : [],
    );
  }
}
