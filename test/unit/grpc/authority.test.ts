import { expect, test } from 'vitest';
import { authorityOptions, parseAuthority } from '../../../src/grpc/authority';

test.each([
  ['api.example.com', 'api.example.com', 'api.example.com'],
  ['api.example.com:8443', 'api.example.com:8443', 'api.example.com'],
  ['api.example.com:443', 'api.example.com:443', 'api.example.com'],
  [' localhost ', 'localhost', 'localhost'],
  ['10.0.0.1', '10.0.0.1', '10.0.0.1'],
  ['[::1]', '[::1]', '::1'],
  ['[::1]:50051', '[::1]:50051', '::1'],
])('%s', (text, authority, serverName) => {
  expect(parseAuthority(text)).toEqual({ ok: true, authority, serverName });
});

test.each(['', 'a b', 'host:port', 'host:99999', '::1', 'https://host', 'host/path', 'a@b'])(
  'refuses %j',
  (text) => {
    expect(parseAuthority(text)).toMatchObject({ ok: false });
    const target = { authority: text, security: { kind: 'plaintext' } } as const;
    if (text !== '') {
      expect(() => authorityOptions(target)).toThrow(TypeError);
    }
  },
);

test('the authority is also the name that the certificate must carry', () => {
  const tls = { kind: 'tls', verify: true } as const;
  expect(authorityOptions({ security: tls })).toEqual({});
  expect(authorityOptions({ authority: 'a.example:1', security: tls })).toEqual({
    'grpc.default_authority': 'a.example:1',
    'grpc.ssl_target_name_override': 'a.example',
  });
  expect(authorityOptions({ authority: 'a.example', security: { kind: 'plaintext' } })).toEqual({
    'grpc.default_authority': 'a.example',
  });
});
