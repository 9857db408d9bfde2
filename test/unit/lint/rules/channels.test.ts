import { describe, expect, test } from 'vitest';
import type { ChannelFact } from '../../../../src/lint/facts';
import { channel, judge, rulesOf } from './facts';

const targetSpan = { from: 16, to: 30 };

function balancing(parts: Partial<ChannelFact>, path: readonly unknown[]): string[] {
  return judge([channel({ targetSpan, ...parts })], { path }).flatMap(({ rule, span }) =>
    rule === 'connection-balancing' ? [`${span.from}`] : [],
  );
}

describe('connection-balancing', () => {
  const service = ['kubernetes-service'];

  test.each([
    'listings:50051',
    'listings.market:50051',
    'listings.market.svc:50051',
    'listings.market.svc.cluster.local:50051',
    'listings.market.svc.cluster.local.:50051',
    'dns:///listings:50051',
    'dns:listings:50051',
    'passthrough:///listings.market:50051',
    'http://listings:8080',
    'https://listings.market.svc:8443/',
    'LISTINGS',
  ])('%s can be a Service with a cluster IP', (target) => {
    expect(balancing({ target }, service)).toEqual(['16']);
  });

  test.each([
    'localhost:50051',
    'dns:///localhost:50051',
    '10.0.0.7:50051',
    '[::1]:50051',
    'dns:///[fd00::1]:50051',
    'ipv4:10.0.0.7:50051,10.0.0.8:50051',
    'unix:/tmp/listings.sock',
    'unix:///tmp/listings.sock',
    'xds:///listings',
    'kubernetes:///listings:50051',
    'consul://consul:8500/listings',
    'api.example.com:443',
    'example.com:443',
    'listings-headless.market:50051',
    'listings-0.listings.market.svc.cluster.local:50051',
    '',
  ])('%s is none, or something else resolves it', (target) => {
    expect(balancing({ target }, service)).toEqual([]);
  });

  test('another layer-4 hop is as good a reason, a public name is none', () => {
    expect(balancing({ target: 'listings:50051' }, ['aws-nlb'])).toEqual(['16']);
    expect(balancing({ target: 'listings:50051' }, [{ name: 'f5', layer: 4 }])).toEqual(['16']);
    expect(balancing({ target: 'api.example.com:443' }, ['aws-nlb'])).toEqual([]);
  });

  test('nothing without a hop that balances connections, or with one that balances calls', () => {
    const target = 'listings:50051';
    expect(judge([channel({ target })])).toEqual([]);
    expect(balancing({ target }, [])).toEqual([]);
    expect(balancing({ target }, ['gcp'])).toEqual([]);
    expect(balancing({ target }, ['aws-nlb', 'envoy'])).toEqual([]);
    expect(balancing({ target }, ['istio', 'kubernetes-service'])).toEqual([]);
  });

  test('nothing with another policy, or with options or an address out of sight', () => {
    const target = 'listings:50051';
    expect(balancing({ target, policy: 'round_robin' }, service)).toEqual([]);
    expect(balancing({ target, isOpen: true }, service)).toEqual([]);
    expect(balancing({}, service)).toEqual([]);
    expect(balancing({ target, policy: 'pick_first', isOpen: true }, service)).toEqual(['16']);
  });

  test('says what to do', () => {
    const [found] = judge([channel({ target: 'listings:50051' })], { path: service });
    expect(found).toMatchObject({ severity: 'warning', span: { from: 5, to: 14 } });
    expect(found?.message).toBe(
      'Kubernetes Service balances connections, and pick_first keeps one: all calls of this channel go to the server that it was first connected to, and new servers get none. Use round_robin with a dns:/// target and a headless Service (clusterIP: None), or a layer-7 hop.',
    );
  });
});

describe('channel-per-call', () => {
  test('in a handler, whatever the address', () => {
    const found = judge([channel({ place: 'handler', what: 'client' })]);
    expect(rulesOf(found)).toEqual(['warning channel-per-call']);
    expect(found[0]?.message).toMatch(/^Makes a new client for each request: /);
  });

  test('in a loop with one address, but not in one over addresses', () => {
    expect(judge([channel({ place: 'loop', target: 'listings:50051' })])[0]?.message).toMatch(
      /^Makes a new channel each time round: /,
    );
    expect(rulesOf(judge([channel({ place: 'loop', repeatsTarget: true })]))).toEqual([
      'warning channel-per-call',
    ]);
    expect(judge([channel({ place: 'loop' })])).toEqual([]);
  });

  test.each(['function', 'module'] as const)('not in a %s', (place) => {
    expect(judge([channel({ place, target: 'listings:50051' })])).toEqual([]);
  });
});
