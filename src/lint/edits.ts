import type { TextEdit } from './finding';

/** The text after edits that don't overlap; those at the same place are made in their order. */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  const ordered = edits
    .map((edit, at) => ({ ...edit, at }))
    .sort((a, b) => a.span.from - b.span.from || a.at - b.at);
  let result = '';
  let at = 0;
  for (const { span, text: inserted } of ordered) {
    result += text.slice(at, span.from) + inserted;
    at = Math.max(at, span.to);
  }
  return result + text.slice(at);
}

/** The one edit that makes `after` out of `before`, as short as it can be; none when they are the same. */
export function singleEdit(before: string, after: string): TextEdit[] {
  if (before === after) {
    return [];
  }
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) {
    start += 1;
  }
  let end = 0;
  while (
    end < shorter - start &&
    before[before.length - 1 - end] === after[after.length - 1 - end]
  ) {
    end += 1;
  }
  return [
    {
      span: { from: start, to: before.length - end },
      text: after.slice(start, after.length - end),
    },
  ];
}
