import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Linter } from '../../src/lint/linter';
import { foundIn, labelsOf, worldsIn } from '../tools/lintFixtures';

const styles = join(import.meta.dirname, '../fixtures/lintStyles');

/** What a language's findings must reach on sources that were labelled by hand before they were ever linted. */
const targets = { precision: 0.97, recall: 0.92 };

interface Count {
  readonly right: number;
  readonly wrong: number;
  readonly missed: number;
  readonly silent: number;
}

/** Prints how often the linter is right, language by language. */
export async function reportAccuracy(linter: Linter): Promise<void> {
  if (!existsSync(styles)) return;
  console.log('\nlanguage     labels  silent  false  missed  precision  recall   target');
  const folders = readdirSync(styles, { withFileTypes: true }).filter((entry) =>
    entry.isDirectory(),
  );
  for (const { name: language } of folders) {
    const { right, wrong, missed, silent } = await countIn(join(styles, language), linter);
    const precision = right / (right + wrong);
    const recall = right / (right + missed);
    const holds = precision >= targets.precision && recall >= targets.recall;
    console.log(
      [
        language.padEnd(11),
        String(right + missed).padStart(7),
        String(silent).padStart(7),
        String(wrong).padStart(6),
        String(missed).padStart(7),
        precision.toFixed(3).padStart(10),
        recall.toFixed(3).padStart(7),
        `  ${holds ? 'holds' : 'MISSES'} (precision >= ${targets.precision}, recall >= ${targets.recall})`,
      ].join(' '),
    );
  }
}

async function countIn(folder: string, linter: Linter): Promise<Count> {
  const count = { right: 0, wrong: 0, missed: 0, silent: 0 };
  for (const { files, context } of await worldsIn(folder, linter)) {
    for (const { path, text } of files) {
      const { wants, oks } = labelsOf(text);
      const { findings } = await linter.lint(path, text, context);
      const open = [...wants];
      for (const found of foundIn(text, findings)) {
        const at = open.indexOf(found);
        if (at < 0) {
          count.wrong += 1;
        } else {
          open.splice(at, 1);
          count.right += 1;
        }
      }
      count.missed += open.length;
      count.silent += oks.length;
    }
  }
  return count;
}
