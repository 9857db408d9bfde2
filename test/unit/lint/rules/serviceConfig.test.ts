import { describe, expect, test } from 'vitest';
import { defaultSettings } from '../../../../src/lint/config/defaultSettings';
import { applyEdits } from '../../../../src/lint/edits';
import type { ServiceConfigFact } from '../../../../src/lint/facts';
import type { Finding } from '../../../../src/lint/finding';
import { serviceConfigFact } from '../../../../src/lint/languages/shared/serviceConfig';
import type { Value } from '../../../../src/lint/program/value';
import { lintServiceConfig } from '../../../../src/lint/serviceConfig/lintServiceConfig';
import {
  isServiceConfigFile,
  lintServiceConfigFile,
} from '../../../../src/lint/serviceConfig/standalone';
import { judge, rulesOf } from './facts';

/** What is marked, and the message. */
function marked(text: string, found: readonly Finding[]): [string, string][] {
  return found.map(({ span, message }) => [text.slice(span.from, span.to), message]);
}

function lintText(text: string, implementation: ServiceConfigFact['implementation'] = 'grpc-go') {
  return lintServiceConfig(text, implementation, defaultSettings);
}

function fixed(text: string, found: readonly Finding[]): string {
  return applyEdits(
    text,
    found.flatMap(({ replacement }) => replacement?.edits ?? []),
  );
}

describe('places in text', () => {
  test('a value', () => {
    const text = '{"methodConfig": [{"name": [{}], "timeout": "100ms"}]}';
    expect(marked(text, lintText(text))).toEqual([
      ['"100ms"', 'timeout: A duration is text in seconds that ends in s: "0.1s".'],
    ]);
    expect(fixed(text, lintText(text))).toBe(
      '{"methodConfig": [{"name": [{}], "timeout": "0.1s"}]}',
    );
  });

  test('a key', () => {
    const text = '{"methodConfig": [{"name": [{}], "time_out": "5s"}]}';
    expect(marked(text, lintText(text))).toEqual([
      [
        '"time_out"',
        '"time_out" is not a field of a service config: it has no effect. Did you mean "timeout"?',
      ],
    ]);
    expect(fixed(text, lintText(text))).toBe('{"methodConfig": [{"name": [{}], "timeout": "5s"}]}');
  });

  test('what is missing is marked at what should have it', () => {
    const text =
      '{"methodConfig": [{"name": [{}], "retryPolicy": {"maxAttempts": 2, "initialBackoff": "1s", "maxBackoff": "1s", "backoffMultiplier": 1}}]}';
    expect(marked(text, lintText(text))).toEqual([
      ['"retryPolicy"', 'retryableStatusCodes is required and not empty: ["UNAVAILABLE"].'],
    ]);
  });

  test('a long object in a list is marked at its brace, a short one whole', () => {
    const long = `{"methodConfig": [{"timeout": "5s", "_why": "${'x'.repeat(80)}"}]}`;
    expect(marked(long, lintText(long))[0]?.[0]).toBe('{');
    const short = '{"methodConfig": [{"name": [{}, {}]}]}';
    expect(marked(short, lintText(short))).toEqual([
      ['{}', 'The default {} is already in methodConfig[0].name[0].'],
    ]);
  });

  test('the offset of the text in its file', () => {
    const text = '{"methodConfig": 3}';
    const [finding] = lintServiceConfig(text, 'grpc-go', defaultSettings, 100);
    expect(finding?.span).toEqual({ from: 117, to: 118 });
  });

  test('the first mistake against JSON, and nothing after it', () => {
    const text = '{"methodConfig": [}], "timeout": 3}';
    const found = lintText(text);
    expect(rulesOf(found)).toEqual(['error invalid-service-config']);
    expect(marked(text, found)).toEqual([['}', 'A value is expected here.']]);
  });

  test.each([
    ['', 'A value is expected here.'],
    ['{"methodConfig": [],}', 'A key in double quotes is expected here.'],
    ['{} // why', 'JSON has no comments.'],
    ["{'methodConfig': []}", 'This is no JSON value'],
    ['{"methodConfig": []', 'This object is not closed'],
  ])('%s is not JSON', (text, message) => {
    expect(lintText(text).map((finding) => finding.message)).toEqual([
      expect.stringContaining(message),
    ]);
  });

  test('a key that stands there twice', () => {
    const text = '{"methodConfig": [], "methodConfig": []}';
    const [java] = lintText(text, 'grpc-java');
    expect(java).toMatchObject({ severity: 'error', span: { from: 21, to: 35 } });
    expect(lintText(text, 'grpc-go')[0]).toMatchObject({
      severity: 'warning',
      message: '"methodConfig" stands here a second time: only the last one counts.',
    });
  });

  test('nesting without end is a finding, no crash', () => {
    const text = '['.repeat(200_000);
    expect(lintText(text).map(({ rule }) => rule)).toEqual(['invalid-service-config']);
  });
});

