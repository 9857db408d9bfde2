import type { Expression, Span, Statement, Target } from '../../program/syntax';
import { ifStatement, spanOf } from '../shared/nodes';
import type { Expressions } from './expressions';
import { type Part, partsOf, textOf } from './parts';

/** What stands before the body of an `if`, `for` or `switch` and is a statement. */
const simpleStatements = new Set([
  'short_var_declaration',
  'assignment_statement',
  'expression_statement',
  'inc_statement',
  'dec_statement',
  'send_statement',
]);

/** Lowers the statements of one function. */
export class Statements {
  readonly #source: string;
  /** Whether an unlabelled `break` leaves a `switch` or `select`: then what follows that one runs. */
  #inSwitch = false;

  constructor(
    readonly expressions: Expressions,
    /** Types of variables that are declared with one: an assignment doesn't change them. */
    readonly types: Map<string, string>,
    /** Names of the results, which a bare `return` gives. */
    readonly results: readonly string[],
  ) {
    this.#source = expressions.source;
  }

  /** What stands in a block or in the case of a switch. */
  block(part: Part | undefined): Statement[] {
    if (part === undefined) {
      return [];
    }
    return partsOf(part.node).flatMap((child) =>
      child.type === 'statement_list' ? this.#list(child) : this.#lower(child),
    );
  }

  #list(part: Part): Statement[] {
    return partsOf(part.node).flatMap((child) => this.#lower(child));
  }

