import type { MetadataRow, RequestForm } from '../../panel/protocol';
import { fieldsOf } from '../fields';
import { isEntryId } from '../history/historyEntry';
import type { PanelKey } from './panelKey';

/** What a panel kept over a reload; `undefined` when it is of another version or not to be trusted. */
export function parsePanelState(
  state: unknown,
): { readonly key: PanelKey; readonly form?: RequestForm } | undefined {
  const fields = fieldsOf(state);
  const { target, service, method } = fields ?? {};
  if (
    fields?.version !== 1 ||
    typeof target !== 'string' ||
    typeof service !== 'string' ||
    typeof method !== 'string'
  ) {
    return undefined;
  }
  const form = parseForm(fields.form);
  return {
    key: {
      serverId: target,
      path: `/${service}/${method}`,
      ...(typeof fields.file === 'string' ? { file: fields.file } : {}),
      ...(isEntryId(fields.history) ? { history: fields.history } : {}),
    },
    ...(form ? { form } : {}),
  };
}

function parseForm(value: unknown): RequestForm | undefined {
  const form = fieldsOf(value);
  const options = fieldsOf(form?.options);
  if (!form || typeof form.body !== 'string' || !Array.isArray(form.metadata) || !options) {
    return undefined;
  }
  return {
    body: form.body,
    metadata: form.metadata.flatMap((row): MetadataRow[] => {
      const { key, value: text, enabled } = fieldsOf(row) ?? {};
      return typeof key === 'string' && typeof text === 'string'
        ? [{ key, value: text, enabled: enabled !== false }]
        : [];
    }),
    options: Object.fromEntries(
      Object.entries(options).flatMap(([name, text]) =>
        typeof text === 'string' ? [[name, text]] : [],
      ),
    ),
  };
}
