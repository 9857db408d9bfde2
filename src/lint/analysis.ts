import type { Fact } from './facts';
import type { Language } from './languages/language';
import type { LintContext } from './lintedFile';
import { Interpreter, type Unit, unitsOf } from './program/interpreter';
import type { FileFacts } from './program/semantics';
import type { Declaration, FunctionNode, Program, Span } from './program/syntax';

/** What was found out about one function, and what that rests on beside its own text. */
interface Remembered {
  readonly text: string;
  /** With spans relative to the start of the function. */
  readonly facts: readonly Fact[];
  /** Texts of functions, by their place in the file, that decided something here. */
  readonly others: readonly { readonly at: number; readonly text: string }[];
  /** Names whose assignments were looked for, and the texts of the functions that have some. */
  readonly written: readonly { readonly name: string; readonly texts: string }[];
}

export interface AnalysedFile {
  readonly path: string;
  readonly text: string;
  readonly program: Program;
}

/**
 * The facts of one file that is analysed again and again while it is edited: a function whose text did not
 * change, in a file whose outline did not change, keeps its facts.
 */
export class FileAnalysis {
  #outline = '';
  #context: { settings: unknown; generation: number } | undefined;
  #remembered = new Map<number, Remembered>();

  constructor(readonly language: Language) {}

  /** In no particular order. `problems` takes what could not be analysed, for the log. */
  facts({ path, text, program }: AnalysedFile, context: LintContext, problems: string[]): Fact[] {
    const file = fileFacts(path, text, program, context);
    const units = unitsOf(program);
    const texts = units.map(({ fn }) => (fn === undefined ? '' : sliceOf(text, fn.span)));
    const names = this.#tellingNames(program, units, texts);
    this.#forget(`${outlineOf(text, units)}\0${[...names].join(' ')}`, context);

    const interpreter = new Interpreter(file, this.language.semantics);
    const places = new Map(units.map(({ fn }, at) => [fn, at]));
    const remembered = new Map<number, Remembered>();
    const facts: Fact[] = [];
    for (const [at, unit] of units.entries()) {
      const from = unit.fn?.span.from ?? 0;
      const own = texts[at] ?? '';
      const known = this.#remembered.get(at);
      if (
        unit.fn !== undefined &&
        known !== undefined &&
        isCurrent(known, own, texts, interpreter)
      ) {
        remembered.set(at, known);
        facts.push(...known.facts.map((fact) => moved(fact, from)));
        continue;
      }
      if (unit.fn !== undefined && !this.#isInteresting(own, names)) {
        continue;
      }
      const found = this.#run(interpreter, unit, problems);
      if (found === undefined) {
        continue;
      }
      facts.push(...found.facts);
      if (unit.fn !== undefined && found.facts.every((fact) => isWithin(fact, unit.fn?.span))) {
        remembered.set(at, {
          text: own,
          facts: found.facts.map((fact) => moved(fact, -from)),
          others: [...found.touched].flatMap((fn) => otherOf(fn, places, texts)),
          written: [...found.written].map((name) => ({ name, texts: interpreter.writers(name) })),
        });
      }
    }
    this.#remembered = remembered;
    return facts;
  }

  #forget(outline: string, { settings, index }: LintContext): void {
    const same =
      this.#outline === outline &&
      this.#context?.settings === settings &&
      this.#context.generation === index.generation;
    if (!same) {
      this.#remembered.clear();
      this.#outline = outline;
      this.#context = { settings, generation: index.generation };
    }
  }

  #run(interpreter: Interpreter, unit: Unit, problems: string[]) {
    try {
      return interpreter.run(unit);
    } catch (error) {
      // Source that is nested without end, or an adapter that met what it doesn't know: the rest is still checked.
      const name = unit.fn?.name ?? 'the statements of the file';
      problems.push(`${name}: ${error instanceof Error ? error.message : String(error)}`);
      return undefined;
    }
  }

  /** Names that can stand for a stub or channel in functions that show nothing else of gRPC. */
  #tellingNames(program: Program, units: readonly Unit[], texts: readonly string[]): Set<string> {
    const names = new Set<string>();
    for (const declaration of program.declarations) {
      collectNames(declaration, names);
    }
    for (const [at, { fn }] of units.entries()) {
      const own = texts[at] ?? '';
      if (fn !== undefined && this.language.interesting.test(own)) {
        names.add(fn.name);
        for (const [, field = ''] of own.matchAll(assignedMember)) {
          names.add(field);
        }
      }
    }
    return names;
  }

  #isInteresting(text: string, names: ReadonlySet<string>): boolean {
    if (this.language.interesting.test(text)) {
      return true;
    }
    for (const [word] of text.matchAll(words)) {
      if (names.has(word)) {
        return true;
      }
    }
    return false;
  }
}

