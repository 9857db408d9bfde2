import { execFileSync } from 'node:child_process';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Environment } from '../../../../src/config/environments';
import { parseRequestFile } from '../../../../src/request/file/parse';
import { localRequestFiles } from '../../../../src/request/files';
import type { Resolution } from '../../../../src/request/resolve/resolved';
import { resolveRequest } from '../../../../src/request/resolve/resolveRequest';
import type { Scope } from '../../../../src/request/variables/scope';
import { reflectionOnly } from '../../../../src/schema/sources';
import { useTemporaryFolders } from '../../../tools/temporaryFolder';

const temporaryFolder = useTemporaryFolders();

const local: Environment = {
  name: 'local',
  variables: new Map([['port', '50051']]),
  secrets: ['TOKEN'],
  targets: new Map([
    [
      'market',
      {
        target: { address: 'localhost:{{port}}', security: { kind: 'plaintext' } },
        sources: { ...reflectionOnly, protoFiles: ['/protos/a.proto'] },
      },
    ],
  ]),
};

const scope: Scope = {
  overrides: new Map(),
  captures: new Map(),
  environment: local,
  secret: async () => ({ ok: true, value: 's3cret' }),
};

async function resolve(text: string, folder = '/work', isTrusted = true): Promise<Resolution> {
  const file = parseRequestFile(text);
  const [request] = file.requests;
  if (!request) {
    throw new Error('there is no request in the text');
  }
  const files = localRequestFiles({ file: join(folder, 'a.grpc'), root: folder, isTrusted });
  return resolveRequest(file, request, { scope, files });
}

async function resolved(text: string, folder?: string) {
  const resolution = await resolve(text, folder);
  if (!resolution.ok) {
    throw new Error(resolution.problems.map(({ message }) => message).join('\n'));
  }
  return resolution.request;
}

/** What is wrong, after the text where it is. */
async function problems(text: string, folder?: string, isTrusted?: boolean): Promise<string[]> {
  const resolution = await resolve(text, folder, isTrusted);
  return resolution.ok
    ? []
    : resolution.problems.map(
        ({ span, message }) => `${text.slice(span.from, span.to)}: ${message}`,
      );
}

describe('the target of a request', () => {
  it('is an address with what the annotations say of it', async () => {
    const { server } = await resolved(
      `# @ca ca.pem
# @authority market.test
### one
# @cert pem/client.pem
# @key pem/client.key
# @proto a.proto
# @proto b.proto
# @no-reflection
# @reflect-metadata x-token: {{TOKEN}}
GRPC localhost:{{port}}/a.B/C`,
    );
    expect(server).toEqual({
      name: 'localhost:50051',
      target: {
        address: 'localhost:50051',
        authority: 'market.test',
        security: {
          kind: 'tls',
          verify: true,
          ca: '/work/ca.pem',
          client: { certificate: '/work/pem/client.pem', key: '/work/pem/client.key' },
        },
      },
      sources: {
        reflection: false,
        protoFiles: ['/work/a.proto', '/work/b.proto'],
        importPaths: [],
        descriptorSets: [],
      },
      reflectionMetadata: [{ key: 'x-token', value: 's3cret' }],
    });
  });

  it('is TLS with verification unless the file says otherwise', async () => {
    const security = async (annotation: string) =>
      (await resolved(`${annotation}\nGRPC h:1/a.B/C`)).server.target.security;
    expect(await security('')).toEqual({ kind: 'tls', verify: true });
    expect(await security('# @insecure')).toEqual({ kind: 'tls', verify: false });
    expect(await security('# @plaintext')).toEqual({ kind: 'plaintext' });
  });

  it('lets a request say the contrary of the preamble', async () => {
    const { server } = await resolved('# @plaintext\n### one\n# @insecure\nGRPC h:1/a.B/C');
    expect(server.target.security).toEqual({ kind: 'tls', verify: false });
    const other = await resolved('# @insecure\n# @ca x.pem\n### one\n# @plaintext\nGRPC h:1/a.B/C');
    expect(other.server.target.security).toEqual({ kind: 'plaintext' });
  });

  it('is a target of the environment by its name', async () => {
    const { server } = await resolved('GRPC market/a.B/C');
    expect(server).toMatchObject({
      name: 'market',
      target: { address: 'localhost:50051', security: { kind: 'plaintext' } },
      sources: { protoFiles: ['/protos/a.proto'] },
    });
  });

  it.each([
    ['# @plaintext\nGRPC market/a.B/C', '# @plaintext: @plaintext belongs to the target market'],
    ['# @plaintext\n# @ca x\nGRPC h:1/a.B/C', '# @ca x: @ca is for TLS'],
    ['# @cert x\nGRPC h:1/a.B/C', '# @cert x: A client certificate needs both @cert and @key.'],
    ['# @key x\nGRPC h:1/a.B/C', '# @key x: A client certificate needs both @cert and @key.'],
    ['# @reflect-metadata x\nGRPC h:1/a.B/C', 'Write the metadata as "key: value".'],
    ['GRPC markt/a.B/C', 'The environment local has the targets market.'],
    ['GRPC http://h:1/a.B/C', 'http://h:1: '],
    ['GRPC {{nowhere}}/a.B/C', '{{nowhere}}: There is no variable nowhere'],
  ])('%j is refused', async (text, message) => {
    expect((await problems(text)).join('\n')).toContain(message);
  });
});

