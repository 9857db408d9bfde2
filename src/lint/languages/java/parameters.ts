import type { Node } from 'web-tree-sitter';
import type { Parameter } from '../../program/syntax';
import { type LanguagePlace, textOf } from '../jvm/place';
import { childOfType, fieldOf, spanOf } from '../shared/nodes';

/** The parameters of a method or lambda; their names are known in `place` from then on. */
export function parametersOf(list: Node, place: LanguagePlace): Parameter[] {
  const nodes = list.type === 'identifier' ? [list] : list.namedChildren;
  const parameters = nodes.flatMap((node) => parameterOf(node, place));
  for (const { name } of parameters) {
    place.names.declare(name);
  }
  return parameters;
}

function parameterOf(node: Node, place: LanguagePlace): Parameter[] {
  const span = spanOf(node);
  if (node.type === 'identifier') {
    return [{ name: textOf(node, place), span }];
  }
  if (node.type === 'formal_parameter') {
    const [name, type] = [fieldOf(node, 'name'), fieldOf(node, 'type')];
    return name === undefined
      ? []
      : [
          {
            name: textOf(name, place),
            ...(type === undefined ? {} : { type: textOf(type, place) }),
            span,
          },
        ];
  }
  if (node.type === 'spread_parameter') {
    const declarator = childOfType(node, 'variable_declarator');
    const name = declarator === undefined ? undefined : fieldOf(declarator, 'name');
    return name === undefined ? [] : [{ name: textOf(name, place), isRest: true, span }];
  }
  return [];
}
