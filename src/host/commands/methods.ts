import * as vscode from 'vscode';
import { formAsGrpcurl } from '../../request/grpcurl/formAsGrpcurl';
import type { App } from '../app';
import type { ExplorerNode } from '../explorer/nodes';
import { callDefaults } from '../settings';
import { methodFor } from './pick';

export async function sendRpc(app: App, argument: ExplorerNode | undefined): Promise<void> {
  const picked = await methodFor(app, argument, 'Which method do you want to call?');
  if (picked) {
    await app.panels.open({ serverId: picked.server.id, path: picked.method.path });
  }
}

export async function copyMethodName(app: App, argument: ExplorerNode | undefined): Promise<void> {
  const picked = await methodFor(app, argument, 'Which method name do you want to copy?');
  if (picked) {
    await copy(picked.method.path.slice(1), 'the method name');
  }
}

export async function copyServiceName(argument: ExplorerNode | undefined): Promise<void> {
  if (argument?.kind === 'service') {
    await copy(argument.service.name, 'the service name');
  }
}

export async function copyProblem(argument: ExplorerNode | undefined): Promise<void> {
  if (argument?.kind === 'problem') {
    await copy(argument.message, 'the problem');
  }
}

/** The method's request template as a command for grpcurl. */
export async function copyAsGrpcurl(app: App, argument: ExplorerNode | undefined): Promise<void> {
  const picked = await methodFor(app, argument, 'Which method do you want to copy as grpcurl?');
  if (!picked) {
    return;
  }
  const { server, method } = picked;
  const { schema } = await app.discovery.read(server);
  const form = { body: schema.template(method.requestType), metadata: [], options: {} };
  const command = formAsGrpcurl(server, method, form, callDefaults());
  await copy(command, 'as grpcurl');
}

export async function showDefinition(app: App, argument: ExplorerNode | undefined): Promise<void> {
  if (argument?.kind === 'service') {
    await app.protoDocuments.show(argument.server, argument.service.name);
    return;
  }
  const picked = await methodFor(app, argument, 'Which method do you want to see?');
  if (picked) {
    const { server, service, method } = picked;
    await app.protoDocuments.show(server, `${service.name}.${method.name}`);
  }
}

async function copy(text: string, what: string): Promise<void> {
  await vscode.env.clipboard.writeText(text);
  vscode.window.setStatusBarMessage(`$(check) Copied ${what}`, 3000);
}
