/**
 * Server reflection (grpc/grpc `doc/server-reflection.md`): the services of a running server and the files
 * that define them.
 */
import { type ChannelOptions, type Client, type Metadata, status } from '@grpc/grpc-js';
import { statusName } from '../grpc/statusCodes';
import { quote } from './build';
import { isBuiltin } from './builtins';
import { FileCollector } from './fileCollector';
import {
  attemptsError,
  cancelledError,
  makeAttempt,
  type ReflectionAttempt,
  ReflectionError,
  type ReflectionVersion,
  timeoutError,
} from './reflectionError';
import type { ReflectionRequest, ReflectionResponse } from './reflectionMessages';
import { ReflectionStream } from './reflectionStream';
import type { Problem } from './schema';

export interface DiscoverOptions {
  /** Sent with the reflection call, for example authorization. */
  readonly metadata: Metadata;
  /** Milliseconds for everything together. Default 10,000. */
  readonly timeout?: number;
  readonly signal?: AbortSignal;
  /** Full names: only these are asked for, with what they import, and not which there are: a round trip less. */
  readonly services?: readonly string[];
  /** Only the list of services is asked for, and no file. */
  readonly namesOnly?: boolean;
  /** Default 10,000. */
  readonly maxFiles?: number;
  /** Bytes of all files together. Default 64 MiB. */
  readonly maxBytes?: number;
  /** Levels of imports to follow. Default 100. */
  readonly maxDepth?: number;
  readonly onProgress?: (progress: { readonly services: number; readonly files: number }) => void;
}

export interface Discovery {
  /** FileDescriptorProto each, no two of one name. */
  readonly files: readonly Uint8Array[];
  /** Full names in the server's order. */
  readonly services: readonly string[];
  readonly version: ReflectionVersion;
  readonly problems: readonly Problem[];
  /** Why v1 did not serve, when v1alpha did. */
  readonly firstError?: ReflectionAttempt;
}

/**
 * Channel options for the client that `discover` gets. With HTTP/2's own window of 64 KiB every 64 KiB of
 * files cost a round trip more, and with grpc-js's own limit of 4 MiB a server that sends all files in one
 * answer can't be read.
 */
export const discoveryChannelOptions: Partial<ChannelOptions> = {
  'grpc-node.flow_control_window': 4 * 1024 * 1024,
  'grpc.max_receive_message_length': 64 * 1024 * 1024,
};

const DEFAULT_TIMEOUT = 10_000;
const MAX_SERVICES = 10_000;
const MAX_NAME = 1000;
/** Calls in one discovery, for servers that end theirs before everything is answered. */
const MAX_CALLS = 100;

/**
 * Asks v1, then v1alpha when the server has no v1 (and once when it can't be reached). Everything goes over
 * one call without waiting in between: the list, then all services at once, then every import that did not
 * come with them, level by level; a server that sends imports along is done in two round trips.
 *
 * Throws `ReflectionError` when not even the list came. What is missing after that is a problem.
 * The client should be made with `discoveryChannelOptions`.
 */
export async function discover(client: Client, options: DiscoverOptions): Promise<Discovery> {
  const deadline = Date.now() + (options.timeout ?? DEFAULT_TIMEOUT);
  const attempts: ReflectionAttempt[] = [];
  for (const version of ['v1', 'v1alpha'] as const) {
    const run = new Run(client, version, options, deadline);
    const outcome = await run.result();
    if (outcome.ok) {
      const [firstError] = attempts;
      return { ...outcome.discovery, ...(firstError ? { firstError } : {}) };
    }
    if (outcome.error instanceof ReflectionError) {
      throw outcome.error;
    }
    attempts.push(outcome.error);
    const { code } = outcome.error;
    if (code !== status.UNIMPLEMENTED && code !== status.UNAVAILABLE) {
      break;
    }
  }
  throw attemptsError(attempts);
}

type Outcome =
  | { readonly ok: true; readonly discovery: Omit<Discovery, 'firstError'> }
  /** An attempt that another version may make good, or the end of it all. */
  | { readonly ok: false; readonly error: ReflectionAttempt | ReflectionError };

type Ask =
  | { readonly kind: 'list' }
  | { readonly kind: 'symbol'; readonly name: string }
  | { readonly kind: 'file'; readonly name: string; readonly depth: number };

