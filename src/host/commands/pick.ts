import * as vscode from 'vscode';
import { oneLine } from '../../panel/text';
import type { MethodInfo, ServiceInfo } from '../../schema/schema';
import type { App } from '../app';
import { UserError } from '../errors';
import { discoveredIn } from '../explorer/discovered';
import { lookOf, type NodeLook } from '../explorer/nodeLook';
import type { ExplorerNode } from '../explorer/nodes';
import { Command } from '../ids';
import type { Server } from '../servers';
import { askChoice, Back, plainLabel } from './ask';
import { type Searchable, searchMethods } from './methodSearch';

export interface PickedMethod {
  readonly server: Server;
  readonly service: ServiceInfo;
  readonly method: MethodInfo;
}

/** The server that a command is about: its argument's, or one that the user picks. */
export async function serverFor(
  app: App,
  argument: ExplorerNode | undefined,
  placeholder: string,
  fits: (server: Server) => boolean = () => true,
): Promise<Server | undefined> {
  if (argument && 'server' in argument) {
    return argument.server;
  }
  const servers = app.store.all.filter(fits);
  if (servers.length === 0) {
    throw new UserError('no-server', {
      what: placeholder,
      why: 'There is no server in the explorer that this can be done with.',
      next: 'Add one with "gRPC: Add Server…".',
    });
  }
  const picked = await askChoice({
    title: 'gRPC',
    placeholder,
    choices: servers.map((server) => ({
      label: oneLine(server.name),
      description: oneLine(server.target.address),
      value: server,
    })),
  });
  return picked === Back ? undefined : picked;
}

interface MethodItem extends vscode.QuickPickItem {
  readonly found?: PickedMethod;
  /** For a server that could not be read. */
  readonly failed?: Server;
  readonly command?: string;
}

/**
 * The method that a command is about: its argument's, or one that the user finds by typing. Servers that were
 * not read yet are read meanwhile, and their methods come in as they are known.
 */
export async function methodFor(
  app: App,
  argument: ExplorerNode | undefined,
  placeholder: string,
): Promise<PickedMethod | undefined> {
  if (argument?.kind === 'method') {
    return argument;
  }
  app.sampleServer.restore();
  const pick = vscode.window.createQuickPick<MethodItem>();
  const subscriptions: vscode.Disposable[] = [pick];
  try {
    pick.title = 'gRPC';
    pick.placeholder = placeholder;
    const show = (): void => {
      const active = pick.activeItems[0]?.found;
      const items = methodItems(app, pick.value);
      pick.items = items;
      pick.busy = app.store.all.some((server) => app.discovery.state(server).kind === 'loading');
      const same = items.find(
        (item) =>
          active !== undefined &&
          item.found?.server.id === active.server.id &&
          item.found.method.path === active.method.path,
      );
      // Items that come in must not move the selection away from under the user's hand.
      if (same) {
        pick.activeItems = [same];
      }
    };
    const read = (): void => {
      for (const server of app.store.all) {
        void app.discovery.read(server).catch(() => undefined);
      }
      show();
    };
    const accepted = new Promise<MethodItem | undefined>((resolve) => {
      subscriptions.push(
        pick.onDidAccept(() => resolve(pick.activeItems[0])),
        pick.onDidHide(() => resolve(undefined)),
        pick.onDidChangeValue(show),
        app.discovery.onDidChange(show),
        app.store.onDidChange(read),
      );
    });
    read();
    pick.show();
    const item = await accepted;
    if (item?.failed) {
      await app.explorer.reveal(item.failed);
    } else if (item?.command !== undefined) {
      void vscode.commands.executeCommand(item.command);
    }
    return item?.found;
  } finally {
    vscode.Disposable.from(...subscriptions).dispose();
  }
}

/** What the list shows for what was typed. The editor's own filter would not find a method by its full name. */
function methodItems(app: App, query: string): MethodItem[] {
  const servers = app.store.all;
  if (servers.length === 0) {
    return [
      {
        label: 'Start Sample Server',
        description: 'a server to try things out with',
        iconPath: new vscode.ThemeIcon('play'),
        command: Command.StartSampleServer,
      },
      {
        label: 'Add Server…',
        iconPath: new vscode.ThemeIcon('add'),
        command: Command.AddServer,
      },
    ];
  }
  const methods = servers.map((server) => methodsOf(app, server));
  if (query.trim() !== '') {
    // The headings go away: with several servers each method says whose it is.
    return searchMethods(query, methods.flat()).map(({ entry }) =>
      methodItem(entry, servers.length > 1),
    );
  }
  return servers.flatMap((server, index): MethodItem[] => {
    const items = (methods[index] ?? []).map(({ entry }) => methodItem(entry, false));
    const failure = failedItem(app, server);
    return items.length === 0 && !failure
      ? []
      : [heading(server), ...(failure ? [failure] : []), ...items];
  });
}

interface MethodEntry extends PickedMethod {
  readonly look: NodeLook;
}

function methodsOf(app: App, server: Server): (Searchable & { readonly entry: MethodEntry })[] {
  const state = app.discovery.state(server);
  const discovered = discoveredIn(state);
  return (discovered?.schema.services ?? []).flatMap((service) =>
    service.methods.map((method) => {
      const look = lookOf({ kind: 'method', server, service, method }, state);
      return {
        entry: { server, service, method, look },
        service: service.name,
        method: method.name,
        more: `${look.description ?? ''} ${server.name} ${server.target.address}`,
      };
    }),
  );
}

function methodItem({ look, ...found }: MethodEntry, withServer: boolean): MethodItem {
  const parts = [found.service.name, look.description, withServer ? found.server.name : undefined];
  return {
    label: plainLabel(look.label),
    description: plainLabel(oneLine(parts.filter((part) => part).join(' · '))),
    iconPath: new vscode.ThemeIcon(look.icon),
    // What is in the list has been found already.
    alwaysShow: true,
    found,
  };
}

function heading(server: Server): MethodItem {
  const { name, target } = server;
  return {
    label: oneLine(name === target.address ? name : `${name} · ${target.address}`),
    kind: vscode.QuickPickItemKind.Separator,
  };
}

function failedItem(app: App, server: Server): MethodItem | undefined {
  const state = app.discovery.state(server);
  return state.kind === 'failed'
    ? {
        label: plainLabel(oneLine(server.name)),
        description: plainLabel(oneLine(state.error.why)),
        iconPath: new vscode.ThemeIcon('error'),
        failed: server,
      }
    : undefined;
}
