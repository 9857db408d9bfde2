import { Metadata } from '@grpc/grpc-js';
import { type MetadataEntry, type MetadataProblem, readMetadata } from './metadataRows';

export type { MetadataEntry, MetadataProblem };

export interface BuiltMetadata {
  /** The rows without a problem, several values a key in their order. */
  readonly metadata: Metadata;
  /** Send nothing while there are any. */
  readonly problems: readonly MetadataProblem[];
}

/** Request metadata from rows, as `readMetadata` reads them. */
export function buildMetadata(rows: readonly MetadataEntry[]): BuiltMetadata {
  const metadata = new Metadata();
  const { values, problems } = readMetadata(rows);
  for (const { key, value } of values) {
    metadata.add(key, value);
  }
  return { metadata, problems };
}
