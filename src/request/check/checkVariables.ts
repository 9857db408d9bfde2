import type { RequestFile } from '../file/syntax';
import { variableNames } from '../variables/references';
import { checkReferences, type ReferenceContext } from './checkReferences';
import { error, warning } from './findings';
import type { RequestFinding } from './surroundings';

/** Variables of the file that stand there twice, refer to themselves, or to what there isn't. */
export function checkVariables(
  { text, variables }: RequestFile,
  context: ReferenceContext,
): RequestFinding[] {
  return variables.flatMap((variable) => {
    const { name, value } = variable;
    const first = context.values.variables.get(name.text);
    if (first && first !== variable) {
      const line = text.slice(0, first.span.from).split('\n').length;
      const message = `${name.text} has a value in line ${line} already, which counts. Remove one of them.`;
      return [warning('repeated-variable', name.span, message)];
    }
    if (context.values.valueOf(name.text).kind === 'cycle') {
      const names = variableNames(value.text);
      const message = `${name.text} refers to itself${names.includes(name.text) ? '' : ` by way of ${names.join(', ')}`}, so it has no value.`;
      return [error('cyclic-variable', value.span, message)];
    }
    return checkReferences(value, context);
  });
}
