import type { FunctionNode, Statement } from './syntax';

const bodies = new WeakMap<FunctionNode, readonly Statement[]>();

/** What stands in a function: lowered once, however often it is walked, and kept as long as its program. */
export function bodyOf(fn: FunctionNode): readonly Statement[] {
  const known = bodies.get(fn);
  if (known !== undefined) {
    return known;
  }
  const body = fn.body();
  bodies.set(fn, body);
  return body;
}
