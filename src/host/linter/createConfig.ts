import * as vscode from 'vscode';
import { configFileName } from '../../config/configFileName';
import { UserError } from '../errors';

/** What one sets first; the schema offers the rest. */
const essentials = `{
  // What stands between clients and servers, client first, decides which keepalive helps:
  // "path": ["aws-nlb", "envoy"],
  "lint": {
    // The deadline that quick fixes write.
    "defaultDeadline": "5s",
    // "error", "warning", "information", "hint" or "off".
    "rules": {
      "missing-deadline": "warning"
    }
  }
}
`;

/** Opens the `frameline.json` of a folder; makes one where there is none. */
export async function createConfig(): Promise<void> {
  const folder = await chooseFolder();
  if (!folder) {
    return;
  }
  const file = vscode.Uri.joinPath(folder.uri, configFileName);
  if (!(await exists(file))) {
    await vscode.workspace.fs.writeFile(file, new TextEncoder().encode(essentials));
  }
  await vscode.window.showTextDocument(file);
}

async function chooseFolder(): Promise<vscode.WorkspaceFolder | undefined> {
  const folders = vscode.workspace.workspaceFolders ?? [];
  if (folders.length === 0) {
    throw new UserError('no-folder', {
      what: `Creating ${configFileName}`,
      why: 'No folder is open.',
      next: 'Open the folder whose code it is for.',
    });
  }
  return folders.length === 1
    ? folders[0]
    : vscode.window.showWorkspaceFolderPick({
        placeHolder: `Which folder gets a ${configFileName}?`,
      });
}

async function exists(file: vscode.Uri): Promise<boolean> {
  try {
    await vscode.workspace.fs.stat(file);
    return true;
  } catch {
    return false;
  }
}