describe('a request', () => {
  it('has its options, metadata, messages and checks', async () => {
    const text = `@id = 9007199254740993
# @deadline 5s
### Ask
# @deadline 2s
# @keepalive-time 5m
# @expect message.id == {{id}}
# @capture price = message.price
GRPC h:1/a.B/C
authorization: Bearer {{TOKEN}}

{ "id": "{{id}}", "size": {{port}} }
=== wait 2
{}`;
    const request = await resolved(text);
    expect(request).toMatchObject({
      name: 'Ask',
      path: '/a.B/C',
      options: { deadline: '2s', 'keepalive-time': '5m' },
      metadata: [{ key: 'authorization', value: 'Bearer s3cret' }],
      messages: [
        { json: '{ "id": "9007199254740993", "size": 50051 }', wait: undefined },
        { json: '{}', wait: { kind: 'answers', count: 2 } },
      ],
      secrets: ['s3cret'],
      expectations: [{ value: '9007199254740993', text: 'message.id == {{id}}' }],
      captures: [{ name: 'price' }],
    });
    const [first] = request.messages;
    const size = first?.json.indexOf('50051') ?? 0;
    expect(text.slice(first?.placeOf?.(size))).toMatch(/^\{\{port\}\}/);
  });

  it.each([
    ['# @deadlin 2s\nGRPC h:1/a.B/C', '# @deadlin 2s: There is no annotation @deadlin.'],
    ['# @deadline 2\nGRPC h:1/a.B/C', '# @deadline 2: @deadline: "2" has no unit'],
    ['# @deadline\nGRPC h:1/a.B/C', '# @deadline: A value has to follow @deadline.'],
    ['# @plaintext yes\nGRPC h:1/a.B/C', 'Nothing may follow @plaintext.'],
    ['# @expect stauts OK\nGRPC h:1/a.B/C', 'Did you mean status?'],
    ['# @capture x\nGRPC h:1/a.B/C', 'Write the name of a variable'],
    ['GRPC h:1/a.B/C\nte: x', 'te: x: '],
    ['GRPC h:1/a.B/C\nwhat', 'what: This is no metadata'],
    ['GRPC h:1/a.B/C\n\n{ "a": {{b}} }', '{{b}}: There is no variable b'],
  ])('%j is refused', async (text, message) => {
    expect((await problems(text)).join('\n')).toContain(message);
  });

  it('is not refused for mistakes of its neighbours', async () => {
    expect(await problems('### a\nGRPC h:1/a.B/C\n### b\nwhat\n')).toEqual([]);
  });
});

