import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { documentPath, filePath } from '../../../src/languageServer/documentPath';

const folder = join(import.meta.dirname, 'a folder');

describe('documentPath', () => {
  it('is the path of a file', () => {
    const path = join(folder, 'märkte 100%.ts');
    expect(documentPath(pathToFileURL(path).href, 'typescript', folder)).toBe(path);
  });

  it('is one in the folder, with an ending that fits, for what is not saved yet', () => {
    expect(documentPath('untitled:Untitled-1', 'typescript', folder)).toBe(
      join(folder, 'Untitled-1.ts'),
    );
    expect(documentPath('untitled:/../x/y.ts', 'plaintext', folder)).toBe(join(folder, '-x-y-ts'));
  });

  it.each([
    'git:/a.ts',
    'vscode-notebook-cell:/a.py',
    'file://%zz/a.ts',
    'file:///a%00.ts',
    'nonsense',
  ])('is none for %s', (uri) => {
    expect(filePath(uri)).toBeUndefined();
  });
});
