import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../../../scripts/process.mjs';
import { defaultSettings } from '../../../src/lint/config/defaultSettings';
import { applyEdits } from '../../../src/lint/edits';
import { IndexBuilder } from '../../../src/lint/index/indexBuilder';
import { go } from '../../../src/lint/languages/go';
import { SourceFile } from '../../../src/lint/sourceFile';
import { installedGrammars } from '../../tools/grammars';
import { isMissing } from '../tools';

const interop = join(import.meta.dirname, '..');
/** The module with the generated code of library.proto. */
const module = join(interop, 'go');
const sources = join(import.meta.dirname, 'go');

/** Where each source stands in a copy of the module. */
const places = {
  'calls.go': 'fixed/calls.go',
  'aliases.go': 'fixed/aliases.go',
  'single.go': 'interopv1/single.go',
};

const grammars = installedGrammars();

async function fixed(name: string, text: string): Promise<{ text: string; left: number }> {
  const builder = new IndexBuilder();
  const proto = join(interop, 'proto/interop/v1/library.proto');
  builder.update(proto, await readFile(proto, 'utf8'));
  const context = { settings: defaultSettings, index: builder.index() };
  const file = new SourceFile(name, text, go, grammars);
  try {
    file.update(applyEdits(text, await file.fixAll(context)));
    const { findings } = await file.lint(context);
    return { text: file.text, left: findings.length };
  } finally {
    file.dispose();
  }
}

async function must(cwd: string, file: string, ...args: string[]): Promise<string> {
  const { code, output } = await run(file, args, { cwd });
  if (code !== 0) throw new Error(`${file} ${args.join(' ')} ended with ${code}:\n${output}`);
  return output;
}

describe.skipIf(isMissing('go'))('Go sources with every deadline fixed', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'frameline-go-'));
    await cp(module, folder, { recursive: true });
    await mkdir(join(folder, 'fixed'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('compile, are as gofmt has them, lose no cancel function, and are not fixed again', async () => {
    const left: Record<string, number> = {};
    for (const [name, place] of Object.entries(places)) {
      const once = await fixed(name, await readFile(join(sources, name), 'utf8'));
      const twice = await fixed(name, once.text);
      expect(twice.text).toBe(once.text);
      left[name] = once.left;
      await writeFile(join(folder, place), once.text);
    }
    // One stream leaves its function.
    expect(left).toEqual({ 'calls.go': 1, 'aliases.go': 0, 'single.go': 0 });
    expect(await must(folder, 'gofmt', '-l', sources, 'fixed', 'interopv1')).toBe('');
    await must(folder, 'go', 'vet', './fixed', './interopv1');
  });
});
