import * as vscode from 'vscode';
import { noticeText } from '../notice';

/** The user went a step back. */
export const Back: unique symbol = Symbol('back');

interface Step {
  readonly title: string;
  readonly step?: number;
  readonly totalSteps?: number;
  /** Shows a button that goes one step back. */
  readonly canGoBack?: boolean;
}

export interface TextQuestion extends Step {
  readonly prompt: string;
  readonly value?: string;
  readonly placeholder?: string;
  readonly password?: boolean;
  /** Why the text can't be taken; called while the user types. */
  readonly check?: (text: string) => string | undefined;
  /** Another text for one that was refused, taken over when the user presses Enter on it. */
  readonly mend?: (text: string) => string | undefined;
}

export interface Choice<T> {
  readonly label: string;
  readonly description?: string;
  readonly detail?: string;
  readonly icon?: string;
  readonly value: T;
  /** Heading that stands before this choice; empty for a line alone. */
  readonly group?: string;
}

export interface ChoiceQuestion<T> extends Step {
  readonly placeholder: string;
  readonly choices: readonly Choice<T>[];
}

/** Asks for a line of text; `undefined` when the user left. */
export function askText(question: TextQuestion): Promise<string | typeof Back | undefined> {
  const input = vscode.window.createInputBox();
  input.prompt = question.prompt;
  input.value = question.value ?? '';
  input.placeholder = question.placeholder ?? '';
  input.password = question.password ?? false;
  const validate = (): void => {
    // An empty field is not wrong yet, only unfinished.
    const problem = input.value === '' ? undefined : question.check?.(input.value);
    input.validationMessage = problem ?? '';
  };
  validate();
  return ask(input, question, (resolve) => [
    input.onDidChangeValue(validate),
    input.onDidAccept(() => {
      const problem = question.check?.(input.value);
      if (problem === undefined) {
        resolve(input.value);
        return;
      }
      const mended = question.mend?.(input.value);
      if (mended === undefined) {
        input.validationMessage = problem;
      } else {
        input.value = mended;
        validate();
      }
    }),
  ]);
}

/** Asks for one of several choices; `undefined` when the user left. */
export function askChoice<T>(question: ChoiceQuestion<T>): Promise<T | typeof Back | undefined> {
  interface Item extends vscode.QuickPickItem {
    readonly choice?: Choice<T>;
  }
  const pick = vscode.window.createQuickPick<Item>();
  pick.placeholder = question.placeholder;
  pick.matchOnDescription = true;
  pick.matchOnDetail = true;
  pick.items = question.choices.flatMap((choice): Item[] => [
    ...(choice.group === undefined
      ? []
      : [{ label: choice.group, kind: vscode.QuickPickItemKind.Separator }]),
    {
      label: plainLabel(choice.label),
      choice,
      ...(choice.description === undefined ? {} : { description: plainLabel(choice.description) }),
      ...(choice.detail === undefined ? {} : { detail: plainLabel(choice.detail) }),
      ...(choice.icon === undefined ? {} : { iconPath: new vscode.ThemeIcon(choice.icon) }),
    },
  ]);
  return ask<T>(pick, question, (resolve) => [
    pick.onDidAccept(() => {
      const choice = pick.activeItems[0]?.choice;
      if (choice) {
        resolve(choice.value);
      }
    }),
  ]);
}

/** Quick picks draw `$(name)` as an icon: text that others wrote must not. */
export function plainLabel(text: string): string {
  return text.replaceAll('$(', '\\$(');
}

function ask<T>(
  input: vscode.InputBox | vscode.QuickPick<vscode.QuickPickItem>,
  step: Step,
  listen: (resolve: (value: T) => void) => vscode.Disposable[],
): Promise<T | typeof Back | undefined> {
  return new Promise((resolve) => {
    const finish = (value: T | typeof Back | undefined): void => {
      resolve(value);
      subscriptions.dispose();
    };
    input.title = step.title;
    input.step = step.step;
    input.totalSteps = step.totalSteps;
    input.ignoreFocusOut = true;
    input.buttons = step.canGoBack ? [vscode.QuickInputButtons.Back] : [];
    const subscriptions = vscode.Disposable.from(
      input,
      ...listen(finish),
      input.onDidTriggerButton(() => finish(Back)),
      input.onDidHide(() => finish(undefined)),
    );
    input.show();
  });
}

/** Asks for files; an empty list when the user left. */
export async function askFiles(question: {
  readonly title: string;
  readonly label: string;
  readonly filters?: Readonly<Record<string, string[]>>;
  readonly many?: boolean;
  readonly folders?: boolean;
}): Promise<string[]> {
  const uris = await vscode.window.showOpenDialog({
    title: question.title,
    openLabel: question.label,
    canSelectMany: question.many ?? false,
    canSelectFiles: !question.folders,
    canSelectFolders: question.folders ?? false,
    ...(question.filters ? { filters: question.filters } : {}),
  });
  return (uris ?? []).map((uri) => uri.fsPath);
}

/** Shows work that the user waits for, with a way to stop it. */
export async function withCancellableProgress<T>(
  title: string,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  return vscode.window.withProgress(
    {
      location: vscode.ProgressLocation.Notification,
      title: noticeText(title),
      cancellable: true,
    },
    async (_progress, token) => {
      const abort = new AbortController();
      const subscription = token.onCancellationRequested(() => abort.abort());
      try {
        return await work(abort.signal);
      } finally {
        subscription.dispose();
      }
    },
  );
}
