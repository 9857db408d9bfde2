import { describe, expect, it } from 'vitest';
import { UserError } from '../../../src/host/errors';
import type { Discovered, DiscoveryState } from '../../../src/host/explorer/discovered';
import { lookOf } from '../../../src/host/explorer/nodeLook';
import { childrenOf, type ExplorerNode, nodeId, parentOf } from '../../../src/host/explorer/nodes';
import type { Server } from '../../../src/host/servers';
import { buildSchema } from '../../../src/schema/load';
import type { Problem, Schema } from '../../../src/schema/schema';
import { reflectionOnly } from '../../../src/schema/sources';

const server: Server = {
  id: 'a',
  name: 'Market',
  target: { address: 'market.example:443', security: { kind: 'tls', verify: true } },
  sources: reflectionOnly,
  origin: 'saved',
};

const schema = buildSchema({
  local: {
    sources: [
      {
        name: 'market.proto',
        text: `
          syntax = "proto3";
          package market.v1;
          message M {}
          // A market.
          service ListingService {
            // One listing.
            rpc Get(M) returns (M);
            rpc Search(M) returns (stream M);
            rpc Upload(stream M) returns (M);
            rpc Chat(stream M) returns (stream M) { option deprecated = true; }
          }`,
      },
      {
        name: 'health.proto',
        text: `
          syntax = "proto3";
          package grpc.health.v1;
          message H {}
          service Health { rpc Check(H) returns (H); }`,
      },
    ],
    descriptors: [],
    problems: [],
  },
});

const problem: Problem = {
  code: 'missing-import',
  subject: 'a.proto',
  message: 'b.proto is missing.',
};

const ready = (
  discovered: Partial<Discovered> = {},
  change: Partial<Pick<Schema, 'problems' | 'services'>> = {},
): DiscoveryState => ({
  kind: 'ready',
  discovered: {
    schema: { ...schema, services: schema.services, problems: schema.problems, ...change },
    serviceHealth: new Map(),
    ...discovered,
  },
});

const target: ExplorerNode = { kind: 'target', server };

/** The whole tree as indented text. */
function drawn(node: ExplorerNode, state: DiscoveryState, depth = 0): string[] {
  const { icon, label, description } = lookOf(node, state);
  return [
    `${'  '.repeat(depth)}${icon} ${label}${description ? ` | ${description}` : ''}`,
    ...childrenOf(node, state).flatMap((child) => drawn(child, state, depth + 1)),
  ];
}

function everyNode(node: ExplorerNode, state: DiscoveryState): ExplorerNode[] {
  return [node, ...childrenOf(node, state).flatMap((child) => everyNode(child, state))];
}

