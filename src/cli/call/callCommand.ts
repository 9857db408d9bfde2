import { join } from 'node:path';
import { parseCallOptions, toGrpcOptions } from '../../grpc/callOptions';
import type { RequestNode } from '../../request/file/syntax';
import { localRequestFiles } from '../../request/files';
import type { ResolvedRequest } from '../../request/resolve/resolved';
import { resolveRequest } from '../../request/resolve/resolveRequest';
import { type StartedRequest, startRequest } from '../../request/run/startRequest';
import type { MethodInfo, Schema } from '../../schema/schema';
import type { CallStatus } from '../../transcript/entry';
import { SecretMask } from '../../transcript/masking/secretMask';
import { paintFor } from '../colors';
import type { Environment } from '../environment';
import { terminalScope } from '../environments';
import { exitCodes, Failure, withoutSecrets } from '../failure';
import { chooseRequest } from '../request/chooseRequest';
import { commandRequest, noFile, withOptions } from '../request/commandRequest';
import { overridesOf } from '../request/overrides';
import { type LoadedFile, loadRequestFile, problemLine } from '../request/requestFile';
import { onCommandLine } from '../request/requestOptions';
import { schemaFailure, TerminalCaller } from '../request/terminalCaller';
import { type CallArguments, callUsage, parseCallArguments } from './callArguments';
import { CallPrinter } from './callPrinter';
import { type JsonText, jsonTexts } from './jsonSequence';
import {
  encodeText,
  encodeUnquoted,
  messageSource,
  messagesOf,
  streamedMessages,
} from './messageInput';
import { statusText } from './statusText';

/** `frameline call`: gives the exit code. */
export async function callCommand(args: readonly string[], env: Environment): Promise<number> {
  const given = parseCallArguments(args);
  if (given === undefined) {
    env.out.write(callUsage);
    return exitCodes.clean;
  }
  const interrupt = new AbortController();
  const stop = env.onInterrupt(() => interrupt.abort());
  try {
    return await makeCall(given, env, interrupt.signal);
  } finally {
    stop();
    env.input.close();
  }
}

/** A request that is ready, and the file that it comes from. */
interface Planned {
  readonly request: ResolvedRequest;
  readonly loaded: LoadedFile | undefined;
}

async function makeCall(
  given: CallArguments,
  env: Environment,
  signal: AbortSignal,
): Promise<number> {
  const planned = await plan(given, env);
  const share = given.frames ? undefined : shareable(planned.request);
  const caller = new TerminalCaller({
    env,
    signal,
    frames: given.frames,
    ...(share === undefined ? {} : { share }),
  });
  try {
    const { server, path } = planned.request;
    const schema = await caller.schema(server, path);
    const method = schema.findMethod(path);
    const outgoing = new Outgoing(given, env, signal);
    const request =
      method === undefined || planned.loaded !== undefined
        ? planned.request
        : await outgoing.fill(planned.request, schema, method);
    const input = outgoing.input;
    const started = await startRequest(request, caller, input === undefined ? {} : { input });
    if (!started.ok) {
      throw new Failure('The request can’t be sent.', {
        details: started.problems.map((problem) => problemLine(problem, planned.loaded)),
      });
    }
    return await follow(started, outgoing, given, env, signal);
  } catch (error) {
    if (signal.aborted && !(error instanceof Failure)) {
      return interrupted(env);
    }
    throw withoutSecrets(schemaFailure(error), planned.request.secrets);
  } finally {
    await caller.dispose();
  }
}

/** The messages of a call that don't stand in a file of requests. */
class Outgoing {
  readonly #given: CallArguments;
  readonly #env: Environment;
  readonly #failed = new AbortController();
  input: AsyncIterable<Uint8Array> | undefined;
  /** Of the standard input: the call is to be cancelled. */
  failure: unknown;

