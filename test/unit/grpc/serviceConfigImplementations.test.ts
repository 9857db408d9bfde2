import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { pathText } from '../../../src/grpc/configChecks/issues';
import type { Implementation } from '../../../src/grpc/implementation';
import { serviceConfigIssues } from '../../../src/grpc/serviceConfigCheck';

interface Verdict {
  readonly name: string;
  readonly config: unknown;
  readonly refusedBy: readonly Implementation[];
}

const { configs } = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../fixtures/serviceConfig/verdicts.json'), 'utf8'),
) as { configs: readonly Verdict[] };

/** Where this checker is meant to differ from the library, and why. */
const meant: Readonly<Record<string, Partial<Record<Implementation, string>>>> = {
  lbUnknown: {
    'grpc-go': 'a trap: the application can register a policy',
    'grpc-java': 'a trap: the application can register a policy',
    'grpc-core': 'a trap: the application can register a policy',
  },
  policyUnknown: {
    'grpc-java': 'a trap: the application can register a policy',
    'grpc-core': 'a trap: the application can register a policy',
  },
  bytesNeg: { 'grpc-go': 'taken, and then no message is small enough' },
  bytesText: {
    'grpc-core': 'numbers in quotes are left to C core and Java',
    'grpc-java': 'numbers in quotes are left to C core and Java',
  },
  attemptsText: {
    'grpc-core': 'numbers in quotes are left to C core and Java',
    'grpc-java': 'numbers in quotes are left to C core and Java',
  },
  noFrac: { 'grpc-java': 'takes a point without digits, which gRFC A6 does not allow' },
  // Go looks at retryThrottling only when there is a methodConfig.
  tokens1001: { 'grpc-go': 'refused as soon as there is a methodConfig' },
  ratio0: { 'grpc-go': 'refused as soon as there is a methodConfig' },
  noRatio: { 'grpc-go': 'refused as soon as there is a methodConfig' },
  ten: { 'grpc-java': 'cuts digits that gRFC A6 does not allow' },
  neg: {
    'grpc-go': 'takes a negative timeout for none',
    'grpc-java': 'takes a negative timeout, and every call fails',
  },
  healthNumber: { 'grpc-java': 'looks at it only where health checks are on' },
};

describe.each(['grpc-go', 'grpc-java', 'grpc-core'] as const)('what %s refuses', (library) => {
  test.each(configs.filter(({ name }) => meant[name]?.[library] === undefined))(
    '$name',
    ({ config, refusedBy }) => {
      const invalid = serviceConfigIssues(config, library).filter(({ kind }) => kind === 'invalid');
      expect(invalid.length > 0).toBe(refusedBy.includes(library));
    },
  );
});

test('every exception is one', () => {
  for (const [name, libraries] of Object.entries(meant)) {
    const verdict = configs.find((each) => each.name === name);
    for (const library of Object.keys(libraries) as Implementation[]) {
      const issues = serviceConfigIssues(verdict?.config, library);
      const invalid = issues.some(({ kind }) => kind === 'invalid');
      expect([name, library, invalid]).not.toEqual([
        name,
        library,
        verdict?.refusedBy.includes(library),
      ]);
    }
  }
});

const retry = {
  maxAttempts: 3,
  initialBackoff: '0.1s',
  maxBackoff: '1s',
  backoffMultiplier: 2,
  retryableStatusCodes: ['UNAVAILABLE'],
};

function method(config: object): object {
  return { methodConfig: [{ name: [{}], ...config }] };
}

describe('traps by implementation', () => {
  test.each<[string, object, Implementation[]]>([
    [
      'service-config-hedging',
      method({ hedgingPolicy: { maxAttempts: 2 } }),
      ['grpc-go', 'grpc-core'],
    ],
    ['service-config-wait-for-ready', method({ waitForReady: true, timeout: '1s' }), ['grpc-js']],
    [
      'service-config-unbounded-wait',
      method({ waitForReady: true }),
      ['grpc-go', 'grpc-java', 'grpc-core'],
    ],
    ['service-config-message-bytes', method({ maxResponseMessageBytes: 1 }), ['grpc-js']],
    ['service-config-timeout-fraction', method({ timeout: '0.5s' }), ['grpc-js']],
    ['service-config-zero-timeout', method({ timeout: '0s' }), ['grpc-go', 'grpc-java', 'grpc-js']],
    ['service-config-health-check', { healthCheckConfig: { serviceName: 'x' } }, ['grpc-js']],
    ['service-config-lb-policy', { loadBalancingPolicy: 'round_robin' }, ['grpc-js']],
    ['service-config-lb-policy-case', { loadBalancingPolicy: 'ROUND_ROBIN' }, ['grpc-go']],
    [
      'service-config-lb-unregistered',
      { loadBalancingPolicy: 'magic' },
      ['grpc-go', 'grpc-java', 'grpc-core'],
    ],
    [
      'service-config-lb-unregistered',
      { loadBalancingConfig: [{ magic: {} }] },
      ['grpc-go', 'grpc-java', 'grpc-core'],
    ],
    ['service-config-lb-unknown', { loadBalancingConfig: [{ grpclb: {} }] }, ['grpc-js']],
    [
      'service-config-per-attempt',
      method({ retryPolicy: { ...retry, perAttemptRecvTimeout: '1s' } }),
      ['grpc-go', 'grpc-java', 'grpc-core', 'grpc-js'],
    ],
    [
      'service-config-token-ratio',
      { retryThrottling: { maxTokens: 10, tokenRatio: 0.0001 } },
      ['grpc-java', 'grpc-js'],
    ],
    ['service-config-unknown-field', { methodconfig: [] }, ['grpc-java', 'grpc-core', 'grpc-js']],
  ])('%s: %o', (code, config, expected) => {
    const all = ['grpc-go', 'grpc-java', 'grpc-core', 'grpc-js'] as const;
    const reporting = all.filter((library) =>
      serviceConfigIssues(config, library).some((issue) => issue.code === code),
    );
    expect(reporting).toEqual(expected);
  });
});

