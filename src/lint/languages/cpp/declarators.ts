import type { Node } from 'web-tree-sitter';
import { childrenOf, fieldOf } from '../shared/nodes';
import { type Place, textOf } from './source';

/** What stands between a type and the end of a declaration: `*name`, `&name`, `[a, b]`, `name(…)`. */
export interface Declarator {
  /** Undefined where there is no name: `void f(int)`. */
  readonly name: Node | undefined;
  /** `*`, `&`, `&&`, `**`. */
  readonly marks: string;
  /** With the parameters. */
  readonly fn: Node | undefined;
  /** `[a, b]` */
  readonly binding: Node | undefined;
}

const wrappers: Readonly<Record<string, string>> = {
  pointer_declarator: '*',
  abstract_pointer_declarator: '*',
  reference_declarator: '&',
  abstract_reference_declarator: '&',
  parenthesized_declarator: '',
  array_declarator: '[]',
  attributed_declarator: '',
};

export function declaratorOf(node: Node | undefined): Declarator {
  let marks = '';
  let fn: Node | undefined;
  let each = node;
  while (each !== undefined) {
    const mark = wrappers[each.type];
    if (mark !== undefined) {
      marks += fn === undefined ? mark : '';
      each = fieldOf(each, 'declarator') ?? childrenOf(each).at(-1);
    } else if (each.type === 'function_declarator') {
      fn ??= each;
      each = fieldOf(each, 'declarator');
    } else {
      break;
    }
  }
  const binding = each?.type === 'structured_binding_declarator' ? each : undefined;
  return { name: binding === undefined ? each : undefined, marks, fn, binding };
}

/** A type with what its declarator adds: `grpc::ClientContext*`; undefined for `auto`. */
export function typeText(
  type: Node | undefined,
  { marks }: Pick<Declarator, 'marks'>,
  place: Place,
): string | undefined {
  return type === undefined || type.type === 'placeholder_type_specifier'
    ? undefined
    : textOf(type, place) + marks;
}
