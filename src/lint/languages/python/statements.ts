import type { Node } from 'web-tree-sitter';
import type { Argument, Expression, Span, Statement, Target } from '../../program/syntax';
import { childOfType, fieldOf, ifStatement, other, spanOf } from '../shared/nodes';
import { classNode, type FunctionContext, functionNode } from './definitions';
import { Expressions } from './expressions';
import { importedNames, localImport } from './imports';

/** Context managers that end what runs in them, by the end of their name. */
const limits = /(?:^|\.)(?:[tT]imeout|timeout_at|fail_after|fail_at|move_on_after|move_on_at)$/;

/** Functions after which nothing runs. */
const exits = /^(?:sys\.exit|os\._exit|exit|quit)$/;

/** Lowers the statements of one function, or of the file's own code. */
export class Statements {
  readonly #expressions: Expressions;

  constructor(readonly context: FunctionContext) {
    this.#expressions = new Expressions(context.names);
  }

  /** The statements of a function's body, which may bind names that the file binds too. */
  static ofFunction(body: Node, context: FunctionContext): Statement[] {
    const statements = new Statements(context).block(body);
    return [...context.names.shadows(body.startIndex), ...statements];
  }

  static ofStatement(node: Node, context: FunctionContext): Statement[] {
    return new Statements(context).lower(node);
  }

  block(node: Node | undefined): Statement[] {
    return node === undefined
      ? []
      : Expressions.parts(node).flatMap((statement) => this.lower(statement));
  }

