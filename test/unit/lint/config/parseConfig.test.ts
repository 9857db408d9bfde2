import { describe, expect, test } from 'vitest';
import { defaultSettings } from '../../../../src/lint/config/defaultSettings';
import { knownHops } from '../../../../src/lint/config/hops';
import { parseConfig } from '../../../../src/lint/config/parseConfig';
import { forSeeds } from '../../../tools/random';

/** What each problem marks, and its message. */
function problems(text: string): [string, string][] {
  return parseConfig(text).problems.map(({ span, message }) => [
    text.slice(span.from, span.to),
    message,
  ]);
}

test.each([
  '',
  '  \n',
  '{}',
  '\uFEFF{}',
  '{"$schema": "./x.json"}',
  '{"path": [], "server": {}, "lint": {}}',
])('%j has the defaults', (text) => {
  const { settings, problems: found } = parseConfig(text);
  expect(found).toEqual([]);
  expect({ ...settings, path: undefined }).toEqual(defaultSettings);
});

test('everything, with comments and trailing commas', () => {
  const { settings, problems: found } = parseConfig(`{
    // how calls get there
    "path": ["aws-nlb", { "name": "envoy", "idleTimeout": "10m" }, { "name": "F5", "layer": 4, "idleTimeout": "1h" },],
    "server": { "keepaliveMinTime": "30s", "keepalivePermitWithoutCalls": true },
    "lint": {
      "rules": { "missing-deadline": "error", "channel-per-call": "off" },
      "defaultDeadline": "1.5s", /* for fixes */
      "ignore": ["third/**", "!third/own.go"],
      "include": ["tests"],
      "stubs": ["*Gateway"],
      "interceptors": ["DeadlineInterceptor"],
      "helpers": ["callContext"],
      "showInherited": true,
    },
  }`);
  expect(found).toEqual([]);
  expect(settings).toEqual({
    rules: {
      ...defaultSettings.rules,
      'missing-deadline': 'error',
      'channel-per-call': 'off',
    },
    defaultDeadline: 1_500,
    ignore: ['third/**', '!third/own.go'],
    include: ['tests'],
    stubs: ['*Gateway'],
    interceptors: ['DeadlineInterceptor'],
    helpers: ['callContext'],
    showInherited: true,
    server: { keepaliveMinTime: 30_000, keepalivePermitWithoutCalls: true },
    path: [
      knownHops['aws-nlb'],
      { ...knownHops.envoy, idleTimeout: 600_000 },
      {
        name: 'F5',
        layer: 4,
        idleTimeout: 3_600_000,
        ends: 'connection',
        pingResetsIdle: true,
        balances: 'connections',
      },
    ],
  });
});

