/** Prints one row of the bench table: what, the figure, its target, and whether it holds. */
export function report(what: string, figure: string, target: string, holds: boolean): void {
  console.log(
    `${holds ? 'holds ' : 'MISSES'}  ${what.padEnd(64)} ${figure.padStart(16)}  target ${target}`,
  );
}

/** Prints a figure that has no target. */
export function note(what: string, figure: string): void {
  console.log(`        ${what.padEnd(64)} ${figure.padStart(16)}`);
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** The smallest value that at least `share` (0 to 1) of all values do not exceed. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}
