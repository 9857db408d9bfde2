import { dirname } from 'node:path';
import * as vscode from 'vscode';
import type { RequestFiles } from '../../request/files';
import { Language } from '../ids';

export function isRequestFile({ languageId }: Pick<vscode.TextDocument, 'languageId'>): boolean {
  return languageId === Language.RequestFile;
}

/** What a request file may read: messages inside its workspace folder only, and all else there in Restricted Mode. */
export async function filesOf(uri: vscode.Uri): Promise<RequestFiles> {
  if (uri.scheme !== 'file') {
    const message =
      'Paths are relative to the request file, and this one is not on the local disk. Save it there first.';
    const refuse = async () => ({ ok: false, message }) as const;
    return { message: refuse, path: refuse };
  }
  const { localRequestFiles } = await import('../../request/files');
  return localRequestFiles({
    file: uri.fsPath,
    root: vscode.workspace.getWorkspaceFolder(uri)?.uri.fsPath ?? dirname(uri.fsPath),
    isTrusted: vscode.workspace.isTrusted,
  });
}
