import type { FileExports } from './index/exports';
import { languageFor } from './languages';
import type { Language } from './languages/language';
import type { LintContext, LintedFile, LintResult } from './lintedFile';
import type { Grammars } from './parsing/grammars';
import { isServiceConfigFile } from './serviceConfig/standalone';
import { ServiceConfigFile } from './serviceConfigFile';
import { SourceFile } from './sourceFile';

export type { Fix, LintContext, LintedFile, LintResult, TextChange } from './lintedFile';

/** Code in, findings out. Knows every language; loads what a file needs when it is seen. */
export class Linter {
  readonly #grammars: Grammars;

  constructor(grammars: Grammars) {
    this.#grammars = grammars;
  }

  /** A file to be linted while it is edited; undefined when nothing in it is ever linted. */
  open(
    path: string,
    text: string,
    language: Language | undefined = languageFor(path),
  ): LintedFile | undefined {
    if (language !== undefined) {
      return new SourceFile(path, text, language, this.#grammars);
    }
    return isServiceConfigFile(path, text) ? new ServiceConfigFile(path, text) : undefined;
  }

  /** What other files can use of a file, once. */
  async exports(
    path: string,
    text: string,
    context: LintContext,
  ): Promise<FileExports | undefined> {
    const file = this.open(path, text);
    try {
      return await file?.exports(context);
    } finally {
      file?.dispose();
    }
  }

  /** Lints a file once. */
  async lint(path: string, text: string, context: LintContext): Promise<LintResult> {
    const file = this.open(path, text);
    try {
      return (await file?.lint(context)) ?? { findings: [], notes: [] };
    } finally {
      file?.dispose();
    }
  }
}
