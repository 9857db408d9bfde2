import type { LintSettings } from './config/settings';
import type { Finding, TextEdit } from './finding';
import type { WorkspaceIndex } from './index/workspaceIndex';

/** What a file is linted against. */
export interface LintContext {
  readonly settings: LintSettings;
  readonly index: WorkspaceIndex;
}

export interface LintResult {
  /** In the order of the file. */
  readonly findings: readonly Finding[];
  /** What could not be looked at, and why: a file too large, a grammar that failed. For people. */
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
