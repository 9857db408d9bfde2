import * as vscode from 'vscode';
import { plainLabel } from '../commands/ask';
import { Command } from '../ids';
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
  readonly onDidChangeCodeLenses: vscode.Event<void>;

  constructor(states: RequestStates) {
    this.#states = states;
    this.onDidChangeCodeLenses = states.onDidChange;
  }

  async provideCodeLenses(document: vscode.TextDocument): Promise<vscode.CodeLens[]> {
    const { parseRequestFile } = await import('../../request/file/parse');
    const file = parseRequestFile(document.getText());
    const uri = document.uri.toString();
    const lenses: vscode.CodeLens[] = [];
    const add = (line: number, command: string, title: string, place: RequestPlace): void => {
      const range = new vscode.Range(line, 0, line, 0);
      lenses.push(new vscode.CodeLens(range, { command, title, arguments: [place] }));
    };
    if (file.requests.length > 1) {
      add(0, Command.SendAllRequests, '$(run-all) Send all', { uri });
    }
    for (const [node, key] of requestKeys(file)) {
      const { line } = document.positionAt(node.line.span.from);
      const place = { uri, line };
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
        add(line, '', `$(${icon}) ${plainLabel(state.title)}`, place);
      }
    }
    return lenses;
  }
}
