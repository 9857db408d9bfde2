import type { KeepaliveFact } from '../../facts';
import { checkChannelArgument, keepaliveFromArguments } from '../../options/channelArguments';
import type { Scene } from '../../program/semantics';
import type { Span } from '../../program/syntax';
import type { Value } from '../../program/value';
import { configuredPolicy } from './configDefaults';
import { serviceConfigFact } from './serviceConfig';

/** One argument of a channel of C core: Python's pairs, Ruby's `channel_args`. */
export interface CoreArgument {
  readonly key: string;
  /** Without its quotes, where it is written here. */
  readonly keySpan: Span;
  readonly value: Value;
  readonly valueSpan: Span;
}

export interface CoreSettings {
  readonly keepalive?: KeepaliveFact;
  readonly policy?: string;
  /** The service config as it is given, for `configuredDeadline`. */
  readonly config?: Value;
}

/** Reports what is wrong with the arguments of a client's channel, and gives what they say. */
export function readCoreArguments(args: readonly CoreArgument[], scene: Scene): CoreSettings {
  let config: Value | undefined;
  let policy: string | undefined;
  for (const { key, keySpan, value, valueSpan } of args) {
    const problem = checkChannelArgument('grpc-core', key, keySpan, value, valueSpan);
    if (problem !== undefined) {
      scene.report(problem);
    }
    if (key === 'grpc.service_config') {
      config = value;
      const fact = serviceConfigFact('grpc-core', value, valueSpan);
      if (fact !== undefined) {
        scene.report(fact);
      }
    } else if (key === 'grpc.lb_policy_name') {
      policy = value.kind === 'constant' ? String(value.value) : policy;
    }
  }
  const keepalive = keepaliveFromArguments('grpc-core', args);
  const chosen = policy ?? (config === undefined ? undefined : configuredPolicy(config));
  return {
    ...(keepalive === undefined ? {} : { keepalive }),
    ...(chosen === undefined ? {} : { policy: chosen }),
    ...(config === undefined ? {} : { config }),
  };
}
