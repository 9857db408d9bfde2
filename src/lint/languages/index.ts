import { cpp } from './cpp';
import { csharp } from './csharp';
import { go } from './go';
import { java } from './java';
import { kotlin } from './kotlin';
import type { Language } from './language';
import { javascript, tsx, typescript } from './node';
import { python } from './python';
import { ruby } from './ruby';
import { rust } from './rust';

/** Every language that is linted. */
export const languages: readonly Language[] = [
  cpp,
  csharp,
  go,
  java,
  kotlin,
  javascript,
  typescript,
  tsx,
  python,
  ruby,
  rust,
];

const byExtension = new Map(
  languages.flatMap((language) =>
    language.extensions.map((extension) => [extension, language] as const),
  ),
);

/** By the end of the file's name. */
export function languageFor(path: string): Language | undefined {
  const dot = path.lastIndexOf('.');
  return dot < 0 ? undefined : byExtension.get(path.slice(dot).toLowerCase());
}

/** By VS Code's language id, for documents without a file name. */
export function languageForEditor(id: string): Language | undefined {
  return languages.find(({ editorIds }) => editorIds.includes(id));
}
