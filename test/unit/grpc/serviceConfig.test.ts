import { Channel, credentials } from '@grpc/grpc-js';
import { validateServiceConfig } from '@grpc/grpc-js/build/src/service-config.js';
import { describe, expect, test } from 'vitest';
import {
  hasRetryPolicy,
  type JsonObject,
  serviceConfigForGrpcJs,
} from '../../../src/grpc/serviceConfig';
import { checkServiceConfig } from '../../../src/grpc/serviceConfigCheck';

const retry = {
  maxAttempts: 3,
  initialBackoff: '0.1s',
  maxBackoff: '1s',
  backoffMultiplier: 2,
  retryableStatusCodes: ['UNAVAILABLE'],
};

function method(config: object): JsonObject {
  return { methodConfig: [{ name: [{}], ...config }] };
}

const valid: [string, object][] = [
  ['empty', {}],
  ['timeout', method({ timeout: '5s' })],
  ['nanoseconds', method({ timeout: '0.500000000s' })],
  ['retry', method({ retryPolicy: retry })],
  ['retry by number', method({ retryPolicy: { ...retry, retryableStatusCodes: [14, 8] } })],
  ['hedging', method({ hedgingPolicy: { maxAttempts: 2, hedgingDelay: '0.1s' } })],
  ['hedging without delay', method({ hedgingPolicy: { maxAttempts: 2 } })],
  ['round robin', { loadBalancingConfig: [{ unheard_of: {} }, { round_robin: {} }] }],
  ['no policy', { loadBalancingConfig: [] }],
  ['throttling', { retryThrottling: { maxTokens: 10, tokenRatio: 0.1 } }],
  [
    'names',
    {
      methodConfig: [
        { name: [{ service: 'a.B', method: 'C' }, { service: 'a.B' }] },
        { name: [{}] },
      ],
    },
  ],
];

test.each(valid)('accepts %s without a trap, and so does grpc-js', (_, config) => {
  const checked = checkServiceConfig(JSON.stringify(config));
  expect(checked).toEqual({ config, errors: [], traps: [] });
  expect(() => validateServiceConfig(config)).not.toThrow();
});

describe('errors', () => {
  test.each<[string, unknown, string]>([
    ['an array', [], ''],
    ['text', 'x', ''],
    ['null', null, ''],
    ['methodConfig', { methodConfig: {} }, 'methodConfig'],
    ['method', { methodConfig: [3] }, 'methodConfig[0]'],
    ['no name', { methodConfig: [{}] }, 'methodConfig[0].name'],
    ['name', { methodConfig: [{ name: ['a.B'] }] }, 'methodConfig[0].name[0]'],
    ['service', { methodConfig: [{ name: [{ service: 1 }] }] }, 'methodConfig[0].name[0]'],
    ['method only', { methodConfig: [{ name: [{ method: 'C' }] }] }, 'methodConfig[0].name[0]'],
    [
      'twice the default',
      { methodConfig: [{ name: [{}] }, { name: [{}] }] },
      'methodConfig[1].name[0]',
    ],
    [
      'twice a method',
      { methodConfig: [{ name: [{ service: 'a' }, { service: 'a' }] }] },
      'methodConfig[0].name[1]',
    ],
    ['timeout in ms', method({ timeout: '100ms' }), 'methodConfig[0].timeout'],
    ['timeout number', method({ timeout: 5 }), 'methodConfig[0].timeout'],
    ['ten digits', method({ timeout: '0.1234567891s' }), 'methodConfig[0].timeout'],
    ['no whole part', method({ timeout: '.5s' }), 'methodConfig[0].timeout'],
    ['too long', method({ timeout: '2147484s' }), 'methodConfig[0].timeout'],
    ['waitForReady', method({ waitForReady: 'true' }), 'methodConfig[0].waitForReady'],
    ['bytes', method({ maxRequestMessageBytes: -1 }), 'methodConfig[0].maxRequestMessageBytes'],
    [
      'retry and hedging',
      method({ retryPolicy: retry, hedgingPolicy: { maxAttempts: 2 } }),
      'methodConfig[0]',
    ],
    ['retry null', method({ retryPolicy: null }), 'methodConfig[0].retryPolicy'],
    [
      'one attempt',
      method({ retryPolicy: { ...retry, maxAttempts: 1 } }),
      'methodConfig[0].retryPolicy.maxAttempts',
    ],
    [
      'zero backoff',
      method({ retryPolicy: { ...retry, initialBackoff: '0s' } }),
      'methodConfig[0].retryPolicy.initialBackoff',
    ],
    [
      'no maxBackoff',
      method({ retryPolicy: { ...retry, maxBackoff: undefined } }),
      'methodConfig[0].retryPolicy.maxBackoff',
    ],
    [
      'multiplier',
      method({ retryPolicy: { ...retry, backoffMultiplier: 0 } }),
      'methodConfig[0].retryPolicy.backoffMultiplier',
    ],
    [
      'no codes',
      method({ retryPolicy: { ...retry, retryableStatusCodes: [] } }),
      'methodConfig[0].retryPolicy.retryableStatusCodes',
    ],
    [
      'unknown code',
      method({ retryPolicy: { ...retry, retryableStatusCodes: ['UNAVAILABLE', 'BROKEN'] } }),
      'methodConfig[0].retryPolicy.retryableStatusCodes[1]',
    ],
    [
      'code 17',
      method({ retryPolicy: { ...retry, retryableStatusCodes: [17] } }),
      'methodConfig[0].retryPolicy.retryableStatusCodes[0]',
    ],
    [
      'hedging codes',
      method({ hedgingPolicy: { maxAttempts: 2, nonFatalStatusCodes: 'UNAVAILABLE' } }),
      'methodConfig[0].hedgingPolicy.nonFatalStatusCodes',
    ],
    [
      'hedging delay',
      method({ hedgingPolicy: { maxAttempts: 2, hedgingDelay: '100ms' } }),
      'methodConfig[0].hedgingPolicy.hedgingDelay',
    ],
    ['policy list', { loadBalancingConfig: { round_robin: {} } }, 'loadBalancingConfig'],
    ['two keys', { loadBalancingConfig: [{ a: {}, b: {} }] }, 'loadBalancingConfig[0]'],
    ['policy text', { loadBalancingConfig: ['round_robin'] }, 'loadBalancingConfig[0]'],
    ['policy name', { loadBalancingPolicy: 1 }, 'loadBalancingPolicy'],
    [
      'tokens',
      { retryThrottling: { maxTokens: 1001, tokenRatio: 1 } },
      'retryThrottling.maxTokens',
    ],
    ['ratio', { retryThrottling: { maxTokens: 1, tokenRatio: 0 } }, 'retryThrottling.tokenRatio'],
    ['throttling', { retryThrottling: 5 }, 'retryThrottling'],
  ])('%s', (_, config, path) => {
    const checked = checkServiceConfig(JSON.stringify(config));
    expect(checked.config).toBeUndefined();
    expect(checked.errors.map((error) => error.path)).toEqual([path]);
  });

  test('broken JSON', () => {
    const checked = checkServiceConfig('{"methodConfig": [}');
    expect(checked.errors).toHaveLength(1);
    expect(checked.errors[0]?.message).toMatch(/^This is not JSON: /);
  });
});

