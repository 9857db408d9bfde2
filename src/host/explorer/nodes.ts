import type { MethodInfo, Problem, ServiceInfo } from '../../schema/schema';
import { Command, type CommandId } from '../ids';
import type { Server } from '../servers';
import { type DiscoveryState, discoveredIn } from './discovered';

/** The nodes of the explorer. Pure: nodeLook.ts says how each looks, the provider makes tree items of that. */
export type ExplorerNode =
  | { readonly kind: 'target'; readonly server: Server }
  | { readonly kind: 'service'; readonly server: Server; readonly service: ServiceInfo }
  | {
      readonly kind: 'method';
      readonly server: Server;
      readonly service: ServiceInfo;
      readonly method: MethodInfo;
    }
  | { readonly kind: 'problems'; readonly server: Server; readonly problems: readonly Problem[] }
  | {
      readonly kind: 'problem';
      /** The node that it hangs under, for a stable id. */
      readonly parent: ExplorerNode;
      readonly index: number;
      readonly severity: 'error' | 'warning';
      readonly label: string;
      readonly message: string;
    }
  | {
      readonly kind: 'action';
      readonly server: Server;
      readonly command: CommandId;
      readonly label: string;
      readonly icon: string;
    };

/** A node's children, given what is known of its server. */
export function childrenOf(node: ExplorerNode, state: DiscoveryState): ExplorerNode[] {
  switch (node.kind) {
    case 'target':
      return targetChildren(node, state);
    case 'service':
      return [
        ...node.service.methods.map(
          (method): ExplorerNode => ({
            kind: 'method',
            server: node.server,
            service: node.service,
            method,
          }),
        ),
        ...problemNodes(node, node.service.problems),
      ];
    case 'method':
      return problemNodes(node, node.method.problems);
    case 'problems':
      return problemNodes(node, node.problems);
    case 'problem':
    case 'action':
      return [];
  }
}

export function parentOf(node: ExplorerNode): ExplorerNode | undefined {
  switch (node.kind) {
    case 'target':
      return undefined;
    case 'method':
      return { kind: 'service', server: node.server, service: node.service };
    case 'problem':
      return node.parent;
    case 'service':
    case 'problems':
    case 'action':
      return { kind: 'target', server: node.server };
  }
}

function targetChildren(
  node: ExplorerNode & { kind: 'target' },
  state: DiscoveryState,
): ExplorerNode[] {
  const { server } = node;
  if (state.kind === 'failed') {
    return [
      {
        kind: 'problem',
        parent: node,
        index: 0,
        severity: 'error',
        label: state.error.why,
        message: [state.error.message, state.error.next].filter((line) => line).join('\n'),
      },
      {
        kind: 'action',
        server,
        command: Command.RefreshServer,
        label: 'Try again',
        icon: 'refresh',
      },
      ...(server.origin === 'saved'
        ? [
            {
              kind: 'action',
              server,
              command: Command.EditServer,
              label: 'Edit server…',
              icon: 'edit',
            } as const,
            ...(state.error.code === 'reflection-not-offered' ? [addFiles(server)] : []),
          ]
        : []),
    ];
  }
  const shown = discoveredIn(state);
  if (!shown) {
    return [];
  }
  const { services, problems } = shown.schema;
  const own = services.filter((service) => !isInfrastructure(service.name));
  const infrastructure = services.filter((service) => isInfrastructure(service.name));
  return [
    ...[...own, ...infrastructure].map(
      (service): ExplorerNode => ({ kind: 'service', server, service }),
    ),
    ...(problems.length > 0 ? [{ kind: 'problems', server, problems } as const] : []),
    ...(services.length === 0 && server.origin === 'saved' ? [addFiles(server)] : []),
  ];
}

function addFiles(server: Server): ExplorerNode {
  return {
    kind: 'action',
    server,
    command: Command.AddSchemaFiles,
    label: 'Add .proto files or a descriptor set…',
    icon: 'add',
  };
}

/** Services of gRPC itself stand after those that a person came for. */
export function isInfrastructure(service: string): boolean {
  return service.startsWith('grpc.');
}

function problemNodes(parent: ExplorerNode, problems: readonly Problem[]): ExplorerNode[] {
  return problems.map((problem, index) => ({
    kind: 'problem',
    parent,
    index,
    severity: 'warning',
    label: problem.message,
    message: `${problem.subject}: ${problem.message}`,
  }));
}

export function nodeId(node: ExplorerNode): string {
  switch (node.kind) {
    case 'target':
      return `target/${node.server.id}`;
    case 'service':
      return `service/${node.server.id}/${node.service.name}`;
    case 'method':
      return `method/${node.server.id}${node.method.path}`;
    case 'problems':
      return `problems/${node.server.id}`;
    case 'problem':
      return `problem/${node.index}/${nodeId(node.parent)}`;
    case 'action':
      return `action/${node.server.id}/${node.command}`;
  }
}
