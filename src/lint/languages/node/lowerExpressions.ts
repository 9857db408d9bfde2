import type { Node } from 'web-tree-sitter';
import type {
  Argument,
  Expression,
  Literal,
  ObjectEntry,
  ObjectLiteral,
  Span,
  Target,
} from '../../program/syntax';
import { other, same, spanOf } from '../shared/nodes';
import { functionTypes, isPlain, type Lowering, partsOf, stringValue, textOf } from './lowering';

/** Every expression of JavaScript, TypeScript and JSX. What has no counterpart keeps its parts. */
export function lowerExpression(lowering: Lowering, node: Node): Expression {
  const { type } = node;
  const span = spanOf(node);
  if (functionTypes.has(type)) {
    return { kind: 'closure', definition: lowering.fn(node), span };
  }
  switch (type) {
    case 'identifier':
    case 'shorthand_property_identifier':
    case 'this':
    case 'super':
    case 'import':
    case 'type_identifier':
      return { kind: 'name', name: textOf(lowering, node), span };
    case 'undefined':
    case 'null':
      return { kind: 'literal', value: null, span };
    case 'true':
    case 'false':
      return { kind: 'literal', value: type === 'true', span };
    case 'number':
      return lowerNumber(lowering, node, span);
    case 'string':
    case 'template_string':
      return lowerString(lowering, node, span);
    case 'member_expression':
      return lowerMember(lowering, node, span);
    case 'subscript_expression':
      return lowerSubscript(lowering, node, span);
    case 'call_expression':
    case 'new_expression':
      return lowerCall(lowering, node, span);
    case 'parenthesized_expression':
    case 'await_expression':
    case 'as_expression':
    case 'satisfies_expression':
    case 'non_null_expression':
    case 'instantiation_expression':
      return lowerWrapped(lowering, node, partsOf(lowering, node)[0]);
    case 'type_assertion':
      return lowerWrapped(lowering, node, partsOf(lowering, node).at(-1));
    case 'sequence_expression':
      return lowerSequence(lowering, node, span);
    case 'array':
      return {
        kind: 'list',
        items: partsOf(lowering, node).map((item) => lowering.expression(item)),
        span,
      };
    case 'object':
      return lowerObject(lowering, node, span);
    case 'ternary_expression': {
      const [condition, ...options] = partsOf(lowering, node).map((part) =>
        lowering.expression(part),
      );
      return { kind: 'choice', ...(condition === undefined ? {} : { condition }), options, span };
    }
    case 'binary_expression':
      return lowerBinary(lowering, node, span);
    case 'unary_expression':
      return lowerUnary(lowering, node, span);
    case 'assignment_expression':
    case 'augmented_assignment_expression': {
      const { target, value } = lowerAssignment(lowering, node);
      return { kind: 'assignment', target, value, span };
    }
    case 'class':
      return { kind: 'statements', body: [lowering.classStatement(node)], span };
    default:
      return other(
        node,
        partsOf(lowering, node).map((part) => lowering.expression(part)),
      );
  }
}

/** `a = b`, `a += b`, `a ??= b`: what is written where. */
export function lowerAssignment(lowering: Lowering, node: Node) {
  const left = node.childForFieldName('left');
  const right = node.childForFieldName('right');
  const value: Expression = right === null ? other(node) : lowering.expression(right);
  const target =
    left === null
      ? ({ kind: 'ignored', parts: [], span: spanOf(node) } as const)
      : typedTarget(lowering, lowering.target(left));
  const operator = node.childForFieldName('operator')?.text;
  if (left === null || operator === undefined) {
    return { target, value };
  }
  return { target, value: combined(operator.slice(0, -1), lowering.expression(left), value, node) };
}

function typedTarget({ types }: Lowering, target: Target): Target {
  const type = target.kind === 'name' ? types.get(target.name) : undefined;
  return target.kind === 'name' && type !== undefined ? { ...target, type } : target;
}

