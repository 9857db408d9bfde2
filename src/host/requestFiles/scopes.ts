import type * as vscode from 'vscode';
import type { Scope } from '../../request/variables/scope';
import type { App } from '../app';

/** Where the variables of a request file get their values, without what its answers gave. */
export async function scopeFor(_app: App, _file: vscode.Uri | undefined): Promise<Scope> {
  return {
    overrides: new Map(),
    captures: new Map(),
    environment: undefined,
    secret: async (name) => ({ ok: false, message: `There is no secret ${name}.` }),
  };
}