describe('traps', () => {
  test.each<[string, object, string]>([
    ['service-config-timeout-fraction', method({ timeout: '0.5s' }), 'methodConfig[0].timeout'],
    [
      'service-config-message-bytes',
      method({ maxRequestMessageBytes: 10 }),
      'methodConfig[0].maxRequestMessageBytes',
    ],
    [
      'service-config-message-bytes',
      method({ maxResponseMessageBytes: 10 }),
      'methodConfig[0].maxResponseMessageBytes',
    ],
    [
      'service-config-wait-for-ready',
      method({ waitForReady: true }),
      'methodConfig[0].waitForReady',
    ],
    ['service-config-lb-policy', { loadBalancingPolicy: 'round_robin' }, 'loadBalancingPolicy'],
    ['service-config-lb-unknown', { loadBalancingConfig: [{ magic: {} }] }, 'loadBalancingConfig'],
    [
      'service-config-health-check',
      { healthCheckConfig: { serviceName: '' } },
      'healthCheckConfig',
    ],
    [
      'service-config-max-attempts',
      method({ retryPolicy: { ...retry, maxAttempts: 6 } }),
      'methodConfig[0].retryPolicy.maxAttempts',
    ],
    ['service-config-no-name', { methodConfig: [{ name: [] }] }, 'methodConfig[0].name'],
    ['service-config-unknown-field', { methodConfigs: [] }, 'methodConfigs'],
    ['service-config-unknown-field', method({ retrypolicy: retry }), 'methodConfig[0].retrypolicy'],
  ])('%s', (code, config, path) => {
    const checked = checkServiceConfig(JSON.stringify(config));
    expect(checked.errors).toEqual([]);
    expect(checked.traps.map((trap) => [trap.code, trap.path])).toEqual([[code, path]]);
  });
});

test.each([
  ['0.5s', 500],
  ['1.5s', 1_500],
  ['0.000000001s', 0],
  ['2.25s', 2_250],
  ['7s', 7_000],
])('grpc-js reads the timeout %s right from the form that it gets', (timeout, milliseconds) => {
  const handed = serviceConfigForGrpcJs(method({ timeout }));
  const read = validateServiceConfig(handed).methodConfig[0]?.timeout;
  expect(Math.floor((read?.seconds ?? 0) * 1e3 + (read?.nanos ?? 0) / 1e6)).toBe(milliseconds);
});

test('without the correction grpc-js reads 0.5s as 5 ns: the trap is still true', () => {
  const read = validateServiceConfig(method({ timeout: '0.5s' }));
  expect(read.methodConfig[0]?.timeout).toEqual({ seconds: 0, nanos: 5 });
});

test('grpc-js drops the fields that the traps say it ignores', () => {
  const read = validateServiceConfig({
    healthCheckConfig: { serviceName: 'x' },
    ...method({ maxRequestMessageBytes: 1, maxResponseMessageBytes: 1 }),
  });
  expect(read).toEqual({ loadBalancingConfig: [], methodConfig: [{ name: [{}] }] });
});

test('a channel takes a config that passed', () => {
  const { config } = checkServiceConfig(JSON.stringify(method({ retryPolicy: retry })));
  const channel = new Channel('dns:127.0.0.1:1', credentials.createInsecure(), {
    'grpc.service_config': JSON.stringify(config),
  });
  expect(channel.getTarget()).toBe('dns:127.0.0.1:1');
  channel.close();
});

test('hasRetryPolicy', () => {
  expect(hasRetryPolicy({})).toBe(false);
  expect(hasRetryPolicy(method({ timeout: '1s' }))).toBe(false);
  expect(hasRetryPolicy(method({ retryPolicy: retry }))).toBe(true);
  expect(hasRetryPolicy(method({ hedgingPolicy: { maxAttempts: 2 } }))).toBe(true);
});
