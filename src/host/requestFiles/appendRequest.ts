import { basename } from 'node:path';
import * as vscode from 'vscode';
import { UserError } from '../errors';

/** Adds a block at the end of a request file, unsaved; gives the place where it begins. */
export async function appendRequest(
  document: vscode.TextDocument,
  block: string,
): Promise<vscode.Position> {
  const text = document.getText();
  const before = text === '' ? '' : text.endsWith('\n') ? '\n' : '\n\n';
  const edit = new vscode.WorkspaceEdit();
  edit.insert(document.uri, document.positionAt(text.length), before + block);
  if (!(await vscode.workspace.applyEdit(edit))) {
    throw new UserError('file-unwritable', {
      what: `Adding a request to ${basename(document.uri.path)}`,
      why: 'The editor did not take the change: the file may be read-only.',
    });
  }
  return document.positionAt(text.length + before.length);
}

/** Shows a request where its file is shown already, else in the active group. */
export async function revealRequest(
  document: vscode.TextDocument,
  start: vscode.Position,
): Promise<void> {
  const uri = document.uri.toString();
  const group = vscode.window.tabGroups.all.find(({ tabs }) =>
    tabs.some(({ input }) => input instanceof vscode.TabInputText && input.uri.toString() === uri),
  );
  const editor = await vscode.window.showTextDocument(document, {
    ...(group ? { viewColumn: group.viewColumn } : {}),
    selection: new vscode.Range(start, start),
    preview: false,
  });
  editor.revealRange(new vscode.Range(start, start), vscode.TextEditorRevealType.AtTop);
}
