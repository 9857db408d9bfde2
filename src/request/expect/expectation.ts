import type { Span } from '../file/syntax';

/** What an expectation or a capture looks at; docs/request-files.md, "Expectations". */
export type Subject =
  | { readonly kind: 'status' | 'status.message' | 'messages' | 'latency' }
  | { readonly kind: 'status.details'; readonly path: readonly PathStep[] }
  | {
      readonly kind: 'message';
      /** Of the messages received; -1 is the last. */
      readonly index: number;
      readonly path: readonly PathStep[];
    }
  | {
      readonly kind: 'metadata';
      readonly from: 'headers' | 'trailers' | 'either';
      readonly key: string;
    };

/** A member's name, or an index; a negative one counts from the end. */
export type PathStep = string | number;

export type Operator =
  | '=='
  | '!='
  | '<'
  | '<='
  | '>'
  | '>='
  | 'contains'
  | 'matches'
  | 'exists'
  | 'absent';

/** `# @expect subject operator value` */
export interface Expectation {
  readonly subject: Subject;
  readonly operator: Operator;
  /** As it is written; empty for `exists` and `absent`. */
  readonly value: string;
  /** The whole expectation as it is written. */
  readonly text: string;
  /** In the request file. */
  readonly span: Span;
}

/** `# @capture name = subject` */
export interface Capture {
  readonly name: string;
  readonly subject: Subject;
  readonly text: string;
  readonly span: Span;
}

/** How an expectation, or a capture that found nothing, came out. */
export interface CheckResult {
  readonly text: string;
  readonly span: Span;
  readonly passed: boolean;
  /** A sentence; empty when it passed. */
  readonly message: string;
  /** For people, as text: the two sides of a diff. An operator other than `==` stands before the value. */
  readonly expected: string;
  readonly actual: string;
}
