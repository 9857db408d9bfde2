import { nearest } from '../../grpc/nearest';
import type { Implementation, KeepaliveFact, OptionFact } from '../facts';
import type { Span } from '../program/syntax';
import { alternatives, type Value } from '../program/value';
import { type ArgumentSpec, channelArguments, formerKeys } from './channelArgumentTable';

/** The implementations whose channels are configured by `grpc.*` keys. */
export type ArgumentReader = Extract<Implementation, 'grpc-js' | 'grpc-core'>;

/** One argument of a client's channel. */
export interface ChannelArgument {
  readonly key: string;
  readonly value: Value;
  /** Of the value as written. */
  readonly valueSpan: Span;
}

const readerNames: Readonly<Record<ArgumentReader, string>> = {
  'grpc-js': 'grpc-js',
  'grpc-core': 'gRPC core',
};

/**
 * What is wrong with one argument of a client's channel: a key that isn't read, or a value of a type that
 * isn't. `keySpan` is the key without its quotes, so that another key can be put there. Keys that don't
 * start with `grpc.` or `grpc-node.` belong to someone else and are left alone.
 */
export function checkChannelArgument(
  reader: ArgumentReader,
  key: string,
  keySpan: Span,
  value: Value,
  valueSpan: Span,
): OptionFact | undefined {
  if (!/^grpc(-node)?\./.test(key)) {
    return undefined;
  }
  const spec = channelArguments.get(key);
  if (spec === undefined) {
    return unknownKey(reader, key, keySpan);
  }
  const side = reader === 'grpc-js' ? spec.js : spec.core;
  if (side === undefined) {
    return option(keySpan, notRead(reader, key, spec));
  }
  if (side === 'server') {
    const instead = spec.instead === undefined ? '' : ` ${spec.instead}`;
    return option(keySpan, `"${key}" is for servers: on a client it has no effect.${instead}`);
  }
  return reader === 'grpc-js'
    ? checkJsValue(key, spec, value, valueSpan)
    : checkCoreValue(key, spec, value, valueSpan);
}

function unknownKey(reader: ArgumentReader, key: string, keySpan: Span): OptionFact | undefined {
  const meant = formerKeys.get(key) ?? nearestKey(reader, key);
  if (meant !== undefined) {
    return option(
      keySpan,
      `${readerNames[reader]} doesn't know "${key}" and ignores it. Did you mean "${meant}"?`,
      { title: `Write "${meant}"`, span: keySpan, text: meant },
    );
  }
  // Filters and plugins of C core may read keys of their own; grpc-js has nothing that does.
  return reader === 'grpc-js'
    ? option(keySpan, `grpc-js doesn't know "${key}" and ignores it.`)
    : undefined;
}

/** More slips than this make another word. */
const mostSlips = 5;

function nearestKey(reader: ArgumentReader, key: string): string | undefined {
  const known = [...channelArguments].flatMap(([name, spec]) => {
    const side = reader === 'grpc-js' ? spec.js : spec.core;
    return side === undefined || side === 'server' ? [] : [name];
  });
  // The common start says nothing of how alike two keys are.
  const limit = Math.min(mostSlips, Math.floor((key.length - 'grpc.'.length) / 3));
  return nearest(key, known, Math.max(1, limit));
}

function notRead(reader: ArgumentReader, key: string, spec: ArgumentSpec): string {
  const other = reader === 'grpc-js' ? spec.core : spec.js;
  const instead = spec.instead === undefined ? '' : ` ${spec.instead}`;
  if (other === undefined) {
    return `"${key}" has no effect any more.${instead}`;
  }
  const owner = reader === 'grpc-js' ? 'gRPC core (Python, Ruby, C++) only' : 'grpc-js (Node) only';
  return `"${key}" is an argument of ${owner}: ${readerNames[reader]} ignores it.${instead}`;
}

function checkJsValue(
  key: string,
  spec: ArgumentSpec,
  value: Value,
  valueSpan: Span,
): OptionFact | undefined {
  if (key === 'grpc.service_config') {
    return value.kind === 'object'
      ? option(
          valueSpan,
          '"grpc.service_config" is JSON text: grpc-js throws on an object. Use JSON.stringify.',
        )
      : undefined;
  }
  if (spec.type !== 'flag' || value.kind !== 'constant' || typeof value.value === 'number') {
    return undefined;
  }
  const on = value.value === true || value.value === '1' || value.value === 'true';
  const off = value.value === false || value.value === '0' || value.value === 'false';
  if ((spec.strict === 1 && on) || (spec.strict === 0 && off)) {
    const number = String(spec.strict);
    return option(
      valueSpan,
      `grpc-js takes the number ${number} only: with ${shown(value.value)}, "${key}" is ignored.`,
      { title: `Write ${number}`, span: valueSpan, text: number },
    );
  }
  if (key === 'grpc.use_local_subchannel_pool' && off) {
    return option(
      valueSpan,
      `grpc-js takes all but the number 0 for yes: with ${shown(value.value)}, "${key}" is on.`,
      { title: 'Write 0', span: valueSpan, text: '0' },
    );
  }
  return undefined;
}

