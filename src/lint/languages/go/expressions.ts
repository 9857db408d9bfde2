import type {
  Argument,
  Expression,
  FunctionNode,
  ObjectEntry,
  ObjectLiteral,
  Span,
} from '../../program/syntax';
import { spanOf } from '../shared/nodes';
import { literal, stringValue } from './literals';
import { type Part, partsOf, textOf } from './parts';

/** The method by which an element is read, as `semantics.call` sees it: `clients[i]`. */
export const indexMethod = '[]';
/** The function by which a type is asserted: `x.(T)`, with `T` as its type argument. */
export const assertion = '.(type)';

/** Makes a function of a function literal; `given` are the arguments that it is called with at once. */
export type LowerClosure = (part: Part, given?: readonly Expression[]) => FunctionNode;

/** Nodes that are types, as `make` and `new` take them. */
const types = new Set([
  'type_identifier',
  'qualified_type',
  'pointer_type',
  'slice_type',
  'array_type',
  'map_type',
  'channel_type',
  'function_type',
  'struct_type',
  'interface_type',
  'generic_type',
]);

/** Lowers expressions. */
export class Expressions {
  constructor(
    readonly source: string,
    readonly closure: LowerClosure,
  ) {}

  lower(part: Part): Expression {
    const { type, node } = part;
    switch (type) {
      case 'identifier':
      case 'field_identifier':
      case 'package_identifier': {
        const span = spanOf(node);
        return { kind: 'name', name: this.source.slice(span.from, span.to), span };
      }
      case 'selector_expression':
        return this.#selector(node);
      case 'call_expression':
        return this.#call(part);
      case 'interpreted_string_literal':
      case 'raw_string_literal':
      case 'int_literal':
      case 'float_literal':
      case 'nil':
      case 'true':
      case 'false':
        return literal(part, this.source);
      case 'composite_literal':
        return this.#composite(node);
      case 'unary_expression':
        return this.#unary(node);
      case 'binary_expression':
        return this.#binary(node);
      case 'parenthesized_expression':
      case 'slice_expression':
        return this.#same(node);
      case 'index_expression':
        return this.#index(node);
      case 'type_assertion_expression':
        return this.#assertion(node);
      case 'type_conversion_expression':
        return this.#conversion(node);
      case 'func_literal':
        return { kind: 'closure', definition: this.closure(part), span: spanOf(node) };
      case 'rune_literal':
      case 'imaginary_literal':
      case 'iota':
        return { kind: 'other', parts: [], span: spanOf(node) };
      default:
        return types.has(type)
          ? { kind: 'other', parts: [], span: spanOf(node) }
          : this.other(spanOf(node), partsOf(node));
    }
  }

  /** Something without a value, whose parts are still looked at. */
  other(span: Span, parts: readonly Part[]): Expression {
    return { kind: 'other', parts: parts.map((part) => this.lower(part)), span };
  }

  /** The expressions of a list; a single expression as it is. */
  list(part: Part | undefined): Expression[] {
    if (part === undefined) {
      return [];
    }
    const parts = part.type === 'expression_list' ? partsOf(part.node) : [part];
    return parts.map((each) => this.lower(each));
  }

