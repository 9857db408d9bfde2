import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Places } from '../environment';
import {
  type Beginning,
  type Exported,
  type FileToLint,
  type Indexed,
  type Linted,
  LintWork,
} from './lintWork';

export type Request =
  | { readonly kind: 'index'; readonly paths: readonly string[] }
  | ({ readonly kind: 'begin' } & Beginning)
  | { readonly kind: 'exports'; readonly files: readonly FileToLint[] }
  | { readonly kind: 'lint'; readonly files: readonly FileToLint[] };

export type Reply = readonly Indexed[] | readonly Exported[] | readonly Linted[] | undefined;

/** Does the work of a request. */
export async function answer(work: LintWork, request: Request): Promise<Reply> {
  switch (request.kind) {
    case 'index':
      return await work.index(request.paths);
    case 'begin':
      work.begin(request);
      return undefined;
    case 'exports':
      return await work.exports(request.files);
    case 'lint':
      return await work.lint(request.files);
  }
}

/** One request at a time. */
interface Thread {
  call(request: Request): Promise<Reply>;
  stop(): Promise<unknown>;
}

/** Files that one thread reads before others are worth their start, which takes some 100 ms of a processor. */
const worthThreads = 300;

/** Each thread has parsers and grammars of its own, some 60 MB. */
const mostThreads = 4;

/** Files of one request: enough to keep a thread busy for some milliseconds. */
const batchSizes = { index: 64, exports: 16, lint: 16 } as const;

/** The threads of one run. */
export class LintThreads {
  readonly #threads: readonly Thread[];

  /** @param files how many there are to read */
  constructor(places: Places, files: number) {
    const { worker } = places;
    const count = Math.min(mostThreads, availableParallelism());
    this.#threads =
      worker === undefined || files < worthThreads || count === 1
        ? [localThread(places)]
        : Array.from({ length: count }, () => workerThread(worker, places));
  }

  /** Gives `paths` to the threads; `take` gets what they found, in no particular order. */
  async index(paths: readonly string[], take: (found: readonly Indexed[]) => void): Promise<void> {
    await this.#share(paths, batchSizes.index, async (thread, batch) =>
      take((await thread.call({ kind: 'index', paths: batch })) as readonly Indexed[]),
    );
  }

  /** What other files can use of `files`; `begin` has to be called before, and again with what was found. */
  async exports(
    files: readonly FileToLint[],
    take: (found: readonly Exported[]) => void,
  ): Promise<void> {
    await this.#share(files, batchSizes.exports, async (thread, batch) =>
      take((await thread.call({ kind: 'exports', files: batch })) as readonly Exported[]),
    );
  }

  /** To be called before sources are looked into. */
  async begin(beginning: Beginning): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.call({ kind: 'begin', ...beginning })));
  }

  async lint(
    files: readonly FileToLint[],
    take: (found: readonly Linted[]) => void,
  ): Promise<void> {
    await this.#share(files, batchSizes.lint, async (thread, batch) =>
      take((await thread.call({ kind: 'lint', files: batch })) as readonly Linted[]),
    );
  }

  async stop(): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.stop()));
  }

  /** Each thread takes the next batch when it is done with one. */
  async #share<Item>(
    items: readonly Item[],
    size: number,
    run: (thread: Thread, batch: readonly Item[]) => Promise<void>,
  ): Promise<void> {
    let next = 0;
    await Promise.all(
      this.#threads.map(async (thread) => {
        while (next < items.length) {
          const batch = items.slice(next, next + size);
          next += size;
          await run(thread, batch);
        }
      }),
    );
  }
}

/** Works in the thread of the caller. */
function localThread({ grammars }: Places): Thread {
  const work = new LintWork(grammars);
  return { call: (request) => answer(work, request), stop: async () => {} };
}

function workerThread(program: string, { grammars }: Places): Thread {
  const worker = new Worker(program, { workerData: { grammars } });
  let waiting: { resolve(reply: Reply): void; reject(error: Error): void } | undefined;
  let broken: Error | undefined;
  const fail = (error: Error) => {
    broken = error;
    waiting?.reject(error);
  };
  worker.on('message', (reply: Reply) => waiting?.resolve(reply));
  worker.on('error', fail);
  worker.on('messageerror', fail);
  worker.on('exit', (code) => fail(new Error(`A linter thread ended with code ${code}.`)));
  return {
    call: (request) =>
      new Promise((resolve, reject) => {
        waiting = { resolve, reject };
        if (broken === undefined) {
          worker.postMessage(request);
        } else {
          reject(broken);
        }
      }),
    stop: () => worker.terminate(),
  };
}
