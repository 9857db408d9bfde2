import type { Node } from 'web-tree-sitter';
import { childOfType, fieldOf } from '../shared/nodes';
import { codeIn } from './place';

export interface IfParts {
  readonly condition: Node | undefined;
  readonly yes: Node | undefined;
  readonly no: Node | undefined;
}

export function ifParts(node: Node): IfParts {
  const condition = fieldOf(node, 'condition');
  const [yes, no] = codeIn(node).filter(({ id }) => id !== condition?.id);
  return { condition, yes, no };
}

export interface WhenEntry {
  /** None for `else`. */
  readonly conditions: readonly Node[];
  readonly body: Node | undefined;
}

export function whenEntries(node: Node): WhenEntry[] {
  return node.namedChildren
    .filter(({ type }) => type === 'when_entry')
    .map((entry) => ({
      conditions: entry.childrenForFieldName('condition').filter((each) => each !== null),
      body: codeIn(entry).at(-1),
    }));
}

/** The block that is tried, and those that catch. */
export function tryBlocks(node: Node): (Node | undefined)[] {
  const clauses = node.namedChildren.filter(({ type }) => type === 'catch_block');
  return [node, ...clauses].map((each) => childOfType(each, 'block'));
}

export function isLeaving({ type }: Node): boolean {
  return type === 'return_expression' || type === 'throw_expression';
}

const withoutValue: readonly string[] = [
  'assignment',
  'property_declaration',
  'for_statement',
  'while_statement',
  'do_while_statement',
  'function_declaration',
  'class_declaration',
];

/** Whether `if`, `when` or `try` has a value on every way, so that it can be the result of a block. */
export function isValued(node: Node | undefined): boolean {
  if (node === undefined) {
    return false;
  }
  switch (node.type) {
    case 'block':
      return isValued(codeIn(node).at(-1));
    case 'if_expression': {
      const { yes, no } = ifParts(node);
      return isValued(yes) && isValued(no);
    }
    case 'when_expression': {
      const entries = whenEntries(node);
      const hasElse = entries.some(({ conditions }) => conditions.length === 0);
      return hasElse && entries.every(({ body }) => isValued(body));
    }
    case 'try_expression':
      return tryBlocks(node).every(isValued);
    default:
      return !withoutValue.includes(node.type);
  }
}
