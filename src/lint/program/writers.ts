import { escapePattern } from '../escapePattern';
import type { FunctionNode } from './syntax';

/** Finds functions by what their texts seem to assign, make or call: cheaper than to walk all of them. */
export class Writers {
  readonly #found = new Map<string, readonly FunctionNode[]>();

  constructor(
    readonly text: string,
    readonly functions: readonly FunctionNode[],
  ) {}

  /** @param name of a field or variable; or what `makersOf` and `callersOf` give */
  of(name: string): readonly FunctionNode[] {
    const known = this.#found.get(name);
    if (known !== undefined) {
      return known;
    }
    const writes = writing(name);
    const found = this.functions.filter(({ bodySpan: { from, to } }) =>
      writes.test(this.text.slice(from, to)),
    );
    this.#found.set(name, found);
    return found;
  }
}

/** Stands for the functions that make objects of a class, among the names that functions write. */
export function makersOf(className: string): string {
  return `${className}{`;
}

/** Stands for the functions that call a class, or a function of the file. */
export function callersOf(name: string): string {
  return `${name}(`;
}

/**
 * `name =`, `name :=`, `name ||=`, `name: Type =`, `name, other =`, `[other, name] =`; `Class{`, `new(Class)` and
 * Rust's `Self {`; `name(` and Ruby's `name argument`.
 */
function writing(name: string): RegExp {
  if (name.endsWith('(')) {
    const called = escapePattern(name.slice(0, -1));
    return new RegExp(`(?<![\\w$.@])${called}(?:\\s*\\(|[ \\t]+[\\w@:$])`);
  }
  if (name.endsWith('{')) {
    const className = escapePattern(name.slice(0, -1));
    return new RegExp(
      `(?<![\\w$.])(?:${className}(?:\\[[^\\]\\n]*\\])?|Self)\\s*\\{|\\bnew\\(${className}\\)`,
    );
  }
  return new RegExp(
    `(?<![\\w$])${escapePattern(name)}\\s*(?:,[\\w\\s$.@*]+)*[\\])}]?\\s*(?::[^=\\n;]{0,80}|\\|\\||\\?\\?)?=(?!=)`,
  );
}