function combined(operator: string, left: Expression, right: Expression, node: Node): Expression {
  const span = spanOf(node);
  return operator === '||' || operator === '??' || operator === '&&'
    ? { kind: 'choice', options: [left, right], span }
    : { kind: 'binary', operator, left, right, span };
}

function lowerWrapped(lowering: Lowering, node: Node, inner: Node | undefined): Expression {
  return inner === undefined ? other(node) : same(node, lowering.expression(inner));
}

function lowerNumber(lowering: Lowering, node: Node, span: Span): Expression {
  const written = textOf(lowering, node).replaceAll('_', '');
  const value = Number(written);
  // A BigInt (`5n`) is no number for any of the libraries.
  return Number.isNaN(value) ? other(node) : { kind: 'literal', value, span };
}

function lowerString(lowering: Lowering, node: Node, span: Span): Expression {
  const value = stringValue(lowering.text, node);
  if (value === undefined) {
    const parts = partsOf(lowering, node)
      .filter(({ type }) => type === 'template_substitution')
      .flatMap((part) => partsOf(lowering, part).map((inner) => lowering.expression(inner)));
    return other(node, parts);
  }
  const written = lowering.text.slice(span.from + 1, span.to - 1);
  return {
    kind: 'literal',
    value,
    span,
    ...(isPlain(written) ? { plainFrom: span.from + 1 } : {}),
  };
}

function lowerMember(lowering: Lowering, node: Node, span: Span): Expression {
  const parts = partsOf(lowering, node);
  const [object] = parts;
  const property = parts.at(-1);
  return object === undefined || property === undefined || object === property
    ? other(node)
    : {
        kind: 'member',
        object: lowering.expression(object),
        name: textOf(lowering, property),
        nameSpan: spanOf(property),
        span,
      };
}

function lowerSubscript(lowering: Lowering, node: Node, span: Span): Expression {
  const parts = ['object', 'index'].flatMap((field) => {
    const part = node.childForFieldName(field);
    return part === null ? [] : [lowering.expression(part)];
  });
  const [object, index] = parts;
  return object !== undefined && index?.kind === 'literal' && typeof index.value === 'string'
    ? { kind: 'member', object, name: index.value, nameSpan: insideQuotes(index), span }
    : other(node, parts);
}

function insideQuotes({ span }: Literal): Span {
  return { from: span.from + 1, to: span.to - 1 };
}

function lowerCall(lowering: Lowering, node: Node, span: Span): Expression {
  const parts = partsOf(lowering, node);
  const [callee] = parts;
  const last = parts.length > 1 ? parts.at(-1) : undefined;
  // `new X`, and a template with a tag.
  const list = last?.type === 'arguments' ? last : undefined;
  const isNew = node.type === 'new_expression';
  if (callee === undefined || (list === undefined && !isNew)) {
    return other(
      node,
      parts.map((part) => lowering.expression(part)),
    );
  }
  const types = list === undefined ? undefined : parts.slice(1, -1).find(isTypes);
  return {
    kind: 'call',
    callee: lowering.expression(callee),
    arguments:
      list === undefined
        ? []
        : partsOf(lowering, list).map((item) => lowerArgument(lowering, item)),
    argumentsSpan: list === undefined ? { from: span.to, to: span.to } : spanOf(list),
    ...(isNew ? { creates: true } : {}),
    ...(types === undefined
      ? {}
      : { typeArguments: partsOf(lowering, types).map((type) => textOf(lowering, type)) }),
    span,
  };
}

function isTypes({ type }: Node): boolean {
  return type === 'type_arguments';
}

function lowerArgument(lowering: Lowering, node: Node): Argument {
  const span = spanOf(node);
  const [inner] = node.type === 'spread_element' ? partsOf(lowering, node) : [];
  return inner === undefined
    ? { value: lowering.expression(node), span }
    : { value: lowering.expression(inner), spread: 'list', span };
}

