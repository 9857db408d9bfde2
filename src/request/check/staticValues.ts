import type { Environment } from '../../config/environments';
import { capturedNames } from '../expect/captures';
import type { FileVariable, RequestFile } from '../file/syntax';
import { dynamicValue } from '../variables/dynamic';
import { type Reference, variableNames } from '../variables/references';
import { replaceReferences } from '../variables/replace';

/** Where a variable's value comes from. */
export type ValueSource = 'file' | 'environment' | 'secret' | 'capture';

/** What a variable stands for, as far as it can be known without sending anything. */
export type StaticValue =
  | { readonly kind: 'known'; readonly value: string; readonly source: ValueSource }
  /** It has a value when the request is sent. */
  | { readonly kind: 'later'; readonly source: ValueSource }
  | { readonly kind: 'none' }
  /** It refers to itself. */
  | { readonly kind: 'cycle' };

/** A longer value, in UTF-16 units, is not looked at: a few lines that each refer to the next twice make gigabytes. */
const longest = 64 * 1024;
/** Variables that refer to each other deeper than that are refused when they are sent. */
const deepest = 100;

const none: StaticValue = { kind: 'none' };

/** A value of the kind that a dynamic one has, the same each time: a check must not depend on chance. */
const samples: Readonly<Record<string, string>> = {
  uuid: '00000000-0000-4000-8000-000000000000',
  timestamp: '1767225600',
  isoTimestamp: '2026-01-01T00:00:00.000Z',
};

/** Everything that `{{name}}` can mean in a file with an environment. */
export class StaticValues {
  readonly environment: Environment | undefined;
  /** The one that counts for each name: the first. */
  readonly variables = new Map<string, FileVariable>();
  /** Name to the index of the first request that captures it. */
  readonly captures = new Map<string, number>();
  readonly #known = new Map<string, StaticValue>();
  readonly #open = new Set<string>();

  /** @param captures names, for each request in the order of the file */
  constructor(
    variables: readonly FileVariable[],
    captures: readonly (readonly string[])[],
    environment: Environment | undefined,
  ) {
    this.environment = environment;
    for (const variable of variables) {
      if (!this.variables.has(variable.name.text)) {
        this.variables.set(variable.name.text, variable);
      }
    }
    for (const [index, names] of captures.entries()) {
      for (const name of names) {
        if (!this.captures.has(name)) {
          this.captures.set(name, index);
        }
      }
    }
  }

  static of(file: RequestFile, environment: Environment | undefined): StaticValues {
    const captures = file.requests.map(({ annotations }) => capturedNames(annotations));
    return new StaticValues(file.variables, captures, environment);
  }

  /** @param request index of the request that asks: it has what earlier ones captured. All, when it is left out */
  valueOf(name: string, request = Number.POSITIVE_INFINITY): StaticValue {
    if ((this.captures.get(name) ?? Number.POSITIVE_INFINITY) < request) {
      return { kind: 'later', source: 'capture' };
    }
    const known = this.#known.get(name);
    if (known) {
      return known;
    }
    if (this.#open.has(name)) {
      return { kind: 'cycle' };
    }
    if (this.#open.size >= deepest) {
      return { kind: 'later', source: 'file' };
    }
    this.#open.add(name);
    const value = this.#find(name);
    this.#open.delete(name);
    // What was found on the way round a circle holds for that way only.
    if (value.kind !== 'cycle' || this.#open.size === 0) {
      this.#known.set(name, value);
    }
    return value;
  }

  /** The text with every reference replaced; undefined when not all is known, or when it is too long. */
  resolved(text: string, request?: number): string | undefined {
    let isKnown = true;
    let room = longest;
    const replaced = replaceReferences(text, 'text', (reference) => {
      const value = isKnown ? this.sample(reference, request) : undefined;
      room -= value?.length ?? 0;
      isKnown &&= value !== undefined && room >= 0;
      return isKnown ? value : undefined;
    });
    return isKnown ? replaced.text : undefined;
  }

  /** What a reference stands for, or for a dynamic one could; undefined when it is not known. */
  sample(reference: Reference, request?: number): string | undefined {
    switch (reference.kind) {
      case 'variable': {
        const value = this.valueOf(reference.name, request);
        return value.kind === 'known' ? value.value : undefined;
      }
      case 'dynamic':
        return dynamicValue(reference.name, reference.args).ok
          ? (samples[reference.name] ?? reference.args[0] ?? '0')
          : undefined;
      case 'malformed':
        return undefined;
    }
  }

  #find(name: string): StaticValue {
    const variable = this.variables.get(name);
    if (variable) {
      return this.#ofFile(variable.value.text);
    }
    const value = this.environment?.variables.get(name);
    if (value !== undefined) {
      return this.#ofText(value, 'environment');
    }
    return this.environment?.secrets.includes(name) ? { kind: 'later', source: 'secret' } : none;
  }

  #ofFile(text: string): StaticValue {
    return this.#ofText(text, 'file');
  }

  #ofText(text: string, source: ValueSource): StaticValue {
    if (variableNames(text).some((name) => this.valueOf(name).kind === 'cycle')) {
      return { kind: 'cycle' };
    }
    const value = this.resolved(text);
    return value === undefined ? { kind: 'later', source } : { kind: 'known', value, source };
  }
}
