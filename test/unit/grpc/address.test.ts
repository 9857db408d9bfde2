import { getDefaultAuthority } from '@grpc/grpc-js/build/src/resolver.js';
import { parseUri, splitHostPort } from '@grpc/grpc-js/build/src/uri-parser.js';
import '@grpc/grpc-js';
import { describe, expect, test } from 'vitest';
import { parseAddress } from '../../../src/grpc/address';

describe('parseAddress', () => {
  test.each([
    ['localhost:50051', 'dns', 'dns:localhost:50051', [['localhost', 50051]]],
    ['  localhost:50051\n', 'dns', 'dns:localhost:50051', [['localhost', 50051]]],
    ['127.0.0.1:1', 'dns', 'dns:127.0.0.1:1', [['127.0.0.1', 1]]],
    ['[::1]:50051', 'dns', 'dns:[::1]:50051', [['::1', 50051]]],
    ['my_service:8080', 'dns', 'dns:my_service:8080', [['my_service', 8080]]],
    ['api.example.com.:443', 'dns', 'dns:api.example.com.:443', [['api.example.com.', 443]]],
    [
      'bücher.example:443',
      'dns',
      'dns:xn--bcher-kva.example:443',
      [['xn--bcher-kva.example', 443]],
    ],
    ['dns:api.example.com:443', 'dns', 'dns:api.example.com:443', [['api.example.com', 443]]],
    ['dns:///api.example.com:443', 'dns', 'dns:api.example.com:443', [['api.example.com', 443]]],
    ['DNS:///api:443', 'dns', 'dns:api:443', [['api', 443]]],
    ['dns:///[2001:db8::1]:443', 'dns', 'dns:[2001:db8::1]:443', [['2001:db8::1', 443]]],
    ['dns:///dns:53', 'dns', 'dns:dns:53', [['dns', 53]]],
    ['http:80', 'dns', 'dns:http:80', [['http', 80]]],
    ['ipv4:10.0.0.1:50051', 'ipv4', 'ipv4:10.0.0.1:50051', [['10.0.0.1', 50051]]],
    [
      'ipv4:10.0.0.1:50051,10.0.0.2:50052',
      'ipv4',
      'ipv4:10.0.0.1:50051,10.0.0.2:50052',
      [
        ['10.0.0.1', 50051],
        ['10.0.0.2', 50052],
      ],
    ],
    ['ipv4:///10.0.0.1:1', 'ipv4', 'ipv4:10.0.0.1:1', [['10.0.0.1', 1]]],
    [
      'ipv6:[::1]:50051,[2001:db8::2]:50052',
      'ipv6',
      'ipv6:[::1]:50051,[2001:db8::2]:50052',
      [
        ['::1', 50051],
        ['2001:db8::2', 50052],
      ],
    ],
  ])('%s', (text, kind, grpcTarget, hosts) => {
    expect(parseAddress(text)).toMatchObject({
      ok: true,
      kind,
      grpcTarget,
      hosts: hosts.map(([host, port]) => ({ host, port })),
    });
  });

  test.each([
    ['unix:/run/app.sock', '/run/app.sock'],
    ['unix:///run/app.sock', '/run/app.sock'],
  ])('%s', (text, path) => {
    expect(parseAddress(text)).toEqual({
      ok: true,
      kind: 'unix',
      grpcTarget: `unix:${path}`,
      defaultAuthority: 'localhost',
      hosts: [],
      path,
    });
  });

  test.each([
    ['', 'empty', undefined],
    ['   ', 'empty', undefined],
    ['local host:50051', 'space', undefined],
    ['localhost:50051 ,other:1', 'space', undefined],
    ['localhost\u0000:1', 'space', undefined],
    ['localhost', 'missing-port', undefined],
    ['localhost:', 'missing-port', undefined],
    ['[::1]', 'missing-port', undefined],
    ['dns:50051', 'missing-host', 'localhost:50051'],
    ['dns:///api.example.com', 'missing-port', undefined],
    ['ipv4:10.0.0.1', 'missing-port', undefined],
    ['50051', 'missing-host', 'localhost:50051'],
    [':50051', 'missing-host', undefined],
    ['localhost:0', 'bad-port', undefined],
    ['localhost:65536', 'bad-port', undefined],
    ['localhost:grpc', 'bad-port', undefined],
    ['localhost:-1', 'bad-port', undefined],
    ['localhost:1:2', 'bad-port', undefined],
    ['[::1]50051', 'bad-port', undefined],
    ['::1', 'ipv6-without-brackets', '[::1]:50051'],
    ['::1:50051', 'ipv6-without-brackets', '[::1]:50051'],
    ['2001:db8:0:0:0:0:0:1:443', 'ipv6-without-brackets', '[2001:db8:0:0:0:0:0:1]:443'],
    ['ipv6:::1:50051', 'ipv6-without-brackets', '[::1]:50051'],
    ['[::1:50051', 'bad-ip', undefined],
    ['[localhost]:50051', 'bad-ip', undefined],
    ['256.1.1.1:80', 'bad-ip', undefined],
    ['10.0.1:80', 'bad-ip', undefined],
    ['ipv4:localhost:50051', 'bad-ip', undefined],
    ['ipv4:[::1]:50051', 'bad-ip', undefined],
    ['ipv6:[fe80::zz]:1', 'bad-ip', undefined],
    ['ipv4://10.0.0.1:1', 'bad-ip', 'ipv4:10.0.0.1:1'],
    ['ipv4:10.0.0.1:1,', 'missing-host', undefined],
    ['localhost:50051/my.Service/Method', 'path-after-port', 'localhost:50051'],
    ['example.com/path', 'path-after-port', undefined],
    ['user:secret@host:50051', 'user-info', undefined],
    ['http://localhost:50051', 'url', 'localhost:50051'],
    ['http://localhost', 'url', 'localhost:80'],
    ['https://api.example.com', 'url', 'api.example.com:443'],
    ['https://api.example.com/v1?x=y', 'url', 'api.example.com:443'],
    ['https://[::1]', 'url', '[::1]:443'],
    ['https://', 'url', undefined],
    ['grpc://localhost:50051', 'url', 'localhost:50051'],
    ['grpcs://localhost', 'url', undefined],
    ['tcp://localhost:50051', 'url', 'localhost:50051'],
    ['dns://8.8.8.8/api.example.com:443', 'dns-server', 'dns:///api.example.com:443'],
    ['dns://api.example.com:443', 'dns-server', 'dns:///api.example.com:443'],
    ['xds:///listener', 'unsupported-scheme', undefined],
    ['unix-abstract:name', 'unsupported-scheme', undefined],
    ['etcd://cluster/name', 'unsupported-scheme', undefined],
    ['unix:run/app.sock', 'bad-socket-path', undefined],
    ['unix://run/app.sock', 'bad-socket-path', 'unix:///run/app.sock'],
    ['unix:', 'bad-socket-path', undefined],
    [`unix:/${'x'.repeat(120)}`, 'bad-socket-path', undefined],
    ['a..b:1', 'bad-host', undefined],
    ['host*:1', 'bad-host', undefined],
    [`${'a'.repeat(64)}.com:1`, 'bad-host', undefined],
    [`${'a.'.repeat(130)}com:1`, 'bad-host', undefined],
  ])('refuses %j: %s', (text, problem, suggestion) => {
    const result = parseAddress(text);
    expect(result).toMatchObject({ ok: false, problem });
    if (!result.ok) {
      expect(result.suggestion).toBe(suggestion);
      expect(result.message.length).toBeGreaterThan(20);
      expect(result.message.length).toBeLessThan(250);
      if (suggestion !== undefined) {
        expect(parseAddress(suggestion).ok).toBe(true);
      }
    }
  });

  test('says which security a pasted URL stands for', () => {
    expect(parseAddress('https://a.example')).toMatchObject({ suggestedSecurity: 'tls' });
    expect(parseAddress('grpc://a.example:1')).toMatchObject({ suggestedSecurity: 'plaintext' });
    expect(parseAddress('tcp://a.example:1')).not.toHaveProperty('suggestedSecurity');
  });

  test.each([
    'localhost:50051',
    'dns:///dns:53',
    '[::1]:50051',
    'ipv4:127.0.0.1:1,127.0.0.1:2',
    'ipv6:[::1]:50051',
    'unix:/run/app.sock',
  ])('grpc-js reads the target of %s as the same address and authority', (text) => {
    const address = parseAddress(text);
    if (!address.ok) {
      throw new Error(address.message);
    }
    const uri = parseUri(address.grpcTarget);
    expect(uri).toMatchObject({ scheme: address.kind });
    if (uri === null) {
      return;
    }
    expect(getDefaultAuthority(uri)).toBe(address.defaultAuthority);
    if (address.kind === 'unix') {
      expect(uri.path).toBe(address.path);
    } else {
      expect(uri.path.split(',').map((item) => splitHostPort(item))).toEqual(address.hosts);
    }
  });
});
