import { createWriteStream } from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import * as vscode from 'vscode';
import type { ExportFormat } from '../../panel/exportTranscript';
import { reasonOf, UserError } from '../errors';
import { noticeText } from '../notice';
import type { CallRun } from './callRun';

const kinds: Readonly<Record<ExportFormat, { extension: string; label: string }>> = {
  text: { extension: 'txt', label: 'Text' },
  jsonl: { extension: 'jsonl', label: 'JSON Lines' },
};

/** Characters of the export that are written at a time. */
const chunkSize = 64 * 1024;

/** Asks where to, and writes the transcript of a call there, piece by piece. */
export async function saveTranscript(run: CallRun, format: ExportFormat): Promise<void> {
  const { extension, label } = kinds[format];
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const name = `${run.context.method.name.replace(/\W/g, '_').slice(0, 80)}.${extension}`;
  const uri = await vscode.window.showSaveDialog({
    title: 'Save Transcript',
    filters: { [label]: [extension] },
    ...(folder?.scheme === 'file' ? { defaultUri: vscode.Uri.joinPath(folder, name) } : {}),
  });
  if (!uri) {
    return;
  }
  const file = path.basename(uri.fsPath);
  if (uri.scheme !== 'file') {
    throw new UserError('file-unwritable', {
      what: `Saving ${file}`,
      why: 'Transcripts are written to the local disk only.',
      next: 'Choose a folder there.',
    });
  }
  const saved = await vscode.window.withProgress(
    {
      location: vscode.ProgressLocation.Notification,
      title: noticeText(`Saving ${file}`),
      cancellable: true,
    },
    async (_progress, token) => {
      const abort = new AbortController();
      const subscription = token.onCancellationRequested(() => abort.abort());
      try {
        const pieces = Readable.from(chunks(run.export(format)));
        await pipeline(pieces, createWriteStream(uri.fsPath), { signal: abort.signal });
        return true;
      } catch (error) {
        if (!abort.signal.aborted) {
          throw new UserError('file-unwritable', {
            what: `Saving ${file}`,
            why: reasonOf(error),
            cause: error,
          });
        }
        return false;
      } finally {
        subscription.dispose();
      }
    },
  );
  const open = 'Open';
  const message = noticeText(`Saved ${file}.`);
  if (saved && (await vscode.window.showInformationMessage(message, open)) === open) {
    await vscode.window.showTextDocument(uri);
  }
}

/** Joins small pieces, and lets other work take its turn between two chunks. */
async function* chunks(pieces: Iterable<string>): AsyncGenerator<string> {
  let chunk = '';
  for (const piece of pieces) {
    chunk += piece;
    if (chunk.length >= chunkSize) {
      yield chunk;
      chunk = '';
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
  }
  yield chunk;
}
