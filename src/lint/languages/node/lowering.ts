import type { Node } from 'web-tree-sitter';
import type { Expression, FunctionNode, Statement, Target } from '../../program/syntax';

/** What the parts of the lowering need of each other. */
export interface Lowering {
  readonly text: string;
  /** Types of the file's variables that get their value later: `let client: Client;`. */
  readonly types: ReadonlyMap<string, string>;
  expression(node: Node): Expression;
  /** Statements of a block; nothing but comments gives none. */
  block(nodes: readonly Node[]): Statement[];
  target(node: Node): Target;
  fn(
    node: Node,
    parts?: Partial<Pick<FunctionNode, 'name' | 'annotations' | 'span'>>,
  ): FunctionNode;
  /** Statements of a class that stands inside a function. */
  classStatement(node: Node): Statement;
}

/** Named children without comments, which are known by how they start: their type would be asked for one by one. */
export function partsOf({ text }: Pick<Lowering, 'text'>, node: Node): Node[] {
  return node.namedChildren.filter(
    ({ startIndex }) =>
      text.charCodeAt(startIndex) !== slash || !/^[/*]/.test(text.charAt(startIndex + 1)),
  );
}

const slash = 47;

export function textOf(lowering: Pick<Lowering, 'text'>, node: Node): string {
  return lowering.text.slice(node.startIndex, node.endIndex);
}

/** A type annotation as written, without its colon. */
export function typeOf(lowering: Pick<Lowering, 'text'>, node: Node): string | undefined {
  const annotation = node.childForFieldName('type');
  return annotation === null ? undefined : typeText(textOf(lowering, annotation));
}

export function typeText(annotation: string): string {
  return annotation.replace(/^:\s*/, '');
}

export const functionTypes = new Set([
  'arrow_function',
  'function_expression',
  'generator_function',
  'function_declaration',
  'generator_function_declaration',
  'method_definition',
]);

/** The text that a string literal stands for; undefined for templates with parts that are computed. */
export function stringValue(text: string, node: Node): string | undefined {
  const written = text.slice(node.startIndex + 1, node.endIndex - 1);
  if (isPlain(written)) {
    return written;
  }
  let value = '';
  for (const part of node.namedChildren) {
    if (part.type === 'string_fragment') {
      value += text.slice(part.startIndex, part.endIndex);
    } else if (part.type === 'escape_sequence') {
      value += unescaped(text.slice(part.startIndex + 1, part.endIndex));
    } else {
      return undefined;
    }
  }
  return value;
}

/** Whether what stands between the quotes is the value itself. */
export function isPlain(written: string): boolean {
  return !/\\|\$\{/.test(written);
}

const controls: Readonly<Record<string, string>> = {
  n: '\n',
  r: '\r',
  t: '\t',
  b: '\b',
  f: '\f',
  v: '\v',
  '0': '\0',
};

/** ECMA-262, EscapeSequence, without its backslash. */
function unescaped(written: string): string {
  const code = /^(?:x([\da-f]{2})|u([\da-f]{4})|u\{([\da-f]+)\})$/i.exec(written);
  if (code !== null) {
    const point = Number.parseInt(code[1] ?? code[2] ?? code[3] ?? '', 16);
    return point <= 0x10ffff ? String.fromCodePoint(point) : '';
  }
  return /^[\r\n\u2028\u2029]/.test(written) ? '' : (controls[written] ?? written);
}
