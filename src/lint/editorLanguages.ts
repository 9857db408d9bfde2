/** Language ids of VS Code for the sources that are linted; a test holds the languages' own ids against it. */
export const sourceLanguages = [
  'go',
  'java',
  'kotlin',
  'python',
  'ruby',
  'javascript',
  'javascriptreact',
  'typescript',
  'typescriptreact',
  'csharp',
  'cpp',
  'rust',
] as const;

/** Language ids of files that can be a service config or a `frameline.json`. */
export const jsonLanguages = ['json', 'jsonc'] as const;
