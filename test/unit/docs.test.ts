import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { optionSpecs } from '../../src/grpc/callOptionSpecs';

const root = join(import.meta.dirname, '../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

/** The first cell of a table's row, without its marks, and the cells after it. */
function rows(markdown: string): Map<string, string[]> {
  return new Map(
    markdown.split('\n').flatMap((line): [string, string[]][] => {
      const [, name, ...cells] = line.split('|').map((cell) => cell.trim());
      const id = /^`([^`]+)`/.exec(name ?? '')?.[1];
      return id === undefined ? [] : [[id, cells]];
    }),
  );
}

/** Ids that `applicationCause` chooses by the code. */
const chosen = ['application-…', 'deadline-at-server'];

/** Ids of causes as they stand in the code; the part of a made-up id that changes reads `…`. */
function causesInCode(): string[] {
  const files = readdirSync(join(root, 'src/grpc/causes')).map((name) => `src/grpc/causes/${name}`);
  const found = ['src/grpc/status.ts', ...files].flatMap((file) =>
    [...read(file).matchAll(/\bcause: (['`])(.+?)\1/g)].map(([, , id = '']) =>
      id.replace(/\$\{.*\}/, '…'),
    ),
  );
  return [...new Set([...found, ...chosen])];
}

describe('docs/status.md', () => {
  const documented = rows(read('docs/status.md'));

  it('has every cause of the code, and no other', () => {
    const causes = causesInCode();
    expect(causes.length).toBeGreaterThan(60);
    expect([...documented.keys()].sort()).toEqual(causes.sort());
  });
});

describe('docs/options.md', () => {
  const documented = rows(read('docs/options.md'));

  it.each(optionSpecs().map(({ name, default: value }) => [name, value] as const))(
    'says the default of %s',
    (name, value) => {
      expect(documented.get(name)?.[1]).toContain(value === '' ? 'none' : value);
    },
  );
});

describe('README.md', () => {
  it('has every setting with its default', () => {
    const { contributes } = JSON.parse(read('package.json')) as {
      contributes: { configuration: { properties: Record<string, { default: unknown }> } };
    };
    const settings = Object.entries(contributes.configuration.properties).map(
      ([id, { default: value }]) => [id, typeof value === 'string' ? value : JSON.stringify(value)],
    );
    const documented = rows(read('README.md'));
    const written = settings.map(([id = '']) => [id, documented.get(id)?.[0]?.replaceAll('`', '')]);
    expect(written).toEqual(settings);
  });
});
