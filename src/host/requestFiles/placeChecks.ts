import type { CheckResult } from '../../request/expect/expectation';
import type { RequestFile, RequestNode, Span } from '../../request/file/syntax';
import { requestKeys } from './requestPlaces';

/** A request as it was sent, and what did not hold of its answer. */
export interface FailedRequest {
  readonly file: RequestFile;
  readonly node: RequestNode;
  /** Not empty. */
  readonly checks: readonly CheckResult[];
}

export interface PlacedCheck {
  readonly span: Span;
  readonly message: string;
}

/**
 * Where failed checks stand in the file as it is now, in its order; none when the lines of the request are others than those that
 * were sent. A check of the preamble that was changed since then is left out.
 */
export function placeChecks(
  { file, node, checks }: FailedRequest,
  key: string,
  now: RequestFile,
): PlacedCheck[] {
  const same = [...requestKeys(now)].find(([, other]) => other === key)?.[0];
  if (same === undefined || textAt(now, same.span) !== textAt(file, node.span)) {
    return [];
  }
  const placed = checks.flatMap(({ span, message }) => {
    const isOwn = span.from >= node.span.from && span.to <= node.span.to;
    const moved = isOwn ? same.span.from - node.span.from : 0;
    const place = { from: span.from + moved, to: span.to + moved };
    return textAt(now, place) === textAt(file, span) ? [{ span: place, message }] : [];
  });
  return placed.sort((a, b) => a.span.from - b.span.from);
}

function textAt({ text }: RequestFile, { from, to }: Span): string {
  return text.slice(from, to);
}
