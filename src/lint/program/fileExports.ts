import {
  calledName,
  containerOf,
  type Export,
  exportName,
  type FileExports,
  portable,
} from '../index/exports';
import type { FileScope } from './fileScope';
import type { ClassNode, FunctionNode } from './syntax';
import type { Value } from './value';

/** `this.stub =`, `self._prices: Stub =`, `@stub ||=`. */
const assignedField = /(?:\b(?:this|self)\.|@)([A-Za-z_$][\w$]*)\s*(?::[^=\n;]{0,80}|\|\|)?=(?!=)/g;

/** What other files can use of a file: its variables and functions, and the members of its classes. */
export function exportsOf(scope: FileScope, isTelling: (text: string) => boolean): FileExports {
  const { file } = scope;
  const container = containerOf(file.family, file.path, file.program);
  const textOf = ({ span }: FunctionNode) => file.text.slice(span.from, span.to);
  const classes: string[] = [];
  const members: Export[] = [];

  const add = (name: string, held: Value | undefined): void => {
    const value = held === undefined ? undefined : portable(held);
    if (value !== undefined) {
      members.push({ name, value });
    }
  };
  const given = (name: string, fn: FunctionNode): void => {
    if (isTelling(textOf(fn))) {
      add(calledName(name), scope.resultOf(fn));
    }
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
      add(`${className}.${name}`, scope.memberOf(className, name));
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
    add(exportName(container, name), scope.valueOf(name));
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
