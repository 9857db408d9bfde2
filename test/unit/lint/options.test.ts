import { recognizedOptions } from '@grpc/grpc-js/build/src/channel-options';
import { describe, expect, it } from 'vitest';
import {
  type ArgumentReader,
  checkChannelArgument,
  keepaliveFromArguments,
} from '../../../src/lint/options/channelArguments';
import { channelArguments } from '../../../src/lint/options/channelArgumentTable';
import { join, unknown, type Value } from '../../../src/lint/program/value';

const keySpan = { from: 10, to: 20 };
const valueSpan = { from: 22, to: 25 };

function constant(value: string | number | boolean): Value {
  return { kind: 'constant', value, span: valueSpan };
}

function check(reader: ArgumentReader, key: string, value: Value = constant(1)) {
  return checkChannelArgument(reader, key, keySpan, value, valueSpan);
}

describe('the table of channel arguments', () => {
  it('knows every key that grpc-js recognizes', () => {
    const unread = Object.keys(recognizedOptions).filter(
      (key) => channelArguments.get(key)?.js === undefined,
    );
    expect(unread).toEqual([]);
  });
});

describe('keys of channel arguments', () => {
  it.each(['grpc-js', 'grpc-core'] as const)('accepts what %s reads', (reader) => {
    for (const key of ['grpc.keepalive_time_ms', 'grpc.max_receive_message_length']) {
      expect(check(reader, key)).toBeUndefined();
    }
  });

  it.each([
    ['grpc.keepalive_time', 'grpc.keepalive_time_ms'],
    ['grpc.keepalive_tiemout_ms', 'grpc.keepalive_timeout_ms'],
    ['grpc.keepalive_permit_without_call', 'grpc.keepalive_permit_without_calls'],
    ['grpc.max_message_length', 'grpc.max_receive_message_length'],
    ['grpc.service-config', 'grpc.service_config'],
  ])('suggests for %s what was meant', (written, meant) => {
    for (const reader of ['grpc-js', 'grpc-core'] as const) {
      const fact = check(reader, written);
      expect(fact?.span).toEqual(keySpan);
      expect(fact?.replacement).toEqual({ title: `Write "${meant}"`, span: keySpan, text: meant });
    }
  });

  it('says which keys grpc-js leaves to C core, and what it has instead', () => {
    expect(check('grpc-js', 'grpc.http2.max_pings_without_data', constant(0))?.message).toBe(
      '"grpc.http2.max_pings_without_data" is an argument of gRPC core (Python, Ruby, C++) only: grpc-js ignores it. grpc-js sends keepalive PINGs without such a limit.',
    );
    expect(check('grpc-core', 'grpc.http2.max_pings_without_data', constant(0))).toBeUndefined();
    expect(check('grpc-core', 'grpc-node.max_session_memory')?.message).toContain('Node');
  });

  it('marks keys without effect on a client', () => {
    for (const reader of ['grpc-js', 'grpc-core'] as const) {
      expect(check(reader, 'grpc.http2.min_time_between_pings_ms')?.message).toContain(
        'has no effect any more',
      );
      expect(check(reader, 'grpc.max_connection_age_ms')?.message).toContain('is for servers');
    }
    expect(check('grpc-core', 'grpc.http2.min_ping_interval_without_data_ms')?.message).toContain(
      'is for servers',
    );
  });

  it('leaves keys of others alone', () => {
    expect(check('grpc-js', 'interceptors')).toBeUndefined();
    expect(check('grpc-js', 'my.keepalive_time_ms')).toBeUndefined();
    expect(check('grpc-core', 'grpc.my_company_filter_setting')).toBeUndefined();
    expect(check('grpc-js', 'grpc.my_company_filter_setting')?.replacement).toBeUndefined();
  });
});

