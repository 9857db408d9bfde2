import type { Node } from 'web-tree-sitter';
import type {
  Argument,
  Expression,
  FunctionNode,
  ObjectEntry,
  Parameter,
  Statement,
  Target,
} from '../../program/syntax';
import type { FunctionNames } from '../shared/functionNames';
import { listExpression } from '../shared/lists';
import { childOfType, fieldOf, ifStatement, other, same, spanOf } from '../shared/nodes';
import { concatenatedString, numberLiteral, stringLiteral } from './literals';

/** Lowers the expressions of one function, or of the file's own code. */
export class Expressions {
  constructor(readonly names: FunctionNames) {}

  /** Comments can stand between any two parts. */
  static parts(node: Node): Node[] {
    return node.namedChildren.filter(({ type }) => type !== 'comment');
  }

  lower(node: Node): Expression {
    switch (node.type) {
      case 'identifier':
        return { kind: 'name', name: node.text, span: spanOf(node) };
      case 'attribute':
        return this.#attribute(node);
      case 'subscript':
        return this.#subscript(node);
      case 'call':
        return this.#call(node);
      case 'string':
        return stringLiteral(node) ?? other(node, this.#all(this.#interpolated(node)));
      case 'concatenated_string':
        return concatenatedString(node, (part) => this.lower(part));
      case 'integer':
      case 'float':
        return numberLiteral(node);
      case 'none':
        return { kind: 'literal', value: null, span: spanOf(node) };
      case 'true':
      case 'false':
        return { kind: 'literal', value: node.type === 'true', span: spanOf(node) };
      case 'await':
      case 'parenthesized_expression':
      case 'type':
        return this.#same(node);
      case 'list':
      case 'tuple':
      case 'set':
      case 'expression_list':
      case 'pattern_list':
        return this.#list(node);
      case 'dictionary':
        return this.#dictionary(node);
      case 'list_comprehension':
      case 'set_comprehension':
      case 'dictionary_comprehension':
      case 'generator_expression':
        return this.#comprehension(node);
      case 'conditional_expression':
        return this.#conditional(node);
      case 'boolean_operator':
        return this.#boolean(node);
      case 'binary_operator':
        return this.#binary(node);
      case 'unary_operator':
      case 'not_operator':
        return this.#unary(node);
      case 'lambda':
        return this.#lambda(node);
      case 'named_expression':
      case 'assignment':
        return this.#assignment(node);
      default:
        return other(node, this.#all(Expressions.parts(node)));
    }
  }

  #all(nodes: readonly Node[]): Expression[] {
    return nodes.map((node) => this.lower(node));
  }

  #field(node: Node, name: string): Expression {
    const field = fieldOf(node, name);
    return field === undefined ? other(node) : this.lower(field);
  }

