import * as vscode from 'vscode';
import { isGrpcurlCommand } from '../../request/grpcurl/importGrpcurl';
import { Language } from '../ids';
import { appendRequest, revealRequest } from '../requestFiles/appendRequest';
import { isRequestFile } from '../requestFiles/documents';
import { importedBlock } from './importedBlock';

/** Adds the request of a grpcurl command to the request file in the active editor, or to a new one. */
export async function importCommand(): Promise<void> {
  const command = await findCommand();
  if (command === undefined) {
    return;
  }
  const active = vscode.window.activeTextEditor?.document;
  const file = active && isRequestFile(active) ? active : undefined;
  const block = importedBlock(command, file?.uri);
  const document =
    file ?? (await vscode.workspace.openTextDocument({ language: Language.RequestFile }));
  await revealRequest(document, await appendRequest(document, block));
}

/** From the clipboard, else typed. */
async function findCommand(): Promise<string | undefined> {
  const copied = await vscode.env.clipboard.readText();
  if (isGrpcurlCommand(copied)) {
    return copied;
  }
  const typed = await vscode.window.showInputBox({
    title: 'Import grpcurl',
    prompt: 'Nothing of the command is run.',
    placeHolder: "grpcurl -plaintext -d '{}' localhost:50051 market.v1.ListingService/GetListing",
    ignoreFocusOut: true,
  });
  if (typed === undefined || typed.trim() === '') {
    return undefined;
  }
  // The box takes the line ends out of what is pasted, and with them what the backslashes before them mean.
  const pasted = await vscode.env.clipboard.readText();
  return withoutBlanks(pasted) === withoutBlanks(typed) ? pasted : typed;
}

function withoutBlanks(text: string): string {
  return text.replace(/\s/g, '');
}
