import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  answerName,
  Command,
  ContextKey,
  ItemWord,
  Language,
  PanelType,
  requestFilePattern,
  Setting,
  TestWord,
  View,
  ViewContainer,
} from '../../../src/host/ids';
import { lintedLanguages } from '../../../src/host/linter/lintable';

interface MenuItem {
  readonly command: string;
  readonly when?: string;
}

interface Manifest {
  readonly activationEvents: readonly string[];
  readonly icon: string;
  readonly capabilities: {
    readonly untrustedWorkspaces: {
      readonly supported: string;
      readonly restrictedConfigurations: readonly string[];
    };
  };
  readonly contributes: {
    readonly commands: readonly {
      readonly command: string;
      readonly title: string;
      readonly category: string;
      readonly enablement?: string;
    }[];
    readonly menus: Readonly<Record<string, readonly MenuItem[]>>;
    readonly languages: readonly { readonly id: string; readonly filenames?: readonly string[] }[];
    readonly viewsContainers: { readonly activitybar: readonly { readonly id: string }[] };
    readonly views: Readonly<Record<string, readonly { readonly id: string }[]>>;
    readonly viewsWelcome: readonly { readonly view: string; readonly contents: string }[];
    readonly configuration: {
      readonly properties: Readonly<
        Record<
          string,
          {
            readonly default: unknown;
            readonly scope: string;
            readonly markdownDescription: string;
          }
        >
      >;
    };
  };
}

const manifest = JSON.parse(
  readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'),
) as Manifest;
const { contributes } = manifest;
const menuItems = Object.values(contributes.menus).flat();
const whenClauses = [
  ...menuItems.flatMap((item) => item.when ?? []),
  ...contributes.commands.flatMap((command) => command.enablement ?? []),
];

const sorted = (values: Iterable<string>): string[] => [...new Set(values)].sort();

describe('the manifest and the ids in code', () => {
  it('have the same commands', () => {
    expect(sorted(contributes.commands.map((command) => command.command))).toEqual(
      sorted(Object.values(Command)),
    );
  });

  it('have the same settings', () => {
    expect(sorted(Object.keys(contributes.configuration.properties))).toEqual(
      sorted(Object.values(Setting)),
    );
  });

  it('have the same views and view containers', () => {
    expect(
      sorted(contributes.viewsContainers.activitybar.map((container) => container.id)),
    ).toEqual(sorted(Object.values(ViewContainer)));
    expect(sorted(Object.keys(contributes.views))).toEqual(sorted(Object.values(ViewContainer)));
    expect(
      sorted(
        Object.values(contributes.views)
          .flat()
          .map((view) => view.id),
      ),
    ).toEqual(sorted(Object.values(View)));
  });

  it('have the same context keys and item words', () => {
    const keys = whenClauses.flatMap((clause) => clause.match(/frameline\.\w+/g) ?? []);
    const views: readonly string[] = Object.values(View);
    expect(sorted(keys.filter((key) => !views.includes(key)))).toEqual(
      sorted(Object.values(ContextKey)),
    );
    const words = whenClauses
      .flatMap((clause) => clause.match(/viewItem =~ \/(.*)\//)?.[1] ?? [])
      .flatMap((pattern) => pattern.replaceAll('\\b', ' ').match(/[a-z]+/g) ?? []);
    expect(sorted(words)).toEqual(sorted(Object.values(ItemWord)));
  });

  it('wake up for the panels that are restored, for what is linted and for requests to test', () => {
    expect(sorted(manifest.activationEvents)).toEqual(
      sorted([
        ...Object.values(PanelType).map((type) => `onWebviewPanel:${type}`),
        ...lintedLanguages.map((language) => `onLanguage:${language}`),
        `workspaceContains:${requestFilePattern}`,
      ]),
    );
  });
});

describe('what request files need', () => {
  it('is there under the same ids', () => {
    const languages = contributes.languages.map(({ id }) => id);
    expect(languages).toEqual(expect.arrayContaining(Object.values(Language)));
    const answer = contributes.languages.find(({ id }) => id === Language.Answer);
    expect(answer?.filenames).toEqual([answerName]);
    const messages = whenClauses.flatMap(
      (clause) => clause.match(/testMessage == ([\w-]+)/)?.[1] ?? [],
    );
    expect(sorted(messages)).toEqual(sorted(Object.values(TestWord)));
  });
});

describe('the manifest', () => {
  it('names only commands that exist in its menus and welcome text', () => {
    const known = new Set(contributes.commands.map((command) => command.command));
    const named = [
      ...menuItems.map((item) => item.command),
      ...contributes.viewsWelcome.flatMap((welcome) =>
        [...welcome.contents.matchAll(/command:([\w.]+)/g)].map((match) => match[1] ?? ''),
      ),
    ];
    expect(named.filter((command) => !known.has(command))).toEqual([]);
  });

  it('puts every command in the category gRPC', () => {
    expect(sorted(contributes.commands.map((command) => command.category))).toEqual(['gRPC']);
  });

  it('shows at most two inline actions on any kind of item', () => {
    const items = (contributes.menus['view/item/context'] ?? []) as readonly (MenuItem & {
      readonly group: string;
    })[];
    const inline = items.filter((item) => item.group.startsWith('inline'));
    for (const value of [
      'target saved settled',
      'target saved loading',
      'service',
      'method',
      'call pinned',
      'call unpinned',
    ]) {
      const shown = inline.filter((item) => {
        const pattern = item.when?.match(/viewItem =~ \/(.*)\//)?.[1];
        return pattern !== undefined && new RegExp(pattern).test(value);
      });
      expect(shown.length, value).toBeLessThanOrEqual(2);
    }
  });

  it('gives every setting a default, a scope and a description', () => {
    /** What is kept on the machine is the user's business, not a workspace's. */
    const ofUser: readonly string[] = [Setting.HistoryMaxCalls, Setting.HistoryMaxSize];
    for (const [name, property] of Object.entries(contributes.configuration.properties)) {
      expect(property.default, name).toBeDefined();
      expect(property.scope, name).toBe(ofUser.includes(name) ? 'application' : 'resource');
      expect(property.markdownDescription.length, name).toBeGreaterThan(20);
    }
  });

  it('keeps settings with paths and addresses from an untrusted workspace', () => {
    expect(manifest.capabilities.untrustedWorkspaces.supported).toBe('limited');
    expect(manifest.capabilities.untrustedWorkspaces.restrictedConfigurations).toEqual([
      Setting.Targets,
    ]);
  });

  it('welcomes with one button', () => {
    const contents = contributes.viewsWelcome.map((welcome) => welcome.contents).join('\n');
    const buttons = contents.split('\n').filter((line) => /^\[[^\]]+\]\([^)]+\)$/.test(line));
    expect(buttons).toHaveLength(1);
  });
});
