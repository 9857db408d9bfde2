/** The name that is a slip of the keyboard, or at most `limit` of them, away from `text`, or undefined. */
export function nearest(
  text: string,
  names: readonly string[],
  limit: number = Math.max(1, Math.floor(text.length / 3)),
): string | undefined {
  let best: string | undefined;
  let bestDistance = limit + 1;
  for (const name of names.slice(0, 1000)) {
    const distance = normal(name) === normal(text) ? 0 : editDistance(text, name, bestDistance);
    if (distance < bestDistance) {
      best = name;
      bestDistance = distance;
    }
  }
  return best;
}

function normal(name: string): string {
  return name.replace(/[_-]/g, '').toLowerCase();
}

/** Optimal string alignment: two neighbours in the wrong order are one slip. */
function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit || a.length > 100) {
    return limit;
  }
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      let least = Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        least = Math.min(least, (before[j - 2] ?? 0) + 1);
      }
      next.push(least);
    }
    before = row;
    row = next;
  }
  return row[b.length] ?? limit;
}
