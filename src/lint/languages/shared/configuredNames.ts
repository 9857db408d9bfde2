const compiled = new WeakMap<readonly string[], RegExp | undefined>();

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

function patternOf(names: readonly string[]): RegExp | undefined {
  const alternatives = names
    .filter((name) => name !== '')
    .map((name) => name.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*'));
  return alternatives.length === 0
    ? undefined
    : new RegExp(`(?:^|[./:#])(?:${alternatives.join('|')})$`);
}