function lowerSequence(lowering: Lowering, node: Node, span: Span): Expression {
  const body = partsOf(lowering, node).map((part) => {
    const value = lowering.expression(part);
    return { kind: 'expression', value, span: value.span } as const;
  });
  return { kind: 'statements', body, span };
}

function lowerBinary(lowering: Lowering, node: Node, span: Span): Expression {
  const parts = partsOf(lowering, node);
  const [left, right] = parts;
  if (left === undefined || right === undefined) {
    return other(
      node,
      parts.map((part) => lowering.expression(part)),
    );
  }
  const between = lowering.text.slice(left.endIndex, right.startIndex);
  const operator = between.replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '').trim();
  const [a, b] = [lowering.expression(left), lowering.expression(right)];
  switch (operator) {
    case '||':
    case '??':
      return { kind: 'choice', options: [a, b], span };
    case '&&':
      return { kind: 'choice', condition: a, options: [b], span };
    default:
      return { kind: 'binary', operator, left: a, right: b, span };
  }
}

function lowerUnary(lowering: Lowering, node: Node, span: Span): Expression {
  const argument = node.childForFieldName('argument');
  if (argument === null) {
    return other(node);
  }
  const operator = node.childForFieldName('operator')?.type ?? '';
  const value = lowering.expression(argument);
  if (operator === '+') {
    // `+date` is `Number(date)`.
    const callee = {
      kind: 'name',
      name: 'Number',
      span: { from: span.from, to: span.from + 1 },
    } as const;
    return {
      kind: 'call',
      callee,
      arguments: [{ value, span: value.span }],
      argumentsSpan: value.span,
      span,
    };
  }
  return operator === 'void' ? other(node, [value]) : { kind: 'unary', operator, value, span };
}

function lowerObject(lowering: Lowering, node: Node, span: Span): ObjectLiteral {
  const entries: ObjectEntry[] = [];
  const spreads: Expression[] = [];
  let isOpen = false;
  for (const part of partsOf(lowering, node)) {
    if (part.type === 'spread_element') {
      spreads.push(...partsOf(lowering, part).map((inner) => lowering.expression(inner)));
      continue;
    }
    const entry = lowerEntry(lowering, part);
    if (entry === undefined) {
      isOpen = true;
      spreads.push(
        other(
          part,
          partsOf(lowering, part).map((inner) => lowering.expression(inner)),
        ),
      );
    } else {
      entries.push(entry);
    }
  }
  return { kind: 'object', entries, isOpen, spreads, span };
}

/** `key: value`, `key`, `key() {}`; undefined when the key is computed. */
function lowerEntry(lowering: Lowering, node: Node): ObjectEntry | undefined {
  const { type } = node;
  if (type === 'shorthand_property_identifier') {
    const key = textOf(lowering, node);
    return { key, keySpan: spanOf(node), value: lowering.expression(node) };
  }
  const isMethod = type === 'method_definition';
  const parts = isMethod ? [] : partsOf(lowering, node);
  const name = isMethod ? node.childForFieldName('name') : parts[0];
  const value = isMethod ? node : parts[1];
  const key = name === null || name === undefined ? undefined : keyOf(lowering, name);
  return name === null || name === undefined || value === undefined || key === undefined
    ? undefined
    : { key, keySpan: keySpan(name), value: lowering.expression(value) };
}

/** The name of a property as the program knows it; undefined when it is computed. */
export function keyOf(lowering: Lowering, name: Node): string | undefined {
  switch (name.type) {
    case 'string':
      return stringValue(lowering.text, name);
    case 'computed_property_name': {
      const [inner] = partsOf(lowering, name);
      return inner?.type === 'string' ? stringValue(lowering.text, inner) : undefined;
    }
    default:
      return textOf(lowering, name);
  }
}

/** Without quotes, so that another key can be written there. */
function keySpan(name: Node): Span {
  const span = spanOf(name);
  return name.type === 'string' ? { from: span.from + 1, to: span.to - 1 } : span;
}
