const compiled = new WeakMap<readonly string[], RegExp | undefined>();
const written = new WeakMap<readonly string[], RegExp | undefined>();

/**
 * Whether a fully qualified name is one of those in `frameline.json`. `*` stands for any characters, and the
 * beginning of the path may be left out: `market.Client` is `example.com/internal/market.Client` as well.
 */
export function isConfigured(names: readonly string[], qualified: string): boolean {
  if (names.length === 0) {
    return false;
  }
  if (!compiled.has(names)) {
    compiled.set(names, patternOf(names));
  }
  return compiled.get(names)?.test(qualified) === true;
}

/** Whether one of the names, without its path, stands in a text: only then can the text be about it. */
export function mentionsConfigured(names: readonly string[], text: string): boolean {
  if (names.length === 0) {
    return false;
  }
  if (!written.has(names)) {
    const last = names
      .map((name) => /[^./:#]*$/.exec(name)?.[0] ?? '')
      .filter((name) => name !== '')
      .map((name) => name.replace(/[+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '\\w*'));
    const pattern =
      last.length === 0 ? undefined : new RegExp(`(?<!\\w)(?:${last.join('|')})(?!\\w)`);
    written.set(names, pattern);
  }
  return written.get(names)?.test(text) === true;
}

function patternOf(names: readonly string[]): RegExp | undefined {
  const alternatives = names
    .filter((name) => name !== '')
    .map((name) => name.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*'));
  return alternatives.length === 0
    ? undefined
    : new RegExp(`(?:^|[./:#])(?:${alternatives.join('|')})$`);
}
