import type { Node } from 'web-tree-sitter';
import type { Expression, Statement } from '../../program/syntax';
import { fieldOf, ifStatement, other, spanOf } from '../shared/nodes';
import { Expressions } from './expressions';
import { partsOf } from './parts';
import type { Bodies, MethodScope } from './scopes';

/** What defines something: lowered by whoever knows the class around it. */
export const definitions = /^(?:method|singleton_method|class|module|singleton_class)$/;

/** Methods after which nothing runs. */
const leaving = /^(?:raise|fail|exit|abort|throw)$/;

/** Lowers the statements of one method, or of the file's own code. */
export class Statements {
  readonly #expressions: Expressions;

  /** @param isTail whether what the statements end with is given back */
  constructor(
    readonly scope: MethodScope,
    readonly isTail: boolean,
  ) {
    this.#expressions = new Expressions(scope, bodies);
  }

  /** The statements of a body, with its `rescue` and `ensure`. */
  body(node: Node): Statement[] {
    const parts =
      /^(?:body_statement|begin|then|else|ensure|do|block_body|parenthesized_statements)$/.test(
        node.type,
      )
        ? partsOf(node)
        : [node];
    const clauses = parts.filter(({ type }) => /^(?:rescue|else|ensure)$/.test(type));
    const rest = parts.filter((part) => !clauses.includes(part));
    const own = this.#sequence(rest);
    if (clauses.length === 0) {
      return own;
    }
    const of = (type: string) => clauses.filter((clause) => clause.type === type);
    return [
      {
        kind: 'try',
        body: [...own, ...of('else').flatMap((clause) => this.body(clause))],
        handlers: of('rescue').map((clause) => this.#rescue(clause)),
        last: of('ensure').flatMap((clause) => this.#inner(false).body(clause)),
        span: spanOf(node),
      },
    ];
  }

  #rescue(clause: Node): Statement[] {
    const variable = fieldOf(clause, 'variable');
    for (const name of variable === undefined ? [] : partsOf(variable)) {
      this.#expressions.target(name);
    }
    const body = fieldOf(clause, 'body');
    return body === undefined ? [] : this.body(body);
  }

  #inner(isTail: boolean): Statements {
    return isTail === this.isTail ? this : new Statements(this.scope, isTail);
  }

  #sequence(nodes: readonly Node[]): Statement[] {
    return nodes.flatMap((node, at) =>
      this.#inner(this.isTail && at === nodes.length - 1).lower(node),
    );
  }

  lower(node: Node): Statement[] {
    const span = spanOf(node);
    switch (node.type) {
      case 'if':
      case 'elsif':
      case 'unless':
      case 'if_modifier':
      case 'unless_modifier':
        return [this.#if(node)];
      case 'case':
      case 'case_match':
        return [this.#case(node)];
      case 'while':
      case 'until':
      case 'while_modifier':
      case 'until_modifier':
        return [this.#while(node)];
      case 'for':
        return [this.#for(node)];
      case 'begin':
        return this.body(node);
      case 'return':
      case 'next':
        return [this.#return(node)];
      case 'break':
      case 'redo':
      case 'retry':
        return [{ kind: 'leave', value: this.#arguments(node), span }];
      case 'assignment':
      case 'operator_assignment':
        return this.#assignment(node);
      case 'empty_statement':
      case 'alias':
      case 'undef':
        return [];
      case 'call':
        return [this.#call(node)];
      default:
        return definitions.test(node.type) ? [] : [this.#expression(this.#expressions.lower(node))];
    }
  }

  #expression(value: Expression): Statement {
    const { span } = value;
    return this.isTail ? { kind: 'return', value, span } : { kind: 'expression', value, span };
  }

  #call(node: Node): Statement {
    const value = this.#expressions.lower(node);
    const name = fieldOf(node, 'receiver') === undefined ? fieldOf(node, 'method')?.text : '';
    return leaving.test(name ?? '')
      ? { kind: 'leave', value, span: spanOf(node) }
      : this.#expression(value);
  }

  #arguments(node: Node): Expression {
    const [list] = partsOf(node);
    const values = list === undefined ? [] : this.#expressions.all(partsOf(list));
    const [only, ...more] = values;
    return only !== undefined && more.length === 0 ? only : other(node, values);
  }

  #return(node: Node): Statement {
    const [list] = partsOf(node);
    const values = list === undefined ? [] : this.#expressions.all(partsOf(list));
    const [only, ...more] = values;
    const span = spanOf(node);
    if (only === undefined) {
      return { kind: 'return', span };
    }
    return {
      kind: 'return',
      value: more.length === 0 ? only : { kind: 'list', items: values, span },
      span,
    };
  }

  #assignment(node: Node): Statement[] {
    const { target, value, span } = this.#expressions.assignment(node);
    const assign: Statement = { kind: 'assign', target, value, declares: false, span };
    const left = fieldOf(node, 'left');
    const isRead = target.kind === 'name' || target.kind === 'member';
    return this.isTail && isRead && left !== undefined
      ? [assign, { kind: 'return', value: this.#expressions.lower(left), span }]
      : [assign];
  }

  #if(node: Node): Statement {
    const isModifier = node.type.endsWith('_modifier');
    const yes = this.#branch(fieldOf(node, isModifier ? 'body' : 'consequence'));
    const no = this.#branch(fieldOf(node, 'alternative'));
    const condition = this.#expressions.field(node, 'condition');
    return node.type.startsWith('unless')
      ? ifStatement(condition, no, yes, spanOf(node))
      : ifStatement(condition, yes, no, spanOf(node));
  }

  #branch(node: Node | undefined): Statement[] {
    if (node === undefined) {
      return [];
    }
    return node.type === 'then' || node.type === 'else' ? this.body(node) : this.lower(node);
  }

  #case(node: Node): Statement {
    const branches = [
      ...partsOf(node).filter(({ type }) => /^(?:when|in_clause|else)$/.test(type)),
    ];
    return {
      kind: 'branches',
      value: this.#expressions.field(node, 'value'),
      branches: branches.map((branch) =>
        branch.type === 'else' ? this.body(branch) : this.#branch(fieldOf(branch, 'body')),
      ),
      isExhaustive: branches.some(({ type }) => type === 'else'),
      span: spanOf(node),
    };
  }

  #while(node: Node): Statement {
    const condition = this.#expressions.field(node, 'condition');
    return {
      kind: 'loop',
      head: [],
      variables: [],
      body: [
        { kind: 'expression', value: condition, span: condition.span },
        ...this.#loopBody(node),
      ],
      span: spanOf(node),
    };
  }

  #loopBody(node: Node): Statement[] {
    const body = fieldOf(node, 'body');
    return body === undefined ? [] : this.#inner(false).body(body);
  }

  #for(node: Node): Statement {
    const pattern = fieldOf(node, 'pattern');
    const over = fieldOf(node, 'value');
    return {
      kind: 'loop',
      head: over === undefined ? [] : this.#expressions.all(partsOf(over)),
      variables: pattern === undefined ? [] : [this.#expressions.target(pattern)],
      body: this.#loopBody(node),
      span: spanOf(node),
    };
  }
}

const bodies: Bodies = {
  block: (node, scope) => (node === undefined ? [] : new Statements(scope, false).body(node)),
  tail: (node, scope) => (node === undefined ? [] : new Statements(scope, true).body(node)),
};
