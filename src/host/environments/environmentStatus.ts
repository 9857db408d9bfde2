import * as vscode from 'vscode';
import { Command, Language, PanelType } from '../ids';
import type { Environments } from './environments';

/** The status bar item that shows which environment holds, beside request files and request panels. */
export class EnvironmentStatus implements vscode.Disposable {
  readonly #environments: Environments;
  readonly #item = vscode.window.createStatusBarItem(
    'frameline.environment',
    vscode.StatusBarAlignment.Right,
    // Left of the editor's own items about the file.
    110,
  );
  readonly #subscriptions: vscode.Disposable[];
  /** The request file that was active last: what a panel shows is sent with its environment. */
  #lastFile: vscode.Uri | undefined;
  /** Only the newest look counts. */
  #looks = 0;

  constructor(environments: Environments) {
    this.#environments = environments;
    this.#item.name = 'gRPC Environment';
    this.#item.command = Command.SwitchEnvironment;
    const update = (): void => void this.#update();
    this.#subscriptions = [
      this.#item,
      environments.onDidChange(update),
      vscode.window.onDidChangeActiveTextEditor(update),
      vscode.window.tabGroups.onDidChangeTabs(update),
      vscode.window.tabGroups.onDidChangeTabGroups(update),
    ];
    update();
  }

  /** The request file that the choice of an environment is about; undefined when there was none yet. */
  get file(): vscode.Uri | undefined {
    return this.#lastFile;
  }

  dispose(): void {
    vscode.Disposable.from(...this.#subscriptions).dispose();
  }

  async #update(): Promise<void> {
    this.#looks++;
    const look = this.#looks;
    const document = vscode.window.activeTextEditor?.document;
    const isFile = document?.languageId === Language.RequestFile;
    if (isFile) {
      this.#lastFile = document.uri;
    }
    const isShown = isFile || isRequestPanel(vscode.window.tabGroups.activeTabGroup.activeTab);
    const chosen = isShown ? await this.#environments.chosenFor(this.#lastFile) : undefined;
    if (look !== this.#looks) {
      return;
    }
    if (chosen === undefined) {
      this.#item.hide();
      return;
    }
    // Names of environments have no characters that could draw an icon.
    this.#item.text = `$(server-environment) ${chosen.name}`;
    this.#item.tooltip = `gRPC environment: ${chosen.name}\nClick to switch`;
    this.#item.accessibilityInformation = { label: `gRPC environment: ${chosen.name}. Switch` };
    this.#item.show();
  }
}

/** The editor puts a prefix of its own before the type of a webview. */
function isRequestPanel(tab: vscode.Tab | undefined): boolean {
  return (
    tab?.input instanceof vscode.TabInputWebview && tab.input.viewType.endsWith(PanelType.Request)
  );
}
