import { calledName, containerOf, exportName, exportNameOf, lastPart } from '../index/exports';
import type { FileFacts } from './semantics';
import type { FunctionNode } from './syntax';
import type { Value } from './value';

/** What the index knows of the workspace's other files, for the interpretation of one. */
export class OtherFiles {
  constructor(readonly file: FileFacts) {}

  /** What a symbol is or gives; undefined when no file says so. */
  symbol(path: string): Value | undefined {
    const { family, index } = this.file;
    return index.hasExports(family) ? this.#export(exportNameOf(path), false) : undefined;
  }

  /** A name of another file of the same package. */
  neighbour(name: string): Value | undefined {
    const { family, path, program } = this.file;
    const container = containerOf(family, path, program);
    return this.#export(exportName(container, name), false) ?? this.object(name);
  }

  /** An object of the class that this path ends with; undefined when none is known. */
  object(path: string): Value | undefined {
    const className = lastPart(path);
    return this.file.index.hasClass(this.file.family, className)
      ? { kind: 'object of', className }
      : undefined;
  }

  /** A field or method of a class. */
  member(className: string, name: string, isCalled: boolean): Value | undefined {
    return this.#export(exportName(className, name), isCalled);
  }

  #export(name: string, isCalled: boolean): Value | undefined {
    const { family, index } = this.file;
    const value = index.exported(family, name);
    const result = index.exported(family, calledName(name));
    if (value !== undefined && (result === undefined || !isCalled)) {
      return value;
    }
    return result === undefined ? undefined : functionGiving(name, result);
  }
}

/** A function of another file: there is nothing to be looked into here. */
function functionGiving(name: string, result: Value): Value {
  const nowhereInFile = { from: 0, to: 0 };
  const definition: FunctionNode = {
    kind: 'function',
    name,
    parameters: [],
    annotations: [],
    span: nowhereInFile,
    bodySpan: nowhereInFile,
    body: () => [],
  };
  return { kind: 'function', definition, result };
}
