import { basename } from 'node:path';
import * as vscode from 'vscode';
import { oneLine, plural } from '../../panel/text';
import type { App } from '../app';
import { askChoice, Back, withCancellableProgress } from '../commands/ask';
import { discoveredIn } from '../explorer/discovered';
import { Command } from '../ids';
import { importRoot } from '../importRoot';
import type { Server } from '../servers';
import type { ProtoPlace } from './protoLenses';

/**
 * Opens the request panel of an `rpc` of a `.proto` file, on the server of the explorer that offers it. Where none
 * does, the file itself can say what a server offers.
 */
export async function sendProtoRpc(app: App, place: ProtoPlace): Promise<void> {
  const { path } = place;
  if (place.server !== undefined && app.store.get(place.server)) {
    await app.panels.open({ serverId: place.server, path });
    return;
  }
  const offering = await serversOffering(app, path);
  if (offering === undefined) {
    return;
  }
  const server = offering.length > 1 ? await askServer(path, offering) : offering[0];
  if (server) {
    await app.panels.open({ serverId: server.id, path });
  } else if (offering.length === 0) {
    await offerOthers(app, place);
  }
}

/** The servers that offer a method, read where that has not been done; undefined when the user left. */
async function serversOffering(app: App, path: string): Promise<Server[] | undefined> {
  app.sampleServer.restore();
  await app.sampleServer.settled();
  const { store, discovery } = app;
  const unread = store.all.filter((server) => !discoveredIn(discovery.state(server)));
  const read = Promise.allSettled(unread.map((server) => discovery.read(server)));
  if (unread.length > 0) {
    const left = await withCancellableProgress(
      `Reading ${plural(unread.length, 'server')} to find out who offers ${path.slice(1)}`,
      (signal) =>
        new Promise<boolean>((resolve) => {
          signal.addEventListener('abort', () => resolve(true));
          void read.then(() => resolve(false));
        }),
    );
    if (left) {
      return undefined;
    }
  }
  return store.all.filter(
    (server) => discoveredIn(discovery.state(server))?.schema.findMethod(path) !== undefined,
  );
}

async function askServer(path: string, servers: readonly Server[]): Promise<Server | undefined> {
  const picked = await askChoice({
    title: 'Send RPC',
    placeholder: `Which server do you want to send ${path.slice(1)} to?`,
    choices: servers.map((server) => ({
      label: oneLine(server.name),
      description: oneLine(server.target.address),
      value: server,
    })),
  });
  return picked === Back ? undefined : picked;
}

/** No server is known to offer the method: it may have no reflection, or not be in the explorer. */
async function offerOthers(app: App, { uri, path }: ProtoPlace): Promise<void> {
  const file = vscode.Uri.parse(uri);
  const usable = file.scheme === 'file' ? app.store.all : [];
  const picked = await askChoice<Server | 'add'>({
    title: 'Send RPC',
    placeholder: `No server of the explorer offers ${path.slice(1)}`,
    choices: [
      { label: 'Add Server…', icon: 'add', value: 'add' },
      ...usable.map((server, index) => ({
        label: oneLine(server.name),
        description: oneLine(server.target.address),
        detail: `Send it there all the same, as ${basename(file.path)} defines it`,
        icon: 'server',
        value: server,
        ...(index === 0 ? { group: 'Use this file as the schema' } : {}),
      })),
    ],
  });
  if (picked === undefined || picked === Back) {
    return;
  }
  if (picked === 'add') {
    await vscode.commands.executeCommand(Command.AddServer);
    return;
  }
  const document = await vscode.workspace.openTextDocument(file);
  const server = app.fileServers.add({
    name: picked.name,
    target: picked.target,
    sources: {
      reflection: false,
      protoFiles: [file.fsPath],
      importPaths: [importRoot(file.fsPath, document.getText())],
      descriptorSets: [],
    },
    reflectionMetadata: [],
  });
  const { passphrase } = await app.secrets.get(picked.id);
  if (passphrase !== undefined) {
    app.secrets.hold(server.id, { passphrase });
  }
  await app.panels.open({ serverId: server.id, path });
}

/** What the lens handed over. */
export function isProtoPlace(argument: unknown): argument is ProtoPlace {
  return (
    typeof argument === 'object' &&
    argument !== null &&
    'uri' in argument &&
    typeof argument.uri === 'string' &&
    'path' in argument &&
    typeof argument.path === 'string'
  );
}
