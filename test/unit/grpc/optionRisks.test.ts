import { describe, expect, test } from 'vitest';
import type { CallOptions } from '../../../src/grpc/callOptions';
import { optionRisks, type RiskContext } from '../../../src/grpc/optionRisks';

const retryPolicy = {
  maxAttempts: 3,
  initialBackoff: '0.1s',
  maxBackoff: '1s',
  backoffMultiplier: 2,
  retryableStatusCodes: ['UNAVAILABLE'],
};

function config(method: object): string {
  return JSON.stringify({ methodConfig: [{ name: [{}], ...method }] });
}

describe('no risk', () => {
  test.each<[string, CallOptions, RiskContext?]>([
    ['defaults', {}],
    ['keepalive of 5m', { keepaliveTime: 300_000, keepaliveTimeout: 20_000 }],
    ['wait for ready with the default deadline', { waitForReady: true }],
    ['a long stream', { deadline: 7_200_000 }, { kind: 'serverStreaming' }],
    ['a large limit', { maxReceiveSize: 2 ** 30 }],
    ['unlimited sending', { maxSendSize: -1 }],
    ['retries', { serviceConfig: config({ retryPolicy }) }],
    ['retries off without policy', { retries: false, serviceConfig: config({ timeout: '1s' }) }],
    ['keepalive off, saved timeout', {}, { defaults: { keepaliveTimeout: 5_000 } }],
  ])('%s', (_, options, context) => {
    expect(optionRisks(options, context)).toEqual([]);
  });
});

test.each<[string, string, CallOptions, RiskContext?]>([
  ['deadline', 'no-deadline', { deadline: 'none' }],
  ['deadline', 'no-deadline', {}, { defaults: { deadline: 'none' } }],
  ['deadline', 'long-deadline', { deadline: 3_600_001 }, { kind: 'unary' }],
  ['deadline', 'short-deadline', { deadline: 9 }],
  ['keepalive-time', 'keepalive-too-many-pings', { keepaliveTime: 299_999 }],
  ['keepalive-time', 'keepalive-too-many-pings', { keepaliveTime: 10_000 }],
  ['keepalive-time', 'keepalive-far-too-short', { keepaliveTime: 9_999 }],
  ['keepalive-timeout', 'keepalive-timeout-unused', { keepaliveTimeout: 5_000 }],
  [
    'keepalive-timeout',
    'keepalive-timeout-short',
    { keepaliveTime: 300_000, keepaliveTimeout: 999 },
  ],
  [
    'keepalive-permit-without-calls',
    'keepalive-permit-unused',
    { keepalivePermitWithoutCalls: true },
  ],
  [
    'keepalive-permit-without-calls',
    'keepalive-without-calls',
    { keepaliveTime: 300_000, keepalivePermitWithoutCalls: true },
  ],
  ['max-receive-size', 'unlimited-receive', { maxReceiveSize: -1 }],
  ['max-receive-size', 'zero-receive', { maxReceiveSize: 0 }],
  ['max-send-size', 'zero-send', { maxSendSize: 0 }],
  [
    'retries',
    'retries-off-with-policy',
    { retries: false, serviceConfig: config({ retryPolicy }) },
  ],
  [
    'load-balancing',
    'load-balancing-twice',
    { loadBalancing: 'round_robin', serviceConfig: '{"loadBalancingConfig":[{"pick_first":{}}]}' },
  ],
  [
    'service-config',
    'service-config-timeout-fraction',
    { serviceConfig: config({ timeout: '0.5s' }) },
  ],
  [
    'service-config',
    'service-config-message-bytes',
    { serviceConfig: config({ maxRequestMessageBytes: 4 }) },
  ],
  [
    'service-config',
    'service-config-health-check',
    { serviceConfig: '{"healthCheckConfig":{"serviceName":"x"}}' },
  ],
])('%s: %s', (name, code, options, context) => {
  const found = optionRisks(options, context);
  expect(found.map((risk) => [risk.name, risk.code])).toEqual([[name, code]]);
  expect(found[0]?.message).toMatch(/^.{20,}[.]$/);
});

test('wait for ready without a deadline is named at both options', () => {
  expect(
    optionRisks({ deadline: 'none', waitForReady: true }).map((risk) => [risk.name, risk.code]),
  ).toEqual([
    ['deadline', 'no-deadline'],
    ['wait-for-ready', 'wait-for-ready-without-deadline'],
  ]);
});

test('the reason says what the server does and what to choose', () => {
  const [risk] = optionRisks({ keepaliveTime: 30_000 });
  expect(risk?.message).toContain('at 30s it answers with GOAWAY too_many_pings');
  expect(risk?.message).toContain('5m or more');
});
