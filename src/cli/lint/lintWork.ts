import { Lines } from '../../config/lines';
import { slashed } from '../../config/paths';
import { readSource } from '../../config/sourceText';
import type { LintSettings } from '../../lint/config/settings';
import type { FileExports } from '../../lint/index/exports';
import { IndexBuilder, type IndexedFile, indexFile } from '../../lint/index/indexBuilder';
import type { WorkspaceIndex } from '../../lint/index/workspaceIndex';
import { languageFor } from '../../lint/languages';
import { type LintContext, Linter } from '../../lint/linter';
import { Grammars } from '../../lint/parsing/grammars';
import { isGenerated, leftOutReasons } from '../../lint/workspace/leftOut';
import { reasonOf } from '../failure';
import { type ReportedFinding, reported } from './report';

/** What one file says for the index, by its path; undefined when nothing. */
export interface Indexed {
  readonly path: string;
  readonly file: IndexedFile | undefined;
  readonly notes: readonly string[];
}

/** What other files can use of one file; undefined when nothing. */
export interface Exported {
  readonly path: string;
  readonly exports: FileExports | undefined;
}

/** What the files of a workspace say, by their paths. */
export interface Known {
  readonly files: readonly (readonly [string, IndexedFile])[];
  readonly exports: readonly (readonly [string, FileExports])[];
}

export interface FileToLint {
  readonly path: string;
  /** Which of the settings and indexes that `begin` was given. */
  readonly settings: number;
  readonly index: number;
  /** Whether the user named it: then it is said why it isn't linted. */
  readonly isNamed: boolean;
}

export interface Linted {
  readonly path: string;
  /** Undefined when the file was not linted. */
  readonly findings: readonly ReportedFinding[] | undefined;
  readonly notes: readonly string[];
}

/** What all threads must know before they look into sources. */
export interface Beginning {
  /** One for each workspace. */
  readonly indexes: readonly Known[];
  readonly settings: readonly LintSettings[];
}

/** Reads files and lints them: the work of one thread. */
export class LintWork {
  readonly #linter: Linter;
  #indexes: readonly WorkspaceIndex[] = [];
  #settings: readonly LintSettings[] = [];

  /** @param grammars folder */
  constructor(grammars: string) {
    this.#linter = new Linter(new Grammars(grammars));
  }

  async index(paths: readonly string[]): Promise<readonly Indexed[]> {
    return await Promise.all(paths.map(index));
  }

  begin({ indexes, settings }: Beginning): void {
    this.#indexes = indexes.map(({ files, exports }) => {
      const builder = new IndexBuilder();
      for (const [path, file] of files) {
        builder.add(path, file);
      }
      for (const [path, exported] of exports) {
        builder.addExports(path, exported);
      }
      return builder.index();
    });
    this.#settings = settings;
  }

  async exports(files: readonly FileToLint[]): Promise<readonly Exported[]> {
    return await Promise.all(files.map((file) => this.#exports(file)));
  }

  async #exports(file: FileToLint): Promise<Exported> {
    const { path } = file;
    try {
      const { text } = await readSource(path);
      const exports =
        text === undefined || isGeneratedFile(path, text)
          ? undefined
          : await this.#linter.exports(path, text, this.#contextOf(file));
      return { path, exports };
    } catch {
      // It is said when the file is linted.
      return { path, exports: undefined };
    }
  }

  #contextOf({ path, settings: setting, index: workspace }: FileToLint): LintContext {
    const settings = this.#settings[setting];
    const index = this.#indexes[workspace];
    if (settings === undefined || index === undefined) {
      throw new RangeError(`There are no settings or no index for ${path}.`);
    }
    return { settings, index };
  }

  async lint(files: readonly FileToLint[]): Promise<readonly Linted[]> {
    // All are read at once, and linted one after the other.
    const texts = files.map(({ path }) => readSource(path));
    const linted: Linted[] = [];
    for (const [at, file] of files.entries()) {
      const source = await texts[at];
      linted.push(
        source?.text === undefined
          ? { path: file.path, findings: undefined, notes: [`${source?.note}: left out`] }
          : await this.#lint(file, source.text, source.note),
      );
    }
    return linted;
  }

  async #lint(file: FileToLint, text: string, note: string | undefined): Promise<Linted> {
    const { path } = file;
    const context = this.#contextOf(file);
    const isLeftOut =
      isGeneratedFile(path, text) && !context.settings.include.includes('generated');
    const source = isLeftOut ? undefined : this.#linter.open(path, text);
    if (source === undefined) {
      const why = isLeftOut ? leftOutReasons.generated : 'it is no service config';
      return { path, findings: undefined, notes: file.isNamed ? [`not linted: ${why}`] : [] };
    }
    try {
      const { findings, notes } = await source.lint(context);
      const lines = findings.length === 0 ? undefined : new Lines(text);
      return {
        path,
        findings: lines === undefined ? [] : findings.map((finding) => reported(finding, lines)),
        notes: [
          ...(note === undefined ? [] : [note]),
          ...notes.map((said) => withoutPath(said, path)),
        ],
      };
    } catch (error) {
      // One file that the linter can't cope with must not hide what is wrong with the others.
      return { path, findings: undefined, notes: [`could not be linted: ${reasonOf(error)}`] };
    } finally {
      source.dispose();
    }
  }
}

function isGeneratedFile(path: string, text: string): boolean {
  const language = languageFor(path);
  return language !== undefined && isGenerated(text, language);
}

async function index(path: string): Promise<Indexed> {
  const { text, note } = await readSource(path);
  return text === undefined
    ? { path, file: undefined, notes: [`${note}: left out`] }
    : { path, file: indexFile(slashed(path), text), notes: [] };
}

/** The linter says of which file it speaks; a report says it in its own way. */
function withoutPath(note: string, path: string): string {
  return note.startsWith(path) ? note.slice(path.length).replace(/^:? /, '') : note;
}
