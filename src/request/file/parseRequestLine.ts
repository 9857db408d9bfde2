import type { Line } from './lines';
import type { RequestLine, SyntaxProblem, Text } from './syntax';

/** `GRPC target/service/method`; undefined when the line is no request line. */
export function parseRequestLine(
  line: Line,
): { readonly line: RequestLine; readonly problems: readonly SyntaxProblem[] } | undefined {
  const match = /^(\s*GRPC)(?:(\s+)(.*))?$/s.exec(line.text);
  if (match === null) {
    return undefined;
  }
  const [, keyword = '', space = '', rest = ''] = match;
  const url = rest.trimEnd();
  const start = keyword.length + space.length;
  const at = (from: number, to: number): Text => ({
    text: url.slice(from, to),
    span: { from: line.from + start + from, to: line.from + start + to },
  });
  const [first, second] = lastSlashes(url);
  const parts =
    second === undefined
      ? {
          target: at(0, url.length),
          service: at(url.length, url.length),
          method: at(url.length, url.length),
        }
      : first === undefined
        ? { target: at(0, 0), service: at(0, second), method: at(second + 1, url.length) }
        : {
            target: at(0, first),
            service: at(first + 1, second),
            method: at(second + 1, url.length),
          };
  const from = line.from + keyword.length - 'GRPC'.length;
  const span = { from, to: line.from + Math.max(keyword.length, start + url.length) };
  return { line: { span, ...parts }, problems: problemsOf(parts, span) };
}

function problemsOf(
  parts: { readonly target: Text; readonly service: Text; readonly method: Text },
  span: RequestLine['span'],
): SyntaxProblem[] {
  const missing = (['target', 'service', 'method'] as const).filter(
    (part) => parts[part].text === '',
  );
  if (missing.length > 0) {
    const message = `There is no ${missing.join(' and no ')}. Write GRPC localhost:50051/market.v1.ListingService/GetListing.`;
    return [{ span, message }];
  }
  return (['target', 'service', 'method'] as const).flatMap((part) => {
    const { text, span: at } = parts[part];
    return /\s/.test(withoutReferences(text))
      ? [{ span: at, message: `There is a space in the ${part}. Nothing may follow the method.` }]
      : [];
  });
}

/** As long as before, with `x` for every character of a reference: what stands inside braces is no separator. */
function withoutReferences(text: string): string {
  return text.includes('{{')
    ? text.replace(/\{\{[^{}]*\}\}/g, (reference) => 'x'.repeat(reference.length))
    : text;
}

/** The last two slashes, the first of them first. */
function lastSlashes(url: string): [first: number | undefined, second: number | undefined] {
  const plain = withoutReferences(url);
  const second = plain.lastIndexOf('/');
  if (second === -1) {
    return [undefined, undefined];
  }
  const first = second === 0 ? -1 : plain.lastIndexOf('/', second - 1);
  return [first === -1 ? undefined : first, second];
}