  #lower(part: Part): readonly Statement[] {
    const { type, node } = part;
    switch (type) {
      case 'expression_statement':
      case 'go_statement':
      case 'defer_statement': {
        const [inner] = partsOf(node);
        return inner === undefined ? [] : [this.#expression(inner, spanOf(node))];
      }
      case 'short_var_declaration':
      case 'assignment_statement':
        return [this.#assignment(part)];
      case 'var_declaration':
      case 'const_declaration':
        return this.variables(part);
      case 'return_statement':
        return [this.#return(part)];
      case 'if_statement':
        return [this.#if(part)];
      case 'for_statement':
        return [this.#for(part)];
      case 'expression_switch_statement':
      case 'type_switch_statement':
      case 'select_statement':
        return [this.#switch(part)];
      case 'block':
        return [{ kind: 'block', body: this.block(part), span: spanOf(node) }];
      case 'labeled_statement':
        return partsOf(node).flatMap((child) =>
          child.type === 'label_name' ? [] : this.#lower(child),
        );
      case 'break_statement':
        return this.#inSwitch && partsOf(node).length === 0
          ? []
          : [{ kind: 'leave', span: spanOf(node) }];
      case 'continue_statement':
      case 'goto_statement':
        return [{ kind: 'leave', span: spanOf(node) }];
      case 'statement_list':
        return this.#list(part);
      case 'inc_statement':
      case 'dec_statement':
        return this.#step(part);
      case 'type_declaration':
      case 'empty_statement':
      case 'fallthrough_statement':
        return [];
      default:
        return [this.#expression(part, spanOf(node))];
    }
  }

  #expression(part: Part, span: Span): Statement {
    const value = this.expressions.lower(part);
    const isPanic =
      value.kind === 'call' && value.callee.kind === 'name' && value.callee.name === 'panic';
    return isPanic ? { kind: 'leave', value, span } : { kind: 'expression', value, span };
  }

  #assignment({ node, type }: Part): Statement {
    const parts = partsOf(node);
    const [left, right] = parts;
    const span = spanOf(node);
    if (left === undefined || right === undefined) {
      return { kind: 'expression', value: this.expressions.other(span, parts), span };
    }
    const declares = type === 'short_var_declaration';
    const targets = this.#targets(left, declares);
    const values = this.expressions.list(right);
    const between = this.#source.slice(left.node.endIndex, right.node.startIndex);
    const operator = declares ? undefined : /([-+*/%&|^<>]+)=/.exec(between)?.[1];
    const [first] = targets;
    const [old] = operator === undefined ? [] : this.expressions.list(left);
    const value = old === undefined ? asOne(values, right) : combined(old, operator, values, right);
    return {
      kind: 'assign',
      target:
        targets.length === 1 && first !== undefined
          ? first
          : { kind: 'list', items: targets, span: spanOf(left.node) },
      value,
      declares,
      span,
    };
  }

  /** `i++`: some other number. */
  #step({ node }: Part): Statement[] {
    const span = spanOf(node);
    return partsOf(node).map((part) => ({
      kind: 'assign',
      target: this.#target(part, false),
      value: { kind: 'other', parts: [], span },
      declares: false,
      span,
    }));
  }

  #targets(part: Part, declares: boolean): Target[] {
    const parts = part.type === 'expression_list' ? partsOf(part.node) : [part];
    return parts.map((each) => this.#target(each, declares));
  }

  #target(part: Part, declares: boolean): Target {
    const span = spanOf(part.node);
    if (part.type === 'identifier') {
      const name = this.#source.slice(span.from, span.to);
      if (name === '_') {
        return { kind: 'ignored', parts: [], span };
      }
      if (declares) {
        this.types.delete(name);
      }
      const type = this.types.get(name);
      return { kind: 'name', name, ...(type === undefined ? {} : { type }), span };
    }
    const expression = this.expressions.lower(part);
    if (expression.kind === 'member') {
      const { object, name } = expression;
      return { kind: 'member', object, name, span };
    }
    const parts =
      expression.kind === 'call' && expression.callee.kind === 'member'
        ? [expression.callee.object, ...expression.arguments.map(({ value }) => value)]
        : [expression];
    return { kind: 'ignored', parts, span };
  }

  /** `var` and `const`, single or in parentheses. */
  variables({ node }: Part): Statement[] {
    return partsOf(node).flatMap((part) => {
      if (part.type === 'var_spec' || part.type === 'const_spec') {
        return this.#variable(part);
      }
      return part.type === 'var_spec_list' ? this.variables(part) : [];
    });
  }

  #variable(part: Part): Statement[] {
    const parts = partsOf(part.node);
    const names = parts.filter(({ type }) => type === 'identifier');
    const rest = parts.slice(names.length);
    const values = rest.find(({ type }) => type === 'expression_list');
    const typed = rest.find(({ type }) => type !== 'expression_list');
    const type = typed === undefined ? undefined : textOf(typed, this.#source);
    const span = spanOf(part.node);
    const targets = names.map((each): Target => {
      const at = spanOf(each.node);
      const name = this.#source.slice(at.from, at.to);
      if (name === '_') {
        return { kind: 'ignored', parts: [], span: at };
      }
      if (type !== undefined) {
        this.types.set(name, type);
      }
      return { kind: 'name', name, ...(type === undefined ? {} : { type }), span: at };
    });
    const [first] = targets;
    if (first === undefined) {
      return [];
    }
    if (values === undefined) {
      return targets.map((target): Statement => {
        if (target.kind !== 'name' || part.type === 'const_spec') {
          // A constant without a value repeats an expression with `iota`.
          const value: Expression = { kind: 'other', parts: [], span };
          return { kind: 'assign', target, value, declares: true, span };
        }
        const { name } = target;
        return { kind: 'declare', name, ...(type === undefined ? {} : { type }), span };
      });
    }
    return [
      {
        kind: 'assign',
        target: targets.length === 1 ? first : { kind: 'list', items: targets, span: first.span },
        value: asOne(this.expressions.list(values), values),
        declares: true,
        span,
      },
    ];
  }

  #return({ node }: Part): Statement {
    const span = spanOf(node);
    const [list] = partsOf(node);
    if (list !== undefined) {
      return { kind: 'return', value: asOne(this.expressions.list(list), list), span };
    }
    const names = this.results.map((name): Expression => ({ kind: 'name', name, span }));
    const [only] = names;
    return only === undefined
      ? { kind: 'return', span }
      : {
          kind: 'return',
          value: names.length === 1 ? only : { kind: 'list', items: names, span },
          span,
        };
  }

  #if({ node }: Part): Statement {
    const parts = partsOf(node);
    const span = spanOf(node);
    const at = parts.findIndex(({ type }) => type === 'block');
    const condition = parts[at - 1];
    if (condition === undefined) {
      return { kind: 'expression', value: this.expressions.other(span, parts), span };
    }
    const before = at > 1 ? parts.slice(0, 1).flatMap((part) => this.#lower(part)) : [];
    const yes = this.block(parts[at]);
    const otherwise = parts[at + 1];
    const no = otherwise?.type === 'if_statement' ? this.#lower(otherwise) : this.block(otherwise);
    const statement = ifStatement(this.expressions.lower(condition), yes, no, span);
    return before.length === 0 ? statement : { kind: 'block', body: [...before, statement], span };
  }

  #for({ node }: Part): Statement {
    const parts = partsOf(node);
    const span = spanOf(node);
    const body = parts.at(-1);
    const clause = parts.length > 1 ? parts[0] : undefined;
    const { before, head, variables, after } = this.#clause(clause);
    const inSwitch = this.#inSwitch;
    this.#inSwitch = false;
    const statements = [...(body?.type === 'block' ? this.block(body) : []), ...after];
    this.#inSwitch = inSwitch;
    const loop: Statement = { kind: 'loop', head, variables, body: statements, span };
    return before.length === 0 ? loop : { kind: 'block', body: [...before, loop], span };
  }

