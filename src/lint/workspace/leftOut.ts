import type { LintSettings } from '../config/settings';
import type { Language } from '../languages/language';

/** Why a file isn't linted. */
export type LeftOut = 'ignored' | 'installed' | 'vendored' | 'tests' | 'generated';

/** Folders of version control and of installed packages: nobody's own code, and never walked. */
const installed =
  /(?:^|\/)(?:\.(?:git|hg|svn|jj|venv|tox|nox|bundle|yarn|pnpm-store|gradle|terraform)|node_modules|bower_components|site-packages|venv|__pycache__)(?:\/|$)/;

/** Folders of copies of others' code, as they are commonly named. */
const vendored = /(?:^|\/)(?:vendor|third[-_]?party|3rdparty|Godeps|Pods|Carthage)(?:\/|$)/;

/** Where the headers of generated code stand: after a licence at most, in UTF-16 units. */
const headerLength = 2_000;

/** Whether a folder is never walked; its path with forward slashes, relative to the base of its rules. */
export function isInstalled(path: string): boolean {
  return installed.test(path);
}

export function isVendored(path: string): boolean {
  return vendored.test(path);
}

/**
 * Why a file is left out by its name.
 * @param path with forward slashes, relative to the base of its rules
 * @param language undefined for files that are no source code
 */
export function leftOutByName(
  path: string,
  language: Pick<Language, 'generated' | 'tests'> | undefined,
  { include }: Pick<LintSettings, 'include'>,
): LeftOut | undefined {
  if (isInstalled(path)) {
    return 'installed';
  }
  if (isVendored(path) && !include.includes('vendored')) {
    return 'vendored';
  }
  if (language?.tests.test(path) === true && !include.includes('tests')) {
    return 'tests';
  }
  return language?.generated.file?.test(path) === true && !include.includes('generated')
    ? 'generated'
    : undefined;
}

/** Whether the first lines say that a program wrote the file. */
export function isGenerated(text: string, { generated }: Pick<Language, 'generated'>): boolean {
  return generated.header.test(text.slice(0, headerLength));
}

/** For people, after the name of a file. */
export const leftOutReasons: Readonly<Record<LeftOut, string>> = {
  ignored: 'it is ignored by .gitignore or by "lint.ignore" in frameline.json',
  installed: 'it belongs to an installed package or to version control',
  vendored:
    'it is a copy of others’ code; "lint.include": ["vendored"] in frameline.json takes it in',
  tests: 'it is a test; "lint.include": ["tests"] in frameline.json takes it in',
  generated: 'it is generated; "lint.include": ["generated"] in frameline.json takes it in',
};
