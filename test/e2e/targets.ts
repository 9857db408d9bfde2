import { RequestPanel } from '../tools/editorPanel';
import type { Workbench } from '../tools/editorWorkbench';

/** A server for `frameline.targets`, described by the workspace's own market .proto files. */
export interface MarketTarget {
  readonly name: string;
  readonly address: string;
  readonly security: 'plaintext' | 'tls';
  readonly ca?: string;
}

/** `.vscode/settings.json` that defines servers whose methods are known without asking them. */
export function targetSettings(targets: readonly MarketTarget[]): string {
  return JSON.stringify({
    'frameline.targets': targets.map((target) => ({
      ...target,
      reflection: false,
      protoFiles: ['proto/market/v1/listing_service.proto'],
      importPaths: ['proto'],
    })),
  });
}

/** Opens the panel of a method through the explorer, and closes the server's branch again. */
export async function openMethod(
  workbench: Workbench,
  ...[target, service, method]: [target: string, service: string, method: string]
): Promise<RequestPanel> {
  await workbench.expand(target);
  await workbench.expand(service);
  await workbench.treeRow(method).click();
  const panel = new RequestPanel(workbench);
  await panel.ready(method);
  await workbench.collapse(target);
  return panel;
}
