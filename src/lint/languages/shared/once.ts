/** Computes when it is first asked, and keeps the answer: a function's body is walked several times. */
export function once<Result extends object>(compute: () => Result): () => Result {
  let known: Result | undefined;
  return () => {
    known ??= compute();
    return known;
  };
}