describe('for whoever may read it', () => {
  test('says what only some do, and who', () => {
    const issues = serviceConfigIssues(
      method({ timeout: '0.5s', hedgingPolicy: { maxAttempts: 2 } }),
      undefined,
    );
    expect(issues.map(({ code, only }) => [code, only])).toEqual([
      ['service-config-timeout-fraction', ['grpc-js']],
      ['service-config-hedging', ['grpc-go', 'grpc-core']],
      ['service-config-hedging-delay', ['grpc-java']],
    ]);
    expect(issues[1]?.message).toBe(
      'hedgingPolicy has no effect in Go, Python, Ruby and C++: there is no hedging.',
    );
  });

  test('what nobody takes is invalid without names', () => {
    const [issue] = serviceConfigIssues(method({ timeout: '100ms' }), undefined);
    expect(issue).toMatchObject({ kind: 'invalid', fix: { value: '0.1s' } });
    expect(issue?.only).toBeUndefined();
  });
});

describe('fixes where the right value is certain', () => {
  test.each<[object, string, { key: string } | { value: string } | undefined]>([
    [method({ timeout: '100ms' }), 'methodConfig[0].timeout', { value: '0.1s' }],
    [method({ timeout: '1.5 s' }), 'methodConfig[0].timeout', { value: '1.5s' }],
    [method({ timeout: '2m' }), 'methodConfig[0].timeout', { value: '120s' }],
    [method({ timeout: '.5s' }), 'methodConfig[0].timeout', { value: '0.5s' }],
    [method({ timeout: '1us' }), 'methodConfig[0].timeout', { value: '0.000001s' }],
    [method({ timeout: '0.1ns' }), 'methodConfig[0].timeout', undefined],
    [method({ timeout: '5' }), 'methodConfig[0].timeout', undefined],
    [method({ timeout: 5 }), 'methodConfig[0].timeout', undefined],
    [method({ retrypolicy: retry }), 'methodConfig[0].retrypolicy', { key: 'retryPolicy' }],
    [
      method({ maxRequestBytes: 5 }),
      'methodConfig[0].maxRequestBytes',
      { key: 'maxRequestMessageBytes' },
    ],
    [
      { loadBalancingConfig: [{ roundrobin: {} }] },
      'loadBalancingConfig[0].roundrobin',
      { key: 'round_robin' },
    ],
    [
      method({ retryPolicy: { ...retry, retryableStatusCodes: ['CANCELED'] } }),
      'methodConfig[0].retryPolicy.retryableStatusCodes[0]',
      { value: 'CANCELLED' },
    ],
    [
      method({ retryPolicy: { ...retry, retryableStatusCodes: ['14'] } }),
      'methodConfig[0].retryPolicy.retryableStatusCodes[0]',
      { value: 'UNAVAILABLE' },
    ],
  ])('%j', (config, path, fix) => {
    const [issue] = serviceConfigIssues(config, 'grpc-java');
    expect([issue && pathText(issue.path), issue?.fix]).toEqual([path, fix]);
  });

  test('a misspelt field is not renamed to one that is there', () => {
    const [issue] = serviceConfigIssues(method({ timeOut: '1s', timeout: '2s' }), 'grpc-java');
    expect(issue?.message).toContain('Did you mean "timeout"?');
    expect(issue?.fix).toBeUndefined();
  });

  test('grpc-js reads the timeout right that the fix writes', () => {
    const [issue] = serviceConfigIssues(method({ timeout: '1.25s' }), 'grpc-js');
    expect(issue?.fix).toEqual({ value: '1.250000000s' });
  });
});
