import { describe, expect, it } from 'vitest';
import {
  parseSavedServers,
  parseTeamServers,
  type Server,
  securityLabel,
} from '../../../src/host/servers';
import { reflectionOnly } from '../../../src/schema/sources';

const folder = { name: 'shop', path: '/home/ada/shop' };

describe('parseSavedServers', () => {
  it('gives back what was stored', () => {
    const servers: Server[] = [
      {
        id: 'a',
        name: 'Market',
        target: { address: 'localhost:1', security: { kind: 'plaintext' } },
        sources: reflectionOnly,
        origin: 'saved',
      },
      {
        id: 'b',
        name: 'Market TLS',
        target: {
          address: 'dns:///market.example:443',
          authority: 'market',
          security: {
            kind: 'tls',
            ca: '/ca.pem',
            verify: false,
            client: { certificate: '/c.pem', key: '/k.pem' },
          },
        },
        sources: {
          reflection: false,
          protoFiles: ['/a.proto'],
          importPaths: ['/proto'],
          protoFolder: '/',
          descriptorSets: ['/all.binpb'],
        },
        origin: 'saved',
      },
    ];
    expect(parseSavedServers(JSON.parse(JSON.stringify(servers)))).toEqual(servers);
  });

  it('leaves out what it can not read', () => {
    const good = { id: 'a', target: { address: 'x:1', security: { kind: 'plaintext' } } };
    const bad = [
      null,
      7,
      'text',
      [],
      {},
      { ...good, id: '' },
      { ...good, target: { address: 'x:1' } },
      { ...good, target: { address: '', security: { kind: 'plaintext' } } },
      { ...good, target: { address: 'x:1', security: { kind: 'rot13' } } },
    ];
    expect(parseSavedServers([...bad, good, good]).map((server) => server.id)).toEqual(['a']);
    expect(parseSavedServers(undefined)).toEqual([]);
    expect(parseSavedServers({ length: 3 })).toEqual([]);
  });

  it('verifies unless it was turned off explicitly', () => {
    const [server] = parseSavedServers([
      { id: 'a', target: { address: 'x:1', security: { kind: 'tls', verify: 0 } } },
    ]);
    expect(server?.target.security).toEqual({ kind: 'tls', verify: true });
  });
});

describe('parseTeamServers', () => {
  it('takes TLS by default and paths from the folder', () => {
    const { servers, problems } = parseTeamServers(
      [
        {
          address: 'market.example:443',
          ca: 'certs/ca.pem',
          protoFiles: ['a.proto', '/abs.proto'],
          importPaths: ['protos'],
        },
        { name: 'Local', address: 'localhost:1', security: 'plaintext', reflection: false },
      ],
      folder,
    );
    expect(problems).toEqual([]);
    expect(servers).toEqual([
      {
        id: 'settings:shop:market.example:443',
        name: 'market.example:443',
        target: {
          address: 'market.example:443',
          security: { kind: 'tls', verify: true, ca: '/home/ada/shop/certs/ca.pem' },
        },
        sources: {
          ...reflectionOnly,
          protoFiles: ['/home/ada/shop/a.proto', '/abs.proto'],
          importPaths: ['/home/ada/shop/protos'],
          protoFolder: '/home/ada/shop',
        },
        origin: 'settings',
      },
      {
        id: 'settings:shop:Local',
        name: 'Local',
        target: { address: 'localhost:1', security: { kind: 'plaintext' } },
        sources: { ...reflectionOnly, reflection: false },
        origin: 'settings',
      },
    ]);
  });

  it('can not turn verification off', () => {
    const { servers } = parseTeamServers([{ address: 'x:1', verify: false }], folder);
    expect(servers[0]?.target.security).toEqual({ kind: 'tls', verify: true });
  });

  it('says what is wrong with an entry and keeps the others', () => {
    const { servers, problems } = parseTeamServers(
      [
        { name: 'no address' },
        'text',
        { address: 'x:1', security: 'ssl' },
        { address: 'x:1', clientKey: 'k.pem' },
        { address: 'x:1' },
        { address: 'x:1' },
      ],
      folder,
    );
    expect(problems).toEqual([
      'frameline.targets[0] of shop has no address.',
      'frameline.targets[1] of shop has no address.',
      'frameline.targets[2] of shop has a security other than "tls" and "plaintext".',
      'frameline.targets[3] of shop needs both clientCertificate and clientKey, or neither.',
    ]);
    expect(servers.map((server) => server.id)).toEqual([
      'settings:shop:x:1',
      'settings:shop:x:1:1',
    ]);
  });
});

describe('securityLabel', () => {
  it('puts missing verification before everything else', () => {
    const client = { certificate: 'c', key: 'k' };
    expect(securityLabel({ kind: 'plaintext' })).toBe('plaintext');
    expect(securityLabel({ kind: 'tls', verify: true })).toBe('tls');
    expect(securityLabel({ kind: 'tls', verify: true, client })).toBe('mtls');
    expect(securityLabel({ kind: 'tls', verify: false, client })).toBe('tls-unverified');
  });
});