function checkCoreValue(
  key: string,
  spec: ArgumentSpec,
  value: Value,
  valueSpan: Span,
): OptionFact | undefined {
  if (value.kind !== 'constant' || value.value === null || spec.type === 'pointer') {
    return undefined;
  }
  if (spec.type === 'string') {
    return typeof value.value === 'string'
      ? undefined
      : option(
          valueSpan,
          `"${key}" is a string: gRPC core ignores ${shown(value.value)} and writes to its log only.`,
        );
  }
  if (typeof value.value === 'string') {
    const digits = /^-?\d+$/.test(value.value) ? value.value : undefined;
    return option(
      valueSpan,
      `"${key}" is an integer: gRPC core ignores ${shown(value.value)} and writes to its log only.`,
      digits === undefined
        ? undefined
        : { title: `Write ${digits}`, span: valueSpan, text: digits },
    );
  }
  // A float becomes a pointer in Python's `arguments.pyx.pxi`, which C core then ignores.
  return typeof value.value === 'number' && !Number.isInteger(value.value)
    ? option(valueSpan, `"${key}" is an integer: gRPC core ignores ${shown(value.value)}.`)
    : undefined;
}

/** Beyond this, Node and C core (INT_MAX) have no timer: it never fires. Milliseconds. */
const longestTimer = 2_147_483_647;

/** Keepalive from the arguments of a client's channel; undefined when none of them is about keepalive. */
export function keepaliveFromArguments(
  reader: ArgumentReader,
  entries: Iterable<ChannelArgument>,
): KeepaliveFact | undefined {
  let keepalive: KeepaliveFact | undefined;
  for (const { key, value, valueSpan } of entries) {
    if (key === 'grpc.keepalive_time_ms') {
      const time = smallestNumber(value);
      keepalive = {
        ...keepalive,
        ...(time === undefined ? {} : { time: isOff(reader, time) ? Infinity : time }),
        timeSpan: valueSpan,
      };
    } else if (key === 'grpc.keepalive_timeout_ms') {
      const timeout = smallestNumber(value);
      keepalive = {
        ...keepalive,
        ...(timeout === undefined ? {} : { timeout }),
        timeoutSpan: valueSpan,
      };
    } else if (key === 'grpc.keepalive_permit_without_calls') {
      const withoutCalls = isPermitted(reader, value);
      keepalive = {
        ...keepalive,
        ...(withoutCalls === undefined ? {} : { withoutCalls }),
        withoutCallsSpan: valueSpan,
      };
    }
  }
  return keepalive;
}

/** grpc-js pings only when the time is over 0; C core takes 0 for its shortest time. */
function isOff(reader: ArgumentReader, time: number): boolean {
  return time >= longestTimer || (reader === 'grpc-js' && time <= 0);
}

/** On the way that pings most often. */
function smallestNumber(value: Value): number | undefined {
  let smallest: number | undefined;
  for (const one of alternatives(value)) {
    const number =
      one.kind === 'duration'
        ? one.milliseconds
        : one.kind === 'constant' && typeof one.value === 'number'
          ? one.value
          : undefined;
    if (number !== undefined && (smallest === undefined || number < smallest)) {
      smallest = number;
    }
  }
  return smallest;
}

function isPermitted(reader: ArgumentReader, value: Value): boolean | undefined {
  if (value.kind !== 'constant') {
    return undefined;
  }
  if (typeof value.value === 'number') {
    return reader === 'grpc-js' ? value.value === 1 : value.value !== 0;
  }
  // Python's True is the integer 1; grpc-js ignores all but the number 1.
  return reader === 'grpc-core' ? value.value === true : false;
}

function shown(value: string | number | boolean | null): string {
  return typeof value === 'string' ? `"${value}"` : String(value);
}

function option(span: Span, message: string, replacement?: OptionFact['replacement']): OptionFact {
  return { kind: 'option', span, message, ...(replacement === undefined ? {} : { replacement }) };
}
