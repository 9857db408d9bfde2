import type { Site } from '../../program/semantics';
import type { Value } from '../../program/value';

/** Methods of Kotlin and Java that give a text as it is, but for its indentation. */
const sameText = new Set(['trimIndent', 'trimMargin', 'trim', 'strip', 'stripIndent']);

/** JSON that is read from a text in the source: `new Gson().fromJson(text, Map.class)`. */
export function jsonCall({ method, receiver, arguments: args }: Site): Value | undefined {
  if (sameText.has(method) && receiver?.kind === 'constant') {
    return typeof receiver.value === 'string' ? receiver : undefined;
  }
  const [text] = args;
  return (method === 'fromJson' || method === 'readValue') &&
    text?.value.kind === 'constant' &&
    typeof text.value.value === 'string'
    ? text.value
    : undefined;
}