/** Discovery with one version of the service. */
class Run {
  readonly #collector: FileCollector;
  readonly #problems: Problem[] = [];
  readonly #settle: (outcome: Outcome) => void;
  readonly #result: Promise<Outcome>;
  readonly #timer: NodeJS.Timeout;
  readonly #onAbort = (): void => this.#fail(cancelledError());
  readonly #asked = new Set<string>();
  /** Sent and not answered; answers come in this order. */
  #waiting: Ask[] = [];
  #services: string[] | undefined;
  #stream: ReflectionStream | undefined;
  #calls = 0;
  #answeredInCall = 0;

  constructor(
    readonly client: Client,
    readonly version: ReflectionVersion,
    readonly options: DiscoverOptions,
    readonly deadline: number,
  ) {
    this.#collector = new FileCollector({
      maxFiles: options.maxFiles ?? 10_000,
      maxBytes: options.maxBytes ?? 64 * 1024 * 1024,
      maxDepth: options.maxDepth ?? 100,
    });
    let settle: (outcome: Outcome) => void = () => {};
    this.#result = new Promise((resolve) => {
      settle = resolve;
    });
    this.#settle = (outcome) => {
      clearTimeout(this.#timer);
      options.signal?.removeEventListener('abort', this.#onAbort);
      settle(outcome);
    };
    this.#timer = setTimeout(() => this.#timeout(), Math.max(0, deadline - Date.now()));
    options.signal?.addEventListener('abort', this.#onAbort, { once: true });
  }

  result(): Promise<Outcome> {
    if (this.options.signal?.aborted) {
      this.#fail(cancelledError());
    } else {
      const { services } = this.options;
      this.#open(services?.map((name) => ({ kind: 'symbol', name })) ?? [{ kind: 'list' }]);
    }
    return this.#result;
  }

  #open(asks: readonly Ask[]): void {
    this.#calls++;
    this.#answeredInCall = 0;
    try {
      this.#stream = new ReflectionStream(
        this.client,
        this.version,
        this.options.metadata,
        this.deadline,
        {
          answer: (response) => this.#answer(response),
          ended: ({ code, details }) => this.#ended(code, details),
        },
      );
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#ended(status.INTERNAL, reason);
      return;
    }
    for (const ask of asks) {
      this.#ask(ask);
    }
  }

  #ask(ask: Ask): void {
    this.#waiting.push(ask);
    this.#stream?.send(requestOf(ask));
  }

  #answer(response: ReflectionResponse | undefined): void {
    const ask = this.#waiting.shift();
    if (!ask) {
      // More answers than questions: nothing to learn from them.
      return;
    }
    this.#answeredInCall++;
    if (ask.kind === 'list') {
      this.#listed(response);
      return;
    }
    // An answer, whatever it says, shows that there is reflection.
    this.#services ??= [...(this.options.services ?? [])];
    if (response?.files) {
      const added = this.#collector.add(response.files);
      if (ask.kind === 'file') {
        this.#askImports(added, ask.depth + 1);
      }
    } else {
      this.#unanswered(ask, refusal(response));
    }
    this.#progress();
    this.#advance();
  }

  #listed(response: ReflectionResponse | undefined): void {
    if (!response?.services) {
      const code = response?.error?.code ?? status.INTERNAL;
      const details = response?.error?.message ?? 'the answer to list_services has no list';
      this.#stop({ ok: false, error: makeAttempt(this.version, code, details) });
      return;
    }
    const names = new Set(response.services.filter((it) => it.length > 0 && it.length <= MAX_NAME));
    this.#services = [...names].slice(0, MAX_SERVICES);
    if (names.size > MAX_SERVICES || response.services.some((it) => it.length > MAX_NAME)) {
      this.#problems.push({
        code: 'limit',
        subject: 'reflection',
        message: `The server lists ${response.services.length} services; the first ${MAX_SERVICES} with names of up to ${MAX_NAME} characters are used.`,
      });
    }
    this.#progress();
    for (const name of this.options.namesOnly ? [] : this.#services) {
      this.#ask({ kind: 'symbol', name });
    }
    this.#advance();
  }

  /** Goes on to the imports when all services are answered, and ends when all is. */
  #advance(): void {
    if (this.#collector.full) {
      this.#done();
      return;
    }
    // Not before: what another service's answer brings along need not be asked for.
    if (!this.#waiting.some((it) => it.kind === 'symbol')) {
      this.#askImports(this.#collector.names(), 1);
    }
    if (this.#waiting.length === 0) {
      this.#done();
    }
  }

  #askImports(files: readonly string[], depth: number): void {
    for (const file of files) {
      for (const name of this.#collector.importsOf(file)) {
        // Well-known types are supplied; google/rpc and google/api may be fuller on the server.
        const supplied = name.startsWith('google/protobuf/') && isBuiltin(name);
        if (supplied || this.#asked.has(name) || this.#collector.has(name)) {
          continue;
        }
        this.#asked.add(name);
        if (depth > this.#collector.limits.maxDepth) {
          this.#problems.push({
            code: 'limit',
            subject: name,
            message: `${quote(name)} was not asked for: imports are followed ${this.#collector.limits.maxDepth} levels deep.`,
          });
        } else {
          this.#ask({ kind: 'file', name, depth });
        }
      }
    }
  }

  #unanswered(ask: Ask, reason: string): void {
    if (ask.kind === 'symbol') {
      this.#problems.push({
        code: 'missing-service',
        subject: ask.name,
        message: `The server ${this.options.services ? 'was asked for' : 'lists'} ${quote(ask.name)} but does not describe it (${reason}). Name its .proto file.`,
      });
    } else if (ask.kind === 'file' && !isBuiltin(ask.name)) {
      this.#problems.push({
        code: 'missing-import',
        subject: ask.name,
        message: `The server does not serve ${quote(ask.name)}, which its files import (${reason}). Name the file, or its import path.`,
      });
    }
  }

  #ended(code: number, details: string): void {
    if (Date.now() >= this.deadline && code === status.DEADLINE_EXCEEDED) {
      this.#timeout();
      return;
    }
    if (!this.#services) {
      const text = code === status.OK ? 'the server ended the call without an answer' : details;
      const shown = code === status.OK ? status.INTERNAL : code;
      this.#stop({ ok: false, error: makeAttempt(this.version, shown, text) });
      return;
    }
    const rest = this.#waiting;
    this.#waiting = [];
    const reason = `${statusName(code)}${details === '' ? '' : `: ${quote(details)}`}`;
    // A server that ends the call with an error means the request it was at; one that ends it with OK
    // answers so many requests a call, and the rest can go over another one.
    const again = code === status.OK ? this.#answeredInCall > 0 : code !== status.UNAVAILABLE;
    if (code !== status.OK && again) {
      const culprit = rest.shift();
      if (culprit) {
        this.#unanswered(culprit, reason);
      }
    }
    if (again && rest.length > 0 && this.#calls < MAX_CALLS) {
      this.#open(rest);
      return;
    }
    for (const ask of rest) {
      this.#unanswered(ask, reason);
    }
    this.#done();
  }

  #timeout(): void {
    const milliseconds = this.options.timeout ?? DEFAULT_TIMEOUT;
    if (!this.#services) {
      this.#fail(timeoutError(milliseconds));
      return;
    }
    const rest = this.#waiting;
    this.#waiting = [];
    for (const ask of rest) {
      this.#unanswered(ask, `no answer within ${milliseconds} ms`);
    }
    this.#problems.push({
      code: 'reflection',
      subject: 'reflection',
      message: `Discovery stopped after ${milliseconds} ms with ${rest.length} questions unanswered; what came before is used.`,
    });
    this.#stream?.cancel();
    this.#finish();
  }

  #done(): void {
    if (this.#waiting.length > 0) {
      this.#stream?.cancel();
    } else {
      this.#stream?.close();
    }
    this.#waiting = [];
    this.#finish();
  }

  #finish(): void {
    this.#settle({
      ok: true,
      discovery: {
        files: this.#collector.files,
        services: this.#services ?? [],
        version: this.version,
        problems: [...this.#problems, ...this.#collector.problems],
      },
    });
  }

  #fail(error: ReflectionError): void {
    this.#stop({ ok: false, error });
  }

  #stop(outcome: Outcome): void {
    this.#waiting = [];
    this.#stream?.cancel();
    this.#settle(outcome);
  }

  #progress(): void {
    this.options.onProgress?.({
      services: this.#services?.length ?? 0,
      files: this.#collector.count,
    });
  }
}

function requestOf(ask: Ask): ReflectionRequest {
  switch (ask.kind) {
    case 'list':
      // What every other client sends; the specification leaves the content open.
      return { listServices: '*' };
    case 'symbol':
      return { fileContainingSymbol: ask.name };
    case 'file':
      return { fileByFilename: ask.name };
  }
}

function refusal(response: ReflectionResponse | undefined): string {
  if (!response) {
    return 'the answer is no reflection response';
  }
  return response.error
    ? `${statusName(response.error.code)}${response.error.message === '' ? '' : `: ${quote(response.error.message)}`}`
    : 'the answer has no files';
}
