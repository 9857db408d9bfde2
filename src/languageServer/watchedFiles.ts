import { basename } from 'node:path';
import { configFileName } from '../config/configFileName';
import { languages } from '../lint/languages';

/** Whether a file is a `frameline.json`: it decides which files there are, and how they are linted. */
export function isConfig(path: string): boolean {
  return basename(path) === configFileName;
}

export function isIgnoreFile(path: string): boolean {
  return basename(path) === '.gitignore';
}

/** Glob patterns of everything that the answers depend on. */
export function watchedPatterns(): string[] {
  const endings = ['.proto', ...languages.flatMap(({ extensions }) => extensions)];
  return [
    `**/*{${endings.join(',')}}`,
    '**/application*.{yml,yaml,properties}',
    `**/${configFileName}`,
    '**/.gitignore',
  ];
}