describe('severity', () => {
  test.each<[string, ServiceConfigFact['implementation'], string[]]>([
    ['{"methodConfig": 3}', 'grpc-go', ['error invalid-service-config']],
    ['{"methodConfigs": []}', 'grpc-go', ['warning invalid-service-config']],
    [
      '{"methodConfig": [{"name": [{}], "waitForReady": true}]}',
      'grpc-java',
      ['warning unbounded-wait'],
    ],
    [
      '{"methodConfig": [{"name": [{}], "waitForReady": true}]}',
      'grpc-js',
      ['warning invalid-service-config'],
    ],
    [
      '{"methodConfig": [{"name": [{}], "hedgingPolicy": {"maxAttempts": 9}}]}',
      'grpc-js',
      ['information invalid-service-config'],
    ],
  ])('%s in %s', (text, implementation, expected) => {
    expect(rulesOf(lintText(text, implementation))).toEqual(expected);
  });
});

describe('in code', () => {
  const text = '{"methodConfig": [{"name": [{}], "timeout": "100ms"}]}';

  test('text without escapes has exact places', () => {
    const fact: ServiceConfigFact = {
      kind: 'serviceConfig',
      implementation: 'grpc-go',
      span: { from: 49, to: 110 },
      config: { text },
      textFrom: 50,
    };
    const [finding] = judge([fact]);
    expect(finding?.span).toEqual({ from: 50 + 44, to: 50 + 51 });
    expect(finding?.replacement?.edits).toEqual([{ span: finding?.span, text: '"0.1s"' }]);
  });

  test('text with escapes says where in words', () => {
    const fact: ServiceConfigFact = {
      kind: 'serviceConfig',
      implementation: 'grpc-go',
      span: { from: 49, to: 130 },
      config: { text },
    };
    expect(judge([fact])).toEqual([
      {
        rule: 'invalid-service-config',
        severity: 'error',
        span: fact.span,
        message: 'methodConfig[0].timeout: A duration is text in seconds that ends in s: "0.1s".',
      },
    ]);
    expect(judge([{ ...fact, config: { text: '{' } }])[0]).toMatchObject({
      span: fact.span,
      message: 'This service config is not JSON: This object is not closed: } is missing.',
    });
  });

  test('text in grpc-js: a fraction of a second gets all its digits', () => {
    const half = '{"methodConfig": [{"name": [{}], "timeout": "0.5s"}]}';
    const found = lintText(half, 'grpc-js');
    expect(found.map(({ message }) => message)).toEqual([
      'timeout: grpc-js reads "0.5s" as 0 s and 5 ns. Write "0.500000000s", which every client reads right.',
    ]);
    const mended = fixed(half, found);
    expect(mended).toContain('"0.500000000s"');
    expect(lintText(mended, 'grpc-js')).toEqual([]);
  });
});

