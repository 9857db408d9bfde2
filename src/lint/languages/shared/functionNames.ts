import type { Statement } from '../../program/syntax';

/**
 * The names that one function binds. In Python and Ruby a name that a function assigns is the function's own,
 * whatever the file calls by that name.
 */
export class FunctionNames {
  readonly #bound = new Set<string>();
  readonly #parameters = new Set<string>();
  /** Of `global` and `nonlocal`. */
  readonly #foreign = new Set<string>();

  constructor(readonly around: FunctionNames | undefined) {}

  bindName(name: string): void {
    this.#bound.add(name);
  }

  /** A parameter is the function's own already. */
  bindParameter(name: string): void {
    this.#bound.add(name);
    this.#parameters.add(name);
  }

  /** Whether it is a variable of this function, as far as it has been read. */
  owns(name: string): boolean {
    return this.#bound.has(name);
  }

  /** `global name`: belongs to somebody around. */
  share(name: string): void {
    this.#foreign.add(name);
  }

  #isBound(name: string): boolean {
    return (this.#bound.has(name) && !this.#foreign.has(name)) || this.#isBoundAround(name);
  }

  #isBoundAround(name: string): boolean {
    const { around } = this;
    return around === undefined ? false : around.#isBound(name);
  }

  /** Makes the names that something around binds too into variables of this function. */
  shadows(at: number): Statement[] {
    const span = { from: at, to: at };
    return [...this.#bound]
      .filter((name) => !this.#foreign.has(name) && !this.#parameters.has(name))
      .filter((name) => this.#isBoundAround(name))
      .map((name) => ({
        kind: 'assign',
        target: { kind: 'name', name, span },
        value: { kind: 'other', parts: [], span },
        declares: true,
        span,
      }));
  }
}
