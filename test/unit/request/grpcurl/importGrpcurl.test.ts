import { describe, expect, it } from 'vitest';
import type { RequestDraft } from '../../../../src/request/draft';
import { draftAsGrpcurl } from '../../../../src/request/grpcurl/draftAsGrpcurl';
import type { ImportOptions } from '../../../../src/request/grpcurl/draftBuilder';
import { importGrpcurl, isGrpcurlCommand } from '../../../../src/request/grpcurl/importGrpcurl';
import { printRequest } from '../../../../src/request/printRequest';
import { reflectionOnly } from '../../../../src/schema/sources';
import { forSeeds, type Random } from '../../../tools/random';
import { readDraft } from '../../../tools/requestDraft';

const options: ImportOptions = { folder: '/work', home: '/home/me' };
const call = 'localhost:50051 market.v1.ListingService/GetListing';

function imported(command: string, more: Partial<ImportOptions> = {}) {
  const result = importGrpcurl(command, { ...options, ...more });
  if (!result.ok) {
    throw new Error(result.problem.message);
  }
  return result;
}

function problem(command: string): { message: string; at: string } {
  const result = importGrpcurl(command, options);
  if (result.ok) {
    throw new Error(`${command} is imported`);
  }
  const { message, span } = result.problem;
  return { message, at: command.slice(span.from, span.to) };
}

/** What differs from the plainest request, and the notes. */
function difference(command: string, more?: Partial<ImportOptions>): object {
  const { draft, notes } = imported(command, more);
  const plainest: RequestDraft = {
    title: 'GetListing',
    target: { address: 'localhost:50051', security: { kind: 'tls', verify: true } },
    sources: reflectionOnly,
    reflectionMetadata: [],
    method: 'market.v1.ListingService/GetListing',
    metadata: [],
    options: {},
    messages: [],
  };
  const changed = Object.entries(draft).filter(
    ([name, value]) =>
      JSON.stringify(value) !== JSON.stringify(plainest[name as keyof RequestDraft]),
  );
  return { ...Object.fromEntries(changed), ...(notes.length > 0 && { notes }) };
}

const plaintext = { target: { address: 'localhost:50051', security: { kind: 'plaintext' } } };
const tls = (more: object) => ({
  target: { address: 'localhost:50051', security: { kind: 'tls', verify: true, ...more } },
});
const both = (key: string, value: string) => ({
  reflectionMetadata: [{ key, value }],
  metadata: [{ key, value }],
});