describe('every mistake has its place, and the next step', () => {
  test.each<[string, string, string]>([
    ['[]', '[]', 'The file has to be an object: { … }.'],
    ['{"lints": {}}', '"lints"', 'There is no setting "lints" at the top. Did you mean "lint"?'],
    [
      '{"wire": {}}',
      '"wire"',
      'There is no setting "wire" at the top. There are "$schema", "path", "server", "lint" and "environments".',
    ],
    ['{"lint": []}', '[]', '"lint" has to be an object: { … }.'],
    [
      '{"lint": {"rule": {}}}',
      '"rule"',
      'There is no setting "rule" in "lint". Did you mean "rules"?',
    ],
    [
      '{"lint": {"rules": {"missing-deadlines": "off"}}}',
      '"missing-deadlines"',
      'There is no rule "missing-deadlines" in "lint.rules". Did you mean "missing-deadline"?',
    ],
    [
      '{"lint": {"rules": {"missing-deadline": "warn"}}}',
      '"warn"',
      '"lint.rules.missing-deadline" can be "error", "warning", "information", "hint" or "off".',
    ],
    [
      '{"lint": {"defaultDeadline": "5"}}',
      '"5"',
      '"lint.defaultDeadline" has to be a duration. "5" has no unit. Write 5s for seconds or 5ms for milliseconds.',
    ],
    [
      '{"lint": {"defaultDeadline": 5}}',
      '5',
      '"lint.defaultDeadline" has to be a duration. Write text with a number and its unit: "500ms", "5s", "2m".',
    ],
    [
      '{"lint": {"defaultDeadline": "0s"}}',
      '"0s"',
      '"lint.defaultDeadline" has to be a duration. "0s" is shorter than 1ms, the shortest that is allowed.',
    ],
    ['{"lint": {"ignore": "x"}}', '"x"', '"lint.ignore" has to be a list of texts: ["…"].'],
    ['{"lint": {"helpers": [3]}}', '3', '"lint.helpers" has texts only, and none that is empty.'],
    [
      '{"lint": {"include": ["test"]}}',
      '"test"',
      '"lint.include" can be "generated", "vendored" or "tests". Did you mean "tests"?',
    ],
    ['{"lint": {"showInherited": 1}}', '1', '"lint.showInherited" has to be true or false.'],
    [
      '{"server": {"keepaliveMinTime": "-1s"}}',
      '"-1s"',
      '"server.keepaliveMinTime" has to be a duration. "-1s" is negative: a duration is 0 or more.',
    ],
    [
      '{"path": "envoy"}',
      '"envoy"',
      '"path" has to be a list of the hops from client to server: ["aws-nlb", "envoy"].',
    ],
    [
      '{"path": ["aws_nbl"]}',
      '"aws_nbl"',
      '"aws_nbl" is not a hop that is known. Did you mean "aws-nlb"?',
    ],
    [
      '{"path": [{"name": "F5"}]}',
      '{"name": "F5"}',
      'The hop "F5" is not known, so it needs a "layer": 4 or 7.',
    ],
    [
      '{"path": [{"layer": 4}]}',
      '{"layer": 4}',
      'A hop needs a "name": one that is known, or your own with its "layer".',
    ],
    [
      '{"path": [4]}',
      '4',
      'A hop is a name, or an object: { "name": …, "layer": 4, "idleTimeout": "350s" }.',
    ],
    [
      '{"path": [{"name": "envoy", "layer": 5}]}',
      '5',
      '"layer" is 4 for a hop that passes bytes on, 7 for one that speaks HTTP/2 itself.',
    ],
    [
      '{"lint": {}, "lint": {}}',
      '"lint"',
      '"lint" stands here a second time; only the last one counts.',
    ],
  ])('%s', (text, mark, message) => {
    expect(problems(text)).toEqual([[mark, message]]);
  });

  test('an unknown hop is told how to be written', () => {
    expect(problems('{"path": ["our-gateway"]}')[0]?.[1]).toMatch(
      /write another one as { "name": "our-gateway", "layer": 4, "idleTimeout": "350s" }\.$/,
    );
  });

  test('a bad value keeps the default, the rest of the file holds', () => {
    const { settings, problems: found } = parseConfig(
      '{"lint": {"defaultDeadline": "soon", "showInherited": true, "rules": {"unknown-option": 3, "missing-deadline": "hint"}}, "path": ["nowhere-at-all", "envoy"]}',
    );
    expect(found).toHaveLength(3);
    expect(settings.defaultDeadline).toBe(defaultSettings.defaultDeadline);
    expect(settings.showInherited).toBe(true);
    expect(settings.rules['unknown-option']).toBe('warning');
    expect(settings.rules['missing-deadline']).toBe('hint');
    expect(settings.path).toEqual([knownHops.envoy]);
  });

  test('broken syntax is one problem, and what can be read is', () => {
    const text = '{"lint": {"showInherited": true}, "path": [';
    const { settings } = parseConfig(text);
    expect(problems(text)).toEqual([['', 'This list is not closed: ] is missing.']]);
    expect(settings.showInherited).toBe(true);
  });
});

describe('hops', () => {
  const hop = (value: unknown) => parseConfig(JSON.stringify({ path: [value] })).settings.path?.[0];

  test('a known one on another layer behaves like that layer', () => {
    expect(hop({ name: 'haproxy', layer: 4, idleTimeout: '50s' })).toEqual({
      name: 'HAProxy',
      layer: 4,
      ends: 'connection',
      pingResetsIdle: true,
      balances: 'connections',
      idleTimeout: 50_000,
    });
  });

  test('what was measured', () => {
    expect(hop({ name: 'aws-classic-lb', pingResetsIdle: false })).toEqual({
      ...knownHops['aws-classic-lb'],
      pingResetsIdle: false,
    });
  });

  test('names of objects in JavaScript are no hops', () => {
    expect(problems('{"path": ["constructor"], "toString": 1}')).toHaveLength(2);
  });
});

test('random edits never throw, and every problem lies in the text', () => {
  const sound =
    '{"path": ["envoy", {"name": "F5", "layer": 4}], "server": {"keepaliveMinTime": "30s"}, "lint": {"rules": {"missing-deadline": "off"}, "defaultDeadline": "5s", "ignore": ["a"], "showInherited": false}} // end';
  const pieces = ['{', '}', '[', ']', ':', ',', '"', '//', '/*', '\\', '3', ' ', 'null', '"x"'];
  forSeeds(500, (random) => {
    let text = sound;
    for (let edits = random.integer(1, 6); edits > 0; edits--) {
      const from = random.integer(0, text.length);
      const to = random.integer(from, Math.min(text.length, from + 8));
      text = text.slice(0, from) + random.pick(pieces) + text.slice(to);
    }
    for (const { span } of parseConfig(text).problems) {
      expect(span.from).toBeGreaterThanOrEqual(0);
      expect(span.to).toBeLessThanOrEqual(text.length);
      expect(span.from).toBeLessThanOrEqual(span.to);
    }
  });
});
