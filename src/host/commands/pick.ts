import * as vscode from 'vscode';
import { oneLine } from '../../panel/text';
import type { MethodInfo, ServiceInfo } from '../../schema/schema';
import type { App } from '../app';
import { UserError } from '../errors';
import { lookOf } from '../explorer/nodeLook';
import type { ExplorerNode } from '../explorer/nodes';
import { Command } from '../ids';
import type { Server } from '../servers';
import { askChoice, Back, plainLabel } from './ask';

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
    pick.matchOnDescription = true;
    const show = (): void => {
      const active = pick.activeItems[0]?.found;
      const items = methodItems(app);
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

function methodItems(app: App): MethodItem[] {
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
  // The headings go away while the user types: with several servers each method says whose it is.
  const whose = (server: Server): string => (servers.length > 1 ? ` · ${server.name}` : '');
  return servers.flatMap((server): MethodItem[] => {
    const state = app.discovery.state(server);
    const heading: MethodItem = {
      label: oneLine(
        server.name === server.target.address
          ? server.name
          : `${server.name} · ${server.target.address}`,
      ),
      kind: vscode.QuickPickItemKind.Separator,
    };
    if (state.kind === 'failed') {
      return [
        heading,
        {
          label: plainLabel(oneLine(server.name)),
          description: plainLabel(oneLine(state.error.why)),
          iconPath: new vscode.ThemeIcon('error'),
          failed: server,
        },
      ];
    }
    const discovered =
      state.kind === 'ready'
        ? state.discovered
        : state.kind === 'loading'
          ? state.previous
          : undefined;
    const items = (discovered?.schema.services ?? []).flatMap((service) =>
      service.methods.map((method): MethodItem => {
        const look = lookOf({ kind: 'method', server, service, method }, state);
        return {
          label: plainLabel(look.label),
          description: plainLabel(
            oneLine(`${service.name} · ${look.description ?? ''}${whose(server)}`),
          ),
          iconPath: new vscode.ThemeIcon(look.icon),
          found: { server, service, method },
        };
      }),
    );
    return items.length === 0 ? [] : [heading, ...items];
  });
}
