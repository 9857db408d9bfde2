import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { nearest } from '../../grpc/nearest';
import { requestName } from '../../request/file/requestName';
import type { RequestNode } from '../../request/file/syntax';
import type { RequestResult } from '../../request/run/result';
import { FileRun } from '../../request/run/runFile';
import { paintFor, plain } from '../colors';
import { type Environment, versionOf } from '../environment';
import { terminalScope } from '../environments';
import { exitCodes, Failure, reasonOf } from '../failure';
import { overridesOf } from '../request/overrides';
import { type LoadedFile, loadRequestFile } from '../request/requestFile';
import { TerminalCaller } from '../request/terminalCaller';
import { jsonRun } from './jsonRun';
import { junit } from './junit';
import { type FileOutcome, type Outcome, outcomeOf, skipped } from './outcome';
import { GatheredOutput, Postponed } from './pace';
import { countsOf, readableFile, readableOutcome, readableSummary } from './readableRun';
import { findRequestFiles } from './requestFiles';
import { parseRunArguments, type RunArguments, runUsage } from './runArguments';

/** `frameline run`: gives the exit code. */
export async function runCommand(args: readonly string[], env: Environment): Promise<number> {
  const given = parseRunArguments(args);
  if (given === undefined) {
    env.out.write(runUsage);
    return exitCodes.clean;
  }
  const interrupt = new AbortController();
  const stop = env.onInterrupt(() => interrupt.abort());
  const caller = new TerminalCaller({
    env,
    signal: interrupt.signal,
    frames: given.frames,
  });
  try {
    const loaded = await load(given, env);
    const run = new Run(given, env, caller, interrupt.signal);
    const began = performance.now();
    const files = await run.all(loaded);
    await report(files, performance.now() - began, given, env);
    if (interrupt.signal.aborted) {
      return exitCodes.interrupted;
    }
    const { failed, 'not-sent': notSent } = countsOf(files);
    return failed + notSent > 0 ? exitCodes.findings : exitCodes.clean;
  } finally {
    stop();
    await caller.dispose();
  }
}

/** A file and those of its requests that are to be sent. */
interface Planned {
  readonly loaded: LoadedFile;
  readonly nodes: readonly RequestNode[];
}

async function load({ paths, names }: RunArguments, { cwd }: Environment): Promise<Planned[]> {
  const files = await findRequestFiles(paths, cwd);
  const loaded = await Promise.all(files.map((path) => loadRequestFile(path, cwd)));
  refuseStrayProblems(loaded);
  const known = new Set(loaded.flatMap(({ file }) => file.requests.map(requestName)));
  for (const name of names) {
    if (!known.has(name)) {
      const meant = nearest(name, [...known]);
      throw new Failure(`No request has the title "${name}".`, {
        ...(meant === undefined ? {} : { next: `Did you mean "${meant}"?` }),
      });
    }
  }
  const planned = loaded.map((one) => ({
    loaded: one,
    nodes: one.file.requests.filter(
      (node) => names.length === 0 || names.includes(requestName(node)),
    ),
  }));
  if (planned.every(({ nodes }) => nodes.length === 0)) {
    throw new Failure('There is no request to send.', {
      next: 'A request begins with a line "GRPC target/service/method".',
    });
  }
  return planned;
}

/** What can't be read outside of every request would be passed over without a word. */
function refuseStrayProblems(loaded: readonly LoadedFile[]): void {
  const details = loaded.flatMap(({ file, lines, shown }) =>
    file.problems
      .filter(
        ({ span }) =>
          !file.requests.some((node) => span.from >= node.span.from && span.to <= node.span.to),
      )
      .map(({ span, message }) => {
        const { line, column } = lines.place(span.from);
        return `${shown}:${line}:${column}: ${message}`;
      }),
  );
  if (details.length > 0) {
    throw new Failure('The request files have mistakes.', { details });
  }
}

/** The requests of several files, one after the other. */
class Run {
  readonly #given: RunArguments;
  readonly #env: Environment;
  readonly #caller: TerminalCaller;
  readonly #signal: AbortSignal;
  #stopped = false;

  constructor(given: RunArguments, env: Environment, caller: TerminalCaller, signal: AbortSignal) {
    this.#given = given;
    this.#env = env;
    this.#caller = caller;
    this.#signal = signal;
  }

  async all(planned: readonly Planned[]): Promise<FileOutcome[]> {
    const files: FileOutcome[] = [];
    for (const { loaded, nodes } of planned) {
      if (nodes.length > 0) {
        files.push(await this.#file(loaded, nodes));
      }
    }
    return files;
  }

  async #file(loaded: LoadedFile, nodes: readonly RequestNode[]): Promise<FileOutcome> {
    const { env, var: given, color, json } = this.#given;
    const { out } = this.#env;
    const paint = paintFor(color, out, this.#env);
    const scope = await terminalScope(
      { file: loaded.path, environment: env, overrides: overridesOf(given) },
      this.#env,
    );
    const { file, files } = loaded;
    const run = new FileRun(file, { scope, files, caller: this.#caller });
    const startedAt = new Date();
    const outcomes: Outcome[] = [];
    const lines = new GatheredOutput(out);
    const report = new Postponed();
    if (!json) {
      lines.write(readableFile(loaded.shown, paint));
    }
    for (const [index, node] of nodes.entries()) {
      const outcome = this.#stopped
        ? () => skipped(node, loaded)
        : await this.#request(run, node, nodes[index + 1], loaded, report);
      report.next(() => {
        const made = outcome();
        outcomes.push(made);
        if (!json) {
          lines.write(readableOutcome(made, loaded.shown, paint));
        }
      });
      await out.drained();
    }
    report.now();
    lines.flush();
    return { path: loaded.shown, startedAt, outcomes };
  }

  /** Sends a request and waits for its end; gives the way to its outcome. */
  async #request(
    run: FileRun,
    node: RequestNode,
    next: RequestNode | undefined,
    loaded: LoadedFile,
    report: Postponed,
  ): Promise<() => Outcome> {
    const result = await run.run(node, {
      signal: this.#signal,
      next,
      // While this request is on its way there is time for the one before.
      onStart: () => setImmediate(() => report.now()),
    });
    const isGood = result.kind === 'called' && result.checks.every(({ passed }) => passed);
    this.#stopped = this.#signal.aborted || (this.#given.bail && !isGood);
    return () => this.#outcome(result, node, loaded);
  }

  #outcome(result: RequestResult, node: RequestNode, loaded: LoadedFile): Outcome {
    try {
      return outcomeOf(result, node, loaded, this.#given.frames);
    } finally {
      if (result.kind === 'called') {
        result.transcript.dispose();
      }
    }
  }
}
async function report(
  files: readonly FileOutcome[],
  time: number,
  { junit: path, json, color }: RunArguments,
  env: Environment,
): Promise<void> {
  const { out, err, cwd } = env;
  if (json) {
    out.write(jsonRun(files, time, await versionOf(env)));
  } else {
    out.write(readableSummary(files, time, paintFor(color, out, env)));
  }
  if (path !== undefined) {
    try {
      await writeFile(resolve(cwd, path), junit(files));
    } catch (error) {
      throw new Failure(`The report could not be written: ${reasonOf(error)}.`, { cause: error });
    }
  }
  if (json) {
    err.write(readableSummary(files, time, plain));
  }
}
