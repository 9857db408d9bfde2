/** Characters that take no column: combining marks, joiners and variation selectors. */
const zero = /[\p{Mn}\p{Me}\p{Cf}]/u;

/** Characters of East Asian width W or F (UAX 11) in the blocks that are written with them, and emoji. */
const wide =
  /[\u1100-\u115F\u2E80-\u303E\u3041-\uA4CF\uA960-\uA97F\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6\u{1F300}-\u{1FAFF}\u{20000}-\u{3FFFD}]/u;

/** Columns that a terminal gives a text without control characters. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const character of text) {
    width += zero.test(character) ? 0 : wide.test(character) ? 2 : 1;
  }
  return width;
}
