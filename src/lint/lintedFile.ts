import type { LintSettings } from './config/settings';
import type { Finding, TextEdit } from './finding';
import type { FileExports } from './index/exports';
import type { WorkspaceIndex } from './index/workspaceIndex';

/** What a file is linted against. */
export interface LintContext {
  readonly settings: LintSettings;
  readonly index: WorkspaceIndex;
}

export interface LintResult {
  /** In the order of the file. */
  readonly findings: readonly Finding[];
  /** What could not be looked at, and why: a file too large, a function nested too deep. For people. */
  readonly notes: readonly string[];
}

/** Edits that mend a finding, or suppress it. */
export interface Fix {
  readonly kind: 'deadline' | 'replacement' | 'suppress';
  readonly title: string;
  readonly edits: readonly TextEdit[];
}

/** An edit of a text document: offsets in the text before it. */
export interface TextChange {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/** A file that is linted again and again while it is edited. */
export interface LintedFile {
  readonly text: string;
  /** With the changes that lead from the old text to the new one, in order, it is parsed faster. */
  update(text: string, changes?: readonly TextChange[]): void;
  lint(context: LintContext): Promise<LintResult>;
  /**
   * Parses anew what has syntax errors: how a parser recovers from one can depend on the edits that led there, so
   * the findings of a broken file may be others than those of the same text opened afresh. Whether there was
   * anything to do; meant for when nobody types.
   */
  settle(): boolean;
  /** What other files can use of it, for the index; undefined when that is nothing. */
  exports(context: LintContext): Promise<FileExports | undefined>;
  /** What can be done about a finding of the last `lint`, best first. */
  fixes(finding: Finding, context: LintContext): Promise<readonly Fix[]>;
  /** Everything that has a fix, mended at once; suppressions are not fixes. Empty when there is nothing to do. */
  fixAll(context: LintContext): Promise<readonly TextEdit[]>;
  dispose(): void;
}
