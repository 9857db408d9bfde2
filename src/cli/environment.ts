import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Where a stream of text goes: `process.stdout` is one. */
export interface Output {
  write(text: string): void;
  /** Settles when more may be written without it piling up in memory; undefined when that is now. */
  drained(): Promise<void> | undefined;
  /** Whoever read it has gone away: what is written is dropped. */
  readonly isClosed: boolean;
  /** Whether a person sees it. */
  readonly isTTY: boolean;
  /** Of the terminal. */
  readonly columns: number | undefined;
}

/** What comes from the standard input. */
export interface Input {
  /** Whether a person types it. */
  readonly isTTY: boolean;
  /** Text as it comes. May be read once. */
  read(): AsyncIterable<string>;
  /** Reads no more: an input that stays open must not keep the process. */
  close(): void;
}

/** Everything of the process that a command uses, so that tests can run it. */
export interface Environment {
  /** Absolute, without symbolic links. */
  readonly cwd: string;
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly out: Output;
  readonly err: Output;
  readonly input: Input;
  /** Calls back at the first Ctrl-C, which then doesn't end the process; returns the way to stop. */
  readonly onInterrupt: (listener: () => void) => () => void;
  readonly places: Places;
}

/** Where the files of the installed package are. */
export interface Places {
  /** Folder of the grammars, and of the parser's own WebAssembly. */
  readonly grammars: string;
  /** Program of a linter thread; undefined: everything runs in this thread. */
  readonly worker: string | undefined;
  /** Folder that holds `package.json` and `docs`. */
  readonly package: string;
}

/** Places relative to `dist/cli`. */
export function placesOf(dist: string): Places {
  return {
    grammars: join(dist, '..', 'grammars'),
    worker: join(dist, 'lintWorker.cjs'),
    package: join(dist, '..', '..'),
  };
}

/** The version of this program. */
export async function versionOf({ places }: Pick<Environment, 'places'>): Promise<string> {
  const text = await readFile(join(places.package, 'package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
