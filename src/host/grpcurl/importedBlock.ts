import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname } from 'node:path';
import * as vscode from 'vscode';
import { importGrpcurl } from '../../request/grpcurl/importGrpcurl';
import { printRequest, UnprintableRequest } from '../../request/printRequest';
import { UserError } from '../errors';

/** What could not be read of a command, with the place as people count. */
const what = 'Importing a grpcurl command';

/**
 * A grpcurl command as a block of a request file; what was not taken over stands in it as comments.
 * @param file that the block is for; its folder is what its paths are relative to
 */
export function importedBlock(command: string, file: vscode.Uri | undefined): string {
  const own = file?.scheme === 'file' ? dirname(file.fsPath) : undefined;
  const workspace = file && vscode.workspace.getWorkspaceFolder(file);
  const [first] = vscode.workspace.workspaceFolders ?? [];
  const folder = (workspace ?? first)?.uri.fsPath ?? own ?? homedir();
  const result = importGrpcurl(command, { folder, home: homedir(), exists: existsSync });
  if (!result.ok) {
    const { message, span } = result.problem;
    const lines = command.slice(0, span.from).split('\n');
    const place = `line ${lines.length}, column ${(lines.at(-1)?.length ?? 0) + 1}`;
    const near = command.slice(span.from, Math.max(span.to, span.from + 20)).trim();
    throw new UserError('command-unreadable', {
      what: `${what} (${place}${near === '' ? '' : `, at ${JSON.stringify(near.slice(0, 40))}`})`,
      why: message,
      next: 'Nothing was changed.',
    });
  }
  try {
    return printRequest(result.draft, { folder: own ?? folder, comments: result.notes });
  } catch (error) {
    if (error instanceof UnprintableRequest) {
      throw new UserError('command-unreadable', { what, why: error.message, cause: error });
    }
    throw error;
  }
}
