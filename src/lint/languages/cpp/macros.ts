/**
 * `ABSL_FLAG(bool, secure, true, "…");`, `TEST_F(Suite, Name);`: macros that stand alone at the start of a line, with
 * the first argument a type. The grammar takes them for a function, and all that follows for its parameters.
 */
const macro =
  /^[A-Z][A-Z0-9_]*\(\s*(?:(?:unsigned|signed|bool|char|short|int|long|float|double|size_t|u?int(?:8|16|32|64)_t)\b[\s\w]*),(?:[^()"]|"(?:[^"\\\n]|\\.)*"|\([^()]*\))*\)\s*;/gm;

/** The text without them; undefined when there are none. */
export function withoutMacros(text: string): string | undefined {
  const blanked = text.replace(macro, (found) => found.replace(/[^\n]/g, ' '));
  return blanked === text ? undefined : blanked;
}
