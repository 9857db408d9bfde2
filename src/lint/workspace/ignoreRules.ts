import ignore, { type Ignore } from 'ignore';

/** As git takes it by default on each system (`core.ignorecase`). */
const ignoresCase = process.platform === 'win32' || process.platform === 'darwin';

/**
 * Ignore patterns in force in one folder: those of the folders above it and its own, the last one that
 * matches decides. All are held relative to one folder, so that a negation further down can take back what a
 * pattern further up says, as in git. Immutable.
 */
export class IgnoreRules {
  readonly #matcher: Ignore;

  private constructor(matcher: Ignore) {
    this.#matcher = matcher;
  }

  static readonly none: IgnoreRules = new IgnoreRules(ignore({ ignorecase: ignoresCase }));

  /**
   * These rules and then `lines`, in the syntax of `.gitignore`.
   * @param folder where the lines stand, relative to the folder of the rules, with forward slashes; '' is that
   * folder itself
   */
  with(lines: readonly string[], folder: string): IgnoreRules {
    const patterns = lines.flatMap((line) => movedPattern(line, folder) ?? []);
    return patterns.length === 0
      ? this
      : new IgnoreRules(ignore({ ignorecase: ignoresCase }).add(this.#matcher).add(patterns));
  }

  /** @param path relative to the folder of the rules, with forward slashes, and one at the end of a folder's */
  ignores(path: string): boolean {
    return path !== '' && this.#matcher.ignores(path);
  }
}

/** The lines of a `.gitignore`. */
export function patternLines(text: string): readonly string[] {
  return text.replace(/^\uFEFF/, '').split(/\r?\n/);
}

/** A pattern as it must be written one or more folders above; undefined for comments and empty lines. */
function movedPattern(line: string, folder: string): string | undefined {
  const isNegated = line.startsWith('!');
  const body = isNegated ? line.slice(1) : line;
  // Spaces at the end don't count unless they are quoted, and don't make a slash before them an inner one.
  const pattern = body.replace(/(?<!\\) +$/, '');
  if (line.startsWith('#') || pattern.replace(/^\//, '') === '') {
    return undefined;
  }
  if (folder === '') {
    return line;
  }
  const isAnchored = /\/(?!$)/.test(pattern);
  const place = `/${folder.replace(/[\\*?[\]]/g, '\\$&')}/`;
  return `${isNegated ? '!' : ''}${place}${isAnchored ? pattern.replace(/^\//, '') : `**/${pattern}`}`;
}
