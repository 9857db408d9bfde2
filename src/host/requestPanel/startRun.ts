import type { Metadata } from '@grpc/grpc-js';
import {
  builtInDefaults,
  type CallOptions,
  type GrpcOptions,
  parseCallOptions,
  toGrpcOptions,
} from '../../grpc/callOptions';
import { buildMetadata } from '../../grpc/metadata';
import type { MethodKind } from '../../grpc/methodKind';
import type { RequestForm, ToWebview } from '../../panel/protocol';
import type { MethodInfo, Schema } from '../../schema/schema';
import type { App } from '../app';
import { reasonOf } from '../errors';
import { typedSecrets } from '../history/keptRequest';
import { CallRun, type Update } from './callRun';
import type { Subject } from './panelInit';

/** Why nothing is sent. */
export interface Refusal {
  readonly refused: Extract<ToWebview, { type: 'refused' }>['where'];
  readonly message: string;
}

/** A form that can be sent. */
export interface CallPlan {
  readonly metadata: Metadata;
  /** What holds, defaults included. */
  readonly options: CallOptions;
  readonly grpc: GrpcOptions;
  /** The first message; absent when only the stream is opened. */
  readonly body?: Uint8Array;
  /** Values in it that must not be seen. */
  readonly secrets: readonly string[];
}

/** The form as a call, or why it can't be one. */
export function planCall(
  form: RequestForm,
  { schema, method }: Pick<Subject, 'schema' | 'method'>,
  defaults: CallOptions,
  openOnly: boolean,
  secrets: readonly string[] = [],
): CallPlan | Refusal {
  const { options, problems } = parseCallOptions(form.options);
  const [problem] = problems;
  if (problem) {
    return { refused: 'options', message: `${problem.name}: ${problem.message}` };
  }
  const { metadata, problems: rows } = buildMetadata(form.metadata);
  if (rows[0]) {
    return { refused: 'metadata', message: rows[0].message };
  }
  const plan = {
    metadata,
    options: { ...builtInDefaults, ...defaults, ...options },
    grpc: toGrpcOptions(options, defaults),
    secrets: [...secrets, ...typedSecrets(form.metadata.filter(({ enabled }) => enabled))],
  };
  if (openOnly) {
    return plan;
  }
  const encoded = encodeBody(schema, method, form.body);
  return 'refused' in encoded ? encoded : { ...plan, body: encoded.bytes };
}

/** ProtoJSON text as a request message, or why it is none. */
export function encodeBody(
  schema: Schema,
  method: Pick<MethodInfo, 'requestType'>,
  text: string,
): { readonly bytes: Uint8Array } | Refusal {
  try {
    return { bytes: schema.encode(method.requestType, text) };
  } catch (error) {
    return { refused: 'body', message: reasonOf(error) };
  }
}

/** Starts the call and sends what the form has. Rejects when there can be no channel, e.g. for a bad certificate. */
export async function startRun(
  app: App,
  { server, schema, method }: Subject,
  { metadata, options, grpc, body, secrets }: CallPlan,
  callId: number,
  update: (update: Update) => void,
): Promise<CallRun> {
  const engine = await app.loadEngine();
  const channel = await engine.channel(server, await app.secrets.get(server.id), grpc.channel);
  const { deadlineMs, waitForReady } = grpc.call;
  const call = channel.startCall({
    path: method.path,
    metadata,
    waitForReady,
    secrets,
    ...(deadlineMs === undefined ? {} : { deadline: deadlineMs }),
    ...(options.maxReceiveSize === undefined ? {} : { maxReceiveSize: options.maxReceiveSize }),
    ...(options.maxSendSize === undefined ? {} : { maxSendSize: options.maxSendSize }),
  });
  const run = new CallRun(
    call,
    {
      callId,
      target: server.target.address,
      method,
      schema,
      framesAvailable: channel.framesAvailable,
      ...(deadlineMs === undefined ? {} : { deadline: deadlineMs }),
    },
    update,
  );
  if (body) {
    call.send(body);
  }
  if (!streamsRequests(method.kind)) {
    call.halfClose();
  }
  return run;
}

/** Whether more than one message may be sent. */
export function streamsRequests(kind: MethodKind): boolean {
  return kind === 'clientStreaming' || kind === 'bidirectional';
}