  #same(node: Node): Expression {
    const [inner] = Expressions.parts(node);
    return inner === undefined ? other(node) : same(node, this.lower(inner));
  }

  #attribute(node: Node): Expression {
    const name = fieldOf(node, 'attribute');
    return name === undefined
      ? other(node)
      : {
          kind: 'member',
          object: this.#field(node, 'object'),
          name: name.text,
          nameSpan: spanOf(name),
          span: spanOf(node),
        };
  }

  #subscript(node: Node): Expression {
    const [value, ...keys] = this.#all(Expressions.parts(node));
    const [key] = keys;
    if (value === undefined || keys.length !== 1 || key?.kind !== 'literal') {
      return other(node, value === undefined ? keys : [value, ...keys]);
    }
    return typeof key.value === 'string'
      ? { kind: 'member', object: value, name: key.value, nameSpan: key.span, span: spanOf(node) }
      : other(node, [value, key]);
  }

  #interpolated(node: Node): Node[] {
    return node.namedChildren
      .filter(({ type }) => type === 'interpolation')
      .flatMap((part) => fieldOf(part, 'expression') ?? []);
  }

  #call(node: Node): Expression {
    const callee = this.#field(node, 'function');
    const list = fieldOf(node, 'arguments');
    if (list === undefined) {
      return other(node, [callee]);
    }
    const args =
      list.type === 'generator_expression'
        ? [{ value: this.lower(list), span: { from: list.startIndex + 1, to: list.endIndex - 1 } }]
        : Expressions.parts(list).map((argument) => this.#argument(argument));
    if (callee.kind === 'name' && callee.name === 'dict' && isKeywords(args)) {
      return this.#dict(node, args);
    }
    return {
      kind: 'call',
      callee,
      arguments: args,
      argumentsSpan: spanOf(list),
      span: spanOf(node),
    };
  }

  #argument(node: Node): Argument {
    const span = spanOf(node);
    switch (node.type) {
      case 'keyword_argument': {
        const name = fieldOf(node, 'name')?.text;
        return { value: this.#field(node, 'value'), span, ...(name === undefined ? {} : { name }) };
      }
      case 'list_splat':
        return { value: this.#same(node), spread: 'list', span };
      case 'dictionary_splat':
        return { value: this.#same(node), spread: 'map', span };
      default:
        return { value: this.lower(node), span };
    }
  }

  /** `dict(a=1, **more)` */
  #dict(node: Node, args: readonly Argument[]): Expression {
    return {
      kind: 'object',
      entries: args.flatMap(({ name, value, span }) =>
        name === undefined
          ? []
          : [{ key: name, keySpan: { from: span.from, to: span.from + name.length }, value }],
      ),
      isOpen: false,
      spreads: args.flatMap(({ spread, value }) => (spread === 'map' ? [value] : [])),
      span: spanOf(node),
    };
  }

  #list(node: Node): Expression {
    return listExpression(
      node,
      Expressions.parts(node),
      (part) => (part.type === 'list_splat' ? this.#same(part) : this.lower(part)),
      ({ type }) => type === 'list_splat',
    );
  }

  #dictionary(node: Node): Expression {
    const entries: ObjectEntry[] = [];
    const spreads: Expression[] = [];
    let isOpen = false;
    for (const part of Expressions.parts(node)) {
      if (part.type !== 'pair') {
        spreads.push(this.#same(part));
        continue;
      }
      const key = this.#field(part, 'key');
      const value = this.#field(part, 'value');
      if (key.kind === 'literal' && typeof key.value === 'string') {
        entries.push({ key: key.value, keySpan: key.span, value });
      } else {
        isOpen = true;
        spreads.push(other(part, [key, value]));
      }
    }
    return { kind: 'object', entries, isOpen, spreads, span: spanOf(node) };
  }

  #comprehension(node: Node): Expression {
    const span = spanOf(node);
    const body = fieldOf(node, 'body');
    const parts =
      body?.type === 'pair' ? Expressions.parts(body) : body === undefined ? [] : [body];
    let inner: Statement[] = parts.map((part) => ({
      kind: 'expression',
      value: this.lower(part),
      span: spanOf(part),
    }));
    for (const clause of Expressions.parts(node).reverse()) {
      const at = spanOf(clause);
      if (clause.type === 'for_in_clause') {
        const left = fieldOf(clause, 'left');
        const head = [this.#field(clause, 'right')];
        const variables = left === undefined ? [] : [this.target(left)];
        inner = [{ kind: 'loop', head, variables, body: inner, span }];
      } else if (clause.type === 'if_clause') {
        const condition = this.#same(clause);
        inner = [ifStatement(condition, inner, [], at)];
      }
    }
    return { kind: 'statements', body: inner, span };
  }

  #conditional(node: Node): Expression {
    const [then, condition, otherwise] = this.#all(Expressions.parts(node));
    return then === undefined || condition === undefined || otherwise === undefined
      ? other(node)
      : { kind: 'choice', condition, options: [then, otherwise], span: spanOf(node) };
  }

  /** `a and b` has the value of `b` when it is of any use; `a or b` that of one of them. */
  #boolean(node: Node): Expression {
    const left = this.#field(node, 'left');
    const right = this.#field(node, 'right');
    return fieldOf(node, 'operator')?.type === 'and'
      ? { kind: 'choice', condition: left, options: [right], span: spanOf(node) }
      : { kind: 'choice', options: [left, right], span: spanOf(node) };
  }

  #binary(node: Node): Expression {
    return {
      kind: 'binary',
      operator: fieldOf(node, 'operator')?.type ?? '',
      left: this.#field(node, 'left'),
      right: this.#field(node, 'right'),
      span: spanOf(node),
    };
  }

  #unary(node: Node): Expression {
    return {
      kind: 'unary',
      operator: node.type === 'not_operator' ? '!' : (fieldOf(node, 'operator')?.type ?? ''),
      value: this.#field(node, 'argument'),
      span: spanOf(node),
    };
  }

  #lambda(node: Node): Expression {
    const body = fieldOf(node, 'body');
    const parameters = fieldOf(node, 'parameters');
    const definition: FunctionNode = {
      kind: 'function',
      name: '',
      parameters: parameters === undefined ? [] : this.parameters(parameters),
      annotations: [],
      span: spanOf(node),
      bodySpan: spanOf(body ?? node),
      body: () =>
        body === undefined ? [] : [{ kind: 'return', value: this.lower(body), span: spanOf(body) }],
    };
    return { kind: 'closure', definition, span: spanOf(node) };
  }

  #assignment(node: Node): Expression {
    const target = fieldOf(node, node.type === 'assignment' ? 'left' : 'name');
    const value = fieldOf(node, node.type === 'assignment' ? 'right' : 'value');
    if (target === undefined || value === undefined) {
      return other(node);
    }
    return {
      kind: 'assignment',
      target: this.target(target, fieldOf(node, 'type')),
      value: this.lower(value),
      span: spanOf(node),
    };
  }

  target(node: Node, type?: Node): Target {
    const span = spanOf(node);
    switch (node.type) {
      case 'identifier': {
        const name = node.text;
        this.names.bindName(name);
        return { kind: 'name', name, ...(type === undefined ? {} : { type: type.text }), span };
      }
      case 'pattern_list':
      case 'tuple_pattern':
      case 'list_pattern':
      case 'tuple':
      case 'list':
        return {
          kind: 'list',
          items: Expressions.parts(node).map((item) => this.target(item)),
          span,
        };
      case 'parenthesized_expression':
      case 'as_pattern_target': {
        const [inner] = Expressions.parts(node);
        return inner === undefined ? { kind: 'ignored', parts: [], span } : this.target(inner);
      }
      default: {
        const written = this.lower(node);
        return written.kind === 'member'
          ? { kind: 'member', object: written.object, name: written.name, span }
          : { kind: 'ignored', parts: written.kind === 'other' ? written.parts : [], span };
      }
    }
  }

  parameters(node: Node): Parameter[] {
    return Expressions.parts(node).flatMap((part) => {
      const parameter = this.#parameter(part);
      return parameter === undefined ? [] : [parameter];
    });
  }

  #parameter(node: Node): Parameter | undefined {
    const span = spanOf(node);
    const type = fieldOf(node, 'type');
    const typed = type === undefined ? {} : { type: type.text };
    switch (node.type) {
      case 'identifier':
        return { name: node.text, span };
      case 'default_parameter':
      case 'typed_default_parameter': {
        const name = fieldOf(node, 'name');
        return name === undefined
          ? undefined
          : { name: name.text, ...typed, value: this.#field(node, 'value'), span };
      }
      case 'typed_parameter': {
        const [inner] = Expressions.parts(node);
        const parameter = inner === undefined ? undefined : this.#parameter(inner);
        return parameter === undefined ? undefined : { ...parameter, ...typed, span };
      }
      case 'list_splat_pattern':
      case 'dictionary_splat_pattern': {
        const name = childOfType(node, 'identifier');
        return name === undefined ? undefined : { name: name.text, isRest: true, span };
      }
      default:
        return undefined;
    }
  }
}

function isKeywords(args: readonly Argument[]): boolean {
  return args.every(({ name, spread }) => name !== undefined || spread === 'map');
}
