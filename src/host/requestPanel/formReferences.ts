import type { CallOptions } from '../../grpc/callOptions';
import { checkForm } from '../../panel/formCheck';
import type { FormCheck, MetadataRow, RequestForm } from '../../panel/protocol';
import { checkBody } from '../../request/check/checkBody';
import { StaticValues } from '../../request/check/staticValues';
import { dynamicValue } from '../../request/variables/dynamic';
import { findReferences, type Reference } from '../../request/variables/references';
import { replaceReferences } from '../../request/variables/replace';
import type { Scope } from '../../request/variables/scope';
import { Values } from '../../request/variables/values';
import type { Subject } from './panelInit';
import type { Refusal } from './startRun';

/** A form whose references have been replaced. */
export interface FilledForm {
  readonly form: RequestForm;
  /** Values in it that must not be seen. */
  readonly secrets: readonly string[];
}

/** How a `{{` that is meant literally is written; said where somebody may never have thought of a variable. */
const literal = String.raw`For the characters themselves write \u007b{ in a body.`;

/**
 * Replaces the references to variables in metadata and body; or says which has no value. A form knows the variables of
 * the environment: those of a file were replaced when the form was filled from it.
 */
export async function fillForm(form: RequestForm, scope: Scope): Promise<FilledForm | Refusal> {
  const values = new Values([]);
  const metadata: MetadataRow[] = [];
  for (const row of form.metadata) {
    const { text, problems } = row.enabled
      ? await values.fill(row.value, 'text', scope)
      : { text: row.value, problems: [] };
    if (problems[0]) {
      return { refused: 'metadata', message: `${row.key}: ${problems[0].message}` };
    }
    metadata.push({ ...row, value: text });
  }
  const body = await values.fill(form.body, 'json', scope);
  return body.problems[0]
    ? { refused: 'body', message: `${body.problems[0].message} ${literal}` }
    : { form: { ...form, metadata, body: body.text }, secrets: values.secrets };
}

/** What is wrong or risky in a form, as far as it can be known without asking for secrets. */
export function checkFormWithReferences(
  form: RequestForm,
  { schema, method }: Pick<Subject, 'schema' | 'method'>,
  defaults: CallOptions,
  environment: Scope['environment'],
): FormCheck {
  const values = new StaticValues([], [], environment);
  const sample = (reference: Reference): string | undefined => values.sample(reference);
  // A value that is not known yet is checked when the form is sent; base64 of nothing stands for it in any key.
  const metadata = form.metadata.map((row) => ({
    ...row,
    value: replaceReferences(row.value, 'text', (reference) => sample(reference) ?? 'AAAA').text,
  }));
  const check = checkForm({ ...form, metadata, body: '' }, schema, method, defaults);
  return {
    ...check,
    metadata: [
      ...check.metadata,
      ...form.metadata.flatMap(({ value, enabled }, row) => {
        const message = enabled ? problemsOf(value, values)[0]?.message : undefined;
        return message === undefined ? [] : [{ row, message }];
      }),
    ],
    body: [
      ...problemsOf(form.body, values).map(({ span, message }) => ({
        ...span,
        severity: 'error' as const,
        message: `${message} ${literal}`,
      })),
      ...checkBody(form.body, sample, (json) => schema.validate(method.requestType, json)),
    ],
  };
}

function problemsOf(text: string, values: StaticValues) {
  return findReferences(text).flatMap((reference) => {
    const message = problemOf(reference, values);
    return message === undefined ? [] : [{ span: reference.span, message }];
  });
}

function problemOf(reference: Reference, values: StaticValues): string | undefined {
  switch (reference.kind) {
    case 'malformed':
      return reference.message;
    case 'dynamic': {
      const value = dynamicValue(reference.name, reference.args);
      return value.ok ? undefined : value.message;
    }
    case 'variable': {
      const { name } = reference;
      const { environment } = values;
      switch (values.valueOf(name).kind) {
        case 'none':
          return environment === undefined
            ? `There is no variable ${name}: no environment is chosen.`
            : `There is no variable ${name} in the environment ${environment.name}.`;
        case 'cycle':
          return `The variable ${name} refers to itself.`;
        default:
          return undefined;
      }
    }
  }
}
