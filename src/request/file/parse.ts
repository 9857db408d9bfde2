import { isBlank, type Line, linesOf, trimmedSpan } from './lines';
import { namePattern } from './name';
import { parseMessages } from './parseMessages';
import { parseRequestLine } from './parseRequestLine';
import type {
  Annotation,
  FileVariable,
  MetadataLine,
  RequestFile,
  RequestLine,
  RequestNode,
  SyntaxProblem,
  Text,
} from './syntax';

/** Reads a request file; docs/request-files.md has the grammar. Never throws: what can't be read is a problem. */
export function parseRequestFile(text: string): RequestFile {
  const file = { text, variables: [], annotations: [], requests: [], problems: [] } as {
    readonly text: string;
    readonly variables: FileVariable[];
    readonly annotations: Annotation[];
    readonly requests: RequestNode[];
    readonly problems: SyntaxProblem[];
  };
  for (const [index, lines] of blocksOf(text).entries()) {
    const block = new Block(text, lines);
    const request = block.request();
    file.variables.push(...block.variables);
    file.problems.push(...block.problems);
    if (request !== undefined) {
      file.requests.push(request);
    } else if (index === 0 && block.title === undefined) {
      file.annotations.push(...block.annotations);
    } else {
      for (const { span, name } of block.annotations) {
        const message = `@${name.text} belongs to a request, and no line "GRPC target/service/method" follows in this block.`;
        file.problems.push({ span, message });
      }
    }
  }
  file.problems.sort((a, b) => a.span.from - b.span.from);
  return file;
}

/** Where a block begins: `###`, `####`, … */
export const separatorPattern = /^#{3,}[ \t]*(.*)$/s;

const commentPattern = /^\s*(?:#|\/\/)/;
// What stands last is taken whole and its blanks are cut off afterwards: a pattern that looks for where they begin takes
// time by the square of a line's length.
const annotationPattern = /^(\s*(?:#|\/\/)\s*@)(\S+)(\s*)(.*)$/s;
const variablePattern = /^@([^\s=]*)(\s*)(=?)(\s*)(.*)$/s;
const metadataPattern = /^(\s*)([^\s:{}<]+)(\s*:\s*)(.*)$/s;
const bodyStart = /^\s*(?:[{[<"]|===)/;

function blocksOf(text: string): Line[][] {
  let block: Line[] = [];
  const blocks = [block];
  for (const line of linesOf(text)) {
    if (line.text.startsWith('###') && separatorPattern.test(line.text)) {
      block = [];
      blocks.push(block);
    }
    block.push(line);
  }
  return blocks;
}

/** The lines from one separator to the next. */
class Block {
  readonly #text: string;
  readonly variables: FileVariable[] = [];
  readonly annotations: Annotation[] = [];
  readonly problems: SyntaxProblem[] = [];
  readonly #metadata: MetadataLine[] = [];
  readonly #body: Line[] = [];
  readonly #lines: readonly Line[];
  /** Undefined without a separator; it may be empty. */
  readonly title: Text | undefined;
  #requestLine: RequestLine | undefined;
  #part: 'head' | 'metadata' | 'body' = 'head';

  constructor(text: string, lines: readonly Line[]) {
    this.#text = text;
    this.#lines = lines;
    const [first] = lines;
    const separator = first && separatorPattern.exec(first.text);
    if (separator && first) {
      const title = separator[1]?.trimEnd() ?? '';
      const from = first.from + first.text.indexOf(title, 3);
      this.title = { text: title, span: { from, to: from + title.length } };
    }
    for (const line of separator ? lines.slice(1) : lines) {
      this.#read(line);
    }
  }

  request(): RequestNode | undefined {
    const line = this.#requestLine;
    if (line === undefined) {
      return undefined;
    }
    const filled = this.#lines.filter((candidate) => !isBlank(candidate));
    const title = this.title?.text === '' ? undefined : this.title;
    return {
      span: { from: filled[0]?.from ?? line.span.from, to: filled.at(-1)?.to ?? line.span.to },
      title,
      annotations: this.annotations,
      line,
      metadata: this.#metadata,
      messages: parseMessages(this.#text, this.#body, this.problems),
    };
  }

  #read(line: Line): void {
    if (commentPattern.test(line.text)) {
      this.#readAnnotation(line);
    } else if (line.text.startsWith('@')) {
      this.#readVariable(line);
    } else if (this.#part === 'body') {
      this.#body.push(line);
    } else if (isBlank(line)) {
      this.#part = this.#part === 'metadata' ? 'body' : this.#part;
    } else if (this.#part === 'head') {
      this.#readHead(line);
    } else if (bodyStart.test(line.text)) {
      this.#part = 'body';
      this.#body.push(line);
    } else {
      this.#readMetadata(line);
    }
  }

  #readAnnotation(line: Line): void {
    const [, sign, name, gap, value] = annotationPattern.exec(line.text) ?? [];
    if (sign !== undefined && name !== undefined) {
      const at = sign.length + name.length + (gap?.length ?? 0);
      this.annotations.push({
        name: textAt(line, sign.length, name),
        value: value ? textAt(line, at, value.trimEnd()) : textAt(line, line.text.length, ''),
        span: trimmedSpan(line),
      });
    }
  }

  #readVariable(line: Line): void {
    const [, written = '', before = '', equals, gap = '', value = ''] =
      variablePattern.exec(line.text) ?? [];
    if (equals === undefined) {
      return;
    }
    const name = textAt(line, 1, written);
    const span = trimmedSpan(line);
    if (equals !== '=') {
      const message = `A variable needs a value: @${written || 'name'} = value. An annotation of a request begins with "# @".`;
      this.problems.push({ span, message });
      return;
    }
    if (!namePattern.test(written)) {
      const message = `"${written}" can't be the name of a variable: a letter or _ comes first, then letters, digits, _, - and dots.`;
      this.problems.push({ span: written === '' ? span : name.span, message });
      return;
    }
    const at = 1 + written.length + before.length + equals.length + gap.length;
    this.variables.push({ name, value: textAt(line, at, value.trimEnd()), span });
  }

  #readHead(line: Line): void {
    const read = parseRequestLine(line);
    if (read === undefined) {
      const message =
        'This line is none of a request file’s: a request begins with "GRPC target/service/method", a comment with #, a variable with @name =.';
      this.problems.push({ span: trimmedSpan(line), message });
      return;
    }
    this.problems.push(...read.problems);
    this.#requestLine = read.line;
    this.#part = 'metadata';
  }

  #readMetadata(line: Line): void {
    const [, space = '', key, colon = '', value = ''] = metadataPattern.exec(line.text) ?? [];
    if (key === undefined) {
      const message =
        'This is no metadata: write "key: value", or leave an empty line before the message.';
      this.problems.push({ span: trimmedSpan(line), message });
      return;
    }
    this.#metadata.push({
      key: textAt(line, space.length, key),
      value: textAt(line, space.length + key.length + colon.length, value.trimEnd()),
      span: trimmedSpan(line),
    });
  }
}

/** A part of a line, with its place in the file. */
function textAt({ from }: Line, at: number, text: string): Text {
  return { text, span: { from: from + at, to: from + at + text.length } };
}
