import { FactMemory, type Remembered } from './factMemory';
import type { Fact } from './facts';
import { type FileExports, familyOf } from './index/exports';
import type { Language } from './languages/language';
import { mentionsConfigured } from './languages/shared/configuredNames';
import type { LintContext } from './lintedFile';
import { namesOf, Outline } from './outline';
import { Interpreter, keyOf, ownerOf, type Unit, unitsOf } from './program/interpreter';
import type { FileFacts } from './program/semantics';
import type { FunctionNode, Program, Span } from './program/syntax';

/** One part of the file that may have facts. */
interface Look {
  readonly unit: Unit;
  readonly text: string;
}

export interface AnalysedFile {
  readonly path: string;
  readonly text: string;
  readonly program: Program;
  /** Whether there are syntax errors in it. */
  readonly isBroken: boolean;
}

/**
 * The facts of one file that is analysed again and again while it is edited: a function whose text did not
 * change, in a file whose outline did not change, keeps its facts.
 */
export class FileAnalysis {
  readonly #memory = new FactMemory();
  /** Most files are looked at once: only from the second time on is anything remembered. */
  #isSeen = false;
  /** Apart, because a tree with syntax errors is not decided by the text alone. */
  #brokenMemory: FactMemory | undefined;

  constructor(readonly language: Language) {}

  /** In no particular order. `problems` takes what could not be analysed, for the log. */
  facts(source: AnalysedFile, context: LintContext, problems: string[]): Fact[] {
    const { file, units, interpreter, isTelling } = this.#prepare(source, context);
    const looks = units.flatMap((unit): Look[] => {
      const own = unit.fn === undefined ? '' : sliceOf(file.text, unit.fn.span);
      const counts = unit.fn === undefined || isTelling(own) || file.index.mayUse(file.family, own);
      return counts ? [{ unit, text: own }] : [];
    });
    if (!this.#isSeen) {
      this.#isSeen = true;
      return looks.flatMap(({ unit }) => this.#run(interpreter, unit, problems)?.facts ?? []);
    }
    const { text, program, isBroken } = source;
    const memory = this.#memoryOf(isBroken);
    memory.forget(new Outline(text, program, units, this.language.lineComment), context);
    return this.#remember(looks, units, memory, interpreter, problems);
  }

  /** The facts of each function as they are known, and else found out and remembered. */
  #remember(
    looks: readonly Look[],
    units: readonly Unit[],
    memory: FactMemory,
    interpreter: Interpreter,
    problems: string[],
  ): Fact[] {
    const byKey = textsByKey(units, interpreter.file.text);
    const remembered = new Map<string, Remembered>();
    const facts: Fact[] = [];
    for (const { unit, text } of looks) {
      const span = unit.fn?.span;
      const key = `${ownerOf(unit)}\0${text}`;
      const known = span === undefined ? undefined : memory.get(key);
      if (span !== undefined && known !== undefined && isCurrent(known, byKey, interpreter)) {
        remembered.set(key, known);
        facts.push(...known.facts.map((fact) => moved(fact, span.from)));
        continue;
      }
      const found = this.#run(interpreter, unit, problems);
      facts.push(...(found?.facts ?? []));
      if (
        found !== undefined &&
        span !== undefined &&
        found.facts.every((fact) => isWithin(fact, span))
      ) {
        const others = new Set(units.flatMap((other) => otherKey(other, found.touched)));
        remembered.set(key, {
          text,
          owner: ownerOf(unit),
          facts: found.facts.map((fact) => moved(fact, -span.from)),
          others: [...others].map((other) => ({ key: other, text: byKey.get(other) ?? '' })),
          written: [...found.written].map((name) => ({ name, texts: interpreter.writers(name) })),
        });
      }
    }
    memory.keep(remembered);
    return facts;
  }

  /** While the code is broken, what is found starts with what was found before it broke. */
  #memoryOf(isBroken: boolean): FactMemory {
    if (!isBroken) {
      this.#brokenMemory = undefined;
      return this.#memory;
    }
    this.#brokenMemory ??= this.#memory.copy();
    return this.#brokenMemory;
  }

  /** What other files can use of this one. */
  exports(source: AnalysedFile, context: LintContext): FileExports {
    const { interpreter, isTelling } = this.#prepare(source, context);
    return interpreter.exports(isTelling);
  }

  /** `isTelling` says of a function's text whether it can have to do with gRPC, by itself or by a name of the file. */
  #prepare({ path, text, program }: AnalysedFile, context: LintContext) {
    const file = fileFacts(path, text, program, this.language, context);
    const units = unitsOf(program);
    const showsIt = (own: string) =>
      this.language.interesting.test(own) || mentionsConfigured(context.settings.stubs, own);
    const names = tellingNames(file, units, showsIt);
    return {
      file,
      units,
      interpreter: new Interpreter(file, this.language.semantics),
      isTelling: (own: string) => showsIt(own) || mentionsAny(names, own),
    };
  }

  /** Forgets what was found in broken code. */
  settle(): void {
    this.#brokenMemory = new FactMemory();
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
}

/** Names that can stand for a stub or channel in functions that show nothing else of gRPC. */
function tellingNames(
  { program, text }: FileFacts,
  units: readonly Unit[],
  showsIt: (text: string) => boolean,
): Set<string> {
  const names = new Set(program.declarations.flatMap(namesOf));
  for (const { fn } of units) {
    const own = fn === undefined ? '' : sliceOf(text, fn.span);
    if (fn !== undefined && showsIt(own)) {
      names.add(fn.name);
      for (const [, field = ''] of own.matchAll(assignedMember)) {
        names.add(field);
      }
    }
  }
  return names;
}

function mentionsAny(names: ReadonlySet<string>, text: string): boolean {
  for (const [word] of text.matchAll(words)) {
    if (names.has(word)) {
      return true;
    }
  }
  return false;
}

const words = /[A-Za-z_$][\w$]*/g;
/** `this.stub = `, `@stub ||= `, `s.conn, err := `, `client = `. */
const assignedMember = /([A-Za-z_$][\w$]*)\s*(?:,\s*[\w$.]+\s*)?(?:\|\||\?\?|:)?=(?!=)/g;

function isCurrent(
  known: Remembered,
  byKey: ReadonlyMap<string, string>,
  interpreter: Interpreter,
): boolean {
  return (
    known.others.every(({ key, text }) => byKey.get(key) === text) &&
    known.written.every(({ name, texts: before }) => interpreter.writers(name) === before)
  );
}

function otherKey(unit: Unit, touched: ReadonlySet<FunctionNode>): readonly string[] {
  return unit.fn !== undefined && touched.has(unit.fn) ? [keyOf(unit)] : [];
}

/** The texts of functions; of those with the same name, all. */
function textsByKey(units: readonly Unit[], text: string): Map<string, string> {
  const byKey = new Map<string, string>();
  for (const unit of units) {
    const key = keyOf(unit);
    const own = unit.fn === undefined ? '' : sliceOf(text, unit.fn.span);
    byKey.set(key, `${byKey.get(key) ?? ''}${own}\0`);
  }
  return byKey;
}

function fileFacts(
  path: string,
  text: string,
  program: Program,
  language: Language,
  context: LintContext,
): FileFacts {
  const imports = new Map(program.imports.map(({ name, path: to }) => [name, to]));
  return {
    path,
    text,
    program,
    family: familyOf(language.id),
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
