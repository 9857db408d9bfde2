import type { RequestFile, RequestNode } from '../file/syntax';
import type { RequestFiles } from '../files';
import { resolveRequest } from '../resolve/resolveRequest';
import type { Scope } from '../variables/scope';
import { Values } from '../variables/values';
import type { Caller } from './caller';
import type { RequestResult } from './result';
import { type RunOptions, runRequest } from './runRequest';

/** What the requests of one run have in common: variables are computed once, captures go from one to the next. */
export class FileRun {
  readonly #file: RequestFile;
  readonly #files: RequestFiles;
  readonly #caller: Caller;
  readonly #values: Values;
  readonly #captures = new Map<string, string>();
  readonly #scope: Scope;

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
  async run(node: RequestNode, options: RunOptions = {}): Promise<RequestResult> {
    const resolution = await resolveRequest(this.#file, node, {
      scope: this.#scope,
      files: this.#files,
      values: this.#values,
    });
    if (!resolution.ok) {
      const name = node.title?.text ?? node.line.method.text;
      return { kind: 'refused', name, problems: resolution.problems };
    }
    const result = await runRequest(resolution.request, this.#caller, options);
    if (result.kind === 'called') {
      for (const [name, value] of result.captured) {
        this.#captures.set(name, value);
      }
    }
    return result;
  }
}
