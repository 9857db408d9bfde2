import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command, Programs } from './programs';

/** Throws when two commands don't write the same: only what does the same can be compared. */
export async function sameText(
  { measure, folder }: Programs,
  one: Command,
  other: Command,
): Promise<void> {
  const file = join(folder, 'written.json');
  const sums: string[] = [];
  for (const command of [one, other]) {
    await measure(command, file);
    sums.push(await sumOf(file));
  }
  await rm(file);
  if (sums[0] !== sums[1]) {
    throw new Error(`These don't write the same:\n${one.join(' ')}\n${other.join(' ')}`);
  }
}

async function sumOf(file: string): Promise<string> {
  const sum = createHash('sha256');
  for await (const bytes of createReadStream(file)) {
    sum.update(bytes as Buffer);
  }
  return sum.digest('hex');
}
