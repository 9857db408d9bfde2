import { readFile, stat } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { isWithin, slashed } from '../../config/paths';
import { IgnoreRules, patternLines } from './ignoreRules';

/** What is in force in a folder. */
export interface FolderRules {
  /** The folder that `rules` and paths are relative to: of the repository, where there is one. */
  readonly base: string;
  readonly rules: IgnoreRules;
}

/** The patterns that settings add in a folder. */
export interface SettingsIgnore {
  /** The folder of the `frameline.json` that holds in `folder`; undefined when there is none. */
  folderOf(folder: string): Promise<string | undefined>;
  /** `ignore` of the `frameline.json` that stands in `folder` itself; empty when there is none. */
  patternsIn(folder: string): Promise<readonly string[]>;
}

/**
 * Reads what is ignored: `.git/info/exclude`, `.gitignore` in each folder from the repository's down, and
 * `ignore` of `frameline.json`, each relative to where it stands; what is read last decides. A user's global
 * ignore file is left aside: findings must be the same for everyone. Answers are kept until `forget`.
 */
export class IgnoreFiles {
  readonly #roots: readonly string[];
  readonly #settings: SettingsIgnore;
  readonly #folders = new Map<string, Promise<FolderRules>>();
  readonly #repositories = new Map<string, Promise<string | undefined>>();

  /** @param roots absolute; where rules begin when there is no repository: what is opened, or worked in */
  constructor(roots: readonly string[], settings: SettingsIgnore) {
    // The innermost first.
    this.#roots = [...roots].sort((a, b) => b.length - a.length);
    this.#settings = settings;
  }

  /** The rules for what stands directly in a folder. */
  rulesIn(folder: string): Promise<FolderRules> {
    let rules = this.#folders.get(folder);
    if (rules === undefined) {
      rules = this.#read(folder);
      this.#folders.set(folder, rules);
    }
    return rules;
  }

  /** To be called when an ignore file, a `frameline.json` or a repository came, changed or went. */
  forget(): void {
    this.#folders.clear();
    this.#repositories.clear();
  }

  async #read(folder: string): Promise<FolderRules> {
    const top = (await this.#repository(folder)) ?? this.#rootOf(folder);
    const { base, rules } =
      folder === top ? await this.#start(top) : await this.rulesIn(dirname(folder));
    const place = slashed(relative(base, folder));
    return {
      base,
      rules: rules
        .with(await readLines(join(folder, '.gitignore')), place)
        .with(await this.#settings.patternsIn(folder), place),
    };
  }

  /** What holds in a repository, or a folder without one, before its own ignore file. */
  async #start(top: string): Promise<FolderRules> {
    const above = dirname(top);
    // Settings may stand above the repository; ignore files there are not its own.
    const base = (above === top ? undefined : await this.#settings.folderOf(above)) ?? top;
    const patterns = base === top ? [] : await this.#settings.patternsIn(base);
    const exclude = await readLines(await excludeFile(top));
    const place = slashed(relative(base, top));
    return { base, rules: IgnoreRules.none.with(patterns, '').with(exclude, place) };
  }

  #rootOf(folder: string): string {
    return this.#roots.find((root) => isWithin(folder, root)) ?? folder;
  }

  /** The folder of the repository that `folder` is in. */
  #repository(folder: string): Promise<string | undefined> {
    let found = this.#repositories.get(folder);
    if (found === undefined) {
      const above = dirname(folder);
      found = isRepository(folder).then((isHere) => {
        if (isHere) {
          return folder;
        }
        return above === folder ? undefined : this.#repository(above);
      });
      this.#repositories.set(folder, found);
    }
    return found;
  }
}

/** The workspace of a folder: its repository, or else where its `frameline.json` stands, or else itself. */
export async function workspaceOf(
  folder: string,
  settings: Pick<SettingsIgnore, 'folderOf'>,
): Promise<string> {
  for (let above = folder; ; above = dirname(above)) {
    if (await isRepository(above)) {
      return above;
    }
    if (dirname(above) === above) {
      return (await settings.folderOf(folder)) ?? folder;
    }
  }
}

/**
 * `info/exclude` of the repository whose work tree is `folder`. In a linked work tree or a submodule, `.git` is a
 * file that names the place (gitrepository-layout(5)).
 */
async function excludeFile(folder: string): Promise<string> {
  const git = join(folder, '.git');
  const [link = ''] = await readLines(git);
  const target = /^gitdir: (.+)$/.exec(link)?.[1];
  if (target === undefined) {
    return join(git, 'info', 'exclude');
  }
  const place = resolve(folder, target);
  const [common = '.'] = await readLines(join(place, 'commondir'));
  return join(resolve(place, common), 'info', 'exclude');
}

/** Empty when the file can't be read: then it ignores nothing. */
async function readLines(path: string): Promise<readonly string[]> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  return text === undefined ? [] : patternLines(text);
}

async function isRepository(folder: string): Promise<boolean> {
  return await stat(join(folder, '.git')).then(
    () => true,
    () => false,
  );
}