describe('a message from a file', () => {
  const request = (path: string) => `GRPC h:1/a.B/C\n\n< ${path}`;

  it('is read from inside the folder, without references replaced', async () => {
    const folder = await temporaryFolder();
    await mkdir(join(folder, 'bodies'));
    await writeFile(join(folder, 'bodies', 'one.json'), '{ "a": "{{b}}" }');
    const { messages } = await resolved(request('./bodies/one.json'), folder);
    expect(messages).toMatchObject([{ json: '{ "a": "{{b}}" }', placeOf: undefined }]);
  });

  it('is not read from outside, whatever the way there', async () => {
    const outside = await temporaryFolder();
    await writeFile(join(outside, 'secret.json'), '{}');
    const folder = await temporaryFolder();
    await symlink(join(outside, 'secret.json'), join(folder, 'link.json'));
    await symlink(outside, join(folder, 'linked'));
    for (const path of [
      '/etc/hostname',
      `${outside}/secret.json`,
      './link.json',
      './linked/secret.json',
    ]) {
      expect(await problems(request(path), folder)).toEqual([
        expect.stringMatching(/is outside .*: a message is read from inside the folder only/),
      ]);
    }
  });

  it.runIf(process.platform === 'linux')('is no pipe: nobody waits for a writer', async () => {
    const folder = await temporaryFolder();
    execFileSync('mkfifo', [join(folder, 'pipe.json')]);
    expect(await problems(request('pipe.json'), folder)).toEqual([
      'pipe.json: pipe.json is no file but a device or a pipe.',
    ]);
  });

  it('is not even looked for outside, so that nobody learns what is there', async () => {
    const folder = await temporaryFolder();
    expect(await problems(request('/no/such/file'), folder)).toEqual([
      expect.stringContaining('/no/such/file is outside'),
    ]);
  });

  it('may be missing or a folder', async () => {
    const folder = await temporaryFolder();
    await mkdir(join(folder, 'bodies'));
    expect(await problems(request('no.json'), folder)).toEqual([
      'no.json: There is no file no.json. The path is relative to the request file.',
    ]);
    expect(await problems(request('bodies'), folder)).toEqual([
      'bodies: bodies is a folder. Write the path of a file.',
    ]);
  });
});

it('reads certificates and schemas from outside only where the folder is trusted', async () => {
  const folder = await temporaryFolder();
  const outside = join(await temporaryFolder(), 'ca.pem');
  await writeFile(outside, 'x');
  const text = `# @ca ${outside}\nGRPC h:1/a.B/C`;
  expect(await problems(text, folder, true)).toEqual([]);
  expect(await problems(text, folder, false)).toEqual([
    expect.stringContaining("in Restricted Mode a request file can't read outside it"),
  ]);
});

it.each([
  '# @deadline {{TOKEN}}\nGRPC h:1/a.B/C',
  '# @expect status {{TOKEN}}\nGRPC h:1/a.B/C',
  '# @capture x = {{TOKEN}}.id\nGRPC h:1/a.B/C',
  '# @service-config {{TOKEN}}\nGRPC h:1/a.B/C',
  '# @ca {{TOKEN}}.pem\n# @key {{TOKEN}}\nGRPC h:1/a.B/C',
  '# @plaintext {{TOKEN}}\nGRPC h:1/a.B/C',
  '# @reflect-metadata {{TOKEN}}\nGRPC h:1/a.B/C',
  'GRPC {{TOKEN}}/a.B/C',
  'GRPC h:{{TOKEN}}/a.B/C',
  'GRPC h:1/a.B/C\nkey-bin: {{TOKEN}}!',
  'GRPC h:1/a.B/C\n\n< {{TOKEN}}.json',
  '@a = {{TOKEN}}\nGRPC {{a}}/a.B/C\nx: {{lost}}',
])('says what is wrong without the secrets that stand there: %s', async (text) => {
  const found = await problems(text, await temporaryFolder(), false);
  expect(found).not.toEqual([]);
  expect(found.join('\n')).not.toContain('s3cret');
});
