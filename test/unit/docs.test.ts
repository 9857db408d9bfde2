import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { optionSpecs } from '../../src/grpc/callOptionSpecs';
import { formatDuration } from '../../src/grpc/duration';
import { defaultSettings } from '../../src/lint/config/defaultSettings';
import { type Hop, knownHops } from '../../src/lint/config/hops';
import { parseConfig } from '../../src/lint/config/parseConfig';
import { rulePage, rules } from '../../src/lint/rules/registry';
import { installedGrammars } from '../tools/grammars';

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

/** The text under each heading of the second level. */
function sections(markdown: string): Map<string, string> {
  const parts = markdown.split(/^## /m).slice(1);
  return new Map(
    parts.map((part) => {
      const end = part.indexOf('\n');
      return [part.slice(0, end), part.slice(end)];
    }),
  );
}

/** The languages of its code blocks, and the code in them. */
function codeBlocks(markdown: string): { language: string; code: string }[] {
  return [...markdown.matchAll(/^```(\w+)\n([\s\S]*?)^```/gm)].map(
    ([, language = '', code = '']) => ({ language, code }),
  );
}

/** Languages of code blocks, with their grammars. */
const grammarNames = {
  go: 'go',
  java: 'java',
  kotlin: 'kotlin',
  python: 'python',
  ruby: 'ruby',
  ts: 'typescript',
  csharp: 'c-sharp',
  cpp: 'cpp',
  rust: 'rust',
} as const;
const languages = Object.keys(grammarNames);
const grammars = installedGrammars();

/** Where a mistake can't be made, or can't be mended in the client; the page says so in words. */
const without: Readonly<Record<string, readonly string[]>> = {
  'deadline-discarded': ['python', 'ruby', 'ts', 'rust'],
  'unbounded-wait': ['ruby', 'rust'],
  'unknown-option': ['go', 'java', 'kotlin', 'rust'],
  'invalid-service-config': ['rust'],
  'keepalive-cannot-help': languages,
  'unused-suppression': languages,
};

describe('docs/rules', () => {
  it('has a page for each rule, and no other', () => {
    const pages = readdirSync(join(root, 'docs/rules')).filter((name) => name !== 'README.md');
    expect(pages.sort()).toEqual(rules.map(({ id }) => `${id}.md`).sort());
  });

  it('README.md lists them with their titles and severities', () => {
    const listed = read('docs/rules/README.md')
      .split('\n')
      .flatMap((line) => {
        const [, id, page, title, severity] =
          /^\| \[`([\w-]+)`\]\(([\w.-]+)\) \| (.+) \| (\w+) \|$/.exec(line) ?? [];
        return id === undefined ? [] : [{ id, page, title, severity }];
      });
    const expected = rules.map(({ id, title, severity }) => ({
      id,
      page: `${id}.md`,
      title,
      severity,
    }));
    expect(listed).toEqual(expected);
  });

  describe.each(rules)('$id', ({ id, title, severity }) => {
    const page = read(rulePage(id));
    const parts = sections(page);

    it('begins with its title and severity', () => {
      expect(page.startsWith(`# ${id}\n\n${title}. Default severity: \`${severity}\``)).toBe(true);
    });

    it('says what, why, how to fix, to configure and to suppress', () => {
      expect([...parts.keys()]).toEqual([
        'What',
        'Why',
        'How to fix',
        'How to configure',
        'How to suppress',
      ]);
    });

    it('has a source for its reason, in the first paragraph', () => {
      const [first] =
        parts
          .get('Why')
          ?.trim()
          .split(/\n\s*\n/) ?? [];
      expect(first).toMatch(/\]\(https:\/\//);
    });

    it('shows the fix in each language', () => {
      const shown = new Set(
        codeBlocks(parts.get('How to fix') ?? '').map((block) => block.language),
      );
      const expected = languages.filter((language) => !without[id]?.includes(language));
      expect(
        languages.filter((language) => expected.includes(language) && !shown.has(language)),
      ).toEqual([]);
    });

    it('shows fixes that are code', async () => {
      for (const { language, code } of codeBlocks(parts.get('How to fix') ?? '')) {
        if (language === 'json') {
          expect(() => JSON.parse(code)).not.toThrow();
        } else {
          const name = grammarNames[language as keyof typeof grammarNames];
          const tree = (await grammars.parser(`tree-sitter-${name}.wasm`)).parse(code);
          expect([code, tree?.rootNode.hasError]).toEqual([code, false]);
          tree?.delete();
        }
      }
    });

    it('configures what the linter reads', () => {
      const [block] = codeBlocks(parts.get('How to configure') ?? '');
      const { settings, problems } = parseConfig(block?.code ?? '');
      expect(problems).toEqual([]);
      expect(block?.code).toContain(`"${id}"`);
      expect(Object.keys(settings.rules)).toContain(id);
    });

    it('suppresses with its own name', () => {
      const shown = codeBlocks(parts.get('How to suppress') ?? '').map(({ code }) => code);
      for (const code of shown) {
        expect(code).toMatch(new RegExp(`frameline-ignore ${id}: \\S`));
      }
      expect(shown.length > 0).toBe(id !== 'unused-suppression');
    });
  });

  it('links only to pages that are there', () => {
    for (const name of readdirSync(join(root, 'docs/rules'))) {
      for (const [, target = ''] of read(`docs/rules/${name}`).matchAll(/\]\(([\w./-]+\.md)\)/g)) {
        expect(() => read(join('docs/rules', target))).not.toThrow();
      }
    }
  });
});

describe('docs/frameline-json.md', () => {
  const page = read('docs/frameline-json.md');
  const documented = rows(page);

  it('has every setting with its default, and no other', () => {
    const { server, rules: _, path: __, ...lint } = defaultSettings;
    const written = (value: unknown) =>
      typeof value === 'number' ? formatDuration(value) : JSON.stringify(value);
    const expected = [
      ['path', 'not given'],
      ...Object.entries(server).map(([key, value]) => [`server.${key}`, written(value)]),
      ['lint.rules', 'see [the rules](rules/README.md)'],
      ...Object.entries(lint).map(([key, value]) => [`lint.${key}`, written(value)]),
    ];
    const settings = [...documented]
      .filter(([name]) => /^(path|server\..*|lint\..*)$/.test(name))
      .map(([name, [value]]) => [name, value?.replaceAll('`', '')]);
    expect(settings.sort()).toEqual(expected.sort());
  });

  it.each(Object.entries<Hop>(knownHops))(
    'says of %s what the linter takes it for',
    (name, hop) => {
      const [layer, idle, ends, ping, balances] = documented.get(name) ?? [];
      const resets = { true: 'yes', false: 'no', undefined: 'not known' };
      expect([layer, idle?.replaceAll('`', ''), ends, ping, balances]).toEqual([
        String(hop.layer),
        hop.idleTimeout === undefined ? 'none' : formatDuration(hop.idleTimeout),
        hop.ends,
        resets[`${hop.pingResetsIdle}` as keyof typeof resets],
        hop.balances,
      ]);
    },
  );

  it('shows files that have no mistake', () => {
    for (const { code } of codeBlocks(page)) {
      expect(parseConfig(code).problems).toEqual([]);
    }
  });
});
