import { describe, expect, test } from 'vitest';
import type { KeepaliveFact } from '../../../../src/lint/facts';
import type { Finding } from '../../../../src/lint/finding';
import { channel, judge, rulesOf } from './facts';

const timeSpan = { from: 20, to: 24 };

function keepalive(parts: KeepaliveFact, config: object = {}): Finding[] {
  return judge([channel({ keepalive: { timeSpan, ...parts } })], config);
}

const minute = 60_000;

describe('against the server', () => {
  test('options in a variable that two channels use are shown once', () => {
    const keepalive = { timeSpan, time: 30_000 };
    const span = { from: 60, to: 90 };
    const found = judge([channel({ keepalive }), channel({ keepalive, span })]);
    expect(rulesOf(found)).toEqual(['warning keepalive-too-frequent']);
  });

  test('a PING more often than a default server allows', () => {
    const [finding, ...more] = keepalive({ time: 30_000 });
    expect(more).toEqual([]);
    expect(finding).toMatchObject({
      rule: 'keepalive-too-frequent',
      severity: 'warning',
      span: timeSpan,
    });
    expect(finding?.message).toBe(
      'A PING every 30s, where a default Go, Java or C++ server allows one every 5m: it answers with GOAWAY too_many_pings and ends the connection with all its calls. Use 5m or more, or lower the server\'s minimum and say so in frameline.json: "server": {"keepaliveMinTime": …}.',
    );
  });

  test.each([5 * minute, 10 * minute, Number.POSITIVE_INFINITY])('%d ms is allowed', (time) => {
    expect(keepalive({ time })).toEqual([]);
  });

  test('a time that cannot be read is left alone', () => {
    expect(keepalive({ timeout: 1_000 })).toEqual([]);
  });

  test('the minimum of this server holds', () => {
    const config = { server: { keepaliveMinTime: '30s' } };
    expect(keepalive({ time: 30_000 }, config)).toEqual([]);
    expect(keepalive({ time: 29_000 }, config)[0]?.message).toMatch(
      /^A PING every 29s, where the server allows one every 30s: /,
    );
  });

  test.each(['grpc-go', 'grpc-java'] as const)('%s raises what is under 10s', (implementation) => {
    const fact = channel({ implementation, keepalive: { time: 1_000, timeSpan } });
    const [harmful] = judge([fact]);
    expect(harmful?.message).toMatch(/^A PING every 10s \((Go|Java) raises 1s to 10s\), where a/);
    const harmless = judge([fact], { server: { keepaliveMinTime: '5s' } });
    expect(rulesOf(harmless)).toEqual(['information keepalive-too-frequent']);
  });

  test('grpc-js sends as often as it is told', () => {
    const fact = channel({ implementation: 'grpc-js', keepalive: { time: 1_000, timeSpan } });
    expect(judge([fact])[0]?.message).toMatch(/^A PING every 1s, where/);
    expect(judge([fact], { server: { keepaliveMinTime: '1s' } })).toEqual([]);
  });

  test('.NET throws under 1s, whatever the server allows', () => {
    const fact = channel({ implementation: 'grpc-dotnet', keepalive: { time: 500, timeSpan } });
    expect(judge([fact], { server: { keepaliveMinTime: '0s' } })[0]?.message).toBe(
      'SocketsHttpHandler throws for a KeepAlivePingDelay of 500ms: the shortest is 1s.',
    );
  });

  test('PINGs without calls', () => {
    const withoutCallsSpan = { from: 30, to: 34 };
    const parts = { time: 10 * minute, withoutCalls: true, withoutCallsSpan };
    const [finding] = keepalive(parts);
    expect(finding).toMatchObject({ rule: 'keepalive-without-calls', span: withoutCallsSpan });
    expect(keepalive({ ...parts, withoutCalls: false })).toEqual([]);
    expect(keepalive({ ...parts, time: 120 * minute })).toEqual([]);
    expect(keepalive(parts, { server: { keepalivePermitWithoutCalls: true } })).toEqual([]);
  });
});

