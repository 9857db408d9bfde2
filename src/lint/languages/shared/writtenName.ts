import type { Expression } from '../../program/syntax';

/** The last name of an expression, of what is called when it is a call: `a.b.timeoutMs`, `config.timeoutMs()`. */
export function writtenName(expression: Expression | undefined): string {
  switch (expression?.kind) {
    case 'name':
    case 'member':
      return expression.name;
    case 'call':
      return writtenName(expression.callee);
    case 'same':
      return writtenName(expression.value);
    default:
      return '';
  }
}
