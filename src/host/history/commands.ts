import * as vscode from 'vscode';
import { oneLine, plural } from '../../panel/text';
import { variableNames } from '../../request/variables/references';
import type { App } from '../app';
import { askChoice, Back, type Choice } from '../commands/ask';
import { UserError } from '../errors';
import { Command, ContextKey, View } from '../ids';
import { callDefaults } from '../settings';
import type { ListedCall } from './historyFolder';
import { callLook, fullTime, serverText } from './historyLook';
import type { HistoryNode } from './historyView';

/** What the tree gives a command; nothing from the palette. */
type Argument = HistoryNode | undefined;

/** The call that a command is about: its argument's, or one that the user picks. */
async function callFor(
  app: App,
  argument: Argument,
  placeholder: string,
  fits: (call: ListedCall) => boolean = () => true,
): Promise<ListedCall | undefined> {
  if (argument?.kind === 'call') {
    return argument.call;
  }
  const calls = (await app.history.list()).filter(fits);
  if (calls.length === 0) {
    throw new UserError('history-empty', {
      what: placeholder,
      why: 'There is no call in the history that this can be done with.',
      next: 'Send an RPC: every call is kept.',
    });
  }
  const picked = await askChoice({
    title: 'gRPC',
    placeholder,
    choices: calls.map(choiceOf),
  });
  return picked === Back ? undefined : picked;
}

function choiceOf(call: ListedCall): Choice<ListedCall> {
  const { label, icon } = callLook(call, false);
  const { status, startedAt } = call.entry;
  return {
    label,
    description: `${oneLine(status.name)} · ${fullTime(startedAt)}`,
    detail: oneLine(serverText(call.entry)),
    icon,
    value: call,
  };
}

async function open(app: App, argument: Argument): Promise<void> {
  const call = await callFor(app, argument, 'Which call do you want to open?');
  if (call) {
    await app.panels.openKept(call.entry, false);
  }
}

async function sendAgain(app: App, argument: Argument): Promise<void> {
  const call = await callFor(app, argument, 'Which call do you want to send again?');
  if (call) {
    await app.panels.openKept(call.entry, true);
  }
}

async function pin(app: App, argument: Argument): Promise<void> {
  const placeholder = 'Which call do you want to pin?';
  const call = await callFor(app, argument, placeholder, ({ pinned }) => !pinned);
  if (call) {
    await app.history.pin(call.entry.id, true);
  }
}

async function unpin(app: App, argument: Argument): Promise<void> {
  const placeholder = 'Which call do you want to unpin?';
  const call = await callFor(app, argument, placeholder, ({ pinned }) => pinned);
  if (call) {
    await app.history.pin(call.entry.id, false);
  }
}

/** Compares a call with another one; calls of the same method come first. */
async function compare(app: App, argument: Argument): Promise<void> {
  const one = await callFor(app, argument, 'Which call do you want to compare?');
  if (!one) {
    return;
  }
  const { id, path } = one.entry;
  const others = (await app.history.list()).filter(({ entry }) => entry.id !== id);
  if (others.length === 0) {
    throw new UserError('history-empty', {
      what: 'Comparing two calls',
      why: 'There is only this one in the history.',
      next: 'Send it again, and compare the two.',
    });
  }
  const same = others.filter(({ entry }) => entry.path === path);
  const rest = others.filter(({ entry }) => entry.path !== path);
  const picked = await askChoice({
    title: 'gRPC',
    placeholder: `Which call do you want to compare ${callLook(one, false).label} with?`,
    choices: [...same, ...rest].map((call, index) => ({
      ...choiceOf(call),
      ...(index === 0 && same.length > 0 ? { group: 'the same method' } : {}),
      ...(index === same.length && same.length > 0 ? { group: 'other methods' } : {}),
    })),
  });
  if (picked !== undefined && picked !== Back) {
    await app.callDocuments.compare(one.entry, picked.entry);
  }
}

/** The call that the next "Compare with Selected" is about. */
let selected: ListedCall | undefined;

async function selectForCompare(app: App, argument: Argument): Promise<void> {
  const call = await callFor(app, argument, 'Which call do you want to compare?');
  if (call) {
    selected = call;
    await vscode.commands.executeCommand('setContext', ContextKey.CompareSelected, true);
  }
}