describe('the explorer', () => {
  it('shows services and methods with their kind, those of gRPC itself last', () => {
    const state = ready({ health: 'serving', serviceHealth: new Map([['x', 'serving']]) });
    expect(drawn(target, state)).toEqual([
      'lock Market | serving · market.example:443',
      '  symbol-interface ListingService | market.v1',
      '    symbol-method Get | unary',
      '    arrow-down Search | server streaming',
      '    arrow-up Upload | client streaming',
      '    arrow-swap Chat | deprecated · bidirectional streaming',
      '  symbol-interface Health | grpc.health.v1',
      '    symbol-method Check | unary',
    ]);
  });

  it('shows a service that is not serving, and problems with their reasons', () => {
    const [listing, health] = schema.services;
    if (!listing || !health) {
      throw new Error('The schema has no services.');
    }
    const [get, ...others] = listing.methods;
    if (!get) {
      throw new Error('The service has no methods.');
    }
    const state = ready(
      { serviceHealth: new Map([['grpc.health.v1.Health', 'not-serving']]) },
      {
        services: [
          { ...listing, methods: [{ ...get, problems: [problem] }, ...others.slice(0, 1)] },
          health,
        ],
        problems: [problem, problem],
      },
    );
    expect(drawn(target, state)).toEqual([
      'lock Market | market.example:443',
      '  symbol-interface ListingService | market.v1',
      '    warning Get | unary',
      '      warning b.proto is missing.',
      '    arrow-down Search | server streaming',
      '  symbol-interface Health | grpc.health.v1 · NOT serving',
      '    symbol-method Check | unary',
      '  warning 2 problems',
      '    warning b.proto is missing.',
      '    warning b.proto is missing.',
    ]);
  });

  it('shows progress, and what was known while it is read again', () => {
    expect(drawn(target, { kind: 'loading' })).toEqual([
      'loading~spin Market | market.example:443',
    ]);
    const before = ready();
    if (before.kind !== 'ready') {
      throw new Error('not ready');
    }
    expect(drawn(target, { kind: 'loading', previous: before.discovered })).toHaveLength(8);
  });

  it('shows why a server could not be read, and what can be done', () => {
    const error = new UserError('discovery-failed', {
      what: 'Reading the services of Market',
      why: 'Nothing listens on market.example:443.',
      next: 'Start the server.',
    });
    const state: DiscoveryState = { kind: 'failed', error };
    expect(drawn(target, state)).toEqual([
      'lock Market | unavailable · market.example:443',
      '  error Nothing listens on market.example:443.',
      '  refresh Try again',
      '  edit Edit server…',
    ]);
    const [reason] = childrenOf(target, state);
    expect(reason && lookOf(reason, state).tooltip).toContain('Start the server.');
    const sample: ExplorerNode = { kind: 'target', server: { ...server, origin: 'sample' } };
    expect(drawn(sample, state)).not.toContain('  edit Edit server…');
  });

  it('offers to add files where a server has no reflection', () => {
    const error = new UserError('reflection-not-offered', {
      what: 'Reading the services of Market',
      why: 'The server does not offer reflection.',
    });
    expect(drawn(target, { kind: 'failed', error }).at(-1)).toBe(
      '  add Add .proto files or a descriptor set…',
    );
  });

  it('says that reflection failed where local files stand in for it', () => {
    expect(drawn(target, ready({ reflectionFailed: true }))[0]).toBe(
      'lock Market | reflection failed · market.example:443',
    );
  });

  it('offers to add files where a server has no services', () => {
    expect(drawn(target, ready({}, { services: [] })).slice(1)).toEqual([
      '  add Add .proto files or a descriptor set…',
    ]);
  });

  it.each([
    [{ kind: 'plaintext' }, 'unlock', ''],
    [{ kind: 'tls', verify: true }, 'lock', ''],
    [{ kind: 'tls', verify: false }, 'warning', 'not verified · '],
  ] as const)('shows the security %o', (security, icon, said) => {
    const node: ExplorerNode = {
      kind: 'target',
      server: { ...server, target: { ...server.target, security } },
    };
    expect(drawn(node, { kind: 'unread' })[0]).toBe(`${icon} Market | ${said}market.example:443`);
  });

  it('gives every node an id of its own, the same after a refresh, and finds its parent', () => {
    const state = ready({}, { problems: [problem, problem] });
    const nodes = everyNode(target, state);
    const ids = nodes.map(nodeId);
    expect(new Set(ids).size).toBe(ids.length);
    expect(everyNode(target, ready({}, { problems: [problem, problem] })).map(nodeId)).toEqual(ids);
    for (const node of nodes) {
      for (const child of childrenOf(node, state)) {
        const parent = parentOf(child);
        expect(parent && nodeId(parent)).toBe(nodeId(node));
      }
    }
  });

  it('opens the services of a small server and leaves those of a large one closed', () => {
    const [service] = schema.services;
    if (!service) {
      throw new Error('The schema has no services.');
    }
    const node: ExplorerNode = { kind: 'service', server, service };
    expect(lookOf(node, ready()).collapsible).toBe('expanded');
    const many = Array.from({ length: 5 }, () => service);
    expect(lookOf(node, ready({}, { services: many })).collapsible).toBe('collapsed');
  });

  it('shows hostile names as bounded text of one line', () => {
    const [service] = schema.services;
    const [method] = service?.methods ?? [];
    if (!service || !method) {
      throw new Error('The schema has no methods.');
    }
    const hostile = `<b>\n\u001b[2J\u202e${'x'.repeat(10_000_000)}`;
    const look = lookOf(
      {
        kind: 'method',
        server,
        service,
        method: { ...method, name: hostile, comment: hostile, path: `/${hostile}` },
      },
      ready(),
    );
    expect(look.label).toMatch(/^<b>↵\uFFFD\[2J\uFFFDx+…$/);
    expect(look.label.length).toBeLessThan(400);
    expect(look.tooltip.length).toBeLessThan(5000);
  });

  it('says everything to a screen reader', () => {
    expect(lookOf(target, ready({ health: 'not-serving' })).spoken).toBe(
      'Market, market.example:443, TLS, NOT serving',
    );
  });
});
