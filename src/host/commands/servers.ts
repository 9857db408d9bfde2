import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import { parseAddress } from '../../grpc/address';
import { reflectionOnly } from '../../schema/sources';
import type { App } from '../app';
import { UserError } from '../errors';
import type { Discovered } from '../explorer/discovered';
import type { ExplorerNode } from '../explorer/nodes';
import { Setting } from '../ids';
import { noticeText } from '../notice';
import type { Server } from '../servers';
import { askText, Back, withCancellableProgress } from './ask';
import { serverFor } from './pick';
import { askSecurity, type ChosenSecurity } from './security';
import {
  addressProblem,
  addressSuggestion,
  askSchemaFiles,
  editDraft,
  type ServerDraft,
} from './serverDraft';

const addTitle = 'Add Server';

/** Asks for address and security, tries the server, and offers to save it or to mend what was wrong. */
export async function addServer(app: App): Promise<void> {
  const draft = await askNewServer();
  if (draft) {
    await tryAndSave(app, draft, addTitle);
  }
}

export async function editServer(app: App, argument: ExplorerNode | undefined): Promise<void> {
  const server = await serverFor(
    app,
    argument,
    'Which server do you want to edit?',
    (candidate) => candidate.origin !== 'sample',
  );
  if (!server) {
    return;
  }
  if (server.origin !== 'saved') {
    await vscode.commands.executeCommand('workbench.action.openSettings', Setting.Targets);
    return;
  }
  const title = `Edit ${server.name}`;
  const draft = await editDraft({ server, secrets: await app.secrets.get(server.id) }, title);
  if (draft) {
    await save(app, draft);
  }
}

export async function removeServer(app: App, argument: ExplorerNode | undefined): Promise<void> {
  const server = await serverFor(
    app,
    argument,
    'Which server do you want to remove?',
    (candidate) => candidate.origin === 'saved',
  );
  if (!server) {
    return;
  }
  const remove = 'Remove';
  const answer = await vscode.window.showWarningMessage(
    noticeText(`Remove ${server.name} from the explorer?`),
    {
      modal: true,
      detail:
        'Its settings, passphrase and metadata for reflection are deleted. The server itself is not touched.',
    },
    remove,
  );
  if (answer === remove) {
    await app.store.remove(server.id);
    await app.secrets.delete(server.id);
  }
}

export async function addSchemaFilesToServer(
  app: App,
  argument: ExplorerNode | undefined,
): Promise<void> {
  const server = await serverFor(
    app,
    argument,
    'Which server do the files describe?',
    (candidate) => candidate.origin === 'saved',
  );
  const draft =
    server && (await askSchemaFiles({ server, secrets: await app.secrets.get(server.id) }));
  if (draft) {
    await save(app, draft);
  }
}

async function askNewServer(): Promise<ServerDraft | undefined> {
  let written = '';
  for (;;) {
    const address = await askText({
      title: addTitle,
      step: 1,
      totalSteps: 2,
      prompt: 'Address of the server: host:port, dns:///host:port, ipv4:…, ipv6:… or unix:/path',
      placeholder: 'localhost:50051',
      value: written,
      check: addressProblem,
      mend: (text) => {
        written = text;
        return addressSuggestion(text);
      },
    });
    if (address === undefined || address === Back) {
      return undefined;
    }
    const pasted = parseAddress(written);
    const suggested =
      !pasted.ok && pasted.suggestion === address ? pasted.suggestedSecurity : undefined;
    const chosen = await askSecurity({
      title: addTitle,
      step: 2,
      totalSteps: 2,
      canGoBack: true,
      address: address.trim(),
      ...(suggested ? { suggested } : {}),
    });
    if (chosen === undefined) {
      return undefined;
    }
    if (chosen !== Back) {
      return newDraft(address.trim(), chosen);
    }
    written = address;
  }
}

function newDraft(address: string, chosen: ChosenSecurity): ServerDraft {
  return {
    server: {
      id: randomUUID(),
      name: address,
      target: { address, security: chosen.security },
      sources: reflectionOnly,
      origin: 'saved',
    },
    secrets: chosen.passphrase === undefined ? {} : { passphrase: chosen.passphrase },
  };
}

async function tryAndSave(app: App, draft: ServerDraft, title: string): Promise<void> {
  let current = draft;
  for (;;) {
    const result = await tryServer(app, current);
    if (!UserError.is(result)) {
      const named = await askName(current, result);
      if (named) {
        await save(app, named);
      }
      return;
    }
    const change = await askWhatNow(current, result, title);
    if (change === undefined) {
      return;
    }
    if (change === 'save') {
      await save(app, current);
      return;
    }
    current = change;
  }
}

async function tryServer(app: App, draft: ServerDraft): Promise<Discovered | UserError> {
  const { name } = draft.server;
  try {
    return await withCancellableProgress(`Reading the services of ${name}`, (signal) =>
      app.discovery.try(draft.server, draft.secrets, signal),
    );
  } catch (error) {
    return UserError.from(error, `Reading the services of ${name}`);
  }
}

async function askName(
  draft: ServerDraft,
  { schema }: Discovered,
): Promise<ServerDraft | undefined> {
  const count = schema.services.length;
  const name = await askText({
    title: addTitle,
    prompt: `Found ${count} service${count === 1 ? '' : 's'}. Name in the explorer (Enter saves the server)`,
    value: draft.server.name,
  });
  if (name === undefined || name === Back) {
    return undefined;
  }
  return { ...draft, server: { ...draft.server, name: name.trim() || draft.server.name } };
}

/** The server could not be read: a changed draft, `save` to keep it as it is, or `undefined` to drop it. */
async function askWhatNow(
  draft: ServerDraft,
  error: UserError,
  title: string,
): Promise<ServerDraft | 'save' | undefined> {
  const mend = 'Edit…';
  const files = 'Add .proto Files…';
  const keep = 'Save Anyway';
  const answer = await vscode.window.showWarningMessage(
    noticeText(`The services of ${draft.server.name} could not be read.`),
    {
      modal: true,
      detail: [error.why, error.next]
        .flatMap((line) => (line ? [noticeText(line)] : []))
        .join('\n\n'),
    },
    mend,
    files,
    keep,
  );
  switch (answer) {
    case mend:
      return (await editDraft(draft, title)) ?? draft;
    case files:
      return (await askSchemaFiles(draft)) ?? draft;
    case keep:
      return 'save';
    default:
      return undefined;
  }
}

async function save(app: App, draft: ServerDraft): Promise<void> {
  const server: Server = draft.server;
  await app.secrets.set(server.id, draft.secrets);
  await app.store.save(server);
  // The secrets may have changed alone, which the server does not show.
  app.discovery.refresh(server).catch(() => undefined);
  await app.explorer.reveal(server);
}