  #clause(clause: Part | undefined) {
    const nothing = {
      before: [] as readonly Statement[],
      head: [] as readonly Expression[],
      variables: [] as readonly Target[],
      after: [] as readonly Statement[],
    };
    if (clause === undefined) {
      return nothing;
    }
    if (clause.type === 'range_clause') {
      const parts = partsOf(clause.node);
      const over = parts.at(-1);
      const [left] = parts.length > 1 ? parts : [];
      const targets = left === undefined ? [] : this.#targets(left, true);
      // The key of a slice is a number: with `_` for it, the only variable is the element.
      const variables = targets.length === 2 ? targets.slice(1) : [];
      return {
        ...nothing,
        head: over === undefined ? [] : [this.expressions.lower(over)],
        variables,
      };
    }
    if (clause.type !== 'for_clause') {
      return { ...nothing, head: [this.expressions.lower(clause)] };
    }
    const { node } = clause;
    const initializer = node.childForFieldName('initializer');
    const condition = node.childForFieldName('condition');
    const update = node.childForFieldName('update');
    return {
      ...nothing,
      before:
        initializer === null ? [] : this.#lower({ type: initializer.type, node: initializer }),
      head:
        condition === null
          ? []
          : [this.expressions.lower({ type: condition.type, node: condition })],
      after: update === null ? [] : this.#lower({ type: update.type, node: update }),
    };
  }

  #switch({ node, type }: Part): Statement {
    const span = spanOf(node);
    const before: Statement[] = [];
    const branches: Statement[][] = [];
    let value: Expression | undefined;
    let isExhaustive = type === 'select_statement';
    const inSwitch = this.#inSwitch;
    this.#inSwitch = true;
    for (const part of partsOf(node)) {
      if (part.type === 'default_case') {
        isExhaustive = true;
        branches.push(this.block(part));
      } else if (part.type === 'communication_case') {
        branches.push(this.#communication(part));
      } else if (part.type.endsWith('_case')) {
        branches.push(this.#case(part));
      } else if (simpleStatements.has(part.type)) {
        before.push(...this.#lower(part));
      } else if (part.type === 'expression_list') {
        // `switch v := x.(type)`: what `v` is depends on the case.
        const unknown: Expression = { kind: 'other', parts: [], span };
        for (const target of this.#targets(part, true)) {
          before.push({ kind: 'assign', target, value: unknown, declares: true, span });
        }
      } else {
        value = this.expressions.lower(part);
      }
    }
    this.#inSwitch = inSwitch;
    const statement: Statement = {
      kind: 'branches',
      ...(value === undefined ? {} : { value }),
      branches,
      isExhaustive,
      span,
    };
    return before.length === 0 ? statement : { kind: 'block', body: [...before, statement], span };
  }

  /** The values of a case are evaluated, for calls in them, and then its statements. */
  #case(part: Part): Statement[] {
    return partsOf(part.node).flatMap((child) => {
      if (child.type === 'statement_list') {
        return this.#list(child);
      }
      return child.type === 'expression_list' ? [this.#expression(child, spanOf(child.node))] : [];
    });
  }

  #communication(part: Part): Statement[] {
    return partsOf(part.node).flatMap((child): readonly Statement[] => {
      if (child.type === 'statement_list') {
        return this.#list(child);
      }
      const parts = partsOf(child.node);
      const [left, right] = parts;
      if (child.type !== 'receive_statement' || left === undefined || right === undefined) {
        return [this.#expression(child, spanOf(child.node))];
      }
      const between = this.#source.slice(left.node.endIndex, right.node.startIndex);
      const declares = between.includes(':');
      const span = spanOf(child.node);
      const items = this.#targets(left, declares);
      const target: Target = { kind: 'list', items, span: spanOf(left.node) };
      return [{ kind: 'assign', target, value: this.expressions.lower(right), declares, span }];
    });
  }
}

/** The value of a list with one expression, or all of them as a list. */
function asOne(values: readonly Expression[], part: Part): Expression {
  const [only] = values;
  return values.length === 1 && only !== undefined
    ? only
    : { kind: 'list', items: values, span: spanOf(part.node) };
}

/** `x += y` */
function combined(
  old: Expression,
  operator: string | undefined,
  values: readonly Expression[],
  part: Part,
): Expression {
  const right = asOne(values, part);
  const span = { from: old.span.from, to: right.span.to };
  return { kind: 'binary', operator: operator ?? '', left: old, right, span };
}
