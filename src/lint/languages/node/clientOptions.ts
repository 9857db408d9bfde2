import type { ChannelFact } from '../../facts';
import {
  type ArgumentReader,
  checkChannelArgument,
  keepaliveFromArguments,
} from '../../options/channelArguments';
import type { Scene } from '../../program/semantics';
import { alternatives, type Entry, type ObjectValue, type Value } from '../../program/value';
import { configuredPolicy } from '../shared/configDefaults';
import { valuePlace } from './deadlines';
import { configOf, reportServiceConfig } from './serviceConfigs';

/** What the options of a client or channel say, on every way that they can be. */
export interface ClientOptions {
  /** Empty where they can't be seen. */
  readonly objects: readonly ObjectValue[];
  /** Whether there may be options that can't be seen. */
  readonly isOpen: boolean;
}

export function clientOptions(value: Value | undefined): ClientOptions {
  const ways =
    value === undefined
      ? []
      : alternatives(value).filter((each) => !(each.kind === 'constant' && each.value === null));
  const objects = ways.filter((each) => each.kind === 'object');
  return {
    objects,
    isOpen: objects.length < ways.length || objects.some(({ isOpen }) => isOpen),
  };
}

/** The value of an option on the way that is written first. */
export function optionOf({ objects }: ClientOptions, key: string): Value | undefined {
  return objects.map(({ entries }) => entries.get(key)?.value).find((each) => each !== undefined);
}

/** Options of a call, of another library or of another name, that are given to a client. */
const misplaced: ReadonlyMap<string, string> = new Map([
  ['deadline', 'grpc-js has no deadline for a whole client: it is an option of each call.'],
  ['timeout', 'grpc-js has no timeout for a client: each call takes a deadline.'],
  ['timeoutMs', 'grpc-js has no timeout for a client: each call takes a deadline.'],
  ['defaultTimeoutMs', 'It is an option of Connect: in grpc-js each call takes a deadline.'],
  ['waitForReady', 'In grpc-js it is an option of the metadata of each call.'],
  ['keepalive', 'In grpc-js keepalive is set by "grpc.keepalive_time_ms".'],
  ['keepAlive', 'In grpc-js keepalive is set by "grpc.keepalive_time_ms".'],
  ['keepaliveTime', 'In grpc-js it is "grpc.keepalive_time_ms".'],
  ['maxReceiveMessageLength', 'In grpc-js it is "grpc.max_receive_message_length".'],
  ['maxSendMessageLength', 'In grpc-js it is "grpc.max_send_message_length".'],
]);

/** Reports what is wrong with the options of a client or channel, and the service config among them. */
export function checkClientOptions(
  options: ClientOptions,
  reader: ArgumentReader,
  scene: Scene,
): void {
  for (const { entries } of options.objects) {
    for (const [key, entry] of entries) {
      checkEntry(key, entry, reader, scene);
      if (key === 'grpc.service_config') {
        reportServiceConfig(entry.value, entry.span, scene);
      }
    }
  }
}

function checkEntry(key: string, entry: Entry, reader: ArgumentReader, scene: Scene): void {
  const { keySpan, span, value } = entry;
  const why = misplaced.get(key) ?? withoutPrefix(key);
  if (why !== undefined) {
    scene.report({ kind: 'option', span: keySpan, message: `"${key}" is ignored here. ${why}` });
    return;
  }
  const fact = checkChannelArgument(reader, key, keySpan, value, span);
  if (fact === undefined) {
    return;
  }
  const { replacement, ...rest } = fact;
  const { text, prefix } = valuePlace(entry, scene);
  if (key === 'grpc.service_config' && value.kind === 'object') {
    const wrapped = `JSON.stringify(${text})`;
    const title = 'Write it as JSON text';
    scene.report(prefix === '' ? { ...rest, replacement: { title, span, text: wrapped } } : rest);
    return;
  }
  scene.report(
    replacement !== undefined && fits(replacement.span, key, entry, scene) ? fact : rest,
  );
}

/** `keepalive_time_ms` for `grpc.keepalive_time_ms`. */
function withoutPrefix(key: string): string | undefined {
  return /^(keepalive|max_(send|receive)|service_config|enable_retries)\w*$/.test(key)
    ? `Did you mean "grpc.${key}"?`
    : undefined;
}

/** Whether the key, or the value, is what stands there: not in `options['grpc.x'] = 1`. */
function fits(
  span: { from: number; to: number },
  key: string,
  entry: Entry,
  { file }: Scene,
): boolean {
  return span === entry.keySpan
    ? file.text.slice(span.from, span.to) === key
    : entry.span.from !== entry.keySpan.from;
}

/** What a channel fact says of the options: keepalive, load balancing, and whether more is hidden. */
export function channelParts(
  options: ClientOptions,
  reader: ArgumentReader,
): Pick<ChannelFact, 'keepalive' | 'policy' | 'isOpen'> {
  const keepalive = keepaliveFromArguments(
    reader,
    options.objects.flatMap(({ entries }) =>
      [...entries].map(([key, { value, span }]) => ({ key, value, valueSpan: span })),
    ),
  );
  const written = optionOf(options, 'grpc.service_config');
  const config = written === undefined ? undefined : configOf(written);
  const policy = config === undefined ? undefined : configuredPolicy(config);
  return {
    ...(keepalive === undefined ? {} : { keepalive }),
    ...(policy === undefined ? {} : { policy }),
    isOpen: options.isOpen || config?.kind === 'unknown',
  };
}
