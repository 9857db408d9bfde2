import type { Span } from './syntax';

/** One line, without its end. */
export interface Line extends Span {
  readonly text: string;
}

/** The lines of a text; LF and CRLF end them. */
export function* linesOf(text: string): Generator<Line> {
  for (let from = 0; from <= text.length; ) {
    const end = text.indexOf('\n', from);
    const to = end === -1 ? text.length : end;
    const plain = to > from && text[to - 1] === '\r' ? to - 1 : to;
    yield { from, to: plain, text: text.slice(from, plain) };
    from = to + 1;
  }
}

export function isBlank(line: Line): boolean {
  return line.text.trim() === '';
}

/** Where a line's text stands, without the blanks around it. */
export function trimmedSpan(line: Line): Span {
  const start = line.text.length - line.text.trimStart().length;
  return {
    from: line.from + Math.min(start, line.text.trimEnd().length),
    to: line.from + line.text.trimEnd().length,
  };
}
