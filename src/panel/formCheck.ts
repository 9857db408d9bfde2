import { type CallOptions, parseCallOptions } from '../grpc/callOptions';
import { buildMetadata } from '../grpc/metadata';
import { optionRisks } from '../grpc/optionRisks';
import type { MethodInfo, Schema } from '../schema/schema';
import type { FormCheck, RequestForm } from './protocol';

/** Longest body that is checked while the user types, in UTF-16 units. */
const bodyLimit = 1024 * 1024;

/** What is wrong or risky in a form. */
export function checkForm(
  form: RequestForm,
  schema: Schema,
  method: Pick<MethodInfo, 'requestType' | 'kind'>,
  defaults: CallOptions,
): FormCheck {
  const { options, problems } = parseCallOptions(form.options);
  return {
    body: form.body.length > bodyLimit ? [] : schema.validate(method.requestType, form.body),
    metadata: [...buildMetadata(form.metadata).problems],
    options: [
      ...problems,
      ...optionRisks(options, { defaults, kind: method.kind }).map(({ name, message }) => ({
        name,
        severity: 'warning' as const,
        message,
      })),
    ],
  };
}