  constructor(given: CallArguments, env: Environment, signal: AbortSignal) {
    this.#given = given;
    this.#env = env;
    signal.addEventListener('abort', () => this.#failed.abort());
  }

  /** Aborted when the call has to be cancelled. */
  get signal(): AbortSignal {
    return this.#failed.signal;
  }

  /** The request with its messages, which are checked. */
  async fill(
    request: ResolvedRequest,
    schema: Schema,
    method: MethodInfo,
  ): Promise<ResolvedRequest> {
    const [first] = request.messages;
    const source = messageSource(this.#given.data);
    const { texts, streams, place } = await messagesOf(
      source,
      first?.json ?? '',
      method,
      this.#env,
    );
    const encode = (text: JsonText): Uint8Array =>
      encodeText(text, schema, method.requestType, place);
    const mask = SecretMask.of(request.secrets);
    const masked = (text: JsonText): JsonText[] | undefined =>
      mask && [{ ...text, text: mask.text(text.text) }];
    // A secret with blanks may be parted among messages: it is found in the whole text alone.
    const whole = first === undefined ? undefined : mask && jsonTexts(mask.text(first.json));
    texts.forEach((text, index) => {
      const same = whole?.length === texts.length ? whole.slice(index, index + 1) : whole;
      encodeUnquoted(
        () => encode(text),
        () => same ?? masked(text),
        encode,
      );
    });
    if (streams) {
      this.input = streamedMessages(
        this.#env.input,
        (text) =>
          encodeUnquoted(
            () => encode(text),
            () => masked(text),
            encode,
          ),
        (error) => {
          this.failure = error;
          this.#failed.abort();
        },
      );
    }
    return {
      ...request,
      messages: texts.map(({ text: json }) => ({
        json,
        wait: undefined,
        span: onCommandLine,
        placeOf: undefined,
      })),
    };
  }
}

async function plan(given: CallArguments, env: Environment): Promise<Planned> {
  const { called } = given;
  const loaded = called.kind === 'file' ? await loadRequestFile(called.path, env.cwd) : undefined;
  const node =
    called.kind === 'method'
      ? withData(commandRequest(called.target, called.method, given), given.data)
      : withOptions(chooseRequest(loaded as LoadedFile, called), given);
  const file = loaded?.path ?? join(env.cwd, 'command line');
  const resolution = await resolveRequest(loaded?.file ?? noFile, node, {
    scope: await terminalScope(
      { file, environment: given.env, overrides: overridesOf(given.var) },
      env,
    ),
    // What stands on the command line may read what its user may.
    files: loaded?.files ?? localRequestFiles({ file, root: env.cwd, isTrusted: true }),
  });
  if (!resolution.ok) {
    throw new Failure('The request can’t be sent.', {
      details: resolution.problems.map((problem) => problemLine(problem, loaded)),
    });
  }
  return { request: resolution.request, loaded };
}

/** Text of `-d` goes the way of a body, so that references in it are replaced. */
function withData(node: RequestNode, data: string | undefined): RequestNode {
  const source = messageSource(data);
  return source.kind === 'text'
    ? {
        ...node,
        messages: [{ kind: 'json', json: source.text, wait: undefined, span: onCommandLine }],
      }
    : node;
}

/**
 * Options of the call's channel when reflection can go over it as well, which saves a connection: those that limit or
 * change calls could end reflection.
 */
function shareable({
  options,
}: ResolvedRequest): ReturnType<typeof toGrpcOptions>['channel'] | undefined {
  const { channel } = toGrpcOptions(parseCallOptions(options).options);
  const harmless = /^grpc\.(keepalive_|primary_user_agent$)/;
  return Object.keys(channel).every((name) => harmless.test(name)) ? channel : undefined;
}

/** Prints a call to its end. */
async function follow(
  started: StartedRequest,
  outgoing: Outgoing,
  { json, defaults, verbose, frames, color }: CallArguments,
  env: Environment,
  signal: AbortSignal,
): Promise<number> {
  const { out, err } = env;
  const { call } = started;
  const paint = paintFor(color, err, env);
  const printer = new CallPrinter(started, { out, err, paint, json, defaults, verbose, frames });
  const cancel = (): void => call.cancel();
  outgoing.signal.addEventListener('abort', cancel);
  if (outgoing.signal.aborted) {
    cancel();
  }
  const status = await call.done;
  await printer.finish();
  const ended = { status, schema: started.schema, transcript: call.transcript };
  try {
    if (outgoing.failure !== undefined) {
      throw outgoing.failure;
    }
    if (signal.aborted) {
      return interrupted(env);
    }
    if (out.isClosed) {
      return exitCodes.clean;
    }
    if (status.name !== 'OK' || verbose || err.isTTY) {
      err.write(statusText(ended, paint, verbose));
    }
    return printer.undecodable > 0 && status.name === 'OK'
      ? exitCodes.findings
      : exitCodeOf(status);
  } finally {
    call.transcript.dispose();
  }
}

function interrupted({ err }: Environment): number {
  err.write('frameline: cancelled by Ctrl-C\n');
  return exitCodes.interrupted;
}

/** 64 + the code, as grpcurl has it; a code that no shell can show counts as UNKNOWN. */
function exitCodeOf({ code }: CallStatus): number {
  if (code === 0) {
    return exitCodes.clean;
  }
  return 64 + (code < 64 ? code : 2);
}
