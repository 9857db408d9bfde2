import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { editorForFile } from '../tools/editorHooks';
import { TextEditor } from '../tools/editorText';

// Each test goes on from where the one before it stopped.
const editor = editorForFile(() => ({
  files: {
    'calls.grpc': '# Calls\n',
    '.vscode/settings.json': '{ "files.autoSave": "afterDelay", "files.autoSaveDelay": 100 }',
  },
}));

const command = `grpcurl -plaintext -max-time 2 -emit-defaults \\
  -d '{"id": "it'\\''s"}' localhost:50051 market.v1.ListingService/GetListing`;
const block = `### GetListing
# Not imported: -emit-defaults. The setting frameline.showDefaults does it.
# @plaintext
# @deadline 2s
GRPC localhost:50051/market.v1.ListingService/GetListing

{
  "id": "it's"
}
`;

const copy = (text: string) =>
  editor().page.evaluate(`navigator.clipboard.writeText(${JSON.stringify(text)})`);

const saved = () => readFile(join(editor().workspace, 'calls.grpc'), 'utf8');
const becomes = (text: string) => expect.poll(saved, { timeout: 20_000 }).toBe(text);

test('a command on the clipboard becomes a request of the open file', async () => {
  const { workbench } = editor();
  const file = new TextEditor(editor());
  await file.open('calls.grpc');
  await copy(command);
  await workbench.runCommand('gRPC: Import grpcurl…');
  await becomes(`# Calls\n\n${block}`);
});

test('a command that can not be read is refused with its place, and changes nothing', async () => {
  const { workbench } = editor();
  await copy("grpcurl -d '{ localhost:50051 a.B/C");
  await workbench.runCommand('gRPC: Import grpcurl…');
  await workbench.notification(/line 1, column 12.*single quote/).waitFor();
  expect(await saved()).toBe(`# Calls\n\n${block}`);
});

test('a command is asked for when the clipboard has none, and line ends that the box takes out come back', async () => {
  const { workbench } = editor();
  const file = new TextEditor(editor());
  await copy('nothing');
  await workbench.runCommand('gRPC: Import grpcurl…');
  await workbench.quickInput.getByText('Nothing of the command is run').waitFor();
  await copy(command);
  await file.press('Control+v');
  await file.press('Enter');
  await becomes(`# Calls\n\n${block}\n${block}`);
});

test('a command that is pasted into a request file becomes a request', async () => {
  const { workbench } = editor();
  const file = new TextEditor(editor());
  await workbench.textEditor.click();
  await file.press('Control+a');
  await copy(command);
  await file.press('Control+v');
  await becomes(block);
});
