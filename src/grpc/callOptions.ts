import { formatDuration, longestDuration, type Milliseconds, parseDuration } from './duration';
import { quote } from './quote';
import { type JsonObject, serviceConfigForGrpcJs } from './serviceConfig';
import { checkServiceConfig } from './serviceConfigCheck';
import { formatSize, parseSize } from './size';

export type { Milliseconds };

/**
 * The options of a call and its channel: one model for the panel, request files, the command line and
 * saved defaults. A member left out means the default of `callOptionSpecs`.
 */
export interface CallOptions {
  /** `none` only by explicit choice. */
  readonly deadline?: Milliseconds | 'none';
  readonly waitForReady?: boolean;
  readonly keepaliveTime?: Milliseconds | 'off';
  readonly keepaliveTimeout?: Milliseconds;
  readonly keepalivePermitWithoutCalls?: boolean;
  /** Compression of what is sent. */
  readonly compression?: 'identity' | 'gzip' | 'deflate';
  /** Bytes; -1 is unlimited. */
  readonly maxReceiveSize?: number;
  readonly maxSendSize?: number;
  readonly loadBalancing?: 'pick_first' | 'round_robin';
  /** JSON text, gRFC A2. */
  readonly serviceConfig?: string;
  readonly retries?: boolean;
  readonly userAgent?: string;
}

/** What holds where nothing is chosen: grpc-js's own defaults, and a deadline, which no library has. */
export const builtInDefaults = {
  deadline: 15_000,
  waitForReady: false,
  keepaliveTime: 'off',
  keepaliveTimeout: 20_000,
  keepalivePermitWithoutCalls: false,
  compression: 'identity',
  maxReceiveSize: 4 * 1024 * 1024,
  maxSendSize: -1,
  loadBalancing: 'pick_first',
  retries: true,
} as const satisfies CallOptions;

/** Option name (`keepalive-time`) to what was typed. Absent or blank means the default. */
export interface OptionTexts {
  readonly [name: string]: string;
}

export interface OptionProblem {
  readonly name: string;
  readonly severity: 'error';
  readonly message: string;
}

export interface ParsedCallOptions {
  /** What could be read; an option with a problem is left out. Call nothing while there are problems. */
  readonly options: CallOptions;
  readonly problems: readonly OptionProblem[];
}

type Read<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly message: string };

/** How one member of `CallOptions` is written: its name, and text to value and back. */
interface TextCodec<T> {
  readonly name: string;
  read(text: string): Read<T>;
  write(value: T): string;
}

type Values = Required<CallOptions>;

const codecs: { readonly [K in keyof Values]: TextCodec<Values[K]> } = {
  // grpc-js would take 0 for a deadline in the past: the call could never be sent.
  deadline: durationOr('deadline', 'none', 1),
  waitForReady: boolean('wait-for-ready'),
  keepaliveTime: durationOr('keepalive-time', 'off', 1),
  keepaliveTimeout: {
    name: 'keepalive-timeout',
    read: (text) => readDuration(text, 1),
    write: formatDuration,
  },
  keepalivePermitWithoutCalls: boolean('keepalive-permit-without-calls'),
  compression: choice('compression', ['identity', 'gzip', 'deflate']),
  maxReceiveSize: { name: 'max-receive-size', read: readSize, write: formatSize },
  maxSendSize: { name: 'max-send-size', read: readSize, write: formatSize },
  loadBalancing: choice('load-balancing', ['pick_first', 'round_robin']),
  serviceConfig: { name: 'service-config', read: readServiceConfig, write: (value) => value },
  retries: boolean('retries'),
  userAgent: { name: 'user-agent', read: readUserAgent, write: (value) => value },
};

const members = Object.keys(codecs) as (keyof CallOptions)[];

/** The names of all options. */
export const optionNames: readonly string[] = members.map((member) => codecs[member].name);

/** Reads what was typed. Every problem names its option, the reason and what is allowed. */
export function parseCallOptions(texts: OptionTexts): ParsedCallOptions {
  const problems: OptionProblem[] = [];
  let options: CallOptions = {};
  for (const [name, text] of Object.entries(texts)) {
    const member = members.find((candidate) => codecs[candidate].name === name);
    if (member === undefined) {
      const message = `${quote(name)} is not an option. Options are ${optionNames.join(', ')}.`;
      problems.push({ name, severity: 'error', message });
      continue;
    }
    if (text.trim() === '') {
      continue;
    }
    const read = codecs[member].read(text);
    if (read.ok) {
      options = { ...options, [member]: read.value };
    } else {
      problems.push({ name, severity: 'error', message: read.message });
    }
  }
  return { options, problems };
}

/** The texts that `parseCallOptions` reads back to the same options; members left out stay out. */
export function formatCallOptions(options: CallOptions): Record<string, string> {
  const texts: Record<string, string> = {};
  for (const member of members) {
    const text = writeMember(member, options);
    if (text !== undefined) {
      texts[codecs[member].name] = text;
    }
  }
  return texts;
}

function writeMember<K extends keyof Values>(
  member: K,
  options: Partial<Values>,
): string | undefined {
  const value: Values[K] | undefined = options[member];
  return value === undefined ? undefined : codecs[member].write(value);
}

/** The part of grpc-js's `ChannelOptions` that is used; spelt out because the webview's types end here. */
export interface GrpcChannelOptions {
  readonly [key: `grpc.${string}`]: string | number;
}

export interface GrpcOptions {
  /** For the channel. Equal options give equal objects, so that they can be a key for reuse. */
  readonly channel: GrpcChannelOptions;
  readonly call: {
    /** Length of the deadline from the start of the call; absent when there is none. */
    readonly deadlineMs?: Milliseconds;
    /** grpc-js takes it from the options of the call's metadata. */
    readonly waitForReady: boolean;
  };
}

