import { type Implementation, implementationNames } from '../implementation';

/** Keys and indexes from the top of the config. */
export type JsonPath = readonly (string | number)[];

/** What is wrong at one place of a service config. */
export interface ServiceConfigIssue {
  /** Stable id: `service-config-timeout-fraction`. */
  readonly code: string;
  readonly path: JsonPath;
  /** `invalid`: the config is refused. `trap`: it is taken, without the effect that it seems to have. */
  readonly kind: 'invalid' | 'trap';
  readonly message: string;
  /** Set when it is so in these implementations only, and no one of them was asked for. */
  readonly only?: readonly Implementation[];
  /** What the key, or the value, has to be; only where that is certain. */
  readonly fix?: { readonly key: string } | { readonly value: string | number };
}

type Fix = NonNullable<ServiceConfigIssue['fix']>;

/** Collects issues for one implementation, or for a config of which nobody knows who will read it. */
export class Issues {
  readonly found: ServiceConfigIssue[] = [];
  readonly implementation: Implementation | undefined;

  constructor(implementation: Implementation | undefined) {
    this.implementation = implementation;
  }

  /** Whether the config is for one of these; also when it can be for anybody. */
  isFor(implementations: readonly Implementation[]): boolean {
    return this.implementation === undefined || implementations.includes(this.implementation);
  }

  /** Against the specification. `except`: those that take it all the same, where nothing is said. */
  invalid(
    path: JsonPath,
    message: string,
    more: { readonly fix?: Fix | undefined; readonly except?: readonly Implementation[] } = {},
  ): void {
    if (this.implementation !== undefined && more.except?.includes(this.implementation)) {
      return;
    }
    this.#add({ code: 'service-config-invalid', kind: 'invalid', path, message }, more.fix);
  }

  /** Valid, and without the effect that it seems to have, whoever reads it. */
  trap(code: string, path: JsonPath, message: string, fix?: Fix): void {
    this.#add({ code, kind: 'trap', path, message }, fix);
  }

  /** So in some implementations only; the message gets their names. */
  differs(
    implementations: readonly Implementation[],
    kind: ServiceConfigIssue['kind'],
    code: string,
    path: JsonPath,
    message: (names: string) => string,
    fix?: Fix,
  ): void {
    if (!this.isFor(implementations)) {
      return;
    }
    const one = this.implementation;
    const text = message(implementationNames(one === undefined ? implementations : [one]));
    const only = one === undefined ? { only: implementations } : {};
    this.#add({ code, kind, path, message: text, ...only }, fix);
  }

  #add(issue: ServiceConfigIssue, fix: Fix | undefined): void {
    this.found.push(fix === undefined ? issue : { ...issue, fix });
  }
}

/** `methodConfig[0].retryPolicy.maxAttempts` */
export function pathText(path: JsonPath): string {
  return path.reduce<string>(
    (text, part) =>
      typeof part === 'number' ? `${text}[${part}]` : text === '' ? part : `${text}.${part}`,
    '',
  );
}