describe('as an object', () => {
  const source = "{methodConfig: [{name: [{service: S}], timeot: '5s', timeout: '0.5s', ...rest}]}";
  const at = (part: string) => {
    const from = source.indexOf(part);
    return { from, to: from + part.length };
  };
  const text = (value: string, written: string): Value => ({
    kind: 'constant',
    value,
    span: at(written),
    plainFrom: at(written).from + 1,
  });
  const object = (entries: Record<string, [Value, string]>, isOpen = false): Value => ({
    kind: 'object',
    entries: new Map(
      Object.entries(entries).map(([key, [value, written]]) => [
        key,
        { value, keySpan: at(key), span: at(written) },
      ]),
    ),
    isOpen,
    span: { from: 0, to: source.length },
  });
  const list = (...items: Value[]): Value => ({ kind: 'list', items, isOpen: false });
  const config = (isOpen: boolean): Value =>
    object({
      methodConfig: [
        list(
          object(
            {
              name: [list(object({ service: [{ kind: 'unknown' }, 'S'] })), '[{service: S}]'],
              timeot: [text('5s', "'5s'"), "'5s'"],
              timeout: [text('0.5s', "'0.5s'"), "'0.5s'"],
            },
            isOpen,
          ),
        ),
        '[{name',
      ],
    });
  const span = { from: 0, to: source.length };

  test('keys and values have their places, and texts their replacement', () => {
    const fact = serviceConfigFact('grpc-js', config(false), span);
    const found = fact === undefined ? [] : judge([fact]);
    expect(marked(source, found).map(([mark]) => mark)).toEqual(['timeot', "'0.5s'"]);
    expect(fixed(source, found)).toBe(source.replace('0.5s', '0.500000000s'));
  });

  test('nothing is said of what holds more than can be seen', () => {
    const fact = serviceConfigFact('grpc-js', config(true), span);
    expect(fact?.unseen).toEqual(['methodConfig[0]', 'methodConfig[0].name[0].service']);
    expect(fact && judge([fact])).toEqual([]);
  });

  test('status codes by their constants, lengths of time with their unit', () => {
    const fact = serviceConfigFact(
      'grpc-dotnet',
      object({
        codes: [
          list(
            { kind: 'symbol', path: 'Grpc.Core.StatusCode.DeadlineExceeded' },
            { kind: 'symbol', path: '@grpc/grpc-js.status.UNAVAILABLE' },
          ),
          '[',
        ],
        delay: [{ kind: 'duration', milliseconds: 1_500, span }, '5s'],
      }),
      span,
    );
    expect(fact?.config).toEqual({
      value: { codes: ['DEADLINE_EXCEEDED', 'UNAVAILABLE'], delay: '1.5s' },
    });
  });

  test('what is no text and no object is no fact', () => {
    expect(serviceConfigFact('grpc-js', { kind: 'unknown' }, span)).toBeUndefined();
    expect(
      serviceConfigFact('grpc-js', { kind: 'constant', value: 3, span }, span),
    ).toBeUndefined();
  });
});

describe('a file of its own', () => {
  test.each([
    '{"methodConfig": [{"name": [{"service": "market.v1.ListingService"}], "timeout": "5s"}]}',
    '{"loadBalancingConfig": [{"round_robin": {}}]}',
    '{"$schema": "x", "loadBalancingPolicy": "round_robin"}',
    '{"retryThrottling": {"maxTokens": 10, "tokenRatio": 0.1}, "other": 1}',
    '[{"clientLanguage": ["go"], "serviceConfig": {"loadBalancingConfig": [{"round_robin": {}}]}}]',
  ])('%s', (text) => {
    expect(isServiceConfigFile('/a/service_config.json', text)).toBe(true);
  });

  test.each([
    ['/a/package.json', '{"name": "x", "version": "1"}'],
    ['/a/cassandra.json', '{"loadBalancingPolicy": "DCAware", "contactPoints": []}'],
    ['/a/health.json', '{"healthCheckConfig": {"port": 80}, "image": "x"}'],
    ['/a/methods.json', '{"methodConfig": {"get": 1}, "url": "x"}'],
    ['/a/service_config.yaml', '{"methodConfig": [{"name": [{}]}]}'],
    ['/a/list.json', '[{"serviceConfig": "x", "methodConfig": 1}]'],
    ['/a/text.json', '"methodConfig"'],
  ])('%s is something else', (path, text) => {
    expect(isServiceConfigFile(path, text)).toBe(false);
  });

  test('what only some clients do is softer and names them', () => {
    const text =
      '{"methodConfig": [{"name": [{}], "timeout": "0.5s", "maxRequestMessageBytes": 9}]}';
    const found = lintServiceConfigFile(text, defaultSettings);
    expect(rulesOf(found)).toEqual([
      'information invalid-service-config',
      'information invalid-service-config',
    ]);
    expect(found[1]?.message).toBe(
      'maxRequestMessageBytes has no effect in grpc-js. Set the channel option grpc.max_send_message_length.',
    );
  });

  test('a choice is linted for the language that it is for', () => {
    const text =
      '[{"clientLanguage": ["Node"], "percentage": 101, "hosts": [], "serviceConfig": {"methodConfig": [{"name": [{}], "timeout": "0.5s"}]}},' +
      ' {"clientLanguage": "go", "serviceConfig": {"methodConfig": [{"name": [{}], "timeout": "5 s"}]}}]';
    const found = lintServiceConfigFile(text, defaultSettings);
    expect(marked(text, found).map(([mark]) => mark)).toEqual([
      '101',
      '"hosts"',
      '"0.5s"',
      '"go"',
      '"5 s"',
    ]);
    expect(rulesOf(found)[2]).toBe('warning invalid-service-config');
  });

  test('the rule can be off', () => {
    const settings = {
      ...defaultSettings,
      rules: { ...defaultSettings.rules, 'invalid-service-config': 'off' as const },
    };
    expect(lintServiceConfigFile('{"methodConfig": 3}', settings)).toEqual([]);
  });
});
