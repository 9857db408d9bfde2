import { beforeEach, describe, expect, it, vi } from 'vitest';
import type * as vscode from 'vscode';
import { UserError } from '../../../src/host/errors';
import type { DiscoveryState } from '../../../src/host/explorer/discovered';
import { FileServers } from '../../../src/host/requestFiles/fileServers';
import { RequestSchemas } from '../../../src/host/requestSchemas';
import type { Server } from '../../../src/host/servers';
import type { ServerSpec } from '../../../src/request/serverSpec';
import { buildSchema } from '../../../src/schema/load';
import { unpackParts } from '../../../src/schema/packedParts';
import { reflectionOnly } from '../../../src/schema/sources';
import { environments, sampleParts } from '../../tools/requestFiles';

const editor = vi.hoisted(() => ({ isTrusted: true, trust: () => {} }));

vi.mock('vscode', async () => ({
  EventEmitter: (await import('../../tools/fakeEditor')).FakeEventEmitter,
  Disposable: { from: () => ({ dispose: () => {} }) },
  Uri: { parse: (text: string) => text },
  workspace: {
    get isTrusted() {
      return editor.isTrusted;
    },
    onDidGrantWorkspaceTrust: (listener: () => void) => {
      editor.trust = listener;
      return { dispose: () => {} };
    },
  },
}));

const uri = 'file:///shop/market.grpc';

function spec(address: string, more: Partial<ServerSpec> = {}): ServerSpec {
  return {
    name: address,
    target: { address, security: { kind: 'plaintext' } },
    sources: reflectionOnly,
    reflectionMetadata: [],
    ...more,
  };
}

const explored: Server = {
  id: 'market',
  name: 'Market',
  target: { address: 'localhost:50051', security: { kind: 'plaintext' } },
  sources: reflectionOnly,
  origin: 'saved',
};

/** What stands around: a discovery that finds the sample server wherever something listens. */
function host() {
  const states = new Map<string, DiscoveryState>();
  const read: string[] = [];
  const held: unknown[] = [];
  const kept: unknown[] = [];
  const listening = new Set(['localhost:50051']);
  let changed: (server: Server) => void = () => {};
  const discover = async (server: Server) => {
    read.push(server.target.address);
    if (!listening.has(server.target.address)) {
      const error = new UserError('discovery-failed', {
        what: `Reading the services of ${server.name}`,
        why: 'Nothing listens there.',
        next: 'Start it.',
      });
      states.set(server.id, { kind: 'failed', error });
      changed(server);
      throw error;
    }
    const discovered = { schema: buildSchema(sampleParts), serviceHealth: new Map() };
    states.set(server.id, { kind: 'ready', discovered });
    changed(server);
    return discovered;
  };
  const memento = {
    get: () => undefined,
    update: async (...all: unknown[]) => void kept.push(all),
  };
  const schemas = new RequestSchemas({
    store: {
      all: [explored],
      get: (id: string) => (id === explored.id ? explored : undefined),
      onDidChange: () => ({ dispose: () => {} }),
    },
    fileServers: new FileServers(memento as unknown as vscode.Memento, () => {}),
    secrets: { hold: (id: string, secrets: object) => held.push([id, secrets]) },
    discovery: {
      onDidChange: (listener: (server: Server) => void) => {
        changed = listener;
        return { dispose: () => {} };
      },
      state: ({ id }: Server) => states.get(id) ?? { kind: 'unread' },
      read: async (server: Server) => {
        const state = states.get(server.id);
        if (state?.kind === 'failed') {
          throw state.error;
        }
        return discover(server);
      },
      refresh: discover,
      forget: (id: string) => states.delete(id),
    },
    environments: {
      onDidChange: () => ({ dispose: () => {} }),
      chosenFor: async () => environments[0],
      scopeFor: async () => ({
        overrides: new Map(),
        captures: new Map(),
        environment: environments[0],
        secret: async () => ({ ok: true, value: 'hunter2' }),
      }),
    },
  } as unknown as ConstructorParameters<typeof RequestSchemas>[0]);
  return { schemas, read, held, kept, listening, discover };
}

beforeEach(() => {
  editor.isTrusted = true;
});

describe('what the language server is told of servers', () => {
  it('has the schema once, and then that it is the same', async () => {
    const { schemas, read, kept } = host();
    const first = await schemas.describe({ uri, server: spec('localhost:50051') });
    if (first.kind !== 'schema') throw new Error(first.kind);
    expect(unpackParts(first.parts).reflection?.services).toEqual(sampleParts.reflection?.services);
    const { version: known } = first;
    expect(await schemas.describe({ uri, server: spec('localhost:50051'), known })).toEqual({
      kind: 'unchanged',
    });
    expect(read).toEqual(['localhost:50051']);
    expect(kept).toEqual([]);
  });

  it('has the reason of a failure, which is believed for a while', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    try {
      const { schemas, read, listening, kept } = host();
      const failed = {
        kind: 'failed',
        message: expect.stringContaining('Nothing listens there. Start it.'),
      };
      expect(await schemas.describe({ uri, server: spec('other:1') })).toEqual(failed);
      listening.add('other:1');
      expect(await schemas.describe({ uri, server: spec('other:1') })).toEqual(failed);
      expect(read).toEqual(['other:1']);
      vi.advanceTimersByTime(60_000);
      expect(await schemas.describe({ uri, server: spec('other:1') })).toMatchObject({
        kind: 'schema',
      });
      expect(kept).toEqual([]);
    } finally {
      vi.useRealTimers();
    }
  });

  it('connects to nothing in Restricted Mode', async () => {
    editor.isTrusted = false;
    const { schemas, read, discover } = host();
    for (const address of ['localhost:50051', 'other:1']) {
      expect(await schemas.describe({ uri, server: spec(address) })).toMatchObject({
        kind: 'failed',
        message: expect.stringContaining('In Restricted Mode a file connects to nothing.'),
      });
    }
    expect(read).toEqual([]);
    await discover(explored);
    expect(await schemas.describe({ uri, server: spec('localhost:50051') })).toMatchObject({
      kind: 'schema',
    });
    expect(read).toEqual(['localhost:50051']);
  });

  it('fills secrets into the metadata for reflection', async () => {
    const { schemas, held, listening } = host();
    listening.add('other:1');
    const reflectionMetadata = [{ key: 'authorization', value: 'Bearer {{TOKEN}}' }];
    await schemas.describe({ uri, server: spec('other:1', { reflectionMetadata }) });
    expect(held).toEqual([
      [
        expect.any(String),
        { reflectionMetadata: [{ key: 'authorization', value: 'Bearer hunter2' }] },
      ],
    ]);
  });

  it('has names, addresses and the environment', async () => {
    const { schemas } = host();
    expect(schemas.servers()).toEqual([
      { name: 'Market', address: 'localhost:50051', plaintext: true },
    ]);
    expect(await schemas.environment(uri)).toBe('local');
  });

  it('may be another once a server was read, or the folder is trusted', async () => {
    const { schemas, discover } = host();
    let changes = 0;
    schemas.onDidChange(() => changes++);
    await discover(explored);
    editor.trust();
    expect(changes).toBe(2);
  });
});
