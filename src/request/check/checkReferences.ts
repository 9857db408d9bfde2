import type { Span, Text } from '../file/syntax';
import { dynamicValue } from '../variables/dynamic';
import { findReferences, type Reference } from '../variables/references';
import { error, hintAt, shifted } from './findings';
import type { StaticValues } from './staticValues';
import type { RequestFinding, Surroundings } from './surroundings';

/** What the references of a text are held against. */
export interface ReferenceContext {
  readonly values: StaticValues;
  readonly environments: Surroundings['environments'];
  /** Index of the request they stand in; undefined outside. */
  readonly request: number | undefined;
}

/** References of a text that stand for nothing. */
export function checkReferences({ text, span }: Text, context: ReferenceContext): RequestFinding[] {
  return text.includes('{{')
    ? findReferences(text).flatMap((reference) =>
        problemOf(reference, shifted(reference.span, span.from), context),
      )
    : [];
}

function problemOf(reference: Reference, span: Span, context: ReferenceContext): RequestFinding[] {
  switch (reference.kind) {
    case 'malformed':
      return [error('reference', span, reference.message)];
    case 'dynamic': {
      const value = dynamicValue(reference.name, reference.args);
      return value.ok ? [] : [error('dynamic-value', span, value.message)];
    }
    case 'variable':
      return context.values.valueOf(reference.name, context.request).kind === 'none'
        ? [error('unknown-variable', span, unknownVariable(reference.name, context))]
        : [];
  }
}

function unknownVariable(name: string, { values, environments }: ReferenceContext): string {
  const { environment } = values;
  if (values.captures.has(name)) {
    return `${name} is captured by this request or a later one, so it has no value here. Move the request that captures it up.`;
  }
  const others = environments.filter(
    (other) => other.variables.has(name) || other.secrets.includes(name),
  );
  const [other] = others;
  if (other) {
    const names = others.map((one) => one.name).join(', ');
    return environment
      ? `The environment ${environment.name} has no variable ${name}; there is one in ${names}. Add it to ${environment.name}, or choose the other environment.`
      : `${name} is a variable of the environment ${names}, and no environment is chosen.`;
  }
  const names = [
    ...values.variables.keys(),
    ...values.captures.keys(),
    ...(environment ? [...environment.variables.keys(), ...environment.secrets] : []),
  ];
  const hint = names.length > 0 ? ` ${hintAt(name, names)}` : '';
  return `There is no variable ${name}.${hint} A variable of this file is written @${name} = value.`;
}
