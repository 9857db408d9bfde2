import { containerOf, type Export, exportName, type FileExports, portable } from '../index/exports';
import type { FileScope } from './fileScope';
import type { ClassNode, FunctionNode } from './syntax';

/** `this.stub =`, `self._prices: Stub =`, `@stub ||=`. */
const assignedField = /(?:\b(?:this|self)\.|@)([A-Za-z_$][\w$]*)\s*(?::[^=\n;]{0,80}|\|\|)?=(?!=)/g;

/** What other files can use of a file: its variables and functions, and the members of its classes. */
export function exportsOf(scope: FileScope, isTelling: (text: string) => boolean): FileExports {
  const { file } = scope;
  const container = containerOf(file.family, file.path, file.program);
  const textOf = ({ span }: FunctionNode) => file.text.slice(span.from, span.to);
  const classes: string[] = [];
  const members: Export[] = [];

  const add = (name: string, value: Export): void => {
    if (value.value !== undefined || value.result !== undefined) {
      members.push({ ...value, name });
    }
  };
  const given = (name: string, fn: FunctionNode): void => {
    const result = isTelling(textOf(fn)) ? portable(scope.resultOf(fn)) : undefined;
    add(name, result === undefined ? { name } : { name, result });
  };
  const addClass = (
    className: string,
    node: ClassNode | undefined,
    fns: readonly FunctionNode[],
  ) => {
    const before = members.length;
    const written = fns.filter((fn) => isTelling(textOf(fn))).map(textOf);
    const fields = new Set([
      ...(node?.fields ?? []).map(({ name }) => name),
      ...written.flatMap((text) => [...text.matchAll(assignedField)].map(([, name = '']) => name)),
    ]);
    for (const name of fields) {
      const value = scope.memberOf(className, name);
      const kept = value === undefined ? undefined : portable(value);
      add(`${className}.${name}`, kept === undefined ? { name } : { name, value: kept });
    }
    for (const fn of fns) {
      given(`${className}.${fn.name}`, fn);
    }
    if (members.length > before) {
      classes.push(className);
    }
    for (const inner of node?.classes ?? []) {
      addClass(inner.name, inner, inner.methods);
    }
  };

  for (const name of scope.variables()) {
    const value = portable(scope.valueOf(name));
    add(exportName(container, name), value === undefined ? { name } : { name, value });
  }
  const outside = new Map<string, FunctionNode[]>();
  for (const declaration of file.program.declarations) {
    if (declaration.kind === 'function' && declaration.owner === undefined) {
      given(exportName(container, declaration.name), declaration);
    } else if (declaration.kind === 'function' && declaration.owner !== undefined) {
      outside.set(declaration.owner, [...(outside.get(declaration.owner) ?? []), declaration]);
    }
  }
  for (const declaration of file.program.declarations) {
    if (declaration.kind === 'class') {
      const methods = outside.get(declaration.name) ?? [];
      outside.delete(declaration.name);
      addClass(declaration.name, declaration, [...declaration.methods, ...methods]);
    }
  }
  for (const [owner, methods] of outside) {
    addClass(owner, undefined, methods);
  }
  return { family: file.family, classes, members };
}