  lower(node: Node): Statement[] {
    const span = spanOf(node);
    switch (node.type) {
      case 'expression_statement':
        return Expressions.parts(node).flatMap((part) => this.#expression(part, span));
      case 'return_statement': {
        const [value] = Expressions.parts(node);
        return [
          {
            kind: 'return',
            ...(value === undefined ? {} : { value: this.#expressions.lower(value) }),
            span,
          },
        ];
      }
      case 'raise_statement':
      case 'break_statement':
      case 'continue_statement':
        return [{ kind: 'leave', value: this.#other(node), span }];
      case 'if_statement':
        return [this.#if(node)];
      case 'for_statement':
        return this.#for(node);
      case 'while_statement':
        return this.#while(node);
      case 'with_statement':
        return this.#with(node);
      case 'try_statement':
        return [this.#try(node)];
      case 'match_statement':
        return [this.#match(node)];
      case 'function_definition':
      case 'class_definition':
      case 'decorated_definition':
        return this.#definition(node);
      case 'import_statement':
      case 'import_from_statement':
        return importedNames(node).map((imported) => {
          this.context.names.bindName(imported.name);
          return localImport(imported, span);
        });
      case 'global_statement':
      case 'nonlocal_statement':
        for (const { text } of Expressions.parts(node)) {
          this.context.names.share(text);
        }
        return [];
      case 'pass_statement':
      case 'delete_statement':
        return [];
      case 'block':
        return this.block(node);
      default:
        return [{ kind: 'expression', value: this.#other(node), span }];
    }
  }

  #other(node: Node): Expression {
    return other(
      node,
      Expressions.parts(node).map((part) => this.#expressions.lower(part)),
    );
  }

  #field(node: Node, name: string): Expression {
    const field = fieldOf(node, name);
    return field === undefined ? other(node) : this.#expressions.lower(field);
  }

  #expression(node: Node, span: Span): Statement[] {
    switch (node.type) {
      case 'assignment':
        return this.#assignment(node, span);
      case 'augmented_assignment': {
        const left = fieldOf(node, 'left');
        const operator = (fieldOf(node, 'operator')?.type ?? '').replace(/=$/, '');
        return left === undefined
          ? []
          : [
              {
                kind: 'assign',
                target: this.#expressions.target(left),
                value: {
                  kind: 'binary',
                  operator,
                  left: this.#expressions.lower(left),
                  right: this.#field(node, 'right'),
                  span,
                },
                declares: false,
                span,
              },
            ];
      }
      case 'yield':
        return [this.#yield(node, span)];
      default: {
        const value = this.#expressions.lower(node);
        const ends = value.kind === 'call' && exits.test(dotted(value.callee));
        return [ends ? { kind: 'leave', value, span } : { kind: 'expression', value, span }];
      }
    }
  }

  #assignment(node: Node, span: Span): Statement[] {
    const left = fieldOf(node, 'left');
    const right = fieldOf(node, 'right');
    const type = fieldOf(node, 'type');
    if (left === undefined) {
      return [];
    }
    const target = this.#expressions.target(left, type);
    if (right === undefined) {
      return target.kind === 'name' && type !== undefined
        ? [{ kind: 'declare', name: target.name, type: type.text, span }]
        : [];
    }
    if (right.type === 'yield') {
      const value = other(right);
      return [this.#yield(right, span), { kind: 'assign', target, value, declares: false, span }];
    }
    const value = this.#expressions.lower(right);
    return [{ kind: 'assign', target, value, declares: false, span }];
  }

  /** What a context manager hands out is as good as returned; what follows runs all the same. */
  #yield(node: Node, span: Span): Statement {
    const value = this.#other(node);
    const [given] = value.kind === 'other' ? value.parts : [];
    return this.context.yieldsOnce && given !== undefined
      ? {
          kind: 'branches',
          branches: [[{ kind: 'return', value: given, span }]],
          isExhaustive: false,
          span,
        }
      : { kind: 'expression', value, span };
  }

  #if(node: Node): Statement {
    const branches = Expressions.parts(node).filter(({ type }) =>
      /^el(?:if|se)_clause$/.test(type),
    );
    let otherwise: Statement[] = [];
    for (const branch of branches.reverse()) {
      otherwise =
        branch.type === 'else_clause'
          ? this.block(fieldOf(branch, 'body'))
          : [this.#conditional(branch, otherwise)];
    }
    return this.#conditional(node, otherwise);
  }

  #conditional(node: Node, otherwise: readonly Statement[]): Statement {
    return ifStatement(
      this.#field(node, 'condition'),
      this.block(fieldOf(node, 'consequence')),
      otherwise,
      spanOf(node),
    );
  }

  #for(node: Node): Statement[] {
    const left = fieldOf(node, 'left');
    return [
      {
        kind: 'loop',
        head: [this.#field(node, 'right')],
        variables: left === undefined ? [] : [this.#expressions.target(left)],
        body: this.block(fieldOf(node, 'body')),
        span: spanOf(node),
      },
      ...this.#afterLoop(node),
    ];
  }

  #while(node: Node): Statement[] {
    const condition = this.#field(node, 'condition');
    return [
      {
        kind: 'loop',
        head: [],
        variables: [],
        body: [
          { kind: 'expression', value: condition, span: condition.span },
          ...this.block(fieldOf(node, 'body')),
        ],
        span: spanOf(node),
      },
      ...this.#afterLoop(node),
    ];
  }

  /** `else` of a loop runs unless the loop was left. */
  #afterLoop(node: Node): Statement[] {
    const after = fieldOf(node, 'alternative');
    const body = after === undefined ? undefined : fieldOf(after, 'body');
    return body === undefined
      ? []
      : [
          {
            kind: 'branches',
            branches: [this.block(body)],
            isExhaustive: false,
            span: spanOf(body),
          },
        ];
  }

  #with(node: Node): Statement[] {
    const clause = childOfType(node, 'with_clause');
    const items = clause === undefined ? [] : Expressions.parts(clause);
    const body = this.block(fieldOf(node, 'body'));
    return items.reduceRight((inner, item) => this.#withItem(item, inner), body);
  }

  #withItem(item: Node, inner: Statement[]): Statement[] {
    const value = fieldOf(item, 'value') ?? item;
    const [managed, name] = value.type === 'as_pattern' ? Expressions.parts(value) : [value];
    if (managed === undefined) {
      return inner;
    }
    const span = spanOf(item);
    const expression = this.#expressions.lower(managed);
    const isLimit = expression.kind === 'call' && limits.test(dotted(expression.callee));
    if (isLimit) {
      const named = name === undefined ? [] : [unknownValue(this.#expressions.target(name), span)];
      return [...named, { kind: 'expression', value: within(expression, inner), span }];
    }
    return name === undefined
      ? [{ kind: 'expression', value: expression, span }, ...inner]
      : [
          {
            kind: 'assign',
            target: this.#expressions.target(name),
            value: expression,
            declares: false,
            span,
          },
          ...inner,
        ];
  }

  #try(node: Node): Statement {
    const clauses = Expressions.parts(node);
    const blocks = (...types: readonly string[]) =>
      clauses.filter(({ type }) => types.includes(type)).map((clause) => this.#clause(clause));
    return {
      kind: 'try',
      body: [...this.block(fieldOf(node, 'body')), ...blocks('else_clause').flat()],
      handlers: blocks('except_clause', 'except_group_clause'),
      last: blocks('finally_clause').flat(),
      span: spanOf(node),
    };
  }

  #clause(node: Node): Statement[] {
    return this.block(fieldOf(node, 'body') ?? childOfType(node, 'block'));
  }

  #match(node: Node): Statement {
    const body = fieldOf(node, 'body');
    const cases = body === undefined ? [] : Expressions.parts(body);
    const last = cases.at(-1);
    const isWild =
      last !== undefined &&
      fieldOf(last, 'guard') === undefined &&
      childOfType(last, 'case_pattern')?.text === '_';
    return {
      kind: 'branches',
      value: this.#field(node, 'subject'),
      branches: cases.map((each) => {
        const guard = fieldOf(each, 'guard');
        const condition: Statement[] =
          guard === undefined
            ? []
            : [{ kind: 'expression', value: this.#other(guard), span: spanOf(guard) }];
        return [...condition, ...this.block(fieldOf(each, 'consequence'))];
      }),
      isExhaustive: isWild,
      span: spanOf(node),
    };
  }

  #definition(node: Node): Statement[] {
    const definition = node.type === 'decorated_definition' ? fieldOf(node, 'definition') : node;
    const span = spanOf(node);
    if (definition === undefined) {
      return [];
    }
    const defined =
      definition.type === 'class_definition'
        ? classNode(definition, node, this.context.names, Statements)
        : functionNode(definition, node, this.context.names, Statements);
    this.context.names.bindName(defined.name);
    return [{ kind: 'define', definition: defined, span }];
  }
}

/** The variable is bound to something of which nothing is known. */
function unknownValue(target: Target, span: Span): Statement {
  const value: Expression = { kind: 'other', parts: [], span };
  return { kind: 'assign', target, value, declares: false, span };
}

/** `asyncio.timeout` of a call's callee; '' when it isn't just names. */
function dotted(expression: Expression): string {
  if (expression.kind === 'name') {
    return expression.name;
  }
  return expression.kind === 'member' ? `${dotted(expression.object)}.${expression.name}` : '';
}

/** What runs in a context manager as an argument of it, so that it gets the limit that the call gives. */
function within(call: Extract<Expression, { kind: 'call' }>, body: Statement[]): Expression {
  const { to } = call.span;
  const end = body.at(-1)?.span.to ?? to;
  const span = { from: body[0]?.span.from ?? to, to: end };
  const statements: Argument = {
    value: { kind: 'statements', body: [{ kind: 'block', body, span }], span },
    isBlock: true,
    span,
  };
  return { ...call, arguments: [...call.arguments, statements] };
}
