import { Channel, compressionAlgorithms, credentials } from '@grpc/grpc-js';
import { recognizedOptions } from '@grpc/grpc-js/build/src/channel-options.js';
import { describe, expect, test } from 'vitest';
import { optionSpecs } from '../../../src/grpc/callOptionSpecs';
import {
  builtInDefaults,
  type CallOptions,
  formatCallOptions,
  optionNames,
  parseCallOptions,
  toGrpcOptions,
} from '../../../src/grpc/callOptions';

const every: Required<CallOptions> = {
  deadline: 2_500,
  waitForReady: true,
  keepaliveTime: 300_000,
  keepaliveTimeout: 10_000,
  keepalivePermitWithoutCalls: true,
  compression: 'gzip',
  maxReceiveSize: 64 * 2 ** 20,
  maxSendSize: 1_000,
  loadBalancing: 'round_robin',
  serviceConfig: '{"methodConfig":[{"name":[{}],"timeout":"1.5s"}]}',
  retries: false,
  userAgent: 'my-tool/1.0',
};

const everyText = {
  deadline: '2500ms',
  'wait-for-ready': 'true',
  'keepalive-time': '5m',
  'keepalive-timeout': '10s',
  'keepalive-permit-without-calls': 'true',
  compression: 'gzip',
  'max-receive-size': '64MiB',
  'max-send-size': '1KB',
  'load-balancing': 'round_robin',
  'service-config': '{"methodConfig":[{"name":[{}],"timeout":"1.5s"}]}',
  retries: 'false',
  'user-agent': 'my-tool/1.0',
};

describe('text', () => {
  test('every option goes both ways', () => {
    expect(formatCallOptions(every)).toEqual(everyText);
    expect(parseCallOptions(everyText)).toEqual({ options: every, problems: [] });
    expect(Object.keys(everyText).sort()).toEqual([...optionNames].sort());
  });

  test('absent and blank mean the default', () => {
    expect(parseCallOptions({})).toEqual({ options: {}, problems: [] });
    expect(parseCallOptions({ deadline: '', retries: '  ' })).toEqual({
      options: {},
      problems: [],
    });
    expect(formatCallOptions({})).toEqual({});
  });

  test.each<[string, string, CallOptions]>([
    ['deadline', 'none', { deadline: 'none' }],
    ['deadline', ' NONE ', { deadline: 'none' }],
    ['deadline', '1ms', { deadline: 1 }],
    ['keepalive-time', 'off', { keepaliveTime: 'off' }],
    ['max-receive-size', 'unlimited', { maxReceiveSize: -1 }],
    ['wait-for-ready', 'False', { waitForReady: false }],
    ['compression', 'Deflate', { compression: 'deflate' }],
    ['load-balancing', 'pick_first', { loadBalancing: 'pick_first' }],
    ['user-agent', ' a b ', { userAgent: 'a b' }],
  ])('%s: %s', (name, text, options) => {
    expect(parseCallOptions({ [name]: text })).toEqual({ options, problems: [] });
  });

  test.each([
    ['deadline', '15', 'has no unit'],
    ['deadline', '0s', 'shorter than 1ms'],
    ['deadline', 'off', 'Or write none.'],
    ['deadline', '1000h', '24.8 days'],
    ['keepalive-time', '0s', 'Or write off.'],
    ['keepalive-timeout', 'off', 'not a duration'],
    ['wait-for-ready', 'yes', 'neither true nor false'],
    ['compression', 'zstd', 'not one of identity, gzip, deflate'],
    ['load-balancing', 'ring_hash', 'not one of pick_first, round_robin'],
    ['max-receive-size', '4 M', 'not a unit of size'],
    ['service-config', '{', 'not JSON'],
    ['service-config', '[]', 'JSON object'],
    [
      'service-config',
      '{"methodConfig":[{"name":[{}],"timeout":"100ms"}]}',
      'methodConfig[0].timeout: ',
    ],
    ['service-config', '{"methodConfig":[{},{}]}', '(and 1 more)'],
    ['user-agent', 'naïve', 'Character 3'],
    ['user-agent', 'x'.repeat(300), '300 characters'],
    ['timeout', '5s', 'is not an option'],
    ['__proto__', '5s', 'is not an option'],
  ])('refuses %s: %s', (name, text, reason) => {
    const { options, problems } = parseCallOptions(Object.fromEntries([[name, text]]));
    expect(options).toEqual({});
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({ name, severity: 'error' });
    expect(problems[0]?.message).toContain(reason);
  });

  test('keeps what is right beside what is wrong', () => {
    const { options, problems } = parseCallOptions({ deadline: '5', retries: 'false' });
    expect(options).toEqual({ retries: false });
    expect(problems.map((problem) => problem.name)).toEqual(['deadline']);
  });
});

