import { applyEdits, singleEdit } from './edits';
import type { Finding, TextEdit } from './finding';
import type { Fix, LintContext, LintedFile, LintResult } from './lintedFile';
import { lintServiceConfigFile } from './serviceConfig/standalone';

/** A service config in a JSON file of its own. */
export class ServiceConfigFile implements LintedFile {
  #text: string;

  constructor(
    readonly path: string,
    text: string,
  ) {
    this.#text = text;
  }

  get text(): string {
    return this.#text;
  }

  update(text: string): void {
    this.#text = text;
  }

  async lint(context: LintContext): Promise<LintResult> {
    return { findings: lintServiceConfigFile(this.#text, context.settings), notes: [] };
  }

  async exports(): Promise<undefined> {
    return undefined;
  }

  settle(): boolean {
    return false;
  }

  async fixes({ replacement }: Finding): Promise<readonly Fix[]> {
    return replacement === undefined ? [] : [{ kind: 'replacement', ...replacement }];
  }

  async fixAll(context: LintContext): Promise<readonly TextEdit[]> {
    const { findings } = await this.lint(context);
    const edits = findings.flatMap(({ replacement }) => replacement?.edits ?? []);
    return singleEdit(this.#text, applyEdits(this.#text, edits));
  }

  dispose(): void {}
}
