import type { ClassNode, Program } from '../../program/syntax';

const names = new WeakMap<Program, ReadonlySet<string>>();

/** Whether the file has a class with this name, at its top or inside another one. */
export function isOwnClass(name: string, program: Program): boolean {
  let known = names.get(program);
  if (known === undefined) {
    known = new Set(
      program.declarations.flatMap((declaration) =>
        declaration.kind === 'class' ? namesIn(declaration) : [],
      ),
    );
    names.set(program, known);
  }
  return known.has(name);
}

function namesIn({ name, classes }: ClassNode): string[] {
  return [name, ...classes.flatMap(namesIn)];
}
