import type { Call } from '../../grpc/call';
import {
  builtInDefaults,
  type CallOptions,
  parseCallOptions,
  toGrpcOptions,
} from '../../grpc/callOptions';
import { buildMetadata } from '../../grpc/metadata';
import { nearest } from '../../grpc/nearest';
import { BodyError } from '../../schema/bodyError';
import type { MethodInfo, Schema } from '../../schema/schema';
import { SecretMask } from '../../transcript/masking/secretMask';
import { withoutQuotedSecrets } from '../resolve/quotedSecrets';
import type { RequestProblem, ResolvedRequest } from '../resolve/resolved';
import type { Caller } from './caller';
import { converse, type OutgoingMessage } from './converse';

export interface StartOptions {
  /** What holds where the request names no option. */
  readonly defaults?: CallOptions;
  /** Sent after the request's own messages, as it comes; for methods that take a stream. Must not throw. */
  readonly input?: AsyncIterable<Uint8Array>;
  /** Aborted before the call has begun, nothing is sent. */
  readonly signal?: AbortSignal;
}

/** A call of a request that runs: its messages are being sent. */
export interface StartedRequest {
  readonly ok: true;
  readonly call: Call;
  readonly schema: Schema;
  readonly method: MethodInfo;
  readonly framesAvailable: boolean;
  /** Milliseconds; undefined for none. */
  readonly deadline: number | undefined;
}

export interface RefusedRequest {
  readonly ok: false;
  readonly problems: readonly RequestProblem[];
}

/** A request with everything done that is done before it is sent. */
export interface PreparedRequest {
  readonly ok: true;
  readonly request: ResolvedRequest;
  readonly schema: Schema;
  readonly method: MethodInfo;
  readonly messages: readonly OutgoingMessage[];
}

/**
 * Reads the server's schema, encodes the messages and starts the call; nothing is sent when anything is wrong. What is
 * wrong is given back, never thrown.
 */
export async function startRequest(
  request: ResolvedRequest,
  caller: Caller,
  options: StartOptions = {},
): Promise<StartedRequest | RefusedRequest> {
  const prepared = await prepareRequest(request, caller);
  return prepared.ok ? startPrepared(prepared, caller, options) : prepared;
}

/** Reads the server's schema and encodes the messages. */
export function prepareRequest(
  request: ResolvedRequest,
  caller: Caller,
): Promise<PreparedRequest | RefusedRequest> {
  return orRefused(request, async () => {
    const schema = await caller.schema(request.server, request.path);
    const method = schema.findMethod(request.path);
    if (method === undefined) {
      return refused(request, unknownMethod(request, schema));
    }
    const encoded = encode(request, schema, method);
    return encoded.ok ? { ...encoded, request, schema, method } : encoded;
  });
}

/** Starts the call. */
export function startPrepared(
  prepared: PreparedRequest,
  caller: Caller,
  options: StartOptions = {},
): Promise<StartedRequest | RefusedRequest> {
  const { request } = prepared;
  return orRefused(request, () =>
    options.signal?.aborted
      ? Promise.resolve(refused(request, 'It was cancelled before anything was sent.'))
      : start(prepared, caller, options),
  );
}

async function orRefused<T extends { readonly ok: true }>(
  request: ResolvedRequest,
  action: () => Promise<T | RefusedRequest>,
): Promise<T | RefusedRequest> {
  const answer = await action().catch((error: unknown) =>
    refused(request, error instanceof Error ? error.message : String(error)),
  );
  return answer.ok
    ? answer
    : { ok: false, problems: withoutQuotedSecrets(answer.problems, request.secrets) };
}

