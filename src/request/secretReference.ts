import { isSecretName } from '../grpc/secretName';
import type { MetadataPair } from './draft';
import { findReferences } from './variables/references';

/**
 * A reference in the place of a credential in metadata (`Bearer {{authorization}}`), because no file holds one;
 * undefined where none was typed.
 */
export function secretReference({
  key,
  value,
}: MetadataPair): { name: string; text: string } | undefined {
  const [, scheme = '', credential = ''] =
    /^(\s*(?:bearer|basic|token)\s+)?(.*)$/is.exec(value) ?? [];
  const name = key.trim().replace(/^[^A-Za-z_]+/, '');
  if (!isSecretName(key) || credential.trim() === '' || name === '') {
    return undefined;
  }
  const references = findReferences(credential);
  const [only] = references;
  const isReference = only?.span.from === 0 && only.span.to === credential.trim().length;
  return isReference ? undefined : { name, text: `${scheme}{{${name}}}`.trim() };
}
