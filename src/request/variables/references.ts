import { namePattern } from '../file/name';
import type { Span } from '../file/syntax';

/** `{{…}}` in a text. Offsets count from the text's beginning. */
export type Reference =
  | { readonly kind: 'variable'; readonly span: Span; readonly name: string }
  | {
      readonly kind: 'dynamic';
      readonly span: Span;
      /** Without the `$`. */
      readonly name: string;
      readonly args: readonly string[];
    }
  | {
      readonly kind: 'malformed';
      readonly span: Span;
      /** What is wrong and what to write instead. */
      readonly message: string;
    };

const pattern = /\{\{([^{}\n]*)\}\}/g;

/** The variables that a text refers to, in their order; one that stands there twice, twice. */
export function variableNames(text: string): string[] {
  return findReferences(text).flatMap((reference) =>
    reference.kind === 'variable' ? [reference.name] : [],
  );
}

/** The references in a text, in their order. */
export function findReferences(text: string): Reference[] {
  return [...text.matchAll(pattern)].map(({ index, 0: whole, 1: inner = '' }) => {
    const span = { from: index, to: index + whole.length };
    const [name = '', ...args] = inner.trim().split(/\s+/);
    if (name.startsWith('$')) {
      return { kind: 'dynamic', span, name: name.slice(1), args };
    }
    if (args.length === 0 && namePattern.test(name)) {
      return { kind: 'variable', span, name };
    }
    const message =
      name === ''
        ? 'The name of a variable has to stand between the braces: {{name}}.'
        : `${whole} is no reference: a variable is one name ({{name}}), a dynamic value begins with $ ({{$uuid}}).`;
    return { kind: 'malformed', span, message };
  });
}
