import * as vscode from 'vscode';
import { type RuleId, ruleIds } from '../../lint/ruleIds';

/** Opens the page of a rule, asking which when it isn't named. */
export async function openRulePage(extensionUri: vscode.Uri, named: unknown): Promise<void> {
  const rule =
    ruleIds.find((id) => id === named) ??
    ((await vscode.window.showQuickPick(ruleIds, {
      placeHolder: 'Which rule do you want to read about?',
    })) as RuleId | undefined);
  if (rule) {
    await vscode.commands.executeCommand(
      'vscode.openWith',
      vscode.Uri.joinPath(extensionUri, 'docs', 'rules', `${rule}.md`),
      'vscode.markdown.preview.editor',
    );
  }
}
