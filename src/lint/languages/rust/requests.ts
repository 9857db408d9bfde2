import { lastPart } from '../../index/exports';
import type { FileFacts, Outcome, Site } from '../../program/semantics';
import { type Instance, instance, unknown, type Value } from '../../program/value';
import { isOf, type PlainType } from './types';

/** A message by itself: becomes a request without a timeout. */
export const message = instance('other', 'missing', {
  flavour: 'message',
  why: 'a message by itself has no timeout',
});

/** `tonic::Request::new(…)` */
export const freshRequest = instance('request', 'missing', {
  why: 'no timeout is set on the request',
});

/** What a declared type says of a value that can become a request. */
export function typedRequest(
  { path }: PlainType,
  written: string,
  place: 'parameter' | 'field' | 'variable' | 'result',
  file: FileFacts,
): Value | undefined {
  const deadline = place === 'parameter' ? 'inherited' : 'unknown';
  if (isOf(path, 'tonic', 'Request', file)) {
    return instance('request', deadline);
  }
  if (/\bInto(?:Streaming)?Request\b/.test(written)) {
    return instance('request', 'inherited');
  }
  const name = lastPart(path);
  // A type parameter, `impl …` and `dyn …` can be anything, a request too.
  const isConcrete = /^[A-Z]\w*[a-z]\w*$/.test(name) && !/\b(?:impl|dyn)\b/.test(written);
  // Of what fields hold and functions give, most are no messages.
  const isNear = place === 'parameter' || place === 'variable';
  return isConcrete && (isNear || /(?:Request|Req|Message|Query|Command)$/.test(name))
    ? message
    : undefined;
}

/** `Request::new(m)`, `Request::from_parts(metadata, extensions, m)` */
export function newRequest(site: Site): Value {
  const [first] = site.arguments;
  const given = first?.value;
  return site.method === 'from_parts' && given?.kind === 'instance' ? given : freshRequest;
}

/** Functions that make a stream of messages, or a message with its defaults. */
const makers =
  /(?:^|\.)(?:\w*stream\.(?:iter|once|empty|pending|unfold|repeat)|(?:ReceiverStream|UnboundedReceiverStream|BroadcastStream)\.new|(?:try_)?stream!|Default\.default|[A-Z]\w*\.default)$/;

export function madeMessage(path: string): Value | undefined {
  return makers.test(path) ? message : undefined;
}

/** A method of a request or message; undefined for others. */
export function requestMethod(
  receiver: Instance,
  { method, arguments: args }: Site,
): Partial<Outcome> | undefined {
  const [first] = args;
  if (receiver.flavour === 'message') {
    return /^into_(?:streaming_)?request$/.test(method) ? { value: freshRequest } : undefined;
  }
  switch (method) {
    case 'set_timeout': {
      const { why: _, ...rest } = receiver;
      return { receiver: { ...rest, deadline: 'safe' } };
    }
    case 'insert': {
      const { why: _, ...rest } = receiver;
      const isTimeout = first?.value.kind === 'constant' && first.value.value === 'grpc-timeout';
      return isTimeout ? { receiver: { ...rest, deadline: 'safe' } } : undefined;
    }
    case 'metadata':
    case 'into_request':
    case 'into_streaming_request':
    case 'map':
      return { value: receiver };
    case 'into_inner':
    case 'get_ref':
    case 'get_mut':
      return { value: message };
    case 'into_parts':
      return { value: { kind: 'tuple', items: [receiver, unknown, message] } };
    default:
      return undefined;
  }
}
