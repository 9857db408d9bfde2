import * as vscode from 'vscode';
import { oneLine } from '../../panel/text';
import { UserError } from '../errors';
import { Scheme } from '../ids';
import type { CallHistory } from './callHistory';
import { type HistoryEntry, methodName } from './historyEntry';
import { clockTime } from './historyLook';

/** Read-only documents with calls of the history as text, for the diff editor. */
export class CallDocuments implements vscode.TextDocumentContentProvider, vscode.Disposable {
  readonly #history: CallHistory;
  readonly #registration: vscode.Disposable;

  constructor(history: CallHistory) {
    this.#history = history;
    this.#registration = vscode.workspace.registerTextDocumentContentProvider(Scheme.Call, this);
  }

  /** Shows what differs between two calls, the older one on the left. */
  async compare(one: HistoryEntry, other: HistoryEntry): Promise<void> {
    const [left, right] = one.startedAt <= other.startedAt ? [one, other] : [other, one];
    const title = `${tabName(left)} ↔ ${tabName(right)}`;
    await vscode.commands.executeCommand('vscode.diff', uriOf(left), uriOf(right), title);
  }

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    try {
      const call = await this.#history.open(uri.query);
      try {
        const { callText } = await import('./callText');
        return await callText(call);
      } finally {
        call.transcript.dispose();
      }
    } catch (error) {
      return `${UserError.from(error, 'Reading a call of the history').message}\n`;
    }
  }

  dispose(): void {
    this.#registration.dispose();
  }
}

/** `GetListing 20:13:12`. */
function tabName(entry: HistoryEntry): string {
  return `${oneLine(methodName(entry), 60)} ${clockTime(entry.startedAt)}`;
}

function uriOf(entry: HistoryEntry): vscode.Uri {
  const name = tabName(entry).replace(/[^\w :-]/g, '_');
  return vscode.Uri.from({ scheme: Scheme.Call, path: `/${name}.txt`, query: entry.id });
}
