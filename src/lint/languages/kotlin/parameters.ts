import type { Node } from 'web-tree-sitter';
import type { Parameter } from '../../program/syntax';
import { textOf } from '../jvm/place';
import { childOfType, spanOf } from '../shared/nodes';
import { isCode, type KotlinPlace } from './place';

const types: readonly string[] = [
  'user_type',
  'nullable_type',
  'function_type',
  'parenthesized_type',
  'non_nullable_type',
];

export function isType({ type }: Node): boolean {
  return types.includes(type);
}

export function typeIn(node: Node, place: KotlinPlace): string | undefined {
  const type = node.namedChildren.find(isType);
  return type === undefined ? undefined : textOf(type, place);
}

export function nameIn(node: Node, place: KotlinPlace): string {
  const name = childOfType(node, 'identifier');
  return name === undefined ? '' : textOf(name, place);
}

/** `(a: Int, vararg b: String = "x")`; the names are known in `place` from then on. */
export function parametersOf(list: Node | undefined, place: KotlinPlace): Parameter[] {
  const parameters: Parameter[] = [];
  let isRest = false;
  for (const node of (list?.namedChildren ?? []).filter(isCode)) {
    if (node.type === 'parameter_modifiers') {
      isRest = /\bvararg\b/.test(textOf(node, place));
    } else if (node.type === 'parameter') {
      parameters.push(parameterOf(node, isRest, place));
      isRest = false;
    } else {
      const last = parameters.pop();
      if (last !== undefined) {
        parameters.push({ ...last, value: place.lowering.expression(node, place) });
      }
    }
  }
  for (const { name } of parameters) {
    place.names.declare(name);
  }
  return parameters;
}

/** Those of a lambda; one that is taken apart has no name. */
export function lambdaParameters(list: Node | undefined, place: KotlinPlace): Parameter[] {
  return (list?.namedChildren ?? []).filter(isCode).map((node) => {
    if (node.type === 'multi_variable_declaration') {
      for (const variable of node.namedChildren) {
        place.names.declare(nameIn(variable, place));
      }
      return { name: '', span: spanOf(node) };
    }
    const parameter = parameterOf(node, false, place);
    place.names.declare(parameter.name);
    return parameter;
  });
}

function parameterOf(node: Node, isRest: boolean, place: KotlinPlace): Parameter {
  const type = typeIn(node, place);
  return {
    name: nameIn(node, place),
    ...(type === undefined || isRest ? {} : { type }),
    ...(isRest ? { isRest } : {}),
    span: spanOf(node),
  };
}
