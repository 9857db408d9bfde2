import type { ClassNode, Program } from '../../program/syntax';

/** The types that a file declares. */
export class FileTypes {
  readonly structs = new Map<string, ClassNode>();
  /** Their text, by name. */
  readonly interfaces = new Map<string, string>();
  /** `type A = B` and `type A B`: the other type as written, by name. */
  readonly aliases = new Map<string, string>();

  /** Those that are no structs. */
  outline(): ReadonlyMap<string, string> {
    return new Map([...this.interfaces, ...this.aliases]);
  }
}

const known = new WeakMap<Program, FileTypes>();
const none = new FileTypes();

export function rememberTypes(program: Program, types: FileTypes): void {
  known.set(program, types);
}

export function typesOf(program: Program): FileTypes {
  return known.get(program) ?? none;
}
