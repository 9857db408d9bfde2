import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { formatDuration, parseDuration } from '../../../../src/grpc/duration';
import { defaultSettings } from '../../../../src/lint/config/defaultSettings';
import { hopNames } from '../../../../src/lint/config/hops';
import { leftOutByDefault, parseConfig, severities } from '../../../../src/lint/config/parseConfig';
import { rules } from '../../../../src/lint/rules/registry';

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly definitions?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly enum?: readonly unknown[];
  readonly enumDescriptions?: readonly string[];
  readonly default?: unknown;
  readonly description?: string;
  readonly pattern?: string;
}

const schema = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../../../media/frameline.schema.json'), 'utf8'),
) as Schema;

const lint = schema.properties?.lint?.properties ?? {};
const server = schema.properties?.server?.properties ?? {};

/** The names that a message of `parseConfig` lists when one is wrong there. */
function known(config: object): string[] {
  const [problem] = parseConfig(JSON.stringify(config)).problems;
  return [...(problem?.message.split('There are ')[1]?.matchAll(/"([^"]+)"/g) ?? [])].map(
    ([, name = '']) => name,
  );
}

describe('the schema allows what the parser reads', () => {
  test.each<[string, object, Schema | undefined]>([
    ['the top', { zzzzzzzzz: 1 }, schema],
    ['server', { server: { zzzzzzzzz: 1 } }, schema.properties?.server],
    ['lint', { lint: { zzzzzzzzz: 1 } }, schema.properties?.lint],
    ['lint.rules', { lint: { rules: { zzzzzzzzz: 1 } } }, lint.rules],
    ['an environment', { environments: { a: { zzzzzzzzz: 1 } } }, schema.definitions?.environment],
    [
      'a target',
      { environments: { a: { targets: { b: { zzzzzzzzz: 1, address: 'b:1' } } } } },
      schema.definitions?.target,
    ],
    ['a hop', { path: [{ name: 'envoy', zzzzzzzzz: 1 }] }, schema.definitions?.hop],
  ])('in %s', (_, config, part) => {
    expect(Object.keys(part?.properties ?? {})).toEqual(known(config));
  });

  test('the names of hops, severities and what is left out', () => {
    expect(schema.definitions?.hopName?.enum).toEqual(hopNames);
    expect(schema.definitions?.hopName?.enumDescriptions).toHaveLength(hopNames.length);
    expect(schema.definitions?.severity?.enum).toEqual(severities);
    expect(lint.include?.items?.enum).toEqual(leftOutByDefault);
  });

  test.each(['5s', '1.5s', '500ms', '2m', '1h', ' 5 S ', '5', 's', '-1s', '5d', '1m30s', ''])(
    'the duration %j',
    (text) => {
      const pattern = new RegExp(schema.definitions?.duration?.pattern ?? '(?!)');
      expect(pattern.test(text)).toBe(parseDuration(text).ok);
    },
  );
});

describe('the schema says', () => {
  test.each(rules.map((rule) => [rule.id, rule] as const))('%s', (id, { title, severity }) => {
    expect(lint.rules?.properties?.[id]).toMatchObject({ description: title, default: severity });
  });

  test('each default', () => {
    const { keepaliveMinTime, keepalivePermitWithoutCalls } = defaultSettings.server;
    expect(server.keepaliveMinTime?.default).toBe(formatDuration(keepaliveMinTime));
    expect(server.keepalivePermitWithoutCalls?.default).toBe(keepalivePermitWithoutCalls);
    expect(lint.defaultDeadline?.default).toBe(formatDuration(defaultSettings.defaultDeadline));
    for (const key of [
      'ignore',
      'include',
      'stubs',
      'interceptors',
      'helpers',
      'showInherited',
    ] as const) {
      expect([key, lint[key]?.default]).toEqual([key, defaultSettings[key]]);
    }
  });
});
