import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Linter } from '../../../src/lint/linter';
import { installedGrammars } from '../../tools/grammars';
import { foundIn, labelsOf, worldsIn } from '../../tools/lintFixtures';

const root = join(import.meta.dirname, '../../fixtures/lint');
const linter = new Linter(installedGrammars());

/** Each language has at least this many lines that warn, and as many call sites and options that must not. */
const least = 25;

const folders = readdirSync(root).filter((name) => name !== 'protos');

describe.each(folders)('annotated sources: %s', async (folder) => {
  const worlds = await worldsIn(join(root, folder), linter);

  it('has enough labels', () => {
    const labels = worlds.flatMap(({ files }) => files.map(({ text }) => labelsOf(text)));
    expect(labels.flatMap(({ wants }) => wants).length).toBeGreaterThanOrEqual(least);
    expect(labels.flatMap(({ oks }) => oks).length).toBeGreaterThanOrEqual(least);
  });

  for (const { name, files, context } of worlds) {
    it.each(files)(`${basename(name)}: $path`, async ({ path, text }) => {
      const { findings, notes } = await linter.lint(path, text, context);
      expect(notes).toEqual([]);
      expect(foundIn(text, findings)).toEqual(labelsOf(text).wants);
    });
  }
});
