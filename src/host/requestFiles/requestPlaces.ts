import { requestName } from '../../request/file/requestName';
import type { RequestFile, RequestNode } from '../../request/file/syntax';

/** The request that a place of the text belongs to: the one around it, or else the last before it, or the first. */
export function requestAt(file: RequestFile, offset: number): RequestNode | undefined {
  return file.requests.findLast(({ span }) => span.from <= offset) ?? file.requests[0];
}

/** What people call a request, also one of which nothing is written yet. */
export function nameOf(node: RequestNode): string {
  return requestName(node) || 'Request';
}

/** A key for each request that stays the same while others are written, by name and, of equal ones, by order. */
export function requestKeys(file: RequestFile): ReadonlyMap<RequestNode, string> {
  const counts = new Map<string, number>();
  return new Map(
    file.requests.map((node) => {
      const name = nameOf(node);
      const count = counts.get(name) ?? 0;
      counts.set(name, count + 1);
      return [node, count === 0 ? name : `${name}\n${count}`];
    }),
  );
}
