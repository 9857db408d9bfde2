import type { Health } from '../../grpc/health';
import type { MethodKind } from '../../grpc/methodKind';
import { oneLine, plural } from '../../panel/text';
import { ItemWord } from '../ids';
import { type SecurityLabel, securityLabel, securityText } from '../servers';
import { type Discovered, type DiscoveryState, discoveredIn } from './discovered';
import { type ExplorerNode, isInfrastructure, nodeId } from './nodes';

export interface NodeLook {
  /** Stable, so that the editor keeps what is expanded and selected over a refresh. */
  readonly id: string;
  readonly label: string;
  readonly description?: string;
  /** Plain text; lines are separated by `\n`. */
  readonly tooltip: string;
  /** A codicon. */
  readonly icon: string;
  /** A theme colour for the icon. */
  readonly color?: string;
  readonly contextValue?: string;
  readonly collapsible: 'none' | 'collapsed' | 'expanded';
  /** What a screen reader says. */
  readonly spoken: string;
}

const kindText: Readonly<Record<MethodKind, string>> = {
  unary: 'unary',
  clientStreaming: 'client streaming',
  serverStreaming: 'server streaming',
  bidirectional: 'bidirectional streaming',
};

const kindIcon: Readonly<Record<MethodKind, string>> = {
  unary: 'symbol-method',
  clientStreaming: 'arrow-up',
  serverStreaming: 'arrow-down',
  bidirectional: 'arrow-swap',
};

const securityIcon: Readonly<Record<SecurityLabel, string>> = {
  plaintext: 'unlock',
  tls: 'lock',
  mtls: 'lock',
  'tls-unverified': 'warning',
};

const healthText: Readonly<Record<Health, string>> = {
  serving: 'serving',
  'not-serving': 'NOT serving',
  unknown: 'health unknown',
};

const healthColor: Readonly<Record<Health, string | undefined>> = {
  serving: 'testing.iconPassed',
  'not-serving': 'testing.iconFailed',
  unknown: undefined,
};

export function lookOf(node: ExplorerNode, state: DiscoveryState): NodeLook {
  switch (node.kind) {
    case 'target':
      return targetLook(node, state);
    case 'service':
      return serviceLook(node, state);
    case 'method':
      return methodLook(node);
    case 'problems': {
      const label = plural(node.problems.length, 'problem');
      return {
        id: nodeId(node),
        label,
        tooltip: 'What could not be resolved. Everything else is usable.',
        icon: 'warning',
        color: 'list.warningForeground',
        collapsible: 'collapsed',
        spoken: label,
      };
    }
    case 'problem': {
      const error = node.severity === 'error';
      return {
        id: nodeId(node),
        label: oneLine(node.label),
        tooltip: bounded(node.message),
        icon: error ? 'error' : 'warning',
        color: error ? 'list.errorForeground' : 'list.warningForeground',
        contextValue: ItemWord.Problem,
        collapsible: 'none',
        spoken: `${error ? 'Error' : 'Problem'}: ${oneLine(node.label)}`,
      };
    }
    case 'action':
      return {
        id: nodeId(node),
        label: node.label,
        tooltip: node.label,
        icon: node.icon,
        collapsible: 'none',
        spoken: node.label,
      };
  }
}

function targetLook(node: ExplorerNode & { kind: 'target' }, state: DiscoveryState): NodeLook {
  const { server } = node;
  const security = securityLabel(server.target.security);
  const discovered = discoveredIn(state);
  const health = discovered?.health;
  const loading = state.kind === 'loading';
  const standing = standingOf(state, discovered);
  const unverified = security === 'tls-unverified' ? 'not verified' : undefined;
  const address = server.name === server.target.address ? undefined : server.target.address;
  const color =
    security === 'tls-unverified'
      ? 'list.warningForeground'
      : state.kind === 'failed'
        ? 'list.errorForeground'
        : discovered?.reflectionFailed
          ? 'list.warningForeground'
          : health && healthColor[health];
  return {
    id: nodeId(node),
    label: oneLine(server.name),
    // What matters most first: the end is cut off in a narrow view.
    description: [unverified, standing, address]
      .flatMap((text) => (text === undefined ? [] : oneLine(text)))
      .join(' · '),
    tooltip: [
      server.name,
      server.target.address,
      `Security: ${securityText[security]}`,
      ...(server.target.authority === undefined ? [] : [`Authority: ${server.target.authority}`]),
      ...(health === undefined ? [] : [`Health: ${healthText[health]}`]),
      ...(discovered ? [plural(discovered.schema.services.length, 'service')] : []),
      ...(discovered?.reflection === undefined ? [] : [`Reflection: ${discovered.reflection}`]),
      ...(state.kind === 'failed' ? [state.error.why] : []),
      ...(server.origin === 'settings' ? ['Defined by the settings of this workspace'] : []),
      ...(server.origin === 'sample' ? ['Runs as long as this window is open'] : []),
    ]
      .map((line) => bounded(line))
      .join('\n'),
    icon: loading ? 'loading~spin' : securityIcon[security],
    ...(color === undefined || loading ? {} : { color }),
    contextValue: [
      ItemWord.Target,
      ItemWord[
        server.origin === 'saved' ? 'Saved' : server.origin === 'sample' ? 'Sample' : 'Settings'
      ],
      loading ? ItemWord.Loading : ItemWord.Settled,
    ].join(' '),
    // The first thing that a newcomer sees opens by itself.
    collapsible: server.origin === 'sample' && security === 'plaintext' ? 'expanded' : 'collapsed',
    spoken: [server.name, server.target.address, securityText[security], standing]
      .flatMap((text) => (text === undefined ? [] : oneLine(text)))
      .join(', '),
  };
}

