import { nearest } from '../../grpc/nearest';
import type { FileVariable, Span } from '../file/syntax';
import { dynamicValue } from './dynamic';
import { findReferences, type Reference } from './references';
import { type Replaced, replaceReferences } from './replace';
import type { Scope } from './scope';

/** A reference that has no value. */
export interface ReferenceProblem {
  /** In the text that was given. */
  readonly span: Span;
  readonly message: string;
}

export interface TextValue extends Replaced {
  readonly problems: readonly ReferenceProblem[];
}

/** More than anybody writes: a few lines that each refer to the next one twice would take all memory and time. */
const mostReferences = 10_000;
const deepest = 100;
/** Longest value, and longest text with all its values, in UTF-16 units. */
const longestValue = 16 * 1024 * 1024;
const longestText = 64 * 1024 * 1024;

/** How a value was come to. */
interface Way {
  /** Names of the variables that are being replaced, each by a reference in the one before. */
  readonly names: readonly string[];
  /** What the whole text has cost so far. */
  readonly spent: { references: number };
}

type Value =
  | { readonly ok: true; readonly value: string }
  | { readonly ok: false; readonly message: string };

/**
 * The values of variables for one run of a file. A variable of the file is computed once; it notes which secrets were
 * used.
 */
export class Values {
  readonly #variables: ReadonlyMap<string, FileVariable>;
  readonly #computed = new Map<string, Value>();
  readonly #secrets = new Map<string, string>();
  #dynamicValues = 0;

  constructor(variables: readonly FileVariable[]) {
    // The first of a name: a second one is a mistake that is shown at its place.
    this.#variables = new Map(variables.toReversed().map((it) => [it.name.text, it]));
  }

  /** Values of the secrets that any text has used so far. */
  get secrets(): readonly string[] {
    return [...this.#secrets.values()];
  }

  /** How many values have been made that are other ones each time, such as a timestamp. */
  get dynamicValues(): number {
    return this.#dynamicValues;
  }

  /** A text with every reference replaced; those without a value stand as they are, with a problem each. */
  async fill(text: string, syntax: 'text' | 'json', scope: Scope): Promise<TextValue> {
    if (!text.includes('{{')) {
      return { text, originOf: (offset) => offset, problems: [] };
    }
    const problems: ReferenceProblem[] = [];
    const values = new Map<number, string>();
    let length = text.length;
    for (const reference of findReferences(text)) {
      const value = await this.#valueOf(reference, scope, { names: [], spent: { references: 0 } });
      length += value.ok ? value.value.length : 0;
      if (!value.ok) {
        problems.push({ span: reference.span, message: value.message });
      } else if (length > longestText) {
        const message = `With the values of its variables the text is longer than ${longestText} characters.`;
        problems.push({ span: reference.span, message });
        break;
      } else {
        values.set(reference.span.from, value.value);
      }
    }
    const filled = replaceReferences(text, syntax, ({ span }) => values.get(span.from));
    return { ...filled, problems };
  }

  async #valueOf(reference: Reference, scope: Scope, way: Way): Promise<Value> {
    way.spent.references++;
    switch (reference.kind) {
      case 'malformed':
        return { ok: false, message: reference.message };
      case 'dynamic':
        this.#dynamicValues++;
        return dynamicValue(reference.name, reference.args);
      case 'variable':
        return this.#variable(reference.name, scope, way);
    }
  }

  async #variable(name: string, scope: Scope, way: Way): Promise<Value> {
    const given = scope.overrides.get(name) ?? scope.captures.get(name);
    if (given !== undefined) {
      return { ok: true, value: given };
    }
    const variable = this.#variables.get(name);
    if (variable !== undefined) {
      return this.#computed.get(name) ?? this.#compute(name, variable.value.text, scope, way);
    }
    const { environment } = scope;
    const text = environment?.variables.get(name);
    if (text !== undefined) {
      return this.#expand(name, text, scope, way);
    }
    if (environment?.secrets.includes(name)) {
      return this.#secret(name, scope);
    }
    return { ok: false, message: unknownVariable(name, this.#names(scope), environment?.name) };
  }

  async #compute(name: string, text: string, scope: Scope, way: Way): Promise<Value> {
    const value = await this.#expand(name, text, scope, way);
    if (value.ok) {
      this.#computed.set(name, value);
    }
    return value;
  }

  async #expand(name: string, text: string, scope: Scope, { names, spent }: Way): Promise<Value> {
    const inner: Way = { names: [...names, name], spent };
    if (names.includes(name)) {
      return { ok: false, message: `A variable refers to itself: ${inner.names.join(' → ')}.` };
    }
    if (names.length >= deepest) {
      return { ok: false, message: `Variables refer to each other more than ${deepest} deep.` };
    }
    const values = new Map<number, string>();
    let length = text.length;
    for (const reference of findReferences(text)) {
      const value = await this.#valueOf(reference, scope, inner);
      if (!value.ok) {
        // At a hundred names nobody reads all of them.
        const message =
          names.length < 10 ? `${name} has no value. ${value.message}` : value.message;
        return { ok: false, message };
      }
      length += value.value.length;
      if (length > longestValue) {
        return {
          ok: false,
          message: `The value of ${name} is longer than ${longestValue} characters.`,
        };
      }
      if (spent.references > mostReferences) {
        return {
          ok: false,
          message: `Variables refer to each other more than ${mostReferences} times.`,
        };
      }
      values.set(reference.span.from, value.value);
    }
    const { text: value } = replaceReferences(text, 'text', ({ span }) => values.get(span.from));
    return { ok: true, value };
  }

  async #secret(name: string, scope: Scope): Promise<Value> {
    const known = this.#secrets.get(name);
    if (known !== undefined) {
      return { ok: true, value: known };
    }
    const answer = await scope.secret(name);
    if (answer.ok) {
      this.#secrets.set(name, answer.value);
    }
    return answer;
  }

  #names({ overrides, captures, environment }: Scope): string[] {
    return [
      ...this.#variables.keys(),
      ...overrides.keys(),
      ...captures.keys(),
      ...(environment?.variables.keys() ?? []),
      ...(environment?.secrets ?? []),
    ];
  }
}

function unknownVariable(
  name: string,
  names: readonly string[],
  environment: string | undefined,
): string {
  const meant = nearest(name, names);
  if (meant !== undefined) {
    return `There is no variable ${name}. Did you mean ${meant}?`;
  }
  return environment === undefined
    ? `There is no variable ${name}: no line "@${name} = …" stands in the file, and no environment of a frameline.json holds for it.`
    : `There is no variable ${name}: no line "@${name} = …" stands in the file, and the environment ${environment} has none.`;
}
