import type { Node } from 'web-tree-sitter';
import type {
  Argument,
  Expression,
  FunctionNode,
  ObjectEntry,
  Parameter,
  Span,
  Target,
} from '../../program/syntax';
import { listExpression } from '../shared/lists';
import { childOfType, fieldOf, other, same, spanOf } from '../shared/nodes';
import { block, caseOf, conditional, modified, rescued } from './branches';
import { heredocBody, heredocLiteral, numberLiteral, textLiteral } from './literals';
import { partsOf } from './parts';
import { type Bodies, constantName, type MethodScope, memberOfSelf, methodName } from './scopes';

/** Lowers the expressions of one method, or of the file's own code. */
export class Expressions {
  constructor(
    readonly scope: MethodScope,
    readonly bodies: Bodies,
  ) {}

  lower(node: Node): Expression {
    const span = spanOf(node);
    switch (node.type) {
      case 'identifier':
        return this.#identifier(node);
      case 'constant':
      case 'scope_resolution':
        return this.#constant(node);
      case 'self':
        return { kind: 'name', name: 'self', span };
      case 'instance_variable':
      case 'class_variable':
        return memberOfSelf(node.text, span);
      case 'global_variable':
        return { kind: 'name', name: node.text, span };
      case 'call':
        return this.#call(node);
      case 'element_reference':
        return this.#element(node);
      case 'string':
      case 'simple_symbol':
      case 'delimited_symbol':
      case 'bare_string':
      case 'bare_symbol':
      case 'hash_key_symbol':
        return textLiteral(node) ?? this.#interpolated(node);
      case 'chained_string':
        return this.#chained(node);
      case 'heredoc_beginning':
        return heredocLiteral(node) ?? this.#interpolated(heredocBody(node) ?? node);
      case 'integer':
      case 'float':
        return numberLiteral(node);
      case 'nil':
        return { kind: 'literal', value: null, span };
      case 'true':
      case 'false':
        return { kind: 'literal', value: node.type === 'true', span };
      case 'hash':
        return this.#hash(node);
      case 'array':
      case 'string_array':
      case 'symbol_array':
      case 'right_assignment_list':
        return this.#list(node);
      case 'binary':
        return this.#binary(node);
      case 'unary':
        return this.#unary(node);
      case 'conditional':
      case 'if':
      case 'unless':
      case 'elsif':
        return conditional(node, this);
      case 'if_modifier':
      case 'unless_modifier':
        return modified(node, this);
      case 'case':
      case 'case_match':
        return caseOf(node, this);
      case 'rescue_modifier':
        return rescued(node, this);
      case 'begin':
        return block(node, this);
      case 'parenthesized_statements':
        return this.#parenthesized(node);
      case 'assignment':
      case 'operator_assignment':
        return this.assignment(node);
      case 'lambda':
        return this.#closure(node, fieldOf(node, 'body') ?? node, fieldOf(node, 'parameters'));
      default:
        return other(node, this.all(partsOf(node)));
    }
  }

  all(nodes: readonly Node[]): Expression[] {
    return nodes.map((node) => this.lower(node));
  }

  field(node: Node, name: string): Expression {
    const field = fieldOf(node, name);
    return field === undefined ? other(node) : this.lower(field);
  }

