import { builtInDefaults, type CallOptions, type Milliseconds } from './callOptions';
import { formatDuration } from './duration';
import type { MethodKind } from './methodKind';
import { hasRetryPolicy } from './serviceConfig';
import { checkServiceConfig } from './serviceConfigCheck';
import { unlimitedSize } from './size';

/** A value that is allowed and may still do harm, or nothing. */
export interface OptionRisk {
  /** The option to mark: `keepalive-time`. */
  readonly name: string;
  /** Stable id of the risk: `keepalive-too-many-pings`. */
  readonly code: string;
  /** The reason and the advice, in one or two sentences. */
  readonly message: string;
}

export interface RiskContext {
  /** What holds where `options` says nothing; as in `toGrpcOptions`. */
  readonly defaults?: CallOptions;
  /** A stream may rightly stay open for hours; a unary call may not. */
  readonly kind?: MethodKind;
}

/** Go, Java and C core servers close a connection whose pings come more often than this. */
const serverMinPingInterval: Milliseconds = 5 * 60_000;

/** Go and Java clients raise a shorter keepalive time to this themselves; grpc-js does not. */
const clientMinKeepalive: Milliseconds = 10_000;

/** With a shorter one a slow network looks like a dead one. */
const shortKeepaliveTimeout: Milliseconds = 1_000;

const longDeadline: Milliseconds = 3_600_000;

/** Shorter than a round trip to the next continent with its TLS handshake. */
const shortDeadline: Milliseconds = 10;

/**
 * What is risky in these options, with the reason; docs/options.md has the sources.
 * Needs no parsing problems: call it with the result of `parseCallOptions`.
 */
export function optionRisks(options: CallOptions, context: RiskContext = {}): OptionRisk[] {
  const all: CallOptions = { ...builtInDefaults, ...context.defaults, ...options };
  return [
    ...deadlineRisks(all, context.kind),
    ...keepaliveRisks(all, options),
    ...limitRisks(all),
    ...serviceConfigRisks(all, options.loadBalancing ?? context.defaults?.loadBalancing),
  ];
}

function* deadlineRisks(all: CallOptions, kind: MethodKind | undefined): Generator<OptionRisk> {
  const { deadline, waitForReady } = all;
  if (deadline === 'none') {
    yield {
      name: 'deadline',
      code: 'no-deadline',
      message:
        'Without a deadline this call waits for ever when the server does not answer, and holds resources on both sides. Set one a little over the slowest good answer.',
    };
    if (waitForReady === true) {
      yield {
        name: 'wait-for-ready',
        code: 'wait-for-ready-without-deadline',
        message:
          'Wait for ready without a deadline never ends while the server can not be reached: a refused connection is tried again and again without an error. Set a deadline.',
      };
    }
  } else if (typeof deadline === 'number') {
    if (deadline > longDeadline && kind === 'unary') {
      yield {
        name: 'deadline',
        code: 'long-deadline',
        message: `${formatDuration(deadline)} is hardly a deadline for a unary call: a lost answer is noticed only then. For work that takes so long, start it with one call and ask for its state with another.`,
      };
    }
    if (deadline < shortDeadline) {
      yield {
        name: 'deadline',
        code: 'short-deadline',
        message: `${formatDuration(deadline)} has to hold name resolution, TCP, TLS and the answer: a first call will hardly ever make it.`,
      };
    }
  }
}

function* keepaliveRisks(all: CallOptions, chosen: CallOptions): Generator<OptionRisk> {
  const { keepaliveTime } = all;
  if (typeof keepaliveTime !== 'number') {
    if (chosen.keepaliveTimeout !== undefined) {
      yield {
        name: 'keepalive-timeout',
        code: 'keepalive-timeout-unused',
        message: 'No PING is sent while keepalive time is off, so this timeout has no effect.',
      };
    }
    if (chosen.keepalivePermitWithoutCalls === true) {
      yield {
        name: 'keepalive-permit-without-calls',
        code: 'keepalive-permit-unused',
        message: 'No PING is sent while keepalive time is off, so this has no effect.',
      };
    }
    return;
  }
  if (keepaliveTime < clientMinKeepalive) {
    yield {
      name: 'keepalive-time',
      code: 'keepalive-far-too-short',
      message: `A PING every ${formatDuration(keepaliveTime)} looks like an attack: a default Go, Java or C++ server answers the third one with GOAWAY too_many_pings and ends the connection with all its calls. Go and Java clients refuse less than 10s. Use 5m or more unless the server's own minimum was lowered.`,
    };
  } else if (keepaliveTime < serverMinPingInterval) {
    yield {
      name: 'keepalive-time',
      code: 'keepalive-too-many-pings',
      message: `A default Go, Java or C++ server allows a PING every 5m: at ${formatDuration(keepaliveTime)} it answers with GOAWAY too_many_pings and ends the connection. Use 5m or more, or lower the server's minimum (Go: EnforcementPolicy.MinTime, Java: permitKeepAliveTime).`,
    };
  }
  if (all.keepalivePermitWithoutCalls === true) {
    yield {
      name: 'keepalive-permit-without-calls',
      code: 'keepalive-without-calls',
      message:
        'While no call runs, a default server allows one PING in 2h and otherwise closes the connection (too_many_pings). Use this only with a server that permits it (Go: PermitWithoutStream, Java: permitKeepAliveWithoutCalls).',
    };
  }
  const timeout = all.keepaliveTimeout ?? builtInDefaults.keepaliveTimeout;
  if (timeout < shortKeepaliveTimeout) {
    yield {
      name: 'keepalive-timeout',
      code: 'keepalive-timeout-short',
      message: `When the answer to a PING takes over ${formatDuration(timeout)}, the connection counts as dead and its calls fail with UNAVAILABLE: one lost packet can be enough. 20s is usual.`,
    };
  }
}

function* limitRisks(all: CallOptions): Generator<OptionRisk> {
  const { maxReceiveSize } = all;
  if (maxReceiveSize === unlimitedSize) {
    yield {
      name: 'max-receive-size',
      code: 'unlimited-receive',
      message:
        'A server can now fill the memory of the editor with one message, and a small compressed one can unpack to gigabytes. Set the size that you expect, e.g. 64MiB.',
    };
  } else if (maxReceiveSize === 0) {
    yield {
      name: 'max-receive-size',
      code: 'zero-receive',
      message: 'With 0 only empty messages are accepted.',
    };
  }
  if (all.maxSendSize === 0) {
    yield {
      name: 'max-send-size',
      code: 'zero-send',
      message: 'With 0 only empty messages can be sent.',
    };
  }
}

function* serviceConfigRisks(
  all: CallOptions,
  policy: CallOptions['loadBalancing'],
): Generator<OptionRisk> {
  if (all.serviceConfig === undefined || all.serviceConfig.trim() === '') {
    return;
  }
  const { config, traps } = checkServiceConfig(all.serviceConfig);
  for (const { code, path, message } of traps) {
    yield { name: 'service-config', code, message: `${path}: ${message}` };
  }
  if (config === undefined) {
    return;
  }
  if (all.retries === false && hasRetryPolicy(config)) {
    yield {
      name: 'retries',
      code: 'retries-off-with-policy',
      message:
        'The service config has a retry or hedging policy, which does nothing while retries are off.',
    };
  }
  if (policy !== undefined && config.loadBalancingConfig !== undefined) {
    yield {
      name: 'load-balancing',
      code: 'load-balancing-twice',
      message: `${policy} is used instead of loadBalancingConfig in the service config. Leave one of them out.`,
    };
  }
}
