import type { Node } from 'web-tree-sitter';
import type {
  ClassNode,
  Expression,
  FieldNode,
  FunctionNode,
  Parameter,
  Statement,
} from '../../program/syntax';
import { other, spanOf } from '../shared/nodes';
import { keyOf } from './lowerExpressions';
import { functionTypes, type Lowering, partsOf, textOf, typeOf, typeText } from './lowering';

interface Part {
  readonly parameter: Parameter;
  /** What the body starts with because of it. */
  readonly first: readonly Statement[];
}

export function lowerFunction(
  lowering: Lowering,
  node: Node,
  parts: Partial<Pick<FunctionNode, 'name' | 'annotations' | 'span'>> = {},
): FunctionNode {
  const body = node.childForFieldName('body');
  const name = node.childForFieldName('name');
  const written = name === null || node.type === 'function_expression' ? '' : keyOf(lowering, name);
  const isMethod = node.type === 'method_definition';
  const isConstructor = isMethod && written === 'constructor';
  const returns = node.childForFieldName('return_type');
  const parameters = lowerParameters(lowering, node);
  return {
    kind: 'function',
    name: written ?? '',
    ...(isMethod ? { self: 'this' } : {}),
    parameters: parameters.map(({ parameter }) => parameter),
    ...(returns === null ? {} : { returnType: typeText(textOf(lowering, returns)) }),
    annotations: [],
    ...(isConstructor ? { isConstructor } : {}),
    span: spanOf(node),
    bodySpan: spanOf(body ?? node),
    body: () => [
      ...parameters.flatMap(({ first }) => first),
      ...(body === null ? [] : lowerBody(lowering, body)),
    ],
    ...parts,
  };
}

/** A block, or the expression that an arrow function returns. */
function lowerBody(lowering: Lowering, body: Node): Statement[] {
  return body.type === 'statement_block'
    ? lowering.block(partsOf(lowering, body))
    : [{ kind: 'return', value: lowering.expression(body), span: spanOf(body) }];
}

function lowerParameters(lowering: Lowering, node: Node): Part[] {
  const only = node.childForFieldName('parameter');
  const list = node.childForFieldName('parameters');
  const nodes = only !== null ? [only] : list === null ? [] : partsOf(lowering, list);
  return nodes
    .filter((each) => textOf(lowering, each) !== 'this' && each.type !== 'decorator')
    .map((each, at) => lowerParameter(lowering, each, at));
}

function lowerParameter(lowering: Lowering, node: Node, at: number): Part {
  const isTyped = node.type === 'required_parameter' || node.type === 'optional_parameter';
  const isDefault = node.type === 'assignment_pattern';
  const declared = isTyped
    ? node.childForFieldName('pattern')
    : isDefault
      ? node.childForFieldName('left')
      : node;
  const value = node.childForFieldName(isTyped ? 'value' : isDefault ? 'right' : 'value');
  const type = isTyped ? typeOf(lowering, node) : undefined;
  const isRest = declared?.type === 'rest_pattern';
  const pattern = isRest ? partsOf(lowering, declared)[0] : declared;
  const span = spanOf(node);
  const name = pattern?.type === 'identifier' ? textOf(lowering, pattern) : hiddenName(at);
  return {
    parameter: {
      name,
      ...(type === undefined ? {} : { type }),
      ...(value === null ? {} : { value: lowering.expression(value) }),
      ...(isRest ? { isRest } : {}),
      span,
    },
    first: [
      ...(pattern !== undefined && pattern !== null && pattern.type !== 'identifier'
        ? [takenApart(lowering, pattern, name)]
        : []),
    ],
  };
}

/** No name of the language: nothing else can mean it. */
function hiddenName(at: number): string {
  return `(parameter ${at})`;
}

/** `({ a, b })`: the parameter has no name of its own. */
function takenApart(lowering: Lowering, pattern: Node, name: string): Statement {
  const span = spanOf(pattern);
  return {
    kind: 'assign',
    target: lowering.target(pattern),
    value: { kind: 'name', name, span },
    declares: true,
    span,
  };
}

/** `constructor(private readonly client: Client)`: the fields that parameters are. */
function propertiesOf(lowering: Lowering, method: Node): FieldNode[] {
  const list = method.childForFieldName('parameters');
  return (list === null ? [] : partsOf(lowering, list)).flatMap((node) => {
    const isProperty =
      node.namedChildren.some(({ type }) => type === 'accessibility_modifier') ||
      /^readonly\b/.test(textOf(lowering, node));
    const { name, type } = lowerParameter(lowering, node, 0).parameter;
    return isProperty && type !== undefined
      ? [{ name, type, annotations: [], isStatic: false, span: spanOf(node) }]
      : [];
  });
}