describe('importGrpcurl: flags', () => {
  it.each<[string, object]>([
    ['', {}],
    ['-plaintext', plaintext],
    ['--plaintext=true', plaintext],
    ['-plaintext=false', {}],
    ['-insecure', tls({ verify: false })],
    ['-cacert tls/ca.pem', tls({ ca: '/work/tls/ca.pem' })],
    ['-cacert ~/ca.pem', tls({ ca: '/home/me/ca.pem' })],
    ['-cert=/c.pem --key /k.pem', tls({ client: { certificate: '/c.pem', key: '/k.pem' } })],
    ['-authority a.example', { target: { ...tls({}).target, authority: 'a.example' } }],
    ['-servername a.example', { target: { ...tls({}).target, authority: 'a.example' } }],
    [
      '-servername a.example -authority a.example',
      { target: { ...tls({}).target, authority: 'a.example' } },
    ],
    [`-d '{"id":"x"}'`, { messages: ['{"id":"x"}'] }],
    [`-d='{"id":"x"}'`, { messages: ['{"id":"x"}'] }],
    [
      `-d '{"a":"}{"}{"b":[1,{}]} [2]\n"x" 3'`,
      { messages: ['{"a":"}{"}', '{"b":[1,{}]}', '[2]', '"x"', '3'] },
    ],
    ["-d ''", {}],
    ['-d {}', { messages: ['{}'] }],
    [`-d '{"a":"{{b}} {{{"}'`, { messages: ['{"a":"\\u007b{b}} {{{"}'] }],
    ["-H 'X-Request-Id:  a: b '", both('X-Request-Id', 'a: b')],
    ['-H a', both('a', '')],
    ["-H ''", {}],
    ['-H trace-bin:AAEC', both('trace-bin', 'AAEC')],
    ["-rpc-header 'a: b'", { metadata: [{ key: 'a', value: 'b' }] }],
    ["-reflect-header 'a: b'", { reflectionMetadata: [{ key: 'a', value: 'b' }] }],
    ['-max-time 3', { options: { deadline: '3s' } }],
    ['-max-time .25', { options: { deadline: '250ms' } }],
    ['-max-time 0', {}],
    ['-max-time 1e2', { options: { deadline: '100s' } }],
    ['-keepalive-time 30', { options: { 'keepalive-time': '30s', 'keepalive-timeout': '30s' } }],
    ['-max-msg-sz 8388608', { options: { 'max-receive-size': '8MiB' } }],
    ['-max-msg-sz 9999999999', { options: { 'max-receive-size': 'unlimited' } }],
    ['-user-agent my/1', { options: { 'user-agent': 'my/1' } }],
    ['-format json', {}],
    [
      '-proto a.proto -proto /b.proto -import-path protos',
      {
        sources: {
          reflection: false,
          protoFiles: ['/work/protos/a.proto', '/b.proto'],
          importPaths: ['/work/protos'],
          descriptorSets: [],
        },
      },
    ],
    [
      '-protoset all.binpb -use-reflection',
      { sources: { ...reflectionOnly, descriptorSets: ['/work/all.binpb'] } },
    ],
  ])('%s', (flags, expected) => {
    expect(difference(`grpcurl ${flags} ${call}`)).toEqual(expected);
  });

  it('looks for .proto files as grpcurl does', () => {
    const command = `grpcurl -import-path a -import-path b -proto x.proto ${call}`;
    const files = (exists: ImportOptions['exists']) =>
      imported(command, exists && { exists }).draft.sources.protoFiles;
    expect(files((path) => path === '/work/b/x.proto')).toEqual(['/work/b/x.proto']);
    expect(files((path) => path === '/work/x.proto')).toEqual(['/work/x.proto']);
    expect(files(undefined)).toEqual(['/work/x.proto']);
  });

  it.each<[string, RegExp]>([
    [
      '-connect-timeout 3',
      /^Not imported: -connect-timeout 3\. The deadline covers connecting too\.$/,
    ],
    ['-emit-defaults', /^Not imported: -emit-defaults\. .*showDefaults/],
    ['-v', /^Not imported: -v\. .*prints/],
    ['-vv', /^Not imported: -vv/],
    ['-format-error', /^Not imported: -format-error/],
    ['-allow-unknown-fields', /^Not imported: -allow-unknown-fields/],
    ['-protoset-out x.bin', /^Not imported: -protoset-out x\.bin/],
    ['-frobnicate', /^Not imported: -frobnicate\. No flag of grpcurl/],
    ['-frobnicate=3', /^Not imported: -frobnicate=3\./],
    ['-frobnicate 3', /^Not imported: -frobnicate 3\./],
    ["-H 'authorization: Bearer abc'", /^\{\{authorization\}\} stands for a secret/],
    ['-H a-bin:x,y', /a-bin:x,y is no base64/],
    ["-H 'a b: c'", /Not imported: -H "a b: c"/],
    ['-max-time 0.0015', /-max-time 0\.0015 is imported as 2ms/],
    ['-keepalive-time 1', /-keepalive-time 1 is imported as 10s/],
    ['-plaintext -cacert ca.pem', /Not imported: -cacert ca\.pem\. It has no effect without TLS/],
    ['-plaintext -servername x', /Not imported: -servername x/],
    ['-protoset x -reflect-header a:b', /Not imported: -reflect-header a:b/],
    ["-d 'id: 3'", /What -d holds is not JSON/],
    [`-d '{\\"id\\":\\"x\\"}'`, /Windows/],
    ["-H 'a: {{b}}'", /^\{\{b\}\} is read as a reference/],
    ['-cacert *.pem', /\*\.pem is taken as it is written/],
    ['-d @', /Not imported: -d @, which reads standard input/],
    [
      '-d "$(cat body.json)"',
      /Not imported: -d \$\(cat body\.json\)\. Write < body\.json as the message/,
    ],
    ['-d "$(jq . x)"', /Not imported: -d \$\(jq \. x\)\. Nothing is run/],
  ])('%s gives a note', (flags, note) => {
    const { notes } = imported(`grpcurl ${flags} ${call}`);
    expect(notes).toEqual([expect.stringMatching(note)]);
  });

  it('takes no secret over', () => {
    const { draft, notes } = imported(
      `grpcurl -H 'authorization: Bearer abc' -H x-api-key:def ${call}`,
    );
    expect(draft.metadata).toEqual([
      { key: 'authorization', value: 'Bearer {{authorization}}' },
      { key: 'x-api-key', value: '{{x-api-key}}' },
    ]);
    expect(draft.reflectionMetadata).toEqual(draft.metadata);
    expect(JSON.stringify({ draft, notes })).not.toMatch(/abc|def/);
  });

  it('takes quotes that Windows needs for quotes', () => {
    const command = `grpcurl.exe -d "{\\"id\\": \\"x\\"}" ${call}`;
    expect(imported(command).draft.messages).toEqual(['{"id": "x"}']);
    expect(imported(`grpcurl -d '{\\"id\\":1}' ${call}`).draft.messages).toEqual(['{"id":1}']);
  });
});

