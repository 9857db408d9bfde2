import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { languageFor } from '../../../src/lint/languages';
import { Linter, type TextChange } from '../../../src/lint/linter';
import { installedGrammars } from '../../tools/grammars';
import { type World, worldsIn } from '../../tools/lintFixtures';
import { type Random, seededRandom } from '../../tools/random';

const root = join(import.meta.dirname, '../../fixtures/lint');
const linter = new Linter(installedGrammars());
const editsPerFile = 10;

/** What people and their editors do: type, delete, paste, cut and duplicate lines, break brackets. */
function randomChange(text: string, random: Random): TextChange {
  const from = random.integer(0, text.length);
  const lineStart = text.lastIndexOf('\n', from - 1) + 1;
  const lineEnd = (text.indexOf('\n', from) + 1 || text.length + 1) - 1;
  const choices: (() => TextChange)[] = [
    () => ({
      from,
      to: from,
      text: random.pick(['x', ' ', '\n', '(', ')', '{', '}', '"', "'", '.', ',', 'é', '😀']),
    }),
    () => ({ from, to: Math.min(text.length, from + 1 + random.integer(0, 3)), text: '' }),
    () => ({ from: lineStart, to: Math.min(text.length, lineEnd + 1), text: '' }),
    () => ({ from: lineStart, to: lineStart, text: `${text.slice(lineStart, lineEnd)}\n` }),
    () => ({
      from,
      to: Math.min(text.length, from + random.integer(0, 60)),
      text: text.slice(lineStart, lineEnd),
    }),
  ];
  return random.pick(choices)();
}

describe('after random edits', { timeout: 60_000 }, async () => {
  for (const folder of readdirSync(root).filter((name) => name !== 'protos')) {
    const worlds: World[] = await worldsIn(join(root, folder), linter);
    for (const { files, context } of worlds) {
      const sources = files.filter(({ path }) => languageFor(path) !== undefined);
      it.each(sources)('finds what a fresh look finds: $path', async ({ path, text }) => {
        const random = seededRandom(text.length);
        const file = linter.open(path, text);
        if (file === undefined) {
          throw new Error(`${path} is not linted`);
        }
        await file.lint(context);
        let current = text;
        for (let edit = 0; edit < editsPerFile; edit += 1) {
          const before = current;
          const change = randomChange(before, random);
          current = before.slice(0, change.from) + change.text + before.slice(change.to);
          file.update(current, [change]);
          const incremental = await file.lint(context);
          const fresh = await linter.lint(path, current, context);
          if (file.settle()) {
            // With syntax errors in it, a tree may depend on the edits that led there.
            expect(await file.lint(context)).toEqual(fresh);
          } else {
            expect(incremental).toEqual(fresh);
          }
          // Most changes are taken back: else nothing but broken code would be left after a few.
          if (random.chance(0.7)) {
            const { from, to, text: inserted } = change;
            file.update(before, [
              { from, to: from + inserted.length, text: before.slice(from, to) },
            ]);
            current = before;
          }
        }
        file.dispose();
      });
    }
  }
});
