import { isBlank, type Line, linesOf } from '../file/lines';
import { separatorPattern } from '../file/parse';
import type { RequestFile, RequestNode, Span } from '../file/syntax';

/** What stands, or could be written, at an offset of a request file. */
export type Place = {
  /** That of the block; undefined where the block has no request line. */
  readonly request: RequestNode | undefined;
  /** The whole line, without its end. */
  readonly line: Line;
} & (
  | {
      /** Where lines of the head of a block are written; `metadata` is below the request line. */
      readonly kind: 'head' | 'metadata';
    }
  | {
      readonly kind: 'annotation';
      /** Empty as long as nothing is typed. */
      readonly name: string;
      /** From the `@`; where it would stand, when there is none. */
      readonly nameSpan: Span;
      /** From the first character behind the blanks after the name to the line's end. */
      readonly valueSpan: Span;
    }
  | { readonly kind: 'variable'; readonly name: string; readonly valueSpan: Span | undefined }
  | { readonly kind: 'requestLine'; readonly request: RequestNode }
  | { readonly kind: 'separator' }
  | { readonly kind: 'comment' }
  | { readonly kind: 'messageEnd' }
  | { readonly kind: 'path'; readonly span: Span }
  | {
      readonly kind: 'body';
      readonly request: RequestNode;
      /** Of the message, from 0. */
      readonly index: number;
      /** All that may belong to the message, with blanks where other lines stand. */
      readonly json: string;
      /** Where `json` begins in the file. */
      readonly from: number;
    }
);

const annotation = /^(\s*(?:#|\/\/)\s*)(@\S*)?(\s*)/;
const comment = /^\s*(?:#|\/\/)/;
const messageEnd = /^\s*===/;
const bodyStart = /^\s*(?:[{[<"]|===)/;

export function placeIn(file: RequestFile, offset: number): Place {
  const lines = blockAt(file.text, offset);
  const at = lines.findIndex((line) => offset <= line.to || line === lines.at(-1));
  const line = lines[at] as Line;
  const first = lines[0] as Line;
  const last = lines.at(-1) as Line;
  const request = file.requests.find(
    ({ line: { span } }) => first.from <= span.from && span.from <= last.to,
  );
  const here = { request, line };
  if (separatorPattern.test(line.text)) {
    return { ...here, kind: 'separator' };
  }
  if (comment.test(line.text)) {
    return annotationPlace(line, request) ?? { ...here, kind: 'comment' };
  }
  if (line.text.startsWith('@')) {
    const [whole = '', name = '', rest] = /^@([^\s=]*)(\s*=[^\S\n]*)?/.exec(line.text) ?? [];
    const valueSpan =
      rest === undefined ? undefined : { from: line.from + whole.length, to: line.to };
    return { ...here, kind: 'variable', name, valueSpan };
  }
  if (request === undefined || line.to < request.line.span.from) {
    return { ...here, kind: 'head' };
  }
  if (line.from <= request.line.span.from) {
    return { ...here, kind: 'requestLine', request };
  }
  const body = bodyOf(lines, request);
  const begin = body === undefined ? lines.length : body;
  if (at < begin) {
    return { ...here, kind: 'metadata' };
  }
  return bodyPlace(lines, at, begin, request);
}

/** The lines from the separator before an offset up to the next. */
function blockAt(text: string, offset: number): Line[] {
  let block: Line[] = [];
  for (const line of linesOf(text)) {
    if (separatorPattern.test(line.text)) {
      if (line.from > offset) {
        break;
      }
      block = [];
    }
    block.push(line);
  }
  return block;
}

function annotationPlace(line: Line, request: RequestNode | undefined): Place | undefined {
  const match = annotation.exec(line.text);
  const [, sign = '', name = '', space = ''] = match ?? [];
  if (name === '' && line.text.trim().length > sign.trim().length) {
    return undefined;
  }
  const from = line.from + sign.length;
  const to = from + name.length;
  return {
    kind: 'annotation',
    request,
    line,
    name: name.slice(1),
    nameSpan: { from, to },
    valueSpan: { from: Math.min(to + space.length, line.to), to: line.to },
  };
}

/** Index of the first line of the body. */
function bodyOf(lines: readonly Line[], request: RequestNode): number | undefined {
  for (const [index, line] of lines.entries()) {
    if (line.from <= request.line.span.from || comment.test(line.text) || line.text[0] === '@') {
      continue;
    }
    if (bodyStart.test(line.text)) {
      return index;
    }
    if (isBlank(line)) {
      return index + 1;
    }
  }
  return undefined;
}

function bodyPlace(lines: readonly Line[], at: number, begin: number, request: RequestNode): Place {
  const line = lines[at] as Line;
  if (messageEnd.test(line.text)) {
    return { kind: 'messageEnd', request, line };
  }
  const path = /^\s*<\s*/.exec(line.text);
  if (path) {
    return { kind: 'path', request, line, span: { from: line.from + path[0].length, to: line.to } };
  }
  const ends = lines.flatMap((one, index) =>
    index >= begin && messageEnd.test(one.text) ? [index] : [],
  );
  const start = ends.findLast((index) => index < at);
  const stop = ends.find((index) => index > at) ?? lines.length;
  const segment = lines.slice(start === undefined ? begin : start + 1, stop);
  const from = segment[0]?.from ?? line.from;
  let json = '';
  for (const one of segment) {
    const isJson = !comment.test(one.text) && !one.text.startsWith('@');
    json = json.padEnd(one.from - from, '\n') + (isJson ? one.text : ' '.repeat(one.text.length));
  }
  return {
    kind: 'body',
    request,
    line,
    index: ends.filter((index) => index < at).length,
    json,
    from,
  };
}
