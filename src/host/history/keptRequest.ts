import { isSecretName } from '../../grpc/secretName';
import type { RequestForm } from '../../panel/protocol';
import type { MetadataPair, RequestDraft } from '../../request/draft';
import { findReferences } from '../../request/variables/references';
import { fieldsOf } from '../fields';
import type { Server } from '../servers';

/** Bounds of what is kept of the messages of one request. */
const messageLimit = 1000;
const textLimit = 4 * 1024 * 1024;

/** A request as it may be written to disk. */
export interface KeptRequest {
  readonly draft: RequestDraft;
  /** Keys of metadata whose values were taken out. */
  readonly hiddenMetadata: readonly string[];
  readonly messagesLeftOut: number;
}

/** The request without the secrets that were typed into it, and bounded. References to variables stay. */
export function keptRequest(request: RequestDraft, messagesLeftOut = 0): KeptRequest {
  const hidden = request.metadata.filter(isTypedSecret).map(({ key }) => key);
  const messages = boundedMessages(request.messages);
  return {
    draft: {
      ...request,
      metadata: request.metadata.map(withoutSecret),
      reflectionMetadata: request.reflectionMetadata.map(withoutSecret),
      messages,
    },
    hiddenMetadata: hidden,
    messagesLeftOut: messagesLeftOut + request.messages.length - messages.length,
  };
}

/** Values of metadata that must not be seen in what is kept of a call. */
export function typedSecrets(metadata: readonly MetadataPair[]): string[] {
  return metadata.filter(isTypedSecret).flatMap(({ value }) => {
    const bare = withoutScheme(value);
    return bare === value.trim() ? [bare] : [value.trim(), bare];
  });
}

const masked = '••••••';

/** The same with every value that must not be seen taken out of its texts. */
export function withoutValues<T>(data: T, values: readonly string[]): T {
  const longestFirst = values.filter((value) => value !== '').sort((a, b) => b.length - a.length);
  const cleaned = (part: unknown): unknown => {
    if (typeof part === 'string') {
      return longestFirst.reduce((text, value) => text.replaceAll(value, masked), part);
    }
    if (Array.isArray(part)) {
      return part.map(cleaned);
    }
    const fields = fieldsOf(part);
    return fields
      ? Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, cleaned(value)]))
      : part;
  };
  // The shape stays: only characters of texts are others.
  return cleaned(data) as T;
}

function withoutSecret(pair: MetadataPair): MetadataPair {
  return isTypedSecret(pair) ? { ...pair, value: '' } : pair;
}

/** Whether more than references to variables stands in the value of a key that looks like a secret's. */
function isTypedSecret({ key, value }: MetadataPair): boolean {
  if (!isSecretName(key)) {
    return false;
  }
  let typed = value;
  for (const { span } of findReferences(value).reverse()) {
    typed = typed.slice(0, span.from) + typed.slice(span.to);
  }
  return withoutScheme(typed).length > 0;
}

/** A credential without the name of its scheme: `Bearer `, `Basic `. */
function withoutScheme(value: string): string {
  return value.trim().replace(/^(bearer|basic|token)(\s+|$)/i, '');
}

function boundedMessages(messages: readonly string[]): readonly string[] {
  let length = 0;
  const end = messages.findIndex((message, index) => {
    length += message.length;
    return index >= messageLimit || length > textLimit;
  });
  return end === -1 ? messages : messages.slice(0, end);
}

/** What the panel's form asks for. */
export function draftOf(
  server: Pick<Server, 'target' | 'sources'>,
  path: string,
  form: Pick<RequestForm, 'metadata' | 'options'>,
  messages: readonly string[],
): RequestDraft {
  return {
    target: server.target,
    sources: server.sources,
    reflectionMetadata: [],
    method: path.slice(1),
    metadata: form.metadata
      .filter(({ enabled, key }) => enabled && key.trim() !== '')
      .map(({ key, value }) => ({ key, value })),
    options: form.options,
    messages,
  };
}

/** The panel's form filled with a request. It holds the first message of several. */
export function formOf(draft: RequestDraft): RequestForm {
  return {
    body: draft.messages[0] ?? '',
    metadata: draft.metadata.map((pair) => ({ ...pair, enabled: true })),
    options: draft.options,
  };
}

/** A request as a file has it; target and sources are the entry's. Throws when it is none. */
export function parseKeptDraft(value: unknown, { target, sources }: Server): RequestDraft {
  const fields = fieldsOf(value);
  const options = fieldsOf(fields?.options);
  if (!fields || !options || typeof fields.method !== 'string' || !Array.isArray(fields.messages)) {
    throw new Error('It has no request.');
  }
  return {
    ...(typeof fields.title === 'string' ? { title: fields.title } : {}),
    target,
    sources,
    reflectionMetadata: pairsOf(fields.reflectionMetadata),
    method: fields.method,
    metadata: pairsOf(fields.metadata),
    options: Object.fromEntries(
      Object.entries(options).filter((option): option is [string, string] => {
        return typeof option[1] === 'string';
      }),
    ),
    messages: fields.messages.filter((message) => typeof message === 'string'),
  };
}

function pairsOf(value: unknown): MetadataPair[] {
  return (Array.isArray(value) ? value : []).flatMap((item): MetadataPair[] => {
    const { key, value: text } = fieldsOf(item) ?? {};
    return typeof key === 'string' && typeof text === 'string' ? [{ key, value: text }] : [];
  });
}
