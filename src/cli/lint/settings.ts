import { dirname } from 'node:path';
import { isWithin, shownPath } from '../../config/paths';
import { readConfigFile } from '../../config/readConfigFile';
import { type ConfigFile, ConfigFiles } from '../../lint/config/configFiles';
import { parseConfig } from '../../lint/config/parseConfig';
import type { LintSettings } from '../../lint/config/settings';
import type { FileSettings } from '../../lint/workspace/workspaceFiles';
import { refuseMistakes } from '../configMistakes';
import { Failure, reasonOf } from '../failure';

/** Where settings come from. */
export interface Settings extends FileSettings {
  /** What holds for a file; the same object for the same `frameline.json`. */
  settingsFor(file: string): Promise<LintSettings>;
}

/** Each file has the `frameline.json` that is nearest to it, as in the editor. */
export function nearestSettings(cwd: string): Settings {
  const files = new ConfigFiles(readConfigFile);
  const checked = new Set<string>();
  return {
    folderOf: (folder) => files.folderOf(folder),
    patternsIn: (folder) => files.patternsIn(folder),
    includeIn: (folder) => files.includeIn(folder),
    settingsFor: async (file) => {
      const config = await files.nearest(file);
      // Those further up say what is ignored.
      for (let next = config; next.folder !== undefined; next = await files.nearest(next.folder)) {
        if (!checked.has(next.folder)) {
          checked.add(next.folder);
          await refuseProblems(next, cwd);
        }
      }
      return config.settings;
    },
  };
}

/** One file for all; its `ignore` is relative to the working directory, as if it stood there. */
export async function settingsOf(path: string, cwd: string): Promise<Settings> {
  const text = await readConfigFile(path).catch((error: unknown) => {
    throw new Failure(`${shownPath(path, cwd)} can't be read: ${reasonOf(error)}.`);
  });
  if (text === undefined) {
    throw new Failure(`There is no file ${shownPath(path, cwd)}, which --config names.`);
  }
  const config = parseConfig(text);
  await refuseProblems({ ...config, path, folder: dirname(path) }, cwd);
  const { settings } = config;
  return {
    folderOf: async (folder) => (isWithin(folder, cwd) ? cwd : undefined),
    patternsIn: async (folder) => (folder === cwd ? settings.ignore : []),
    includeIn: async () => settings.include,
    settingsFor: async () => settings,
  };
}

/** A mistake there could switch a rule off that is meant to be on: nothing is linted. */
async function refuseProblems({ path, problems }: ConfigFile, cwd: string): Promise<void> {
  if (path !== undefined) {
    await refuseMistakes(path, problems, cwd);
  }
}
