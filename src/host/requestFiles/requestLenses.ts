import * as vscode from 'vscode';
import { plainLabel } from '../commands/ask';
import { Command } from '../ids';
import type { FailedChecks } from './failedChecks';
import { requestKeys } from './requestPlaces';
import type { RequestStates } from './requestStates';

/** What a lens hands to its command: a request by the place of its request line. */
export interface RequestPlace {
  /** Of the file. */
  readonly uri: string;
  /** From 0; undefined for the cursor's. */
  readonly line?: number;
}

/** Above each request of a request file: send it, open it in the panel, and how it went. */
export class RequestLenses implements vscode.CodeLensProvider {
  readonly #states: RequestStates;
  readonly #failed: FailedChecks;
  readonly onDidChangeCodeLenses: vscode.Event<void>;

  constructor(states: RequestStates, failed: FailedChecks) {
    this.#states = states;
    this.#failed = failed;
    this.onDidChangeCodeLenses = states.onDidChange;
  }

  async provideCodeLenses(document: vscode.TextDocument): Promise<vscode.CodeLens[]> {
    const { parseRequestFile } = await import('../../request/file/parse');
    const file = parseRequestFile(document.getText());
    const uri = document.uri.toString();
    const lenses: vscode.CodeLens[] = [];
    const add = (line: number, command: string, title: string, ...args: unknown[]): void => {
      const range = new vscode.Range(line, 0, line, 0);
      lenses.push(new vscode.CodeLens(range, { command, title, arguments: args }));
    };
    if (file.requests.length > 1) {
      const place: RequestPlace = { uri };
      add(0, Command.SendAllRequests, '$(run-all) Send all', place);
    }
    for (const [node, key] of requestKeys(file)) {
      const { line } = document.positionAt(node.line.span.from);
      const place: RequestPlace = { uri, line };
      const state = this.#states.get(document.uri, key);
      if (state?.kind === 'running') {
        add(line, '', '$(sync~spin) Sending…', place);
        add(line, Command.CancelRequest, 'Cancel', place);
        continue;
      }
      add(line, Command.SendRequest, '$(play) Send RPC', place);
      add(line, Command.OpenInPanel, 'Open in panel', place);
      if (state) {
        const icon = state.passed ? 'pass' : 'error';
        const title = `$(${icon}) ${plainLabel(state.title)}`;
        const selection = this.#failed.first(document.uri, key);
        if (selection) {
          add(line, 'vscode.open', title, document.uri, { selection });
        } else {
          add(line, '', title, place);
        }
      }
    }
    return lenses;
  }
}
