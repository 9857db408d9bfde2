import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { constants, gunzip, gzip } from 'node:zlib';
import type { SchemaParts } from '../../schema/load';
import { type PackedParts, packParts, unpackParts } from '../../schema/packedParts';

/** What a schema was built of, as a file holds it. */
export interface PackedSchema {
  /** SHA-256 of what is packed, in hex: the same parts have the same. */
  readonly digest: string;
  readonly bytes: Uint8Array;
}

/** Longest text that is unpacked, in bytes: far more than reflection takes from a server. */
const unpackedLimit = 512 * 1024 * 1024;

export async function packSchema(parts: SchemaParts): Promise<PackedSchema> {
  const text = Buffer.from(JSON.stringify(packParts(parts)));
  // Descriptors shrink to a fifth; a slower level gains little.
  const bytes = await promisify(gzip)(text, { level: constants.Z_BEST_SPEED });
  return { digest: digestOf(text), bytes };
}

/** The parts again. Rejects when the bytes are not those that gave this digest. */
export async function unpackSchema({ digest, bytes }: PackedSchema): Promise<SchemaParts> {
  const text = await promisify(gunzip)(bytes, { maxOutputLength: unpackedLimit });
  if (digestOf(text) !== digest) {
    throw new Error('The schema that was kept is damaged.');
  }
  // `packSchema` wrote it: the digest says so.
  return unpackParts(JSON.parse(text.toString('utf8')) as PackedParts);
}

function digestOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
