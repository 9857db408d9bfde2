import type * as vscode from 'vscode';
import type { Scope } from '../../request/variables/scope';
import type { App } from '../app';

/** Where the variables of a request file get their values, without what its answers gave. */
export function scopeFor(app: App, file: vscode.Uri | undefined): Promise<Scope> {
  return app.environments.scopeFor(file);
}
