/**
 * The syntax tree of a `.grpc` request file; docs/request-files.md has the grammar. Every place is a pair of UTF-16
 * offsets in the text of the file, and what no node covers is layout: printing is the text itself.
 */

import type { Span } from '../../config/span';

export type { Span };

/** A piece of text and where it stands. */
export interface Text {
  readonly text: string;
  readonly span: Span;
}

export interface SyntaxProblem {
  readonly span: Span;
  /** What is wrong, why, and what to write instead. */
  readonly message: string;
}

export interface RequestFile {
  readonly text: string;
  /** All of the file, in their order. */
  readonly variables: readonly FileVariable[];
  /** Of the preamble: they hold for every request. */
  readonly annotations: readonly Annotation[];
  /** In their order; blocks without a request line are none. */
  readonly requests: readonly RequestNode[];
  readonly problems: readonly SyntaxProblem[];
}

/** `@name = value` */
export interface FileVariable {
  readonly name: Text;
  readonly value: Text;
  readonly span: Span;
}

/** `# @name value` */
export interface Annotation {
  /** Without the `@`. */
  readonly name: Text;
  /** Empty when there is none. */
  readonly value: Text;
  readonly span: Span;
}

export interface RequestNode {
  /** From the separator, or the block's first line, to the last line that isn't blank. */
  readonly span: Span;
  /** What stands after `###`. */
  readonly title: Text | undefined;
  readonly annotations: readonly Annotation[];
  readonly line: RequestLine;
  readonly metadata: readonly MetadataLine[];
  readonly messages: readonly MessageNode[];
}

/** `GRPC target/service/method`. A part that is missing is an empty text, with a problem. */
export interface RequestLine {
  readonly span: Span;
  readonly target: Text;
  readonly service: Text;
  readonly method: Text;
}

export interface MetadataLine {
  readonly key: Text;
  readonly value: Text;
  readonly span: Span;
}

export type MessageNode = {
  /** From the first to the last character that isn't blank; comments inside included. */
  readonly span: Span;
  /** What happens before it is sent; undefined for the first, and where nothing is waited for. */
  readonly wait: Wait | undefined;
} & (
  | {
      readonly kind: 'json';
      /** As long as its span; lines that are comments are replaced by spaces, so that offsets hold. */
      readonly json: string;
    }
  | { readonly kind: 'file'; readonly path: Text }
);

export type Wait =
  | { readonly kind: 'answers'; readonly count: number; readonly span: Span }
  | { readonly kind: 'time'; readonly milliseconds: number; readonly span: Span };
