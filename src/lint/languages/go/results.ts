import type { Scene, Site } from '../../program/semantics';
import { unknown, type Value } from '../../program/value';

/**
 * The result of a function that can't be seen: the first of several where the statement takes several, such as
 * `ctx, cancel := bounded(parent)`.
 */
export function asResult(value: Value, { call }: Site, { file, statement }: Scene): Value {
  const before = file.text.slice(statement.from, call.span.from);
  return /^[^=]*,[^=]*=\s*$/.test(before) ? { kind: 'tuple', items: [value, unknown] } : value;
}
