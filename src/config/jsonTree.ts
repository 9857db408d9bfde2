import {
  getNodeValue,
  type Node,
  type ParseError,
  parseTree,
  printParseErrorCode,
} from 'jsonc-parser';
import type { Span } from './span';

/** JSON with the place of everything. */
export interface JsonTree {
  /** Undefined when there is nothing that can be read. */
  readonly root: Node | undefined;
  /** The first mistake against the syntax; what follows it is mostly its echo. */
  readonly mistake: { readonly span: Span; readonly message: string } | undefined;
  /** Keys that stand a second time in their object. */
  readonly repeated: readonly Node[];
}

/** `lenient` allows comments and trailing commas. */
export function parseJsonTree(text: string, mode: 'strict' | 'lenient'): JsonTree {
  const errors: ParseError[] = [];
  const lenient = mode === 'lenient';
  let root: Node | undefined;
  try {
    // A byte order mark is no part of the text; a space keeps the places.
    const plain = text.startsWith('\uFEFF') ? ` ${text.slice(1)}` : text;
    root = parseTree(plain, errors, { disallowComments: !lenient, allowTrailingComma: lenient });
  } catch (error) {
    if (!(error instanceof RangeError)) {
      throw error;
    }
    const message = 'This is nested too deep to be read.';
    return { root: undefined, mistake: { span: { from: 0, to: 0 }, message }, repeated: [] };
  }
  return {
    root,
    mistake: mistakeOf(errors, text),
    repeated: root === undefined ? [] : repeatedKeys(root),
  };
}

export function jsonValue(node: Node): unknown {
  return getNodeValue(node);
}

export function spanOf(node: Node): Span {
  return { from: node.offset, to: node.offset + node.length };
}

/** An object's members: of keys that stand there twice, the last one, which is what JavaScript and Go read. */
export function membersOf(
  node: Node,
): ReadonlyMap<string, { readonly key: Node; readonly value: Node }> {
  const members = new Map<string, { key: Node; value: Node }>();
  for (const property of node.type === 'object' ? (node.children ?? []) : []) {
    const [key, value] = property.children ?? [];
    if (key !== undefined && value !== undefined) {
      members.set(String(key.value), { key, value });
    }
  }
  return members;
}

export function itemsOf(node: Node): readonly Node[] {
  return node.type === 'array' ? (node.children ?? []) : [];
}

/** The node at a path, with its key; undefined when the path leads nowhere. */
export function nodeAt(
  root: Node,
  path: readonly (string | number)[],
): { readonly key?: Node; readonly value: Node } | undefined {
  let at: { key?: Node; value: Node } | undefined = { value: root };
  for (const part of path) {
    const value: Node | undefined = typeof part === 'number' ? itemsOf(at.value)[part] : undefined;
    at = typeof part === 'string' ? membersOf(at.value).get(part) : value && { value };
    if (at === undefined) {
      return undefined;
    }
  }
  return at;
}

function repeatedKeys(node: Node): Node[] {
  const seen = new Set<string>();
  const repeated: Node[] = [];
  for (const child of node.children ?? []) {
    const [key] = node.type === 'object' ? (child.children ?? []) : [];
    if (key !== undefined) {
      if (seen.has(String(key.value))) {
        repeated.push(key);
      }
      seen.add(String(key.value));
    }
    repeated.push(...repeatedKeys(child));
  }
  return repeated;
}

const mistakes: Readonly<Record<string, string>> = {
  InvalidSymbol:
    'This is no JSON value: text stands in double quotes, names are true, false and null.',
  InvalidNumberFormat: 'This is no JSON number.',
  PropertyNameExpected: 'A key in double quotes is expected here.',
  ValueExpected: 'A value is expected here.',
  ColonExpected: 'A colon is expected here.',
  CommaExpected: 'A comma is expected here.',
  CloseBraceExpected: 'This object is not closed: } is missing.',
  CloseBracketExpected: 'This list is not closed: ] is missing.',
  EndOfFileExpected: 'Nothing may follow the value.',
  InvalidCommentToken: 'JSON has no comments.',
  UnexpectedEndOfComment: 'This comment is not closed.',
  UnexpectedEndOfString: 'This text is not closed: " is missing.',
  UnexpectedEndOfNumber: 'This number ends too early.',
  InvalidUnicode: 'This is no character: \\u needs four hexadecimal digits.',
  InvalidEscapeCharacter: 'There is no such escape in JSON.',
  InvalidCharacter: 'This character has to be escaped in JSON.',
};

function mistakeOf(errors: readonly ParseError[], text: string): JsonTree['mistake'] {
  const [first] = errors;
  if (first === undefined) {
    return undefined;
  }
  const to = Math.min(first.offset + Math.max(first.length, 1), text.length);
  const message = mistakes[printParseErrorCode(first.error)] ?? 'This is not JSON.';
  return { span: { from: Math.min(first.offset, to), to }, message };
}
