import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defaultSettings } from '../../src/lint/config/defaultSettings';
import { parseConfig } from '../../src/lint/config/parseConfig';
import type { LintSettings } from '../../src/lint/config/settings';
import type { Finding } from '../../src/lint/finding';
import { IndexBuilder } from '../../src/lint/index/indexBuilder';
import type { LintContext, Linter } from '../../src/lint/linter';

/** Annotated sources that are linted together: the files of one folder. */
export interface World {
  readonly name: string;
  readonly files: readonly { readonly path: string; readonly text: string }[];
  readonly context: LintContext;
}

const protos = join(import.meta.dirname, '../fixtures/lint/protos');

/**
 * The folder's own files are a world that knows the `.proto` files only; each folder inside it is one of its
 * own, with an index over all its files.
 */
export async function worldsIn(folder: string, linter: Linter): Promise<World[]> {
  const entries = readdirSync(folder, { withFileTypes: true });
  const inside = entries.filter((entry) => entry.isDirectory());
  const worlds = await Promise.all([
    world(folder, false, linter),
    ...inside.map(({ name }) => world(join(folder, name), true, linter)),
  ]);
  return worlds.flat();
}

async function world(folder: string, indexesAll: boolean, linter: Linter): Promise<World[]> {
  const files = filesIn(folder, indexesAll)
    .filter((path) => !path.endsWith('frameline.json'))
    .map((path) => ({ path, text: readFileSync(path, 'utf8') }));
  if (files.length === 0) {
    return [];
  }
  const builder = new IndexBuilder();
  for (const path of filesIn(protos, true)) {
    builder.update(path, readFileSync(path, 'utf8'));
  }
  const settings = settingsOf(folder);
  const known = indexesAll ? files : [];
  for (const { path, text } of known) {
    builder.update(path, text);
  }
  const names = { settings, index: builder.index() };
  for (const { path, text } of known) {
    builder.addExports(path, await linter.exports(path, text, names));
  }
  return [{ name: folder, files, context: { settings, index: builder.index() } }];
}

function filesIn(folder: string, isDeep: boolean): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? (isDeep ? filesIn(path, true) : []) : [path];
  });
}

function settingsOf(folder: string): LintSettings {
  const path = join(folder, 'frameline.json');
  if (!existsSync(path)) {
    return defaultSettings;
  }
  const { settings, problems } = parseConfig(readFileSync(path, 'utf8'));
  if (problems.length > 0) {
    throw new Error(`${path}: ${problems.map(({ message }) => message).join(' ')}`);
  }
  return settings;
}

/** What the source's comments say: `want "missing-deadline"` and `ok: why`. Lines count from 1. */
export interface Labels {
  readonly wants: readonly string[];
  readonly oks: readonly number[];
}

export function labelsOf(text: string): Labels {
  const wants: string[] = [];
  const oks: number[] = [];
  for (const [at, line] of text.split('\n').entries()) {
    const want = /\bwant((?:\s+"[\w-]+")+)/.exec(line);
    for (const [, rule] of want?.[1]?.matchAll(/"([\w-]+)"/g) ?? []) {
      wants.push(`${at + 1} ${rule}`);
    }
    if (/(?:\/\/|#|\/\*)\s*ok: \S/.test(line)) {
      oks.push(at + 1);
    }
  }
  return { wants: wants.sort(), oks };
}

/** As labels are written: `12 missing-deadline`. */
export function foundIn(text: string, findings: readonly Finding[]): string[] {
  return findings
    .map(({ span, rule }) => `${text.slice(0, span.from).split('\n').length} ${rule}`)
    .sort();
}
