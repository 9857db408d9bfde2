import type { MisreadDeadlineFact } from '../../facts';
import type { Scene } from '../../program/semantics';
import type { Expression, Span } from '../../program/syntax';
import { alternatives, type Deadline, joinDeadlines, type Value } from '../../program/value';

type Replacement = NonNullable<MisreadDeadlineFact['replacement']>;

/** What an argument that sets a deadline says. */
export interface Reading {
  readonly deadline: Deadline;
  readonly why?: string;
  /** What the library makes of it, when that is something else. */
  readonly misread?: Omit<MisreadDeadlineFact, 'kind' | 'span'>;
}

/** Over all ways to the value: the worst of them, and the first that is misread. */
export function readEach(value: Value, read: (option: Value) => Reading): Reading {
  return alternatives(value)
    .map(read)
    .reduce((a, b) => {
      const chosen = joinDeadlines(a.deadline, b.deadline) === a.deadline ? a : b;
      const wrong = a.misread ?? b.misread;
      return wrong === undefined ? chosen : { ...chosen, misread: wrong };
    });
}

/** There is a deadline, though not the one that is written. */
export function misread(message: string, replacement?: Replacement): Reading {
  return {
    deadline: 'safe',
    misread: { message, ...(replacement === undefined ? {} : { replacement }) },
  };
}

export function write(span: Span, text: string): Replacement {
  return { title: `Write ${text}`, span, text };
}

/** Whether a parameter of the function is passed on. */
export function isParameter(written: Expression | undefined, { fn }: Scene): boolean {
  return (
    written?.kind === 'name' && fn?.parameters.some(({ name }) => name === written.name) === true
  );
}
