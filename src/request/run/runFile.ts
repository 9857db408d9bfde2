import { requestName } from '../file/requestName';
import type { RequestFile, RequestNode } from '../file/syntax';
import type { RequestFiles } from '../files';
import type { Resolution, ResolvedRequest } from '../resolve/resolved';
import { resolveRequest } from '../resolve/resolveRequest';
import type { Scope } from '../variables/scope';
import { Values } from '../variables/values';
import type { Caller } from './caller';
import type { RequestResult } from './result';
import { type RunOptions, runPrepared } from './runRequest';
import { type PreparedRequest, prepareRequest } from './startRequest';

type Refused = Extract<RequestResult, { kind: 'refused' }>;
type Prepared = PreparedRequest | { readonly ok: false; readonly refused: Refused };

export interface FileRunOptions extends RunOptions {
  /** The request that follows: prepared while this one is on its way, unless the answer may have a part in it. */
  readonly next?: RequestNode | undefined;
}

/** What the requests of one run have in common: variables are computed once, captures go from one to the next. */
export class FileRun {
  readonly #file: RequestFile;
  readonly #files: RequestFiles;
  readonly #caller: Caller;
  readonly #values: Values;
  readonly #captures = new Map<string, string>();
  readonly #scope: Scope;
  #ahead:
    | { readonly node: RequestNode; readonly prepared: Promise<Prepared | undefined> }
    | undefined;

  constructor(
    file: RequestFile,
    parts: {
      readonly scope: Scope;
      readonly files: RequestFiles;
      readonly caller: Caller;
    },
  ) {
    this.#file = file;
    this.#files = parts.files;
    this.#caller = parts.caller;
    this.#values = new Values(file.variables);
    this.#scope = { ...parts.scope, captures: this.#captures };
    for (const [name, value] of parts.scope.captures) {
      this.#captures.set(name, value);
    }
  }

  /** What the answers so far have given. */
  get captures(): ReadonlyMap<string, string> {
    return this.#captures;
  }

  /** Sends one request and keeps what it captures. */
  async run(node: RequestNode, options: FileRunOptions = {}): Promise<RequestResult> {
    const prepared = (await this.#takeAhead(node)) ?? (await this.#prepare(node));
    if (!prepared.ok) {
      return prepared.refused;
    }
    const { request } = prepared;
    const { next, onStart } = options;
    const result = await runPrepared(prepared, this.#caller, {
      ...options,
      onStart: (started) => {
        onStart?.(started);
        if (next !== undefined && request.captures.length === 0) {
          // After grpc-js has sent the request.
          setImmediate(() => this.#prepareAhead(next, request.server.name));
        }
      },
    });
    if (result.kind === 'called') {
      for (const [name, value] of result.captured) {
        this.#captures.set(name, value);
      }
    }
    return result;
  }

  async #prepare(node: RequestNode): Promise<Prepared> {
    const resolution = await this.#resolve(node);
    if (!resolution.ok) {
      const name = requestName(node);
      return { ok: false, refused: { kind: 'refused', name, problems: resolution.problems } };
    }
    return this.#prepareResolved(resolution.request);
  }

  #resolve(node: RequestNode): Promise<Resolution> {
    return resolveRequest(this.#file, node, {
      scope: this.#scope,
      files: this.#files,
      values: this.#values,
    });
  }

  async #prepareResolved(request: ResolvedRequest): Promise<Prepared> {
    const prepared = await prepareRequest(request, this.#caller);
    const { name } = request;
    return prepared.ok
      ? prepared
      : { ok: false, refused: { kind: 'refused', name, problems: prepared.problems } };
  }

  /** Only for the server that is being called: another one may be none of this run's business when it stops early. */
  #prepareAhead(node: RequestNode, server: string): void {
    const before = this.#values.dynamicValues;
    const prepared = this.#resolve(node).then((resolution) =>
      resolution.ok &&
      resolution.request.server.name === server &&
      // A timestamp is that of the request's own time.
      this.#values.dynamicValues === before
        ? this.#prepareResolved(resolution.request)
        : undefined,
    );
    // Whoever takes it hears of it; when the run stops before, nobody has to.
    prepared.catch(() => undefined);
    this.#ahead = { node, prepared };
  }

  #takeAhead(node: RequestNode): Promise<Prepared | undefined> | undefined {
    const ahead = this.#ahead;
    this.#ahead = undefined;
    return ahead?.node === node ? ahead.prepared : undefined;
  }
}
