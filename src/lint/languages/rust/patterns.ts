import type { Node } from 'web-tree-sitter';
import type { Target } from '../../program/syntax';
import { childrenOf, fieldOf, spanOf } from '../shared/nodes';
import { type Place, textOf } from './source';

/** Before another pattern. */
const transparent = new Set([
  'mut_pattern',
  'ref_pattern',
  'reference_pattern',
  'captured_pattern',
  'match_pattern',
  'or_pattern',
]);

/** What a pattern binds. What `Some(x)` and `Ok(x)` hold counts as the value itself. */
export function targetOf(node: Node, place: Place): Target {
  const span = spanOf(node);
  const ignored: Target = { kind: 'ignored', parts: [], span };
  const children = childrenOf(node).filter(({ type }) => type !== 'mutable_specifier');
  if (transparent.has(node.type)) {
    const [first] = node.type === 'captured_pattern' ? children.slice(-1) : children;
    return first === undefined ? ignored : targetOf(first, place);
  }
  switch (node.type) {
    case 'identifier':
    case 'shorthand_field_identifier': {
      const name = textOf(node, place);
      // `None` and constants bind nothing.
      return /^[A-Z]/.test(name) ? ignored : { kind: 'name', name, span };
    }
    case 'tuple_pattern':
      return { kind: 'list', items: children.map((item) => targetOf(item, place)), span };
    case 'tuple_struct_pattern': {
      const type = fieldOf(node, 'type');
      const items = children.filter(({ id }) => id !== type?.id);
      const [only] = items;
      if (only !== undefined && items.length === 1) {
        return targetOf(only, place);
      }
      return {
        kind: 'object',
        entries: items.map((item, at) => ({ key: String(at), target: targetOf(item, place) })),
        span,
      };
    }
    case 'struct_pattern':
      return { kind: 'object', entries: children.flatMap((field) => entryOf(field, place)), span };
    default:
      return ignored;
  }
}

function entryOf(field: Node, place: Place): { key: string; target: Target }[] {
  const name = fieldOf(field, 'name');
  if (field.type !== 'field_pattern' || name === undefined) {
    return [];
  }
  const pattern = fieldOf(field, 'pattern') ?? name;
  return [{ key: textOf(name, place), target: targetOf(pattern, place) }];
}