/**
 * The options as grpc-js 1.14 takes them. What equals grpc-js's own default is left out, and so is what has
 * no effect (a keepalive timeout without a keepalive time). Throws a TypeError when `serviceConfig` is not
 * valid: `parseCallOptions` never lets one through.
 */
export function toGrpcOptions(options: CallOptions, defaults: CallOptions = {}): GrpcOptions {
  const all: CallOptions = { ...builtInDefaults, ...defaults, ...options };
  const channel: { [key: `grpc.${string}`]: string | number } = {};
  if (typeof all.keepaliveTime === 'number') {
    channel['grpc.keepalive_time_ms'] = all.keepaliveTime;
    channel['grpc.keepalive_timeout_ms'] = all.keepaliveTimeout ?? builtInDefaults.keepaliveTimeout;
    if (all.keepalivePermitWithoutCalls === true) {
      // The number: grpc-js compares with === 1 and ignores true.
      channel['grpc.keepalive_permit_without_calls'] = 1;
    }
  }
  if (all.compression === 'deflate' || all.compression === 'gzip') {
    // CompressionAlgorithms of grpc-js, which this file must not load.
    channel['grpc.default_compression_algorithm'] = all.compression === 'deflate' ? 1 : 2;
  }
  if (all.maxReceiveSize !== builtInDefaults.maxReceiveSize) {
    channel['grpc.max_receive_message_length'] = all.maxReceiveSize ?? -1;
  }
  if (all.maxSendSize !== builtInDefaults.maxSendSize) {
    channel['grpc.max_send_message_length'] = all.maxSendSize ?? -1;
  }
  if (all.retries === false) {
    channel['grpc.enable_retries'] = 0;
  }
  if (all.userAgent !== undefined) {
    channel['grpc.primary_user_agent'] = all.userAgent;
  }
  // An explicit pick_first must also win over a policy in the service config.
  const policy = options.loadBalancing ?? defaults.loadBalancing;
  const config = mergedServiceConfig(all.serviceConfig, policy);
  if (config !== undefined) {
    channel['grpc.service_config'] = JSON.stringify(config);
    // grpc-js lets a config from a DNS TXT record win over this one; what was typed here must hold.
    channel['grpc.service_config_disable_resolution'] = 1;
  }
  return {
    channel,
    call: {
      ...(typeof all.deadline === 'number' ? { deadlineMs: all.deadline } : {}),
      waitForReady: all.waitForReady ?? false,
    },
  };
}

function mergedServiceConfig(
  text: string | undefined,
  policy: CallOptions['loadBalancing'],
): JsonObject | undefined {
  let config: JsonObject | undefined;
  if (text !== undefined && text.trim() !== '') {
    const checked = checkServiceConfig(text);
    if (checked.config === undefined) {
      throw new TypeError('toGrpcOptions needs a service config that checkServiceConfig accepts');
    }
    config = serviceConfigForGrpcJs(checked.config);
  }
  if (policy === undefined || (policy === builtInDefaults.loadBalancing && config === undefined)) {
    return config;
  }
  // grpc-js reads loadBalancingConfig only; loadBalancingPolicy has no effect.
  return { ...config, loadBalancingConfig: [{ [policy]: {} }] };
}

function readDuration(text: string, min: Milliseconds): Read<Milliseconds> {
  const parsed = parseDuration(text, { min, max: longestDuration });
  return parsed.ok ? { ok: true, value: parsed.milliseconds } : parsed;
}

function durationOr<W extends string>(
  name: string,
  keyword: W,
  min: Milliseconds,
): TextCodec<Milliseconds | W> {
  return {
    name,
    read(text) {
      if (text.trim().toLowerCase() === keyword) {
        return { ok: true, value: keyword };
      }
      const read = readDuration(text, min);
      return read.ok ? read : { ok: false, message: `${read.message} Or write ${keyword}.` };
    },
    write: (value) => (typeof value === 'number' ? formatDuration(value) : value),
  };
}

function boolean(name: string): TextCodec<boolean> {
  return {
    name,
    read(text) {
      switch (text.trim().toLowerCase()) {
        case 'true':
          return { ok: true, value: true };
        case 'false':
          return { ok: true, value: false };
        default:
          return { ok: false, message: `${quote(text.trim())} is neither true nor false.` };
      }
    },
    write: String,
  };
}

function choice<T extends string>(name: string, choices: readonly T[]): TextCodec<T> {
  return {
    name,
    read(text) {
      const found = choices.find((candidate) => candidate === text.trim().toLowerCase());
      return found === undefined
        ? { ok: false, message: `${quote(text.trim())} is not one of ${choices.join(', ')}.` }
        : { ok: true, value: found };
    },
    write: (value) => value,
  };
}

function readSize(text: string): Read<number> {
  const parsed = parseSize(text);
  return parsed.ok ? { ok: true, value: parsed.bytes } : parsed;
}

function readServiceConfig(text: string): Read<string> {
  const { errors } = checkServiceConfig(text);
  const first = errors[0];
  if (first === undefined) {
    return { ok: true, value: text.trim() };
  }
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
  const where = first.path === '' ? '' : `${first.path}: `;
  return { ok: false, message: `${where}${first.message}${more}` };
}

function readUserAgent(text: string): Read<string> {
  const value = text.trim();
  const bad = /[^ -~]/u.exec(value);
  if (bad !== null) {
    return {
      ok: false,
      message: `Character ${bad.index + 1} can't stand in a header: only printable ASCII can.`,
    };
  }
  return value.length > 256
    ? { ok: false, message: `${value.length} characters; 256 are allowed.` }
    : { ok: true, value };
}