describe('toGrpcOptions', () => {
  test('defaults leave grpc-js alone and set the deadline', () => {
    expect(toGrpcOptions({})).toEqual({
      channel: {},
      call: { deadlineMs: 15_000, waitForReady: false },
    });
    expect(toGrpcOptions(builtInDefaults)).toEqual(toGrpcOptions({}));
  });

  test('every option', () => {
    const { channel, call } = toGrpcOptions(every);
    const { 'grpc.service_config': config, ...rest } = channel;
    expect(rest).toEqual({
      'grpc.keepalive_time_ms': 300_000,
      'grpc.keepalive_timeout_ms': 10_000,
      'grpc.keepalive_permit_without_calls': 1,
      'grpc.default_compression_algorithm': compressionAlgorithms.gzip,
      'grpc.max_receive_message_length': 64 * 2 ** 20,
      'grpc.max_send_message_length': 1_000,
      'grpc.enable_retries': 0,
      'grpc.primary_user_agent': 'my-tool/1.0',
      'grpc.service_config_disable_resolution': 1,
    });
    expect(JSON.parse(String(config))).toEqual({
      methodConfig: [{ name: [{}], timeout: '1.500000000s' }],
      loadBalancingConfig: [{ round_robin: {} }],
    });
    expect(call).toEqual({ deadlineMs: 2_500, waitForReady: true });
  });

  test('grpc-js knows every key and takes them', () => {
    const { channel } = toGrpcOptions(every);
    // The compression option is missing in grpc-js's own list, but its compression filter reads it.
    const known = { ...recognizedOptions, 'grpc.default_compression_algorithm': true };
    expect(Object.keys(channel).filter((key) => !(key in known))).toEqual([]);
    const real = new Channel('dns:127.0.0.1:1', credentials.createInsecure(), { ...channel });
    real.close();
  });

  test.each<[string, CallOptions, CallOptions, object]>([
    ['none', { deadline: 'none' }, {}, { waitForReady: false }],
    ['none by default', {}, { deadline: 'none' }, { waitForReady: false }],
    ['the settings', {}, { deadline: 3_000 }, { deadlineMs: 3_000, waitForReady: false }],
    [
      'own over settings',
      { deadline: 1 },
      { deadline: 3_000, waitForReady: true },
      { deadlineMs: 1, waitForReady: true },
    ],
  ])('deadline: %s', (_, options, defaults, call) => {
    expect(toGrpcOptions(options, defaults).call).toEqual(call);
  });

  test.each<[string, CallOptions, object]>([
    ['timeout alone', { keepaliveTimeout: 5_000 }, {}],
    ['permit alone', { keepalivePermitWithoutCalls: true }, {}],
    [
      'time alone',
      { keepaliveTime: 1_000 },
      { 'grpc.keepalive_time_ms': 1_000, 'grpc.keepalive_timeout_ms': 20_000 },
    ],
    [
      'permit is the number 1',
      { keepaliveTime: 1_000, keepalivePermitWithoutCalls: true },
      {
        'grpc.keepalive_time_ms': 1_000,
        'grpc.keepalive_timeout_ms': 20_000,
        'grpc.keepalive_permit_without_calls': 1,
      },
    ],
    [
      'deflate',
      { compression: 'deflate' },
      { 'grpc.default_compression_algorithm': compressionAlgorithms.deflate },
    ],
    ['identity', { compression: 'identity' }, {}],
    ['unlimited', { maxReceiveSize: -1 }, { 'grpc.max_receive_message_length': -1 }],
    [
      'zero',
      { maxReceiveSize: 0, maxSendSize: 0 },
      {
        'grpc.max_receive_message_length': 0,
        'grpc.max_send_message_length': 0,
      },
    ],
    ['pick_first', { loadBalancing: 'pick_first' }, {}],
    [
      'round_robin',
      { loadBalancing: 'round_robin' },
      {
        'grpc.service_config': '{"loadBalancingConfig":[{"round_robin":{}}]}',
        'grpc.service_config_disable_resolution': 1,
      },
    ],
    [
      'pick_first over the config',
      {
        loadBalancing: 'pick_first',
        serviceConfig: '{"loadBalancingConfig":[{"round_robin":{}}]}',
      },
      {
        'grpc.service_config': '{"loadBalancingConfig":[{"pick_first":{}}]}',
        'grpc.service_config_disable_resolution': 1,
      },
    ],
    [
      'the config alone',
      { serviceConfig: '{"loadBalancingConfig":[{"round_robin":{}}]}' },
      {
        'grpc.service_config': '{"loadBalancingConfig":[{"round_robin":{}}]}',
        'grpc.service_config_disable_resolution': 1,
      },
    ],
  ])('%s', (_, options, channel) => {
    expect(toGrpcOptions(options).channel).toEqual(channel);
  });

  test('never hands an invalid service config over', () => {
    expect(() => toGrpcOptions({ serviceConfig: '{"methodConfig":[{}]}' })).toThrow(TypeError);
  });
});

describe('optionSpecs', () => {
  test('there is one for every option, and its default reads back to the default', () => {
    const specs = optionSpecs();
    expect(specs.map((spec) => spec.name).sort()).toEqual([...optionNames].sort());
    const texts = Object.fromEntries(specs.map((spec) => [spec.name, spec.default]));
    expect(parseCallOptions(texts)).toEqual({ options: builtInDefaults, problems: [] });
  });

  test('choices and keywords are what the parser takes', () => {
    for (const { name, input } of optionSpecs()) {
      const words =
        input.kind === 'choice'
          ? input.choices
          : input.kind === 'duration' || input.kind === 'size'
            ? input.keywords
            : [];
      for (const word of words) {
        expect(parseCallOptions({ [name]: word }).problems, `${name}: ${word}`).toEqual([]);
      }
    }
  });

  test('the default deadline comes from the settings', () => {
    const deadline = (defaults?: CallOptions) =>
      optionSpecs(defaults).find((spec) => spec.name === 'deadline')?.default;
    expect(deadline()).toBe('15s');
    expect(deadline({ deadline: 60_000 })).toBe('1m');
    expect(deadline({ deadline: 'none' })).toBe('none');
  });
});
