import type { Node } from 'jsonc-parser';
import { type ConfigProblem, ConfigReader } from '../../config/configReader';
import { parseJsonTree } from '../../config/jsonTree';
import { readEnvironments } from '../../config/readEnvironments';
import { type RuleId, ruleIds } from '../ruleIds';
import { defaultSettings } from './defaultSettings';
import type { Hop } from './hops';
import { readHop } from './readHop';
import type { LintSettings } from './settings';

export interface ParsedConfig {
  /** Whatever is wrong in the file has its default here. */
  readonly settings: LintSettings;
  /** In the order of the file. */
  readonly problems: readonly ConfigProblem[];
}

export const severities = ['error', 'warning', 'information', 'hint', 'off'] as const;
export const leftOutByDefault = ['generated', 'vendored', 'tests'] as const;

type Writable<Type> = { -readonly [Key in keyof Type]: Type[Key] };

/** Reads `frameline.json`: JSON with comments and trailing commas. An empty file says nothing. */
export function parseConfig(text: string): ParsedConfig {
  if (text.trim() === '') {
    return { settings: defaultSettings, problems: [] };
  }
  const { root, mistake, repeated } = parseJsonTree(text, 'lenient');
  const read = new ConfigReader(text);
  const settings: Writable<LintSettings> = { ...defaultSettings };
  if (mistake !== undefined) {
    read.problems.push(mistake);
  }
  for (const key of repeated) {
    read.repeated(key);
  }
  if (root !== undefined) {
    read.object(root, '', {
      $schema: () => {},
      path: (node) => set(settings, 'path', readPath(read, node)),
      server: (node) => set(settings, 'server', readServer(read, node)),
      lint: (node) => readLint(read, node, settings),
      environments: (node) => void readEnvironments(read, node, (path) => path),
    });
  }
  return { settings, problems: read.problems.sort((a, b) => a.span.from - b.span.from) };
}

function set<Key extends keyof LintSettings>(
  settings: Writable<LintSettings>,
  key: Key,
  value: LintSettings[Key] | undefined,
): void {
  if (value !== undefined) {
    settings[key] = value;
  }
}

function readPath(read: ConfigReader, node: Node): readonly Hop[] | undefined {
  return read
    .list(node, 'path', 'the hops from client to server: ["aws-nlb", "envoy"]')
    ?.flatMap((item) => readHop(read, item));
}

function readServer(read: ConfigReader, node: Node): LintSettings['server'] {
  const server: Writable<LintSettings['server']> = { ...defaultSettings.server };
  read.object(node, 'server', {
    keepaliveMinTime: (value) => {
      server.keepaliveMinTime =
        read.duration(value, 'server.keepaliveMinTime') ?? server.keepaliveMinTime;
    },
    keepalivePermitWithoutCalls: (value) => {
      server.keepalivePermitWithoutCalls =
        read.boolean(value, 'server.keepalivePermitWithoutCalls') ??
        server.keepalivePermitWithoutCalls;
    },
  });
  return server;
}

function readLint(read: ConfigReader, node: Node, settings: Writable<LintSettings>): void {
  const texts = (key: 'ignore' | 'stubs' | 'interceptors' | 'helpers') => (value: Node) =>
    set(settings, key, read.texts(value, `lint.${key}`));
  read.object(node, 'lint', {
    rules: (value) => set(settings, 'rules', readRules(read, value)),
    defaultDeadline: (value) =>
      set(settings, 'defaultDeadline', read.duration(value, 'lint.defaultDeadline', 1)),
    ignore: texts('ignore'),
    include: (value) =>
      set(settings, 'include', read.choices(value, 'lint.include', leftOutByDefault)),
    stubs: texts('stubs'),
    interceptors: texts('interceptors'),
    helpers: texts('helpers'),
    showInherited: (value) =>
      set(settings, 'showInherited', read.boolean(value, 'lint.showInherited')),
  });
}

function readRules(read: ConfigReader, node: Node): LintSettings['rules'] {
  const rules: Record<RuleId, LintSettings['rules'][RuleId]> = { ...defaultSettings.rules };
  read.object(
    node,
    'lint.rules',
    Object.fromEntries(
      ruleIds.map((id) => [
        id,
        (value: Node) => {
          rules[id] = read.choice(value, `lint.rules.${id}`, severities) ?? rules[id];
        },
      ]),
    ),
    'rule',
  );
  return rules;
}
