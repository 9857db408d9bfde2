import type { Node } from 'web-tree-sitter';
import type { LintSettings } from '../config/settings';
import type { CallFact } from '../facts';
import type { TextEdit } from '../finding';
import type { Semantics } from '../program/semantics';
import type { Program } from '../program/syntax';

export type LanguageId =
  | 'go'
  | 'java'
  | 'kotlin'
  | 'python'
  | 'ruby'
  | 'javascript'
  | 'typescript'
  | 'tsx'
  | 'csharp'
  | 'cpp'
  | 'rust';

/** All that the linter knows of one language. */
export interface Language {
  readonly id: LanguageId;
  /** For people: `Go`. */
  readonly name: string;
  /** With the dot: `.go`. */
  readonly extensions: readonly string[];
  /** VS Code's language ids. */
  readonly editorIds: readonly string[];
  /** File name of the grammar: `tree-sitter-go.wasm`. */
  readonly grammar: string;
  /** What starts a comment to the end of the line. */
  readonly lineComment: '//' | '#';
  /**
   * A file without a match has nothing to do with gRPC and isn't parsed. Must be quick, and match anything
   * from which a stub, a channel or a service config can come.
   */
  readonly marker: RegExp;
  /** Matches files without the marker whose functions give what calls elsewhere need: Go's contexts. */
  readonly gives?: RegExp;
  /** What the first lines of generated code say, and names of generated files. */
  readonly generated: { readonly header: RegExp; readonly file?: RegExp };
  /** Paths of tests, with forward slashes. */
  readonly tests: RegExp;
  /**
   * A function whose text has no match has no fact and isn't lowered, unless it names an RPC that the index
   * knows, or a field, variable or function of this file that holds or gives a stub, context or channel.
   */
  readonly interesting: RegExp;
  /** The text with blanks for what the grammar can't read, of the same length; undefined when it can read all. */
  readable?(text: string): string | undefined;
  lower(root: Node, text: string): Program;
  readonly semantics: Semantics;
  /** Gives the call a deadline, with imports; undefined when it can't be done safely here. */
  addDeadline(fact: CallFact, source: FixSource): DeadlineFix | undefined;
}

export interface FixSource {
  readonly text: string;
  readonly root: Node;
  readonly program: Program;
  readonly settings: LintSettings;
}

export interface DeadlineFix {
  /** For the menu: `Wrap the context with a 5s timeout`. */
  readonly title: string;
  readonly edits: readonly TextEdit[];
}