async function compareWithSelected(app: App, argument: Argument): Promise<void> {
  const first = selected;
  if (!first) {
    return compare(app, argument);
  }
  const call = await callFor(
    app,
    argument,
    'Which call do you want to compare with the selected one?',
    ({ entry }) => entry.id !== first.entry.id,
  );
  if (call) {
    await app.callDocuments.compare(first.entry, call.entry);
  }
}

/** The request as it was written; a variable of the environment becomes one of the shell. */
async function copyAsGrpcurl(app: App, argument: Argument): Promise<void> {
  const call = await callFor(app, argument, 'Which call do you want to copy as grpcurl?');
  if (!call) {
    return;
  }
  const request = await app.history.request(call.entry.id);
  const { draftAsGrpcurl } = await import('../../request/grpcurl/draftAsGrpcurl');
  const secrets = variableNames(JSON.stringify(request));
  const { command } = draftAsGrpcurl(request, { secrets, defaults: callDefaults() });
  await vscode.env.clipboard.writeText(command);
  vscode.window.setStatusBarMessage('$(check) Copied as grpcurl', 3000);
}

async function saveAsFile(app: App, argument: Argument): Promise<void> {
  const call = await callFor(app, argument, 'Which call do you want to save as a request file?');
  if (call) {
    const { saveAsRequestFile } = await import('../requestFiles/saveAsRequestFile');
    await saveAsRequestFile(app, await app.history.request(call.entry.id));
  }
}

async function remove(app: App, argument: Argument): Promise<void> {
  const call = await callFor(app, argument, 'Which call do you want to delete?');
  if (!call) {
    return;
  }
  const answer = 'Delete';
  const sure =
    !call.pinned ||
    (await vscode.window.showWarningMessage(
      `Delete ${callLook(call, false).label} of ${fullTime(call.entry.startedAt)}?`,
      { modal: true, detail: 'It is pinned.' },
      answer,
    )) === answer;
  if (sure) {
    await app.history.remove(call.entry.id);
  }
}

async function clear(app: App): Promise<void> {
  const calls = await app.history.list();
  const pinned = calls.filter((call) => call.pinned).length;
  const loose = 'Clear';
  const all = 'Clear Pinned Too';
  const answer = await vscode.window.showWarningMessage(
    'Clear the history of calls?',
    {
      modal: true,
      detail: `${plural(calls.length - pinned, 'call')} will be deleted from this machine, for all windows.${
        pinned > 0 ? ` ${staying(pinned)} unless you choose otherwise.` : ''
      }`,
    },
    loose,
    ...(pinned > 0 ? [all] : []),
  );
  if (answer !== undefined) {
    await app.history.clear(answer === all);
  }
}

function staying(pinned: number): string {
  return pinned === 1 ? '1 pinned call stays' : `${pinned} pinned calls stay`;
}

async function filter(): Promise<void> {
  await vscode.commands.executeCommand(`${View.History}.focus`);
  await vscode.commands.executeCommand('list.find');
}

/** The commands of the history, by id. */
export function historyHandlers(app: App) {
  return {
    [Command.OpenHistoryCall]: (argument: Argument) => open(app, argument),
    [Command.SendAgain]: (argument: Argument) => sendAgain(app, argument),
    [Command.PinCall]: (argument: Argument) => pin(app, argument),
    [Command.UnpinCall]: (argument: Argument) => unpin(app, argument),
    [Command.CompareCalls]: () => compare(app, undefined),
    [Command.CompareCallWith]: (argument: Argument) => compare(app, argument),
    [Command.SelectForCompare]: (argument: Argument) => selectForCompare(app, argument),
    [Command.CompareWithSelected]: (argument: Argument) => compareWithSelected(app, argument),
    [Command.CopyCallAsGrpcurl]: (argument: Argument) => copyAsGrpcurl(app, argument),
    [Command.SaveCallAsRequestFile]: (argument: Argument) => saveAsFile(app, argument),
    [Command.DeleteCall]: (argument: Argument) => remove(app, argument),
    [Command.ClearHistory]: () => clear(app),
    [Command.FilterHistory]: () => filter(),
  };
}
