import { expect, it } from 'vitest';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { configDiagnostic } from '../../../src/languageServer/diagnostics';
import { parseConfig } from '../../../src/lint/config/parseConfig';

it('shows what is wrong in frameline.json as an error, and what had better be another way as a warning', () => {
  const text = '{ "environments": { "a": { "secret": [], "variables": { "token": "x" } } } }';
  const document = TextDocument.create('file:///frameline.json', 'jsonc', 0, text);
  const shown = parseConfig(text).problems.map((problem) => configDiagnostic(problem, document));
  expect(shown.map(({ severity, range }) => [severity, document.getText(range)])).toEqual([
    [1, '"secret"'],
    [2, '"token"'],
  ]);
});
