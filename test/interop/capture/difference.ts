/** One step from what was expected to what is there. */
export interface Edit<E, A> {
  readonly both?: readonly [expected: E, actual: A];
  readonly expected?: E;
  readonly actual?: A;
}

export interface Difference<E, A> {
  readonly edits: Edit<E, A>[];
  /** What was expected behind the last actual one: whether it is missing is for the caller to say. */
  readonly rest: readonly E[];
}

/** Aligns two lists with the fewest edits; equal beginnings are taken as they are. */
export function difference<E, A>(
  expected: readonly E[],
  actual: readonly A[],
  equal: (expected: E, actual: A) => boolean,
): Difference<E, A> {
  const edits: Edit<E, A>[] = [];
  let [row, column] = [0, 0];
  const same = (): boolean =>
    row < expected.length &&
    column < actual.length &&
    equal(expected[row] as E, actual[column] as A);
  let lengths: Uint32Array[] | undefined;
  while (column < actual.length) {
    if (same()) {
      edits.push({ both: [expected[row++] as E, actual[column++] as A] });
      continue;
    }
    lengths ??= commonLengths(expected, actual, equal);
    const common = lengths[row]?.[column] ?? 0;
    if (common > 0 && lengths[row + 1]?.[column] === common) {
      edits.push({ expected: expected[row++] as E });
    } else {
      edits.push({ actual: actual[column++] as A });
    }
  }
  return { edits, rest: expected.slice(row) };
}

/** The length of the longest common subsequence of the rests from each pair of places. */
function commonLengths<E, A>(
  expected: readonly E[],
  actual: readonly A[],
  equal: (expected: E, actual: A) => boolean,
): Uint32Array[] {
  const table = Array.from(
    { length: expected.length + 1 },
    () => new Uint32Array(actual.length + 1),
  );
  for (let row = expected.length - 1; row >= 0; row--) {
    for (let column = actual.length - 1; column >= 0; column--) {
      const [below, here] = [table[row + 1] as Uint32Array, table[row] as Uint32Array];
      here[column] = equal(expected[row] as E, actual[column] as A)
        ? (below[column + 1] ?? 0) + 1
        : Math.max(below[column] ?? 0, here[column + 1] ?? 0);
    }
  }
  return table;
}