  #selector(node: Part['node']): Expression {
    const [object, field] = partsOf(node);
    if (object === undefined || field === undefined) {
      return this.other(spanOf(node), partsOf(node));
    }
    const nameSpan = spanOf(field.node);
    return {
      kind: 'member',
      object: this.lower(object),
      name: this.source.slice(nameSpan.from, nameSpan.to),
      nameSpan,
      span: { from: node.startIndex, to: nameSpan.to },
    };
  }

  #call({ node }: Part): Expression {
    const span = spanOf(node);
    const parts = partsOf(node);
    const [callee] = parts;
    const list = parts.at(-1);
    if (callee === undefined || list?.type !== 'argument_list') {
      return this.other(span, parts);
    }
    const given = partsOf(list.node);
    const name = callee.type === 'identifier' ? textOf(callee, this.source) : '';
    const [first] = given;
    if (name === 'new' && given.length === 1 && first !== undefined) {
      return this.#object(first, [], span);
    }
    const args = given.map((part) => this.#argument(part));
    const inner = callee.type === 'parenthesized_expression' ? partsOf(callee.node)[0] : callee;
    return {
      kind: 'call',
      callee:
        inner?.type === 'func_literal'
          ? {
              kind: 'closure',
              definition: this.closure(
                inner,
                args.map(({ value }) => value),
              ),
              span: spanOf(inner.node),
            }
          : this.lower(callee),
      arguments: args,
      argumentsSpan: spanOf(list.node),
      span,
    };
  }

  #argument(part: Part): Argument {
    if (part.type === 'variadic_argument') {
      const [inner] = partsOf(part.node);
      if (inner !== undefined) {
        return { value: this.lower(inner), spread: 'list', span: spanOf(part.node) };
      }
    }
    const value = this.lower(part);
    return { value, span: value.span };
  }

  #composite(node: Part['node']): Expression {
    const [type, body] = partsOf(node);
    const span = spanOf(node);
    if (type === undefined || body?.type !== 'literal_value') {
      return this.other(span, body === undefined ? [] : [body]);
    }
    return this.#elements(type, body, span);
  }

  /** A literal of a type; the elements of lists and maps may leave theirs out. */
  #elements(type: Part, body: Part, span: Span): Expression {
    const elements = partsOf(body.node);
    switch (type.type) {
      case 'slice_type':
      case 'array_type':
      case 'implicit_length_array_type': {
        const element = partsOf(type.node).at(-1);
        return {
          kind: 'list',
          items: elements.map((each) => this.#element(each, element)),
          span,
        };
      }
      case 'map_type':
        return this.#map(partsOf(type.node).at(-1), elements, span);
      default:
        return this.#object(type, elements, span);
    }
  }

  /** An element, or its value when it has a key. */
  #element(part: Part, type: Part | undefined): Expression {
    const inner = partsOf(part.node).at(-1);
    if (inner === undefined) {
      return this.other(spanOf(part.node), []);
    }
    if (part.type === 'keyed_element') {
      return this.#element(inner, type);
    }
    return inner.type === 'literal_value' && type !== undefined
      ? this.#elements(pointed(type), inner, spanOf(inner.node))
      : this.lower(inner);
  }

  #map(type: Part | undefined, elements: readonly Part[], span: Span): ObjectLiteral {
    const entries: ObjectEntry[] = [];
    const spreads: Expression[] = [];
    for (const element of elements) {
      const [key, value] = partsOf(element.node);
      if (key === undefined || value === undefined) {
        continue;
      }
      const [name] = partsOf(key.node);
      if (name?.type.endsWith('_string_literal') === true) {
        entries.push({
          key: stringValue(name, this.source),
          keySpan: spanOf(name.node),
          value: this.#element(value, type),
        });
      } else {
        spreads.push(this.#element(key, undefined), this.#element(value, type));
      }
    }
    return { kind: 'object', entries, isOpen: spreads.length > 0, spreads, span };
  }

  #object(type: Part, elements: readonly Part[], span: Span): ObjectLiteral {
    const entries: ObjectEntry[] = [];
    const spreads: Expression[] = [];
    for (const element of elements) {
      const parts = partsOf(element.node);
      const [key, value] = parts;
      if (element.type === 'keyed_element' && key !== undefined && value !== undefined) {
        const keySpan = spanOf(key.node);
        entries.push({
          key: this.source.slice(keySpan.from, keySpan.to),
          keySpan,
          value: this.#element(value, undefined),
        });
      } else {
        // By position: which field it is can't be seen here.
        spreads.push(this.#element(element, undefined));
      }
    }
    const isOpen = spreads.length > 0;
    return { kind: 'object', type: this.#type(type), entries, isOpen, spreads, span };
  }

  /** A type as a name or member: `keepalive.ClientParameters`. */
  #type(part: Part): Expression {
    const span = spanOf(part.node);
    if (part.type === 'type_identifier') {
      return { kind: 'name', name: this.source.slice(span.from, span.to), span };
    }
    if (part.type === 'qualified_type') {
      return this.#selector(part.node);
    }
    const [inner] = part.type === 'generic_type' ? partsOf(part.node) : [];
    return inner === undefined ? { kind: 'other', parts: [], span } : this.#type(inner);
  }

  #unary(node: Part['node']): Expression {
    const [operand] = partsOf(node);
    const span = spanOf(node);
    if (operand === undefined || this.source.startsWith('<-', span.from)) {
      return this.other(span, operand === undefined ? [] : [operand]);
    }
    const operator = this.source.charAt(span.from);
    return { kind: 'unary', operator, value: this.lower(operand), span };
  }

  #binary(node: Part['node']): Expression {
    const parts = partsOf(node);
    const [left, right] = parts;
    const span = spanOf(node);
    if (left === undefined || right === undefined) {
      return this.other(span, parts);
    }
    const a = this.lower(left);
    const b = this.lower(right);
    const between = this.source.slice(a.span.to, b.span.from);
    const operator = /&&|\|\||<<|>>|&\^|[=!<>]=|[-+*/%&|^<>]/.exec(between)?.[0] ?? '';
    return { kind: 'binary', operator, left: a, right: b, span };
  }

  #same(node: Part['node']): Expression {
    const [inner] = partsOf(node);
    const span = spanOf(node);
    return inner === undefined
      ? { kind: 'other', parts: [], span }
      : { kind: 'same', value: this.lower(inner), span };
  }

  #index(node: Part['node']): Expression {
    const [operand, index] = partsOf(node);
    const span = spanOf(node);
    if (operand === undefined || index === undefined) {
      return this.other(span, partsOf(node));
    }
    const object = this.lower(operand);
    const at = this.lower(index);
    const nameSpan = { from: object.span.to, to: span.to };
    return {
      kind: 'call',
      callee: { kind: 'member', object, name: indexMethod, nameSpan, span },
      arguments: [{ value: at, span: at.span }],
      argumentsSpan: nameSpan,
      span,
    };
  }

  #assertion(node: Part['node']): Expression {
    const [operand, type] = partsOf(node);
    const span = spanOf(node);
    if (operand === undefined || type === undefined) {
      return this.other(span, operand === undefined ? [] : [operand]);
    }
    const value = this.lower(operand);
    return {
      kind: 'call',
      callee: { kind: 'name', name: assertion, span: { from: span.to, to: span.to } },
      arguments: [{ value, span: value.span }],
      argumentsSpan: { from: span.to, to: span.to },
      typeArguments: [textOf(type, this.source)],
      span,
    };
  }

  /** `[]byte(x)`; and `f[A, B](x)`, which the grammar can't tell from a conversion. */
  #conversion(node: Part['node']): Expression {
    const [type, operand] = partsOf(node);
    const span = spanOf(node);
    if (type === undefined || operand === undefined) {
      return this.other(span, operand === undefined ? [] : [operand]);
    }
    const value = this.lower(operand);
    if (type.type !== 'generic_type') {
      return { kind: 'same', value, span };
    }
    return {
      kind: 'call',
      callee: this.#type(type),
      arguments: [{ value, span: value.span }],
      argumentsSpan: { from: type.node.endIndex, to: span.to },
      span,
    };
  }
}

/** The elements of `[]*T{{…}}` are made of `T`. */
function pointed(type: Part): Part {
  return type.type === 'pointer_type' ? (partsOf(type.node)[0] ?? type) : type;
}
