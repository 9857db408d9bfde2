import { pathToFileURL } from 'node:url';
import type { Diagnostic } from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { readConfigFile } from '../config/readConfigFile';
import type { ConfigFile } from '../lint/config/configFiles';
import { configDiagnostic } from './diagnostics';

/**
 * Shows what is wrong in a `frameline.json` that is not open: because of it, something else is linted than was
 * meant. An open one is shown as it changes, like any document.
 */
export class ShownConfigs {
  readonly #publish: (uri: string, diagnostics: Diagnostic[]) => void;
  readonly #shown = new Map<string, ConfigFile>();

  constructor(publish: (uri: string, diagnostics: Diagnostic[]) => void) {
    this.#publish = publish;
  }

  async show(config: ConfigFile): Promise<void> {
    const { path, problems } = config;
    if (path === undefined || this.#shown.get(path) === config) {
      return;
    }
    this.#shown.set(path, config);
    const uri = pathToFileURL(path).href;
    const text = problems.length > 0 ? await readConfigFile(path).catch(() => '') : '';
    const positions = TextDocument.create(uri, 'json', 0, text ?? '');
    this.#publish(
      uri,
      problems.map((problem) => configDiagnostic(problem, positions)),
    );
  }

  /** It changed, went, or was opened: what was shown does not hold any more. */
  hide(path: string): void {
    if (this.#shown.delete(path)) {
      this.#publish(pathToFileURL(path).href, []);
    }
  }
}