describe('importGrpcurl: what a shell would replace', () => {
  it('makes references of variables, and of what nothing can run', () => {
    const { draft, notes } = imported(
      `grpcurl -H "authorization: Bearer $TOKEN" -H "x: $(date)" -H "y: $(date)" -rpc-header 'z: $NO' ` +
        `-d "{\\"id\\": \\"$\{ID}\\", \\"n\\": $N}" "$HOST:443" market.v1.ListingService/$METHOD`,
    );
    expect(draft).toMatchObject({
      target: { address: '{{HOST}}:443' },
      method: 'market.v1.ListingService/{{METHOD}}',
      metadata: [
        { key: 'authorization', value: 'Bearer {{TOKEN}}' },
        { key: 'x', value: '{{value1}}' },
        { key: 'y', value: '{{value1}}' },
        { key: 'z', value: '$NO' },
      ],
      messages: ['{"id": "{{ID}}", "n": {{N}}}'],
    });
    expect(new Set(notes.map((note) => note.replace(/:.*/, '')))).toEqual(
      new Set([
        '{{HOST}} stands for $HOST',
        '{{METHOD}} stands for $METHOD',
        '{{TOKEN}} stands for $TOKEN',
        '{{value1}} stands for $(date)',
        `{{ID}} stands for $\{ID}`,
        '{{N}} stands for $N',
      ]),
    );
    expect(notes).toHaveLength(6);
  });

  it('takes a whole body from a variable', () => {
    expect(imported(`grpcurl -d "$BODY" ${call}`).draft.messages).toEqual(['{{BODY}}']);
  });

  it('knows the variables that grpcurl itself expands', () => {
    const command = `-H 'x-user: $\{TOKEN}' ${call}`;
    expect(imported(`grpcurl -expand-headers ${command}`).draft.metadata).toEqual([
      { key: 'x-user', value: '{{TOKEN}}' },
    ]);
    expect(imported(`grpcurl ${command}`).draft.metadata[0]?.value).toBe(`$\{TOKEN}`);
  });

  it.each<[string, string[], RegExp | undefined]>([
    [`grpcurl -d @ ${call} <<EOF\n{"a": "$B"}\n{}\nEOF`, ['{"a": "{{B}}"}', '{}'], /\{\{B}}/],
    [`grpcurl -d @ ${call} <<'EOF'\n{"a": "$B"}\nEOF\n`, ['{"a": "$B"}'], undefined],
    [`grpcurl -d @ ${call} <<< '{"a":1}'`, ['{"a":1}'], undefined],
    [`grpcurl -d @ ${call} < body.json`, [], /-d @ from body\.json\. Write < body\.json/],
    [`cat body.json | grpcurl -d @ ${call}`, [], /-d @ from cat body\.json\. Write < body\.json/],
    [`jq -n '{a:1}' | grpcurl -d @ ${call}`, [], /-d @ from jq -n \{a:1\}\. Nothing is run/],
  ])('reads for -d @ what stands in the text: %s', (command, messages, note) => {
    const result = imported(command);
    expect(result.draft.messages).toEqual(messages);
    expect(result.notes[0] ?? '').toMatch(note ?? /^$/);
  });
});

