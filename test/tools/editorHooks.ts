import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { type Editor, type EditorOptions, startEditor } from './editor';

/**
 * One editor for all tests of a file. A Content Security Policy violation fails the test in which it happens; a
 * test that fails prints what the editor looked like and said.
 * @param options read when the editor starts, after the file's own `beforeAll` hooks that stand before
 * @returns the editor, to be called in tests and hooks
 */
export function editorForFile(options: () => EditorOptions = () => ({})): () => Editor {
  let editor: Editor | undefined;
  const started = () => {
    if (!editor) throw new Error('the editor has not started');
    return editor;
  };
  beforeAll(async () => {
    editor = await startEditor(options());
  });
  beforeEach(({ task, onTestFailed }) => {
    started().console.clear();
    onTestFailed(async () => {
      const name = `failed ${task.name}`.replaceAll(/[^\w]+/g, '-').slice(0, 80);
      console.log(await started().evidence(name));
    });
  });
  afterEach(() => {
    expect(started().console.violations).toEqual([]);
  });
  afterAll(async () => {
    await editor?.close();
  });
  return started;
}
