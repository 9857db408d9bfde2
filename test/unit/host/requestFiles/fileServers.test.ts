import { describe, expect, it } from 'vitest';
import { explorerServer, FileServers } from '../../../../src/host/requestFiles/fileServers';
import type { Server } from '../../../../src/host/servers';
import type { ServerSpec } from '../../../../src/request/serverSpec';
import { reflectionOnly } from '../../../../src/schema/sources';

const spec: ServerSpec = {
  name: 'market',
  target: { address: 'localhost:50051', security: { kind: 'plaintext' } },
  sources: reflectionOnly,
  reflectionMetadata: [],
};
const at = (address: string): ServerSpec => ({ ...spec, target: { ...spec.target, address } });

/** A store as the editor has it: what is written comes back as JSON. */
function memento() {
  let written = '[]';
  return {
    get: () => JSON.parse(written),
    update: async (_key: string, value: unknown) => {
      written = JSON.stringify(value);
    },
    text: () => written,
  };
}

describe('FileServers', () => {
  it('gives the same server for the same spec, also after a reload', () => {
    const store = memento();
    const before = new FileServers(store, () => undefined);
    const server = before.add(spec);
    expect(before.add({ ...spec, name: 'another name' })).toBe(server);
    expect(new FileServers(store, () => undefined).get(server.id)).toEqual(server);
    expect(before.add(at('localhost:1')).id).not.toBe(server.id);
  });

  it('tells servers apart by what decides how they are reached and read', () => {
    const servers = new FileServers(memento(), () => undefined);
    const specs: ServerSpec[] = [
      spec,
      { ...spec, target: { ...spec.target, authority: 'market.example' } },
      { ...spec, target: { ...spec.target, security: { kind: 'tls', verify: true } } },
      { ...spec, target: { ...spec.target, security: { kind: 'tls', verify: false } } },
      { ...spec, sources: { ...reflectionOnly, protoFiles: ['/a.proto'] } },
      { ...spec, reflectionMetadata: [{ key: 'authorization', value: 'x' }] },
    ];
    expect(new Set(specs.map((it) => servers.add(it).id)).size).toBe(specs.length);
  });

  it('writes no secret to disk: neither reflection metadata nor an address with one', () => {
    const store = memento();
    const servers = new FileServers(store, () => undefined);
    const kept = servers.add({ ...spec, reflectionMetadata: [{ key: 'k', value: 's3cret' }] });
    const hidden = servers.add(at('s3cret.example:443'), ['s3cret']);
    servers.add({ ...at('localhost:2'), name: 's3"cr\\et' }, ['s3"cr\\et']);
    servers.add(at('localhost:1'));
    expect(store.text()).not.toContain('s3');
    const later = new FileServers(store, () => undefined);
    expect(later.get(kept.id)).toBeDefined();
    expect(later.get(hidden.id)).toBeUndefined();
    expect(servers.get(hidden.id)?.target.address).toBe('s3cret.example:443');
  });

  it('forgets the server that was used longest ago', () => {
    const forgotten: string[] = [];
    const servers = new FileServers(memento(), (id) => forgotten.push(id));
    const [first, second] = [servers.add(at('h:1')), servers.add(at('h:2'))];
    servers.add(at('h:1'));
    for (let port = 3; port <= 51; port++) {
      servers.add(at(`h:${port}`));
    }
    expect(forgotten).toEqual([second.id]);
    expect(servers.get(first.id)).toBe(first);
  });
});

describe('explorerServer', () => {
  const saved: Server = {
    id: 'saved',
    name: 'Market',
    target: spec.target,
    sources: { ...reflectionOnly, protoFiles: ['/market.proto'] },
    origin: 'saved',
  };

  it('takes a server with the same target for a request that asks for no sources of its own', () => {
    expect(explorerServer([saved], spec)).toBe(saved);
    expect(explorerServer([saved], at('localhost:1'))).toBeUndefined();
  });

  it('prefers the one with the same sources', () => {
    const plain = { ...saved, id: 'plain', sources: reflectionOnly };
    expect(explorerServer([saved, plain], spec)).toBe(plain);
  });

  it('takes none for sources or reflection metadata that it does not have', () => {
    const sources = { ...reflectionOnly, protoFiles: ['/other.proto'] };
    expect(explorerServer([saved], { ...spec, sources })).toBeUndefined();
    const reflectionMetadata = [{ key: 'k', value: 'v' }];
    expect(explorerServer([saved], { ...spec, reflectionMetadata })).toBeUndefined();
  });
});
