import * as vscode from 'vscode';
import { Command } from '../ids';
import type { NodeLook } from './nodeLook';
import type { ExplorerNode } from './nodes';

const collapsibleState = {
  none: vscode.TreeItemCollapsibleState.None,
  collapsed: vscode.TreeItemCollapsibleState.Collapsed,
  expanded: vscode.TreeItemCollapsibleState.Expanded,
} as const;

export function treeItem(node: ExplorerNode, look: NodeLook): vscode.TreeItem {
  const item = new vscode.TreeItem(look.label, collapsibleState[look.collapsible]);
  item.id = look.id;
  item.tooltip = look.tooltip;
  item.iconPath = new vscode.ThemeIcon(
    look.icon,
    look.color === undefined ? undefined : new vscode.ThemeColor(look.color),
  );
  item.accessibilityInformation = { label: look.spoken, role: 'treeitem' };
  if (look.description) {
    item.description = look.description;
  }
  if (look.contextValue !== undefined) {
    item.contextValue = look.contextValue;
  }
  if (node.kind === 'method') {
    item.command = { command: Command.OpenRequest, title: 'Send RPC', arguments: [node] };
  }
  if (node.kind === 'action') {
    item.command = {
      command: node.command,
      title: node.label,
      arguments: [{ kind: 'target', server: node.server } satisfies ExplorerNode],
    };
  }
  return item;
}