describe('importGrpcurl: the command', () => {
  it.each([
    './bin/grpcurl',
    '/usr/local/bin/grpcurl',
    '$ grpcurl',
    '% grpcurl',
    'C:\\\\tools\\\\grpcurl.exe',
    '# a comment\n\ngrpcurl',
    '\r\ngrpcurl \\\r\n',
  ])('begins with %j', (start) => {
    expect(difference(`${start} -plaintext ${call}`)).toEqual(plaintext);
  });

  it.each<[string, RegExp[]]>([
    [`docker run --rm fullstorydev/grpcurl:v1.9.3 ${call}`, [/docker run --rm, before grpcurl/]],
    [`TOKEN=x sudo grpcurl ${call}`, [/TOKEN=x sudo, before grpcurl/]],
    [`grpcurl ${call} | jq .text > out.json 2>&1`, [/the command jq \.text/]],
    [`grpcurl ${call} > out.json`, [/Not imported: > out\.json/]],
    [`export A=1; grpcurl ${call} && echo done`, [/export A=1/, /echo done/]],
    [`grpcurl ${call} -plaintext -d '{}'`, [/-plaintext, -d stood after it/]],
  ])('%s: says what else there was', (command, notes) => {
    expect(imported(command).notes).toEqual(notes.map((note) => expect.stringMatching(note)));
  });

  it.each<[string, string]>([
    ['market.v1.ListingService.GetListing', 'market.v1.ListingService/GetListing'],
    ['/market.v1.ListingService/GetListing', 'market.v1.ListingService/GetListing'],
  ])('takes the method %s', (symbol, method) => {
    expect(imported(`grpcurl localhost:1 ${symbol}`).draft.method).toBe(method);
  });

  it.each<[string, string]>([
    ['-unix /run/a.sock', 'unix:/run/a.sock'],
    ['-unix a.sock', 'unix:/work/a.sock'],
    ['unix:///run/a.sock', 'unix:/run/a.sock'],
    ['dns:///a.example:1', 'dns:///a.example:1'],
    ['passthrough:///a:1', 'a:1'],
    ['[::1]:50051', '[::1]:50051'],
  ])('takes the address %s', (address, expected) => {
    const { draft, notes } = imported(`grpcurl ${address} a.B/C`);
    expect(draft.target.address).toBe(expected);
    expect(notes).toEqual([]);
  });

  it('says which address can not be used', () => {
    expect(imported('grpcurl xds:///a a.B/C').notes).toEqual([
      expect.stringMatching(/^The address has to be changed\. The scheme "xds"/),
    ]);
  });

  it.each<[string, string, RegExp]>([
    [`grpcurl -d '{"a":1} ${call}`, "'", /single quote ' that opens here/],
    ['curl -d x', 'curl -d x', /no command of grpcurl/],
    ['which grpcurl', 'which grpcurl', /no command of grpcurl/],
    ['', '', /no command of grpcurl/],
    ['grpcurl', '', /address and the method are missing/],
    ['grpcurl localhost:1', 'localhost:1', /address or the method is missing/],
    ['grpcurl localhost:1 a.B/C x', 'x', /"x" is one word too many/],
    ['grpcurl localhost:1 C', 'C', /"C" is no method/],
    ['grpcurl localhost:1 list', 'list', /list asks what the server offers/],
    ['grpcurl -protoset x describe a.B', 'describe', /describe asks/],
    ['grpcurl -help', '-help', /makes no call/],
    [`grpcurl ${call} -d`, '-d', /-d needs a value/],
    [`grpcurl -format text ${call}`, '-format text', /text format/],
    [`grpcurl -alts ${call}`, '-alts', /ALTS/],
    [`grpcurl -plaintext -insecure ${call}`, '-insecure', /grpcurl refuses both/],
    [`grpcurl -cert a ${call}`, '-cert a', /belong together/],
    [`grpcurl -servername a -authority b ${call}`, '-servername a', /different names/],
    [`grpcurl -proto a -protoset b ${call}`, '-protoset b', /not both/],
    [`grpcurl -max-time x ${call}`, '-max-time x', /number of seconds/],
    [`grpcurl -max-time -1 ${call}`, '-max-time -1', /number of seconds/],
    [`grpcurl -max-msg-sz 4MB ${call}`, '-max-msg-sz 4MB', /number of bytes/],
    [`grpcurl -plaintext=yes ${call}`, '-plaintext=yes', /true or false/],
    ["grpcurl 'a b:1' a.B/C", "'a b:1'", /space/],
    [`grpcurl -plaintext ^\r\n  ${call}`, '^', /command prompt of Windows/],
    [`grpcurl -plaintext \`\n  ${call}`, '`', /PowerShell/],
    [`PS C:\\> grpcurl ${call}`, 'P', /PowerShell/],
    [`\r\n\r\ngrpcurl \\\r\n -max-time x ${call}`, '-max-time x', /number of seconds/],
  ])('refuses %j and says where', (command, at, message) => {
    const refused = problem(command);
    expect(refused.message).toMatch(message);
    expect(refused.at).toBe(at);
  });

  it.each<[string, boolean]>([
    [`grpcurl ${call}`, true],
    ["  $ ./grpcurl -d '{", true],
    ['cat x | grpcurl -d @ a b', true],
    ['PS C:\\> grpcurl -d `\n x', true],
    ['curl https://example.com/grpcurl', false],
    ['brew install grpcurl', false],
    ['grpcurl is a "tool', true],
    ["I like 'grpcurl", false],
    ['', false],
  ])('sees whether %j is a command', (text, expected) => {
    expect(isGrpcurlCommand(text)).toBe(expected);
  });
});

describe('export and import', () => {
  it('give the same request back, also through a request file: random drafts', () => {
    forSeeds(1000, (random) => {
      const draft = randomDraft(random);
      const { command, notes } = draftAsGrpcurl(draft);
      expect(notes).toEqual([]);
      const result = imported(command, {
        exists: (path) => draft.sources.protoFiles.includes(path),
      });
      expect(sorted(result.draft)).toEqual(sorted(draft));
      const read = readDraft(printRequest(result.draft));
      expect(sorted({ ...read, messages: read.messages.map(compact) })).toEqual(
        sorted({ ...draft, messages: draft.messages.map(compact) }),
      );
    });
  });

  it('names secrets, and never has their values', () => {
    const { command, notes } = draftAsGrpcurl(
      {
        title: 'GetListing',
        target: { address: 'a:1', security: { kind: 'plaintext' } },
        sources: reflectionOnly,
        method: 'a.B/GetListing',
        reflectionMetadata: [],
        metadata: [{ key: 'x-user', value: "it's {{my-token}}'s" }],
        options: {},
        messages: ['{"a":"{{KEY}} {{other}}"}'],
      },
      { secrets: ['my-token', 'KEY'] },
    );
    expect(command).toContain(`-rpc-header 'x-user: it'\\''s '"$my_token"''\\''s'`);
    expect(command).toContain(`'{"a":"'"$KEY"' {{other}}"}'`);
    expect(notes).toEqual([
      'Set the variable my_token of the shell to the secret my-token first.',
      expect.stringMatching(/KEY first\. It stands in JSON/),
    ]);
    expect(imported(command).draft.metadata).toEqual([
      { key: 'x-user', value: "it's {{my_token}}'s" },
    ]);
  });
});

function compact(text: string): string {
  return JSON.stringify(JSON.parse(text));
}

/** Metadata by key: the order of different keys says nothing. */
function sorted(draft: RequestDraft): RequestDraft {
  const byKey = (pairs: RequestDraft['metadata']) =>
    [...pairs].sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  return {
    ...draft,
    metadata: byKey(draft.metadata),
    reflectionMetadata: byKey(draft.reflectionMetadata),
  };
}

function randomDraft(random: Random): RequestDraft {
  const nasty = ["'", '"', '\\', '$HOME', '`id`', '$(id)', '*', ' ', '~', '#', '!', '{', 'ü', '🚲'];
  const text = (): string =>
    `a${Array.from({ length: random.integer(0, 6) }, () => random.pick([...nasty, 'b', '7'])).join('')}b`;
  const some = <T>(make: () => T): T[] => Array.from({ length: random.integer(0, 2) }, make);
  const pair = () => ({ key: random.pick(['a', 'b-x', 'c.d', 'e_f']), value: text() });
  const path = () => `/${text()}`;
  const files = random.integer(0, 2);
  const keepalive = random.pick(['10s', '90s', '1234567ms']);
  const shared = some(pair);
  const reflection = files === 0 || random.chance(0.3);
  return {
    title: 'M',
    target: {
      address: random.pick([
        'localhost:50051',
        'dns:///a.example:443',
        '[::1]:1',
        'unix:/run/a.sock',
      ]),
      security: random.chance(0.5)
        ? { kind: 'plaintext' }
        : {
            kind: 'tls',
            verify: random.chance(0.5),
            ...(random.chance(0.5) && { ca: path() }),
            ...(random.chance(0.5) && { client: { certificate: path(), key: path() } }),
          },
      authority: text(),
    },
    sources: {
      reflection,
      protoFiles: files === 1 ? [path()] : [],
      importPaths: files === 1 ? some(path) : [],
      descriptorSets: files === 2 ? [path()] : [],
    },
    reflectionMetadata: reflection ? [...shared, ...some(pair)] : [],
    method: 'a.B/M',
    metadata: [...shared, ...some(pair)],
    options: {
      ...(random.chance(0.5) && { deadline: random.pick(['1s', '1ms', '1500ms', '2147483647ms']) }),
      ...(random.chance(0.5) && {
        'keepalive-time': keepalive,
        'keepalive-timeout': keepalive,
      }),
      ...(random.chance(0.5) && { 'max-receive-size': random.pick(['1B', '8MiB', '12345KB']) }),
      ...(random.chance(0.5) && { 'user-agent': 'a/1' }),
    },
    messages: some(() => JSON.stringify({ [text()]: [text(), random.integer(0, 9)] })),
  };
}
