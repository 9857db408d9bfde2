import type { Span } from '../file/syntax';

/** What could be written at a place. */
export interface Suggestion {
  readonly label: string;
  readonly kind:
    | 'request'
    | 'target'
    | 'service'
    | 'method'
    | 'annotation'
    | 'value'
    | 'metadata'
    | 'variable'
    | 'field'
    | 'enum'
    | 'keyword'
    | 'body'
    | 'file'
    | 'folder';
  /** In short, beside the label. */
  readonly detail?: string;
  /** Plain text. May come from a server. */
  readonly documentation?: string;
  readonly deprecated?: boolean;
  /** Replaces `span`; with `isSnippet`, `$0` and `${1:…}` are places of the cursor. */
  readonly insert: string;
  readonly isSnippet?: boolean;
  readonly span: Span;
  /** What is typed is compared with this; the label when left out. */
  readonly filter?: string;
  /** Whether there is something to choose at once where the cursor stands then. */
  readonly continues?: boolean;
}

/** A text that stands in a snippet as it is. */
export function escapeSnippet(text: string): string {
  return text.replaceAll(/[\\$}]/g, '\\$&');
}