describe('behind a layer-4 hop', () => {
  const nlb = { path: ['aws-nlb'] };
  const azure = { path: ['azure-lb'] };

  test.each([5 * minute, 349_000])('%d ms is inside the window of an NLB', (time) => {
    expect(keepalive({ time }, nlb)).toEqual([]);
  });

  test('a PING after the connection was dropped', () => {
    const [finding, ...more] = keepalive({ time: 350_000 }, nlb);
    expect(more).toEqual([]);
    expect(finding).toMatchObject({ rule: 'keepalive-outlives-idle-timeout', span: timeSpan });
    expect(finding?.message).toBe(
      'A PING every 350s comes too late: AWS NLB drops a connection after 350s without traffic. Use 5m or more, but less than 350s.',
    );
  });

  test('too often names both ends of the window', () => {
    expect(keepalive({ time: minute }, nlb)[0]?.message).toMatch(
      /Use 5m or more, but less than 350s\.$/,
    );
  });

  test('an empty window says which side to change', () => {
    const advice =
      'No keepalive time works here: the server allows 5m or more, and Azure Load Balancer needs less than 4m. Lower the server\'s minimum to less than 4m (and say so in frameline.json: "server": {"keepaliveMinTime": …}), or raise the timeout of Azure Load Balancer over 5m.';
    const late = keepalive({ time: 5 * minute }, azure);
    expect(rulesOf(late)).toEqual(['warning keepalive-outlives-idle-timeout']);
    expect(late[0]?.message).toContain(advice);
    const often = keepalive({ time: 3 * minute }, azure);
    expect(rulesOf(often)).toEqual(['warning keepalive-too-frequent']);
    expect(often[0]?.message).toContain(advice);
    const config = { ...azure, server: { keepaliveMinTime: '1m' } };
    expect(keepalive({ time: 3 * minute }, config)).toEqual([]);
  });

  test('the strictest of several counts, and its own timeout', () => {
    expect(keepalive({ time: 5 * minute }, { path: ['gcp', 'azure-lb'] })[0]?.message).toContain(
      'Azure Load Balancer drops',
    );
    const raised = { path: [{ name: 'azure-lb', idleTimeout: '30m' }] };
    expect(keepalive({ time: 5 * minute }, raised)).toEqual([]);
  });

  test('no keepalive at all is said softly, unless options are out of sight', () => {
    const found = judge([channel()], nlb);
    expect(rulesOf(found)).toEqual(['information keepalive-outlives-idle-timeout']);
    expect(found[0]?.message).toMatch(/^No keepalive on this channel: AWS NLB drops a connection/);
    expect(judge([channel({ isOpen: true })], nlb)).toEqual([]);
    expect(rulesOf(keepalive({ time: Number.POSITIVE_INFINITY }, nlb))).toEqual([
      'information keepalive-outlives-idle-timeout',
    ]);
    expect(judge([channel()])).toEqual([]);
    expect(judge([channel()], { path: ['kubernetes-service'] })).toEqual([]);
  });
});

describe('behind a layer-7 hop', () => {
  test.each([
    ['aws-alb', 'AWS ALB closes a quiet connection after 1m'],
    ['envoy', 'Envoy resets a stream without messages after 5m'],
    ['nginx', 'nginx resets a stream without messages after 1m'],
    ['istio', 'Istio closes a quiet connection after 1h'],
  ])('%s does not count PINGs', (name, start) => {
    const found = keepalive({ time: minute, withoutCalls: true }, { path: [name] });
    expect(rulesOf(found)).toEqual(['information keepalive-cannot-help']);
    expect(found[0]?.message.startsWith(start)).toBe(true);
  });

  test('the server behind it never sees them', () => {
    expect(rulesOf(keepalive({ time: 10_000 }, { path: ['envoy'] }))).toEqual([
      'information keepalive-cannot-help',
    ]);
  });

  test('nothing is said where nobody knows, or where nothing times out', () => {
    expect(keepalive({ time: minute }, { path: ['haproxy'] })).toEqual([]);
    const timed = { path: [{ name: 'haproxy', idleTimeout: '50s' }] };
    expect(keepalive({ time: minute }, timed)).toEqual([]);
    const measured = { path: [{ name: 'haproxy', idleTimeout: '50s', pingResetsIdle: false }] };
    expect(rulesOf(keepalive({ time: minute }, measured))).toEqual([
      'information keepalive-cannot-help',
    ]);
    const own = { path: [{ name: 'our proxy', layer: 7 }] };
    expect(keepalive({ time: minute }, own)).toEqual([]);
  });

  test('a layer-4 hop before it is what the PINGs are for', () => {
    const config = { path: ['aws-nlb', 'envoy'] };
    expect(keepalive({ time: minute }, config)).toEqual([]);
    expect(keepalive({ time: 400_000 }, config)[0]?.message).toMatch(/Use less than 350s\.$/);
  });

  test('a layer-4 hop behind it is out of reach', () => {
    expect(rulesOf(keepalive({ time: 400_000 }, { path: ['envoy', 'aws-nlb'] }))).toEqual([
      'information keepalive-cannot-help',
    ]);
  });

  test('without keepalive there is nothing to say', () => {
    expect(judge([channel()], { path: ['envoy'] })).toEqual([]);
  });
});
