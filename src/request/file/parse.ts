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
export const separatorPattern = /^#{3,}[ \t]*(.*?)\s*$/;

const commentPattern = /^\s*(?:#|\/\/)/;
const annotationPattern = /^\s*(?:#|\/\/)\s*@(\S+)(?:\s+(.*?))?\s*$/d;
const variablePattern = /^@([^\s=]*)\s*(=?)\s*(.*?)\s*$/d;
const metadataPattern = /^\s*([^\s:{}<]+)\s*:\s*(.*?)\s*$/d;
const bodyStart = /^\s*(?:[{[<"]|===)/;

function blocksOf(text: string): Line[][] {
  let block: Line[] = [];
  const blocks = [block];
  for (const line of linesOf(text)) {
    if (separatorPattern.test(line.text)) {
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
      const [, title = ''] = separator;
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
    const match = annotationPattern.exec(line.text);
    if (match) {
      this.annotations.push({
        name: textOf(match, 1, line),
        value: textOf(match, 2, line),
        span: trimmedSpan(line),
      });
    }
  }

  #readVariable(line: Line): void {
    const match = variablePattern.exec(line.text);
    const name = match && textOf(match, 1, line);
    if (!match || !name) {
      return;
    }
    const span = trimmedSpan(line);
    if (match[2] !== '=') {
      const message = `A variable needs a value: @${name.text || 'name'} = value. An annotation of a request begins with "# @".`;
      this.problems.push({ span, message });
      return;
    }
    if (!namePattern.test(name.text)) {
      const message = `"${name.text}" can't be the name of a variable: a letter or _ comes first, then letters, digits, _, - and dots.`;
      this.problems.push({ span: name.span.to > name.span.from ? name.span : span, message });
      return;
    }
    this.variables.push({ name, value: textOf(match, 3, line), span });
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
    const match = metadataPattern.exec(line.text);
    if (match === null) {
      const message =
        'This is no metadata: write "key: value", or leave an empty line before the message.';
      this.problems.push({ span: trimmedSpan(line), message });
      return;
    }
    const [key, value] = [textOf(match, 1, line), textOf(match, 2, line)];
    this.#metadata.push({ key, value, span: trimmedSpan(line) });
  }
}

/** A group of a match with the flag `d`, with its place in the file; empty at the line's end when it took no part. */
function textOf(match: RegExpExecArray, group: number, line: Line): Text {
  const [from, to] = match.indices?.[group] ?? [line.text.length, line.text.length];
  return {
    text: line.text.slice(from, to),
    span: { from: line.from + from, to: line.from + to },
  };
}
