import type { LanguageId } from '../languages/language';
import type { Program, Span } from '../program/syntax';
import { type Entry, type Instance, unknown, type Value } from '../program/value';

/** Languages whose files use each other. */
export type Family = 'cpp' | 'csharp' | 'go' | 'jvm' | 'node' | 'python' | 'ruby' | 'rust';

/** What a variable or field of a file holds, or a function gives, as other files can use it. Plain data. */
export interface Export {
  /**
   * By the class or module that it belongs to: `Clients.listings`; alone where names are known everywhere
   * (`LISTINGS` in Ruby). For what a call of a function gives: `Clients.listings()`.
   */
  readonly name: string;
  readonly value: Value;
}

export interface FileExports {
  readonly family: Family;
  /** Classes with members among `members`. */
  readonly classes: readonly string[];
  readonly members: readonly Export[];
}

export function familyOf(id: LanguageId): Family {
  switch (id) {
    case 'java':
    case 'kotlin':
      return 'jvm';
    case 'javascript':
    case 'typescript':
    case 'tsx':
      return 'node';
    default:
      return id;
  }
}

/** What a file's own names stand under in other files: a package, a module, nothing. */
export function containerOf(family: Family, path: string, program: Program): string {
  switch (family) {
    case 'go':
    case 'jvm':
      return lastPart(program.packageName ?? '');
    case 'node':
    case 'python':
    case 'rust': {
      const parts = path.replace(/\.[^./\\]*$/, '').split(/[/\\]/);
      const file = parts.at(-1) ?? '';
      return (/^(?:index|__init__|mod)$/.test(file) ? parts.at(-2) : file) ?? '';
    }
    case 'cpp':
    case 'csharp':
    case 'ruby':
      return '';
  }
}

/** The name of a member of a class or module, as `Export.name` has it. */
export function exportName(container: string, name: string): string {
  return container === '' ? name : `${container}.${name}`;
}

/** The name of what a function gives. */
export function calledName(name: string): string {
  return `${name}()`;
}

/** The last two parts of a symbol's path; of a module's file name without its ending. */
export function exportNameOf(path: string): string {
  const match = /([\w$-]+)(?:\.[cm]?[jt]sx?)?(?:\.|::|#)([\w$]+)$/.exec(path);
  return match === null ? path : `${match[1]}.${match[2]}`;
}

export function lastPart(path: string): string {
  return /[^.:#/]*$/.exec(path)?.[0] ?? '';
}

/** The simple name of a type as written: `Clients` of `*clients.Clients`; undefined for lists, maps and the like. */
export function typeName(type: string): string | undefined {
  return /^[*&\s]*(?:const\s+)?(?:[\w$]+(?:\.|::))*([A-Za-z_$][\w$]*)[?!*&\s]*$/.exec(type)?.[1];
}

/** Stands for every place in another file. */
const elsewhere: Span = { from: -1, to: -1 };

/** Whether a part of a fact stands in another file. */
export function isElsewhere(thing: unknown): boolean {
  if (typeof thing !== 'object' || thing === null) {
    return false;
  }
  return Object.entries(thing).some(([key, value]) =>
    key === 'from' ? value === elsewhere.from : isElsewhere(value),
  );
}

/** The value without places and functions; undefined when nothing is left that others could use. */
export function portable(value: Value): Value | undefined {
  const copy = portableCopy(value);
  return isTelling(copy) ? copy : undefined;
}

function isTelling(value: Value): boolean {
  switch (value.kind) {
    case 'instance':
    case 'object of':
      return true;
    case 'tuple':
    // Go's results: a stub and what closes it.
    case 'list':
      return value.items.some(isTelling);
    default:
      return false;
  }
}

function portableCopy(value: Value): Value {
  switch (value.kind) {
    case 'constant': {
      const { plainFrom: _, ...rest } = value;
      return { ...rest, span: elsewhere };
    }
    case 'duration':
    case 'instant':
      return { ...value, span: elsewhere };
    case 'object':
      return { ...value, span: elsewhere, entries: new Map([...value.entries].map(portableEntry)) };
    case 'list':
    case 'tuple':
      return { ...value, items: value.items.map(portableCopy) };
    case 'either':
      return { ...value, options: value.options.map(portableCopy) };
    case 'function':
      return unknown;
    case 'instance':
      return portableInstance(value);
    case 'unknown':
    case 'symbol':
    case 'object of':
      return value;
  }
}

function portableEntry([key, entry]: readonly [string, Entry]): [string, Entry] {
  return [key, { value: portableCopy(entry.value), keySpan: elsewhere, span: elsewhere }];
}

function portableInstance({ made: _, alsoMade: __, properties, ...rest }: Instance): Instance {
  const copies = Object.entries(properties).map(([name, value]) => [name, portableCopy(value)]);
  return { ...rest, properties: Object.fromEntries(copies) };
}