/** A class, or the fields of an interface or object type, whose objects are known by it. */
export function lowerClass(
  lowering: Lowering,
  node: Node,
  name: string,
  annotations: readonly string[],
): ClassNode {
  const fields: FieldNode[] = [];
  const methods: FunctionNode[] = [];
  const body = node.childForFieldName('body') ?? node.childForFieldName('value');
  let decorators: string[] = [];
  for (const member of body === null ? [] : partsOf(lowering, body)) {
    if (member.type === 'decorator') {
      decorators.push(decoratorText(lowering, member));
      continue;
    }
    const noted = [...decorators, ...decoratorsOf(lowering, member)];
    decorators = [];
    addMember(lowering, member, noted, fields, methods);
  }
  return {
    kind: 'class',
    name,
    supers: supersOf(lowering, node),
    annotations: [...annotations, ...decoratorsOf(lowering, node)],
    fields,
    methods,
    classes: [],
    span: spanOf(node),
  };
}

function addMember(
  lowering: Lowering,
  member: Node,
  annotations: readonly string[],
  fields: FieldNode[],
  methods: FunctionNode[],
): void {
  const name = member.childForFieldName('name') ?? member.childForFieldName('property');
  const key = name === null ? undefined : keyOf(lowering, name);
  if (name === null || key === undefined) {
    if (member.type === 'class_static_block') {
      fields.push({
        name: '',
        value: staticBlock(lowering, member),
        annotations,
        isStatic: true,
        span: spanOf(member),
      });
    }
    return;
  }
  const span = spanOf(member);
  const before = lowering.text.slice(member.startIndex, name.startIndex);
  const isStatic = /\bstatic\b/.test(before);
  switch (member.type) {
    case 'method_definition': {
      const fn = lowering.fn(member, { annotations });
      if (fn.isConstructor === true) {
        fields.push(...propertiesOf(lowering, member));
      }
      if (/\bget\s+$/.test(before)) {
        fields.push({ name: key, value: called(fn), annotations, isStatic, span });
      } else {
        methods.push(fn);
      }
      break;
    }
    case 'public_field_definition':
    case 'field_definition':
    case 'property_signature': {
      const value = member.childForFieldName('value');
      const type = typeOf(lowering, member);
      if (value !== null && functionTypes.has(value.type)) {
        const typed = type === undefined ? annotations : [...annotations, type];
        methods.push({
          ...lowering.fn(value, { name: key, annotations: typed, span }),
          self: 'this',
        });
        break;
      }
      fields.push({
        name: key,
        ...(type === undefined ? {} : { type }),
        ...(value === null ? {} : { value: lowering.expression(value) }),
        annotations,
        isStatic,
        span,
      });
    }
  }
}

/** A getter is read like a field: its value is what a call gives. */
function called(fn: FunctionNode): Expression {
  const { span } = fn;
  const end = { from: span.to, to: span.to };
  return {
    kind: 'call',
    callee: { kind: 'closure', definition: fn, span },
    arguments: [],
    argumentsSpan: end,
    span,
  };
}

function staticBlock(lowering: Lowering, node: Node): Expression {
  const body = node.childForFieldName('body');
  return body === null
    ? other(node)
    : { kind: 'statements', body: lowering.block(partsOf(lowering, body)), span: spanOf(node) };
}

function supersOf(lowering: Lowering, node: Node): string[] {
  const heritage = node.namedChildren.find(({ type }) =>
    ['class_heritage', 'extends_type_clause'].includes(type),
  );
  if (heritage === undefined) {
    return [];
  }
  let text = textOf(lowering, heritage);
  while (/<[^<>]*>/.test(text)) {
    text = text.replace(/<[^<>]*>/g, '');
  }
  return text
    .split(/\bextends\b|\bimplements\b|,/)
    .flatMap((each) => (each.trim() === '' ? [] : [each.trim()]));
}

export function decoratorsOf(lowering: Lowering, node: Node): string[] {
  return node.namedChildren.flatMap((child) =>
    child.type === 'decorator' ? [decoratorText(lowering, child)] : [],
  );
}

/** Without its `@`: `Get(':id')`. */
function decoratorText(lowering: Lowering, node: Node): string {
  return textOf(lowering, node).slice(1);
}
