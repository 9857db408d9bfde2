import type { Span } from './syntax';
import { type Instance, placesMade, type Value } from './value';

/** Something that was made to give a deadline. */
interface Made {
  readonly span: Span;
  /** `context.WithTimeout` */
  readonly what: string;
}

/** What one function makes to give a deadline, and whether anybody looks at it again. */
export class MadeDeadlines {
  readonly #made = new Map<number, Made>();
  readonly #used = new Set<number>();

  add(value: Value): void {
    for (const instance of instancesIn(value)) {
      for (const span of placesMade(instance)) {
        if (!this.#made.has(span.from)) {
          this.#made.set(span.from, { span, what: instance.why ?? 'a deadline' });
        }
      }
    }
  }

  use(value: Value): void {
    if (this.#made.size === 0) {
      return;
    }
    for (const { from } of instancesIn(value).flatMap(placesMade)) {
      this.#used.add(from);
    }
  }

  unused(): readonly Made[] {
    return [...this.#made.values()].filter(({ span }) => !this.#used.has(span.from));
  }
}

function instancesIn(value: Value): readonly Instance[] {
  switch (value.kind) {
    case 'instance':
      return [value];
    case 'tuple':
      return value.items.flatMap(instancesIn);
    case 'either':
      return value.options.flatMap(instancesIn);
    default:
      return [];
  }
}
