import { escapePattern } from './escapePattern';
import { ownerOf, type Unit } from './program/interpreter';
import type { ClassNode, Declaration, Program, Span, Statement, Target } from './program/syntax';

/** More names than this are not looked for one by one. */
const mostNames = 100;

/** What a file says outside of its functions: when it changes, what was found in functions may not hold any more. */
export class Outline {
  /** What all functions depend on. */
  readonly #common: string;
  /** Texts by the names that they declare. */
  readonly #parts = new Map<string, string>();
  /** What the functions of each name belong to. */
  readonly #functions = new Map<string, string>();

  constructor(text: string, program: Program, units: readonly Unit[], lineComment: string) {
    const imports = program.imports.map(({ name, path }) => `${name} ${path}`);
    this.#common = [
      program.packageName,
      ...imports,
      program.outline === undefined ? betweenFunctions(text, units, lineComment) : '',
    ].join('\n');
    for (const unit of units) {
      if (unit.fn !== undefined) {
        add(this.#functions, unit.fn.name, ownerOf(unit));
      }
    }
    if (program.outline === undefined) {
      return;
    }
    for (const [name, said] of program.outline) {
      add(this.#parts, name, said);
    }
    for (const declaration of program.declarations) {
      const own = ownText(declaration, text);
      for (const name of own === undefined ? [] : partNames(declaration)) {
        add(this.#parts, name, own ?? '');
      }
    }
  }

  /** Names that stand for something else now, directly or because what they are made of does. */
  changesSince(before: Outline): ReadonlySet<string> | 'everything' {
    if (before.#common !== this.#common) {
      return 'everything';
    }
    const changed = new Set([
      ...differing(this.#parts, before.#parts),
      ...differing(this.#functions, before.#functions),
    ]);
    for (let size = 0; size < changed.size; ) {
      size = changed.size;
      if (size > mostNames) {
        return 'everything';
      }
      const uses = mentions(changed);
      for (const [name, text] of [...this.#parts, ...before.#parts]) {
        if (uses.test(text)) {
          changed.add(name);
        }
      }
    }
    return changed;
  }
}

function add(texts: Map<string, string>, name: string, text: string): void {
  texts.set(name, `${texts.get(name) ?? ''}${text}\0`);
}

function differing(a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>): string[] {
  return [...a.keys(), ...b.keys()].filter((name) => a.get(name) !== b.get(name));
}

/** Matches a text in which one of the names stands. */
export function mentions(names: ReadonlySet<string>): RegExp {
  const any = [...names].map(escapePattern).join('|');
  return new RegExp(`(?<![\\w$])(?:${any})(?![\\w$])`);
}

/** Without the functions in it; they are looked at one by one. Undefined for a function. */
function ownText(declaration: Declaration, text: string): string | undefined {
  if (declaration.kind === 'function') {
    return undefined;
  }
  if (declaration.kind === 'statement') {
    const { from, to } = declaration.statement.span;
    return text.slice(from, to);
  }
  return without(text, declaration.span, methodsOf(declaration));
}

function methodsOf({ methods, classes }: ClassNode): Span[] {
  return [...methods.map(inside), ...classes.flatMap(methodsOf)];
}

/** Constructors keep their heads: what they take can be a field of the class. */
function inside({ isConstructor, bodySpan, span }: ClassNode['methods'][number]): Span {
  return isConstructor === true ? bodySpan : span;
}

function without(text: string, { from, to }: Span, spans: readonly Span[]): string {
  let rest = '';
  let at = from;
  for (const span of [...spans].sort((a, b) => a.from - b.from)) {
    if (span.from >= at) {
      rest += text.slice(at, span.from);
      at = span.to;
    }
  }
  return rest + text.slice(at, to);
}

/** Everything that stands in no function, but for lines that are comments. */
function betweenFunctions(text: string, units: readonly Unit[], lineComment: string): string {
  const spans = units.flatMap(({ fn }) => (fn === undefined ? [] : [inside(fn)]));
  return without(text, { from: 0, to: text.length }, spans)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith(lineComment))
    .join('\n');
}

/** Names that the rest of the file can use: classes, and variables of the file. */
function partNames(declaration: Declaration): string[] {
  return declaration.kind === 'class' ? [declaration.name] : namesOf(declaration);
}

/** Names of fields and of the file's variables. */
export function namesOf(declaration: Declaration): string[] {
  switch (declaration.kind) {
    case 'class':
      return [
        ...declaration.fields.map(({ name }) => name),
        ...declaration.classes.flatMap(namesOf),
      ];
    case 'statement':
      return namesIn(declaration.statement);
    case 'function':
      return [];
  }
}

/** Of branches too: what they assign is the file's as well. */
function namesIn(statement: Statement): string[] {
  switch (statement.kind) {
    case 'declare':
      return [statement.name];
    case 'assign':
      return targetNames(statement.target);
    case 'if':
      return [...statement.then, ...statement.otherwise].flatMap(namesIn);
    case 'branches':
      return statement.branches.flat().flatMap(namesIn);
    case 'try':
      return [...statement.body, ...statement.handlers.flat(), ...statement.last].flatMap(namesIn);
    case 'loop':
    case 'block':
      return statement.body.flatMap(namesIn);
    default:
      return [];
  }
}

function targetNames(target: Target): string[] {
  switch (target.kind) {
    case 'name':
      return [target.name];
    case 'list':
      return target.items.flatMap(targetNames);
    case 'object':
      return target.entries.flatMap(({ target: inner }) => targetNames(inner));
    default:
      return [];
  }
}