  /** A local variable, or else a method that is called without arguments. */
  #identifier(node: Node): Expression {
    const name = node.text;
    const span = spanOf(node);
    if (this.scope.names.owns(name)) {
      return { kind: 'name', name, span };
    }
    return {
      kind: 'call',
      callee: methodName(name, span, this.scope),
      arguments: [],
      argumentsSpan: { from: span.to, to: span.to },
      span,
    };
  }

  #constant(node: Node): Expression {
    const scope = node.type === 'scope_resolution' ? fieldOf(node, 'scope') : undefined;
    if (scope !== undefined && scope.type !== 'constant' && scope.type !== 'scope_resolution') {
      const name = fieldOf(node, 'name');
      return name === undefined
        ? other(node, [this.lower(scope)])
        : {
            kind: 'member',
            object: this.lower(scope),
            name: name.text,
            nameSpan: spanOf(name),
            span: spanOf(node),
          };
    }
    return constantName(node.text.replaceAll(/\s/g, ''), spanOf(node), this.scope);
  }

  #interpolated(node: Node): Expression {
    return other(node, this.all(node.descendantsOfType('interpolation').flatMap(partsOf)));
  }

  #chained(node: Node): Expression {
    const parts = this.all(partsOf(node));
    const texts = parts.map((part) => (part.kind === 'literal' ? part.value : undefined));
    return texts.every((text) => typeof text === 'string')
      ? { kind: 'literal', value: texts.join(''), span: spanOf(node) }
      : other(node, parts);
  }

  #call(node: Node): Expression {
    const span = spanOf(node);
    const receiver = fieldOf(node, 'receiver');
    const name = fieldOf(node, 'method');
    const list = fieldOf(node, 'arguments');
    const block = fieldOf(node, 'block');
    const callee = this.#callee(node, receiver, name);
    const args = list === undefined ? [] : partsOf(list).map((part) => this.#argument(part));
    if (block !== undefined) {
      args.push({ value: this.#block(block), isBlock: true, span: spanOf(block) });
    }
    const end = name?.endIndex ?? callee.span.to;
    const argumentsSpan = list === undefined ? { from: end, to: end } : spanOf(list);
    return { kind: 'call', callee, arguments: args, argumentsSpan, span };
  }

  #callee(node: Node, receiver: Node | undefined, name: Node | undefined): Expression {
    if (name === undefined || receiver === undefined) {
      const at = name ?? receiver ?? node;
      const span = spanOf(at);
      if (receiver !== undefined) {
        // `f.(x)`
        const nameSpan = { from: span.to, to: span.to };
        return { kind: 'member', object: this.lower(receiver), name: 'call', nameSpan, span };
      }
      return at.type === 'super' ? other(at) : methodName(at.text, span, this.scope);
    }
    return {
      kind: 'member',
      object: this.lower(receiver),
      name: name.text,
      nameSpan: spanOf(name),
      span: { from: receiver.startIndex, to: name.endIndex },
    };
  }

  #argument(node: Node): Argument {
    const span = spanOf(node);
    switch (node.type) {
      case 'pair': {
        const key = fieldOf(node, 'key');
        const name = key === undefined ? undefined : textLiteral(key)?.value;
        const value = this.#pairValue(node, key);
        return typeof name === 'string'
          ? { value, name, span }
          : { value: other(node, [value]), spread: 'map', span };
      }
      case 'splat_argument':
        return { value: this.#inner(node), spread: 'list', span };
      case 'hash_splat_argument':
        return { value: this.#inner(node), spread: 'map', span };
      case 'block_argument':
        return { value: this.#inner(node), isBlock: true, span };
      default:
        return { value: this.lower(node), span };
    }
  }

  /** `{ deadline: }` means the variable or method of that name. */
  #pairValue(node: Node, key: Node | undefined): Expression {
    const value = fieldOf(node, 'value');
    if (value !== undefined) {
      return this.lower(value);
    }
    return key === undefined ? other(node) : this.#identifier(key);
  }

  #inner(node: Node): Expression {
    const [inner] = partsOf(node);
    return inner === undefined ? other(node) : same(node, this.lower(inner));
  }

  #block(node: Node): Expression {
    return this.#closure(node, fieldOf(node, 'body'), fieldOf(node, 'parameters'));
  }

  #closure(node: Node, body: Node | undefined, list: Node | undefined): Expression {
    const inner =
      body?.type === 'block' || body?.type === 'do_block' ? fieldOf(body, 'body') : body;
    const parameters = list === undefined ? [] : this.parameters(list);
    for (const { name } of parameters) {
      this.scope.names.bindName(name);
    }
    const definition: FunctionNode = {
      kind: 'function',
      name: '',
      parameters,
      annotations: [],
      span: spanOf(node),
      bodySpan: spanOf(inner ?? node),
      body: () => this.bodies.tail(inner, this.scope),
    };
    return { kind: 'closure', definition, span: spanOf(node) };
  }

  parameters(list: Node): Parameter[] {
    return partsOf(list).flatMap((node): Parameter[] => {
      const span = spanOf(node);
      switch (node.type) {
        case 'identifier':
          return [{ name: node.text, span }];
        case 'optional_parameter':
        case 'keyword_parameter': {
          const name = fieldOf(node, 'name')?.text ?? '';
          const value = fieldOf(node, 'value');
          return [{ name, ...(value === undefined ? {} : { value: this.lower(value) }), span }];
        }
        default:
          // `*rest`, `**options`, `&block`, `(a, b)`: nothing is known of what they get.
          return node
            .descendantsOfType('identifier')
            .map((name) => ({ name: name.text, isRest: true, span }));
      }
    });
  }

  /** `h[:key]`, `h["key"]` */
  #element(node: Node): Expression {
    const object = this.field(node, 'object');
    const [, ...keys] = partsOf(node);
    const [key, ...more] = this.all(keys);
    return key?.kind === 'literal' && typeof key.value === 'string' && more.length === 0
      ? { kind: 'member', object, name: key.value, nameSpan: key.span, span: spanOf(node) }
      : other(node, key === undefined ? [object] : [object, key, ...more]);
  }

  #hash(node: Node): Expression {
    const entries: ObjectEntry[] = [];
    const spreads: Expression[] = [];
    let isOpen = false;
    for (const part of partsOf(node)) {
      if (part.type !== 'pair') {
        spreads.push(this.#inner(part));
        continue;
      }
      const key = fieldOf(part, 'key');
      const written = key === undefined ? undefined : textLiteral(key);
      const value = this.#pairValue(part, key);
      if (key !== undefined && typeof written?.value === 'string') {
        entries.push({ key: written.value, keySpan: spanOf(key), value });
      } else {
        isOpen = true;
        spreads.push(other(part, [value]));
      }
    }
    return { kind: 'object', entries, isOpen, spreads, span: spanOf(node) };
  }

  #list(node: Node): Expression {
    return listExpression(
      node,
      partsOf(node),
      (part) => (part.type === 'splat_argument' ? this.#inner(part) : this.lower(part)),
      ({ type }) => type === 'splat_argument',
    );
  }

  #binary(node: Node): Expression {
    const span = spanOf(node);
    const left = this.field(node, 'left');
    const right = this.field(node, 'right');
    const operator = fieldOf(node, 'operator')?.type ?? '';
    switch (operator) {
      case '&&':
      case 'and':
        return { kind: 'choice', condition: left, options: [right], span };
      case '||':
      case 'or':
        return { kind: 'choice', options: [left, right], span };
      default:
        return { kind: 'binary', operator, left, right, span };
    }
  }

  #unary(node: Node): Expression {
    const value = this.field(node, 'operand');
    const operator = fieldOf(node, 'operator')?.type ?? '';
    return operator === '-'
      ? { kind: 'unary', operator, value, span: spanOf(node) }
      : other(node, [value]);
  }

  #parenthesized(node: Node): Expression {
    const [only, ...more] = partsOf(node);
    return only !== undefined && more.length === 0
      ? same(node, this.lower(only))
      : block(node, this);
  }

  assignment(node: Node): Extract<Expression, { kind: 'assignment' }> {
    const span = spanOf(node);
    const left = fieldOf(node, 'left');
    const target: Target =
      left === undefined ? { kind: 'ignored', parts: [], span } : this.target(left);
    const right = this.field(node, 'right');
    const operator = (fieldOf(node, 'operator')?.type ?? '=').slice(0, -1);
    const value = left === undefined ? right : this.#combined(left, operator, right, span);
    return { kind: 'assignment', target, value, span };
  }

  /** What is assigned by `a += b`, `a ||= b`: a field that is filled when it is first needed has that value. */
  #combined(left: Node, operator: string, right: Expression, span: Span): Expression {
    switch (operator) {
      case '':
        return right;
      case '||':
        return /^(?:instance|class|global)_variable$|^constant$/.test(left.type)
          ? right
          : { kind: 'choice', options: [this.lower(left), right], span };
      case '&&':
        return { kind: 'choice', condition: this.lower(left), options: [right], span };
      default:
        return { kind: 'binary', operator, left: this.lower(left), right, span };
    }
  }

  target(node: Node): Target {
    const span = spanOf(node);
    switch (node.type) {
      case 'identifier':
        this.scope.names.bindName(node.text);
        return { kind: 'name', name: node.text, span };
      case 'constant':
      case 'global_variable':
        return { kind: 'name', name: node.text, span };
      case 'left_assignment_list':
      case 'destructured_left_assignment':
        return { kind: 'list', items: partsOf(node).map((item) => this.target(item)), span };
      case 'rest_assignment': {
        const inner = childOfType(node, 'identifier');
        if (inner !== undefined) {
          this.scope.names.bindName(inner.text);
        }
        return { kind: 'ignored', parts: [], span };
      }
      case 'call': {
        const receiver = fieldOf(node, 'receiver');
        const name = fieldOf(node, 'method');
        return receiver === undefined || name === undefined
          ? { kind: 'ignored', parts: [], span }
          : { kind: 'member', object: this.lower(receiver), name: name.text, span };
      }
      default: {
        const written = this.lower(node);
        return written.kind === 'member'
          ? { kind: 'member', object: written.object, name: written.name, span }
          : { kind: 'ignored', parts: written.kind === 'other' ? written.parts : [], span };
      }
    }
  }
}
