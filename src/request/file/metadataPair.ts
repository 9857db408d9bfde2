import type { MetadataPair } from '../draft';

/** `key: value`, as an annotation writes metadata; undefined for what is no pair. */
export function metadataPair(text: string): MetadataPair | undefined {
  const [, key, value = ''] = /^([^\s:]+)\s*:\s*(.*)$/.exec(text) ?? [];
  return key === undefined ? undefined : { key, value };
}
