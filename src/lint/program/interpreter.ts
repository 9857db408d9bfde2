import type { Fact } from '../facts';
import type { FileExports } from '../index/exports';
import { isElsewhere } from '../index/exports';
import { exportsOf } from './fileExports';
import { FileScope } from './fileScope';
import type { FileFacts, Semantics } from './semantics';
import type { ClassNode, FunctionNode, Program } from './syntax';
import { joinDeadlines } from './value';

/** One part of a file that is interpreted by itself: a function, or what runs when the file is loaded. */
export interface Unit {
  /** Undefined for the file's own statements. */
  readonly fn: FunctionNode | undefined;
  readonly owner: ClassNode | undefined;
}

export interface UnitResult {
  readonly facts: readonly Fact[];
  /** Other functions whose bodies decided something here. */
  readonly touched: ReadonlySet<FunctionNode>;
  /** Fields and variables whose assignments were looked for in the whole file. */
  readonly written: ReadonlySet<string>;
}

/** Walks the functions of one file with what is known of every value, and collects what the adapter reports. */
export class Interpreter {
  readonly #scope: FileScope;

  constructor(
    readonly file: FileFacts,
    readonly semantics: Semantics,
  ) {
    this.#scope = new FileScope(file, semantics);
  }

  /** The texts of all functions that seem to assign something to a field or variable of this name. */
  writers(name: string): string {
    return this.#scope
      .writers(name)
      .map(({ span }) => this.file.text.slice(span.from, span.to))
      .join('\0');
  }

  /** @param isTelling whether the text of a function can have to do with gRPC: others give nothing */
  exports(isTelling: (text: string) => boolean): FileExports {
    return exportsOf(this.#scope, isTelling);
  }

  run(unit: Unit): UnitResult {
    const collector = new FactCollector();
    const grounds = this.#scope.startUnit();
    const walk =
      unit.fn === undefined
        ? this.#scope.moduleWalk(collector)
        : this.#scope.unitWalk(unit.fn, unit.owner, collector);
    walk.finish();
    return {
      facts: collector.facts(),
      touched: grounds.functions,
      written: grounds.names,
    };
  }
}

/** The parts of a file, in its order; functions inside functions belong to the outer one. */
export function unitsOf(program: Program): Unit[] {
  const units: Unit[] = [{ fn: undefined, owner: undefined }];
  const addClass = (owner: ClassNode): void => {
    for (const fn of owner.methods) {
      units.push({ fn, owner });
    }
    owner.classes.forEach(addClass);
  };
  for (const declaration of program.declarations) {
    if (declaration.kind === 'function') {
      units.push({ fn: declaration, owner: undefined });
    } else if (declaration.kind === 'class') {
      addClass(declaration);
    }
  }
  return units;
}

/** A loop's body or a `finally` is walked more than once: what is known of one place is then the worst of it. */
class FactCollector {
  readonly #facts = new Map<string, Fact>();

  add(fact: Fact): void {
    if (isElsewhere(fact)) {
      return;
    }
    const key = `${fact.kind} ${fact.span.from} ${fact.span.to}`;
    const known = this.#facts.get(key);
    if (known?.kind === 'call' && fact.kind === 'call') {
      const worse = joinDeadlines(known.deadline, fact.deadline) === known.deadline ? known : fact;
      this.#facts.set(key, worse);
    } else if (known === undefined) {
      this.#facts.set(key, fact);
    }
  }

  facts(): Fact[] {
    return [...this.#facts.values()];
  }
}

/** The name of what a function belongs to; '' for one of the file itself. */
export function ownerOf({ fn, owner }: Unit): string {
  return fn?.owner ?? owner?.name ?? '';
}

/** A function by what it belongs to and its name. */
export function keyOf(unit: Unit): string {
  return `${ownerOf(unit)}.${unit.fn?.name ?? ''}`;
}