const words = /[A-Za-z_$][\w$]*/g;
/** `this.stub = `, `@stub ||= `, `s.conn, err := `, `client = `. */
const assignedMember = /([A-Za-z_$][\w$]*)\s*(?:,\s*[\w$.]+\s*)?(?:\|\||\?\?|:)?=(?!=)/g;

function collectNames(declaration: Declaration, names: Set<string>): void {
  if (declaration.kind === 'class') {
    for (const { name } of declaration.fields) {
      names.add(name);
    }
    for (const inner of declaration.classes) {
      collectNames(inner, names);
    }
  } else if (declaration.kind === 'statement') {
    const { statement } = declaration;
    if (statement.kind === 'declare') {
      names.add(statement.name);
    } else if (statement.kind === 'assign') {
      collectTarget(statement.target, names);
    }
  }
}

type Target = Extract<
  Extract<Declaration, { kind: 'statement' }>['statement'],
  { kind: 'assign' }
>['target'];

function collectTarget(target: Target, names: Set<string>): void {
  if (target.kind === 'name') {
    names.add(target.name);
  } else if (target.kind === 'list') {
    for (const item of target.items) {
      collectTarget(item, names);
    }
  } else if (target.kind === 'object') {
    for (const entry of target.entries) {
      collectTarget(entry.target, names);
    }
  }
}

function isCurrent(
  known: Remembered,
  text: string,
  texts: readonly string[],
  interpreter: Interpreter,
): boolean {
  return (
    known.text === text &&
    known.others.every((other) => texts[other.at] === other.text) &&
    known.written.every(({ name, texts: before }) => interpreter.writers(name) === before)
  );
}

function otherOf(
  fn: FunctionNode,
  places: ReadonlyMap<FunctionNode | undefined, number>,
  texts: readonly string[],
): { at: number; text: string }[] {
  const at = places.get(fn);
  const text = at === undefined ? undefined : texts[at];
  return at === undefined || text === undefined ? [] : [{ at, text }];
}

function fileFacts(path: string, text: string, program: Program, context: LintContext): FileFacts {
  const imports = new Map(program.imports.map(({ name, path: to }) => [name, to]));
  return {
    path,
    text,
    program,
    index: context.index,
    settings: context.settings,
    qualified(written) {
      const dot = written.search(/\.|::/);
      const first = dot < 0 ? written : written.slice(0, dot);
      const to = imports.get(first);
      return to === undefined ? written : to + (dot < 0 ? '' : written.slice(dot));
    },
  };
}

/** The file without what stands inside its functions. */
function outlineOf(text: string, units: readonly Unit[]): string {
  let outline = '';
  let at = 0;
  const bodies = units.flatMap(({ fn }) => (fn === undefined ? [] : [fn.bodySpan]));
  for (const { from, to } of bodies.sort((a, b) => a.from - b.from)) {
    if (from >= at) {
      outline += text.slice(at, from);
      at = to;
    }
  }
  return outline + text.slice(at);
}

function sliceOf(text: string, { from, to }: Span): string {
  return text.slice(from, to);
}

/** Members of facts that are offsets. */
const offsets = new Set(['from', 'to', 'textFrom']);

/** The same fact, `by` further on. Facts are plain data. */
function moved<Thing>(thing: Thing, by: number): Thing {
  if (by === 0 || typeof thing !== 'object' || thing === null) {
    return thing;
  }
  if (Array.isArray(thing)) {
    return thing.map((item) => moved(item, by)) as Thing;
  }
  return Object.fromEntries(
    Object.entries(thing).map(([key, value]) => [
      key,
      offsets.has(key) && typeof value === 'number' ? value + by : moved(value, by),
    ]),
  ) as Thing;
}

/** Whether no part of the fact stands outside: in a variable of the file, in another function. */
function isWithin(thing: unknown, span: Span | undefined): boolean {
  if (typeof thing !== 'object' || thing === null || span === undefined) {
    return true;
  }
  return Object.entries(thing).every(([key, value]) =>
    offsets.has(key) && typeof value === 'number'
      ? value >= span.from && value <= span.to
      : isWithin(value, span),
  );
}
