import { ByteInput, readBlocks, writeBlocks } from './archive/blocks';
import { readContent } from './archive/reader';
import { archiveContent } from './archive/writer';
import type { Transcript } from './transcript';

/**
 * A transcript as bytes that `readArchive` opens again, in pieces of about 16 KB. With a `limit` in bytes the
 * entries that fit are kept from the first on, then a note that says how many are missing, and the status; these
 * two are written however small the limit is. Of a call that still runs it holds what there was at the first piece.
 */
export function writeArchive(
  transcript: Transcript,
  limit = Number.POSITIVE_INFINITY,
): Generator<Uint8Array> {
  return writeBlocks(archiveContent(transcript, limit));
}

/**
 * Opens what `writeArchive` wrote: the bytes of a file, or the pieces in which they come. Others have their turn
 * while it reads. Throws `ArchiveError`; what `pieces` throws passes through.
 */
export function readArchive(
  pieces: Uint8Array | Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
): Promise<Transcript> {
  return readContent(new ByteInput(readBlocks(pieces instanceof Uint8Array ? [pieces] : pieces)));
}
