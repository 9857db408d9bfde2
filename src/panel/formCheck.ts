import { type CallOptions, parseCallOptions } from '../grpc/callOptions';
import { buildMetadata } from '../grpc/metadata';
import { optionRisks } from '../grpc/optionRisks';
import { isSecretName } from '../grpc/secretName';
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
    metadata: [...buildMetadata(form.metadata).problems, ...missingSecrets(form)],
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

/** A secret that a reload took away is easily overlooked. */
function missingSecrets(form: RequestForm): FormCheck['metadata'] {
  return form.metadata.flatMap(({ key, value, enabled }, row) =>
    enabled && value === '' && isSecretName(key)
      ? [
          {
            row,
            message: `${key.trim()} has no value: secrets are not kept, over a reload or in the history.`,
          },
        ]
      : [],
  );
}
