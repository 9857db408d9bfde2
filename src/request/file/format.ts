import { parseJson } from '../../schema/jsonText';
import { nextToken, type Token } from '../../schema/jsonTokens';
import type { BodyProblem } from '../../schema/schema';
import { withPlaceholders } from '../variables/placeholders';
import { isBlank, type Line, linesOf } from './lines';
import { parseRequestFile, separatorPattern } from './parse';
import type { MessageNode, RequestFile } from './syntax';

/** One line of the result. Empty ones are put together and taken away, unless they stand in what is kept as it is. */
interface Formatted {
  readonly text: string;
  readonly isKept?: true;
  /** Whether an empty line has to stand before it. */
  readonly isApart?: true;
}

/**
 * A request file in one spacing, with JSON indented by two blanks. Comments and references stay; what can't be read
 * stays as it stands, and so does the meaning of everything. Formatting twice is formatting once.
 */
export function formatRequestFile(text: string): string {
  const file = parseRequestFile(text);
  const lines = [...linesOf(text)];
  const written = writtenLines(file);
  const messages = new Map(
    file.requests.flatMap((request) =>
      request.messages.map((message, index) => [
        lineStart(text, message.span.from),
        { message, isFirst: index === 0 },
      ]),
    ),
  );
  const wrong = new Set(file.problems.map(({ span }) => lineStart(text, span.from)));
  const result: Formatted[] = [];
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] as Line;
    const found = messages.get(line.from);
    if (found) {
      const { message, isFirst } = found;
      const inside = lines.slice(at).filter(({ from }) => from <= message.span.to);
      const isWrong = inside.some(({ from }) => wrong.has(from));
      const formatted = isWrong ? undefined : formatMessage(message, inside, written);
      const body = formatted ?? inside.map((one): Formatted => ({ text: one.text, isKept: true }));
      const [first, ...others] = body;
      result.push(
        ...(first ? [isFirst ? { ...first, isApart: true as const } : first] : []),
        ...others,
      );
      at += inside.length - 1;
    } else {
      result.push(
        wrong.has(line.from) ? { text: line.text, isKept: true } : formatLine(line, written),
      );
    }
  }
  return joined(result, text.includes('\r\n') ? '\r\n' : '\n');
}

function lineStart(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1;
}

/** Lines that are known, by where they begin. */
function writtenLines({ text, requests, ...file }: RequestFile): ReadonlyMap<number, string> {
  const written = new Map<number, string>();
  const put = (from: number, line: string) => written.set(lineStart(text, from), line.trimEnd());
  const blocks = [file, ...requests];
  for (const { name, value, span } of file.variables) {
    put(span.from, `@${name.text} = ${value.text}`);
  }
  for (const { name, value, span } of blocks.flatMap(({ annotations }) => annotations)) {
    const sign = text.startsWith('//', span.from) ? '//' : '#';
    put(span.from, `${sign} @${name.text} ${value.text}`);
  }
  for (const { line, metadata } of requests) {
    put(line.span.from, `GRPC ${text.slice(line.target.span.from, line.span.to)}`);
    for (const { key, value, span } of metadata) {
      // At the margin it would be a variable.
      put(span.from, `${key.text.startsWith('@') ? ' ' : ''}${key.text}: ${value.text}`);
    }
  }
  return written;
}

function formatLine({ from, text }: Line, written: ReadonlyMap<number, string>): Formatted {
  const known = written.get(from);
  if (known !== undefined) {
    return { text: known };
  }
  const separator = separatorPattern.exec(text);
  if (separator) {
    const [sign = ''] = /^#+/.exec(text) ?? [];
    return { text: `${sign} ${separator[1]}`.trimEnd(), isApart: true };
  }
  if (separatorPattern.test(text.trim())) {
    // A comment as long as something stands before it.
    return { text: ` ${text.trim()}` };
  }
  const end = /^\s*===(.*)$/s.exec(text);
  return {
    text: end ? `=== ${end[1]?.trim().replaceAll(/\s+/g, ' ')}`.trimEnd() : text.trim(),
  };
}

/** Undefined when it is no JSON as it stands. */
function formatMessage(
  message: MessageNode,
  lines: readonly Line[],
  written: ReadonlyMap<number, string>,
): Formatted[] | undefined {
  if (message.kind === 'file') {
    return lines.length === 1 ? [{ text: `< ${message.path.text}` }] : undefined;
  }
  const { json, span } = message;
  const text = withPlaceholders(json);
  const problems: BodyProblem[] = [];
  parseJson(text, problems);
  if (problems.length > 0) {
    return undefined;
  }
  const others = lines
    .filter(
      ({ from, to }) =>
        from >= span.from && json.slice(from - span.from, to - span.from).trim() === '',
    )
    .filter((line) => !isBlank(line));
  const layout = new JsonLayout();
  for (let token = nextToken(text, 0); token; token = nextToken(text, token.to)) {
    while (others[0] && others[0].from < span.from + token.from) {
      const [line] = others.splice(0, 1) as [Line];
      const { text: other } = formatLine(line, written);
      layout.line(other.trim(), line.text.startsWith('@'));
    }
    layout.token(token, json.slice(token.from, token.to));
  }
  return layout.lines.map((line) => ({ text: line }));
}

/** Lays out the tokens of JSON, one member or item a line, with other lines between them. */
class JsonLayout {
  readonly lines: string[] = [''];
  #depth = 0;
  #previous: Token['kind'] | 'line' | undefined;

  token({ kind }: Token, text: string): void {
    const isEnd = kind === '}' || kind === ']';
    const isOpened = this.#previous === '{' || this.#previous === '[';
    if (isEnd) {
      this.#depth -= 1;
    }
    if (this.#previous === 'line' || this.#previous === ',' || isOpened !== isEnd) {
      this.#newLine(this.#indent);
    }
    this.lines[this.lines.length - 1] += kind === ':' ? ': ' : text;
    if (kind === '{' || kind === '[') {
      this.#depth += 1;
    }
    this.#previous = kind;
  }

  /** A line that is no JSON. */
  line(text: string, isAtMargin: boolean): void {
    this.#newLine(isAtMargin ? '' : this.#indent);
    this.lines[this.lines.length - 1] += text;
    this.#previous = 'line';
  }

  get #indent(): string {
    return '  '.repeat(this.#depth);
  }

  #newLine(indent: string): void {
    if (this.lines.length === 1 && this.lines[0] === '') {
      this.lines[0] = indent;
      return;
    }
    this.lines[this.lines.length - 1] = this.lines.at(-1)?.trimEnd() ?? '';
    this.lines.push(indent);
  }
}

/** One empty line where there were some, none at the ends. */
function joined(lines: readonly Formatted[], lineEnd: string): string {
  const result: string[] = [];
  for (const { text, isKept, isApart } of lines) {
    const isAfterEmpty = result.length === 0 || result.at(-1) === '';
    if (text === '' && isAfterEmpty && !isKept) {
      continue;
    }
    if (isApart && !isAfterEmpty) {
      result.push('');
    }
    result.push(text);
  }
  while (result.at(-1)?.trim() === '') {
    result.pop();
  }
  return result.length === 0 ? '' : result.join(lineEnd) + lineEnd;
}