describe('values of channel arguments', () => {
  it.each([
    ['grpc.keepalive_permit_without_calls', true, '1'],
    ['grpc.keepalive_permit_without_calls', '1', '1'],
    ['grpc.service_config_disable_resolution', true, '1'],
    ['grpc.enable_retries', false, '0'],
    ['grpc.enable_http_proxy', false, '0'],
    ['grpc.use_local_subchannel_pool', false, '0'],
  ])('%s: %s is not what grpc-js reads', (key, value, text) => {
    const fact = check('grpc-js', key, constant(value));
    expect(fact?.span).toEqual(valueSpan);
    expect(fact?.replacement).toEqual({ title: `Write ${text}`, span: valueSpan, text });
  });

  it.each([
    ['grpc.keepalive_permit_without_calls', 1],
    ['grpc.keepalive_permit_without_calls', false],
    ['grpc.enable_retries', true],
    ['grpc.use_local_subchannel_pool', true],
    ['grpc.keepalive_time_ms', '60000'],
  ])('%s: %s does in grpc-js what it says', (key, value) => {
    expect(check('grpc-js', key, constant(value))).toBeUndefined();
  });

  it('wants JSON text for a service config', () => {
    const object: Value = { kind: 'object', entries: new Map(), isOpen: false, span: valueSpan };
    expect(check('grpc-js', 'grpc.service_config', object)?.message).toContain('JSON.stringify');
    expect(check('grpc-js', 'grpc.service_config', unknown)).toBeUndefined();
    expect(check('grpc-js', 'grpc.service_config', constant('{}'))).toBeUndefined();
  });

  it('wants integers for C core where it ignores others', () => {
    expect(check('grpc-core', 'grpc.keepalive_time_ms', constant('30000'))?.replacement).toEqual({
      title: 'Write 30000',
      span: valueSpan,
      text: '30000',
    });
    expect(check('grpc-core', 'grpc.keepalive_time_ms', constant(0.5))).toBeDefined();
    expect(check('grpc-core', 'grpc.default_authority', constant(1))).toBeDefined();
    expect(
      check('grpc-core', 'grpc.keepalive_permit_without_calls', constant(true)),
    ).toBeUndefined();
  });
});

describe('keepalive from channel arguments', () => {
  const of = (reader: ArgumentReader, time: Value, permit?: Value) =>
    keepaliveFromArguments(reader, [
      { key: 'grpc.keepalive_time_ms', value: time, valueSpan },
      ...(permit === undefined
        ? []
        : [{ key: 'grpc.keepalive_permit_without_calls', value: permit, valueSpan }]),
    ]);

  it('is nothing without such a key', () => {
    expect(
      keepaliveFromArguments('grpc-js', [
        { key: 'grpc.max_send_message_length', value: constant(1), valueSpan },
      ]),
    ).toBeUndefined();
  });

  it('reads times, the one that pings most often when there are several', () => {
    expect(of('grpc-js', constant(30_000))).toEqual({ time: 30_000, timeSpan: valueSpan });
    expect(of('grpc-core', join(constant(30_000), constant(10_000)))?.time).toBe(10_000);
    expect(of('grpc-core', unknown)).toEqual({ timeSpan: valueSpan });
    expect(
      keepaliveFromArguments('grpc-core', [
        { key: 'grpc.keepalive_timeout_ms', value: constant(5_000), valueSpan },
      ]),
    ).toEqual({ timeout: 5_000, timeoutSpan: valueSpan });
  });

  it('knows when it is off', () => {
    expect(of('grpc-js', constant(-1))?.time).toBe(Infinity);
    expect(of('grpc-core', constant(2_147_483_647))?.time).toBe(Infinity);
    expect(of('grpc-core', constant(0))?.time).toBe(0);
  });

  it('reads the permission as the library does', () => {
    expect(of('grpc-js', constant(60_000), constant(1))?.withoutCalls).toBe(true);
    expect(of('grpc-js', constant(60_000), constant(true))?.withoutCalls).toBe(false);
    expect(of('grpc-core', constant(60_000), constant(true))?.withoutCalls).toBe(true);
    expect(of('grpc-core', constant(60_000), constant(0))?.withoutCalls).toBe(false);
  });
});
