import { basename, dirname } from 'node:path';
import * as vscode from 'vscode';
import type { RequestDraft } from '../../request/draft';
import { parseRequestFile } from '../../request/file/parse';
import { printRequest, UnprintableRequest } from '../../request/printRequest';
import type { App } from '../app';
import { askChoice, Back, type Choice } from '../commands/ask';
import { UserError } from '../errors';
import { requestFilePattern } from '../ids';
import { noticeText } from '../notice';
import { appendRequest, revealRequest } from './appendRequest';
import { isRequestFile } from './documents';
import { writtenDraft } from './writtenDraft';

/** More files than anyone chooses from. */
const fileLimit = 200;

/** Asks for a request file, appends the request, and shows it there. */
export async function saveAsRequestFile(app: App, draft: RequestDraft): Promise<void> {
  const uri = await askFile(draft.method);
  if (!uri) {
    return;
  }
  const document = await openOrCreate(uri);
  const text = document.getText();
  const environment = await app.environments.chosenFor(uri);
  const { draft: written, secrets } = writtenDraft(draft, parseRequestFile(text), environment);
  const block = print(written, uri);
  const wasDirty = document.isDirty || document.isUntitled;
  const start = await appendRequest(document, block);
  // What somebody is still writing in the file is theirs to save.
  if (!wasDirty) {
    await document.save();
  }
  await revealRequest(document, start);
  if (secrets.length > 0) {
    const names = secrets.map((name) => `{{${name}}}`).join(' and ');
    void vscode.window.showInformationMessage(
      noticeText(
        `A secret is written in no file: ${names} stands in its place.`,
        'Name it in "secrets" of an environment in frameline.json.',
      ),
    );
  }
}

function print(draft: RequestDraft, uri: vscode.Uri): string {
  try {
    return printRequest(draft, uri.scheme === 'file' ? { folder: dirname(uri.fsPath) } : {});
  } catch (error) {
    if (error instanceof UnprintableRequest) {
      throw new UserError('file-unwritable', {
        what: `Saving ${draft.method} as a request file`,
        why: error.message,
        cause: error,
      });
    }
    throw error;
  }
}

async function askFile(method: string): Promise<vscode.Uri | undefined> {
  const open = vscode.window.visibleTextEditors
    .map(({ document }) => document)
    .filter(isRequestFile)
    .map(({ uri }) => uri);
  const shown = new Set(open.map(String));
  const others = (
    await vscode.workspace.findFiles(requestFilePattern, undefined, fileLimit)
  ).filter((uri) => !shown.has(uri.toString()));
  if (open.length + others.length === 0) {
    return askNewFile();
  }
  const choice = (uri: vscode.Uri): Choice<vscode.Uri | 'new'> => ({
    label: basename(uri.path),
    description: dirname(vscode.workspace.asRelativePath(uri)).replace(/^\.$/, ''),
    icon: 'file',
    value: uri,
  });
  const picked = await askChoice<vscode.Uri | 'new'>({
    title: 'Save as Request File',
    placeholder: `Which file do you want to add ${method.slice(method.lastIndexOf('/') + 1)} to?`,
    choices: [
      ...open.map((uri, index) => ({ ...choice(uri), ...(index === 0 ? { group: 'Shown' } : {}) })),
      { label: 'New file…', icon: 'new-file', value: 'new', group: 'New' },
      ...others
        .sort((a, b) => a.path.localeCompare(b.path))
        .map((uri, index) => ({
          ...choice(uri),
          ...(index === 0 ? { group: 'Of this workspace' } : {}),
        })),
    ],
  });
  if (picked === Back) {
    return undefined;
  }
  return picked === 'new' ? askNewFile() : picked;
}

function askNewFile(): Thenable<vscode.Uri | undefined> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  return vscode.window.showSaveDialog({
    title: 'Save as Request File',
    filters: { 'gRPC requests': ['grpc'] },
    ...(folder ? { defaultUri: vscode.Uri.joinPath(folder, 'requests.grpc') } : {}),
  });
}

/** An existing file keeps what is in it, whatever the dialog asked. */
async function openOrCreate(uri: vscode.Uri): Promise<vscode.TextDocument> {
  const edit = new vscode.WorkspaceEdit();
  edit.createFile(uri, { ignoreIfExists: true });
  if (uri.scheme !== 'untitled') {
    await vscode.workspace.applyEdit(edit);
  }
  return vscode.workspace.openTextDocument(uri);
}