/** With more methods than this, services start closed: the list of services is the better overview. */
const openMethods = 15;

function methodCount(discovered: Discovered | undefined): number {
  return (discovered?.schema.services ?? []).reduce(
    (sum, { name, methods }) => sum + (isInfrastructure(name) ? 0 : methods.length),
    0,
  );
}

function standingOf(state: DiscoveryState, discovered: Discovered | undefined): string | undefined {
  if (state.kind === 'failed') {
    return 'unavailable';
  }
  if (discovered?.reflectionFailed) {
    return 'reflection failed';
  }
  return discovered?.health && healthText[discovered.health];
}

function serviceLook(node: ExplorerNode & { kind: 'service' }, state: DiscoveryState): NodeLook {
  const { service } = node;
  const discovered = state.kind === 'ready' ? state.discovered : undefined;
  const health = discovered?.serviceHealth.get(service.name);
  const dot = service.name.lastIndexOf('.');
  const notServing = health === 'not-serving' ? healthText[health] : undefined;
  const label = oneLine(service.name.slice(dot + 1));
  return {
    id: nodeId(node),
    label,
    description: [dot > 0 ? service.name.slice(0, dot) : undefined, notServing]
      .flatMap((text) => (text === undefined ? [] : oneLine(text)))
      .join(' · '),
    tooltip: [
      service.name,
      plural(service.methods.length, 'method'),
      ...(health === undefined ? [] : [`Health: ${healthText[health]}`]),
      ...(service.comment === undefined ? [] : ['', service.comment]),
    ]
      .map((line) => bounded(line))
      .join('\n'),
    icon: service.problems.length > 0 ? 'warning' : 'symbol-interface',
    ...(service.problems.length > 0
      ? { color: 'list.warningForeground' }
      : notServing
        ? { color: 'testing.iconFailed' }
        : {}),
    contextValue: ItemWord.Service,
    collapsible:
      service.methods.length + service.problems.length === 0
        ? 'none'
        : isInfrastructure(service.name) || methodCount(discovered) > openMethods
          ? 'collapsed'
          : 'expanded',
    spoken: [`service ${oneLine(service.name)}`, notServing].filter((text) => text).join(', '),
  };
}

function methodLook(node: ExplorerNode & { kind: 'method' }): NodeLook {
  const { method } = node;
  const kind = kindText[method.kind];
  const description = method.deprecated ? `deprecated · ${kind}` : kind;
  const doubtful = method.problems.length > 0;
  return {
    id: nodeId(node),
    label: oneLine(method.name),
    description,
    tooltip: [
      method.path.slice(1),
      `${description}: ${streamed(method.requestType, method.kind, 'clientStreaming')} → ${streamed(method.responseType, method.kind, 'serverStreaming')}`,
      ...method.problems.map((problem) => problem.message),
      ...(method.comment === undefined ? [] : ['', method.comment]),
    ]
      .map((line) => bounded(line))
      .join('\n'),
    icon: doubtful ? 'warning' : kindIcon[method.kind],
    color: doubtful ? 'list.warningForeground' : 'symbolIcon.methodForeground',
    contextValue: ItemWord.Method,
    collapsible: doubtful ? 'collapsed' : 'none',
    spoken: `${oneLine(method.name)}, ${description}`,
  };
}

function streamed(type: string, kind: MethodKind, side: MethodKind): string {
  return kind === side || kind === 'bidirectional' ? `stream ${type}` : type;
}

/** Text of several lines from a server, bounded for a tooltip. */
function bounded(text: string): string {
  return text
    .slice(0, 2000)
    .split('\n')
    .slice(0, 20)
    .map((line) => oneLine(line))
    .join('\n');
}
