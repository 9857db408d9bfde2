import { defaultSettings } from '../../src/lint/config/defaultSettings';
import type { CallFact, Fact } from '../../src/lint/facts';
import { IndexBuilder } from '../../src/lint/index/indexBuilder';
import { Interpreter, unitsOf } from '../../src/lint/program/interpreter';
import type { Semantics } from '../../src/lint/program/semantics';
import type {
  Declaration,
  Expression,
  FunctionNode,
  Parameter,
  Span,
  Statement,
  Target,
} from '../../src/lint/program/syntax';
import { alternatives, instance, joinDeadlines, unknown } from '../../src/lint/program/value';

/**
 * Programs without a language, for what the interpreter itself does: `none()` and `safe()` make contexts,
 * `call(c)` is an RPC with the context `c`; `spoil(c)` takes the deadline away from `c` itself.
 */
let last = 0;

/** Places differ, so that facts do. */
function place(): Span {
  last += 10;
  return { from: last, to: last + 5 };
}

export const name = (text: string): Expression => ({ kind: 'name', name: text, span: place() });

export const call = (callee: string | Expression, ...args: Expression[]): Expression => {
  const span = place();
  return {
    kind: 'call',
    callee: typeof callee === 'string' ? name(callee) : callee,
    arguments: args.map((value) => ({ value, span: value.span })),
    argumentsSpan: span,
    span,
  };
};

export const member = (object: Expression, text: string): Expression => {
  const span = place();
  return { kind: 'member', object, name: text, nameSpan: span, span };
};

export const nothing = (): Expression => ({ kind: 'literal', value: null, span: place() });

export const target = (text: string): Target => ({ kind: 'name', name: text, span: place() });

export const set = (to: string | Target, value: Expression, declares = false): Statement => ({
  kind: 'assign',
  target: typeof to === 'string' ? target(to) : to,
  value,
  declares,
  span: place(),
});

export const declare = (to: string, value: Expression): Statement => set(to, value, true);

export const run = (value: Expression): Statement => ({
  kind: 'expression',
  value,
  span: place(),
});

export const give = (value: Expression): Statement => ({ kind: 'return', value, span: place() });

export const when = (then: Statement[], otherwise: Statement[] = []): Statement => ({
  kind: 'if',
  condition: name('condition'),
  then,
  otherwise,
  span: place(),
});

export const loop = (...body: Statement[]): Statement => ({
  kind: 'loop',
  head: [],
  variables: [],
  body,
  span: place(),
});

export function fn(
  text: string,
  body: Statement[],
  more: Partial<Omit<FunctionNode, 'kind' | 'name' | 'body'>> & { takes?: string[] } = {},
): FunctionNode {
  const { takes = [], ...rest } = more;
  const parameters: Parameter[] = takes.map((parameter) => ({ name: parameter, span: place() }));
  const span = place();
  return {
    kind: 'function',
    name: text,
    parameters,
    annotations: [],
    span,
    bodySpan: span,
    body: () => body,
    ...rest,
  };
}

export const closure = (...body: Statement[]): Expression => ({
  kind: 'closure',
  definition: fn('', body),
  span: place(),
});

const semantics: Semantics = {
  typed: (written) => (written === 'Context' ? instance('context', 'inherited') : undefined),
  handler: () => undefined,
  call(site, scene) {
    const { span } = site.call;
    const [first] = site.arguments;
    switch (site.method) {
      case 'none':
        return { value: instance('context', 'missing') };
      case 'safe':
        return { value: instance('context', 'safe', { made: span, why: 'safe' }) };
      case 'both': {
        const safe = instance('context', 'safe', { made: span, why: 'both' });
        return { value: { kind: 'tuple', items: [safe, unknown] } };
      }
      case 'call': {
        const deadline = alternatives(first?.value ?? unknown)
          .map((value) => (value.kind === 'instance' ? value.deadline : 'unknown'))
          .reduce(joinDeadlines);
        const { nameSpan } = site;
        scene.report({
          kind: 'call',
          span,
          nameSpan,
          method: 'call',
          deadline,
          waitForReady: scene.inLoop,
          site: { arguments: [], argumentsSpan: span, statement: scene.statement },
        });
        return { value: unknown };
      }
      case 'spoil':
        return { value: unknown, arguments: [instance('context', 'missing')] };
      default:
        return { value: unknown };
    }
  },
};

/** What the interpreter finds in all functions of a program. */
export function factsOf(...declarations: Declaration[]): Fact[] {
  const program = { imports: [], declarations };
  const interpreter = new Interpreter(
    {
      path: 'test',
      family: 'go',
      text: '',
      program,
      qualified: (written) => written,
      index: new IndexBuilder().index(),
      settings: defaultSettings,
    },
    semantics,
  );
  return unitsOf(program).flatMap((unit) => interpreter.run(unit).facts);
}

/** The deadlines of all calls, in the order of the program. */
export function deadlinesOf(...declarations: Declaration[]): string[] {
  return factsOf(...declarations)
    .filter((fact): fact is CallFact => fact.kind === 'call')
    .map(({ deadline }) => deadline);
}