async function start(
  { request, schema, method, messages }: PreparedRequest,
  caller: Caller,
  { defaults = {}, input }: StartOptions,
): Promise<StartedRequest> {
  const { options } = parseCallOptions(request.options);
  const grpc = toGrpcOptions(options, defaults);
  const rows = request.metadata.map((pair) => ({ ...pair, enabled: true }));
  const { maxReceiveSize, maxSendSize } = { ...builtInDefaults, ...defaults, ...options };
  const channel = await caller.channel(request.server, grpc.channel);
  const { deadlineMs, waitForReady } = grpc.call;
  const call = channel.startCall({
    path: request.path,
    metadata: buildMetadata(rows).metadata,
    waitForReady,
    maxReceiveSize,
    maxSendSize,
    secrets: request.secrets,
    ...(deadlineMs === undefined ? {} : { deadline: deadlineMs }),
  });
  void converse(call, messages, input);
  const { framesAvailable } = channel;
  return { ok: true, call, schema, method, framesAvailable, deadline: deadlineMs };
}

function encode(
  request: ResolvedRequest,
  schema: Schema,
  method: MethodInfo,
): { readonly ok: true; readonly messages: readonly OutgoingMessage[] } | RefusedRequest {
  const takesOne = method.kind === 'unary' || method.kind === 'serverStreaming';
  const [, second] = request.messages;
  if (takesOne && second !== undefined) {
    const message = `${method.name} takes one message, and ${request.messages.length} stand here. Leave one, or send a request for each.`;
    return { ok: false, problems: [{ span: second.span, message }] };
  }
  if (takesOne && request.messages.length === 0) {
    return { ok: true, messages: [{ bytes: schema.encode(method.requestType, '{}') }] };
  }
  const messages: OutgoingMessage[] = [];
  const problems: RequestProblem[] = [];
  for (const { json, wait, span, placeOf } of request.messages) {
    try {
      const bytes = schema.encode(method.requestType, json);
      messages.push(wait === undefined ? { bytes } : { bytes, wait });
    } catch (error) {
      if (!(error instanceof BodyError)) {
        throw error;
      }
      if (placeOf === undefined) {
        problems.push({ span, message: error.message });
        continue;
      }
      for (const { from, to, message, severity } of problemsOf(error, json, request, (masked) =>
        schema.encode(method.requestType, masked),
      )) {
        if (severity === 'error') {
          problems.push({ span: { from: placeOf(from), to: placeOf(to) }, message });
        }
      }
    }
  }
  return problems.length === 0 ? { ok: true, messages } : { ok: false, problems };
}

/**
 * What is wrong with a message. A long value is quoted in part, where nobody would find the secret that it begins: so
 * the message is read again without its secrets, whose places are the same.
 */
function problemsOf(
  error: BodyError,
  json: string,
  { secrets }: ResolvedRequest,
  encodeAgain: (masked: string) => unknown,
): BodyError['problems'] {
  const masked = SecretMask.of(secrets)?.text(json) ?? json;
  if (masked === json) {
    return error.problems;
  }
  try {
    encodeAgain(masked);
  } catch (other) {
    if (other instanceof BodyError) {
      return other.problems;
    }
  }
  return error.problems;
}

function refused({ span }: ResolvedRequest, message: string): RefusedRequest {
  return { ok: false, problems: [{ span, message }] };
}

function unknownMethod({ path, server }: ResolvedRequest, schema: Schema): string {
  const [, service = '', method = ''] = path.split('/');
  const known = schema.services.find(({ name }) => name === service);
  const unknown = server.sources.reflection
    ? `${server.name} offers no service ${service}.`
    : `The files that describe ${server.name} have no service ${service}.`;
  const [what, names] = known
    ? [`The service ${service} has no method ${method}.`, known.methods.map(({ name }) => name)]
    : [unknown, schema.services.map(({ name }) => name)];
  // A file that could not be read may be the one that defines it.
  const [problem] = [...(known?.problems ?? []), ...schema.problems];
  const why = problem === undefined ? '' : ` ${problem.message}`;
  const meant = nearest(known ? method : service, names);
  if (meant !== undefined) {
    return `${what} Did you mean ${meant}?${why}`;
  }
  return `${what}${names.length === 0 ? '' : ` There are ${names.slice(0, 20).join(', ')}.`}${why}`;
}
