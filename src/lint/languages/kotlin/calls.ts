import type { Node } from 'web-tree-sitter';
import type { Argument, Expression, Statement } from '../../program/syntax';
import { closure, methodReference, textOf } from '../jvm/place';
import { blockReceiver } from '../jvm/scopeFunctions';
import { childOfType, other, spanOf } from '../shared/nodes';
import { isValued } from './branches';
import { lambdaParameters } from './parameters';
import { calledName, codeIn, gotten, insideBlock, type KotlinPlace } from './place';

/** `a.b`, `a?.b`, `a::b`. */
export function navigation(node: Node, place: KotlinPlace): Expression {
  const [object, name] = codeIn(node);
  if (object === undefined || name === undefined) {
    return other(node, object === undefined ? [] : [place.lowering.expression(object, place)]);
  }
  const between = place.file.text.slice(object.endIndex, name.startIndex);
  const [nameSpan, span, text] = [spanOf(name), spanOf(node), textOf(name, place)];
  const target = place.lowering.expression(object, place);
  if (between.includes('::') && text !== 'class') {
    return /^[a-z(]/.test(textOf(object, place))
      ? methodReference(target, text, nameSpan, span)
      : other(node);
  }
  const member: Expression = { kind: 'member', object: target, name: text, nameSpan, span };
  return object.type === 'this_expression'
    ? gotten(member, `${place.className}.${text}`, place)
    : member;
}

/** The parts of a call, of which the grammar makes two where a block comes after the arguments. */
interface CallParts {
  readonly callee: Node;
  readonly list: Node | undefined;
  readonly block: Node | undefined;
}

function partsOf(node: Node): CallParts | undefined {
  const [first] = codeIn(node);
  if (first === undefined) {
    return undefined;
  }
  const list = childOfType(node, 'value_arguments');
  const block = childOfType(node, 'annotated_lambda');
  if (first.type === 'call_expression' && list === undefined && block !== undefined) {
    const inside = partsOf(first);
    if (inside !== undefined && inside.block === undefined) {
      return { ...inside, block };
    }
  }
  return { callee: first, list, block };
}

/** `f(x)`, `a.f(x) { … }`, `Type(x)`. */
export function callExpression(node: Node, place: KotlinPlace): Expression {
  const parts = partsOf(node);
  if (parts === undefined) {
    return other(node);
  }
  const { list, block } = parts;
  const lambda = block === undefined ? undefined : childOfType(block, 'lambda_literal');
  const values = list === undefined ? [] : codeIn(list);
  const count = values.length + (lambda === undefined ? 0 : 1);
  const callee = calleeOf(parts.callee, count, place);
  const name = callee.kind === 'name' || callee.kind === 'member' ? callee.name : '';
  const args = [
    ...values.map((value) => argumentOf(value, name, place)),
    ...(lambda === undefined
      ? []
      : [{ value: lambdaOf(lambda, name, place), isBlock: true, span: spanOf(lambda) }]),
  ];
  const end = callee.span.to;
  return called(
    {
      kind: 'call',
      callee,
      arguments: args,
      argumentsSpan: list === undefined ? { from: end, to: end } : spanOf(list),
      ...(/^[A-Z]/.test(name) ? { creates: true } : {}),
      span: spanOf(node),
    },
    place,
  );
}

function calleeOf(node: Node, args: number, place: KotlinPlace): Expression {
  if (node.type === 'identifier') {
    return calledName(node, args, place);
  }
  const [object, name] = node.type === 'navigation_expression' ? codeIn(node) : [];
  if (object === undefined || name === undefined) {
    return place.lowering.expression(node, place);
  }
  const written = textOf(name, place);
  return {
    kind: 'member',
    object: place.lowering.expression(object, place),
    name:
      object.type === 'this_expression'
        ? place.file.methodFor(place.className, written, args)
        : written,
    nameSpan: spanOf(name),
    span: spanOf(node),
  };
}

type Call = Extract<Expression, { kind: 'call' }>;

/** An extension function of the file gets its object as an argument; `with(x) { … }` is `x.run { … }`. */
function called(call: Call, { file }: KotlinPlace): Call {
  const { callee } = call;
  if (callee.kind === 'member' && file.extensions.has(callee.name)) {
    const { object, name, nameSpan } = callee;
    return {
      ...call,
      callee: { kind: 'name', name, span: nameSpan },
      arguments: [{ value: object, span: object.span }, ...call.arguments],
    };
  }
  const [object, block] = call.arguments;
  if (callee.kind === 'name' && callee.name === 'with' && object !== undefined && block) {
    const { span } = callee;
    return {
      ...call,
      callee: { kind: 'member', object: object.value, name: 'run', nameSpan: span, span },
      arguments: [block],
    };
  }
  return call;
}

function argumentOf(node: Node, callee: string, place: KotlinPlace): Argument {
  const parts = codeIn(node);
  const value = parts.at(-1);
  const span = spanOf(node);
  if (value === undefined) {
    return { value: other(node), span };
  }
  if (value.type === 'spread_expression') {
    const inside = codeIn(value).map((part) => place.lowering.expression(part, place));
    return { value: inside[0] ?? other(value), spread: 'list', span };
  }
  const lowered =
    value.type === 'lambda_literal'
      ? lambdaOf(value, callee, place)
      : place.lowering.expression(value, place);
  const [first] = parts;
  return parts.length > 1 && first !== undefined
    ? { value: lowered, name: textOf(first, place), span: spanOf(value) }
    : { value: lowered, span };
}

/** Scope functions whose block knows the object as `this`. */
const receiverBlocks = new Set(['apply', 'run', 'with']);

/** A lambda, the last value of which is its result; that of `apply` and `also` is their object. */
export function lambdaOf(node: Node, callee: string, place: KotlinPlace): Expression {
  const inside: KotlinPlace = {
    ...insideBlock(place),
    ...(receiverBlocks.has(callee) ? { receiver: blockReceiver } : {}),
  };
  const list = childOfType(node, 'lambda_parameters');
  const parameters = lambdaParameters(list, inside);
  if (list === undefined) {
    inside.names.declare('it');
  }
  const span = spanOf(node);
  const object = callee === 'apply' ? blockReceiver : (parameters[0]?.name ?? 'it');
  const body = (): readonly Statement[] => {
    if (callee === 'apply' || callee === 'also') {
      const end = { from: span.to, to: span.to };
      return [
        ...place.lowering.block(node, inside),
        { kind: 'return', value: { kind: 'name', name: object, span: end }, span: end },
      ];
    }
    return withResult(node, inside);
  };
  return { kind: 'closure', definition: closure(parameters, body, span, span), span };
}

/** The statements of a lambda; the value of the last one is what it gives. */
function withResult(node: Node, place: KotlinPlace): readonly Statement[] {
  const statements = place.lowering.block(node, place);
  const last = statements.at(-1);
  if (last?.kind === 'expression') {
    return [...statements.slice(0, -1), { kind: 'return', value: last.value, span: last.span }];
  }
  const result = codeIn(node).at(-1);
  const isBranched = last?.kind === 'if' || last?.kind === 'branches' || last?.kind === 'try';
  return isBranched && result !== undefined && isValued(result)
    ? [
        ...statements.slice(0, -1),
        { kind: 'return', value: place.lowering.expression(result, place), span: last.span },
      ]
    : statements;
}
