import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type SampleServer, startSampleServer } from '../../src/sampleServer/sampleServer';
import { type BuiltCommand, buildCommand, type Ended } from '../tools/commandLine';
import { startPeer } from '../tools/reflectionPeer';
import { useTemporaryFolders } from '../tools/temporaryFolder';
import { parseXml } from '../tools/xml';

const temporaryFolder = useTemporaryFolders();
let command: BuiltCommand;
let server: SampleServer;

beforeAll(async () => {
  [command, server] = await Promise.all([buildCommand(), startSampleServer()]);
}, 60_000);
afterAll(async () => {
  await command.remove();
  await server.close();
});

const call = 'GRPC {{host}}/market.v1.ListingService/GetListing';
const good = `# @plaintext

### Lamp
# @expect message.price.units == 45
# @capture next = message.seller.id
${call}

{ "id": "lamp-1" }

### Again
# @expect message.seller.id == {{next}}
${call}

{ "id": "lamp-1" }
`;
const bad = `# @plaintext

### Too dear
# @expect status OK
# @expect message.price.units == 5
${call}

{ "id": "lamp-1" }

### Gone
${call}

{ "id": "sofa-1" }

### Misspelt
${call}

{ "idd": "lamp-1" }
`;

async function run(
  files: Readonly<Record<string, string>>,
  ...args: string[]
): Promise<Ended & { readonly cwd: string }> {
  const cwd = await temporaryFolder({ '.git/HEAD': '', ...files });
  const ended = await command.run(['run', '--var', `host=${server.address}`, ...args], cwd);
  return { ...ended, cwd };
}

const withoutTimes = (text: string) => text.replace(/\d[\d.]* (ms|s|µs)\b/g, 'TIME');

describe('frameline run', () => {
  test('sends the requests of a folder’s files in their order, with captures', async () => {
    const { code, out, err } = await run({ 'a/good.grpc': good, 'b/more.grpc': good }, '.');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(withoutTimes(out)).toBe(
      [
        ...['a/good.grpc', '  ✓ Lamp (TIME)', '  ✓ Again (TIME)'],
        ...['b/more.grpc', '  ✓ Lamp (TIME)', '  ✓ Again (TIME)'],
        '4 requests: 4 passed (TIME)\n',
      ].join('\n'),
    );
  });

  test('says of each failure what was expected, what came, where and why', async () => {
    const { code, out } = await run({ 'bad.grpc': bad }, 'bad.grpc');
    expect(code).toBe(1);
    await expect(withoutTimes(out)).toMatchFileSnapshot('golden/commandLine/failures.txt');
  });

  test('takes patterns, titles, and stops at the first failure with --bail', async () => {
    const files = { 'one/good.grpc': good, 'two/bad.grpc': bad };
    const some = await run(files, '--name', 'Lamp', '*/g*.grpc');
    expect(withoutTimes(some.out)).toBe(
      'one/good.grpc\n  ✓ Lamp (TIME)\n1 request: 1 passed (TIME)\n',
    );
    const bailed = await run(files, '--bail', '**/{bad,good}.grpc');
    expect(bailed.code).toBe(1);
    expect(bailed.out).toContain('5 requests: 2 passed, 1 failed, 2 skipped');
    expect(bailed.out).toContain('  - Gone\n');
  });

  test('shows the timeline of what failed with --frames', async () => {
    const { out } = await run({ 'bad.grpc': bad }, '--frames', '--name', 'Gone', 'bad.grpc');
    expect(out).toMatch(/→ +\d+ {2}HEADERS +\d+ B {2}END_HEADERS\n/);
    expect(out).toMatch(/status +NOT_FOUND: no listing has the id "sofa-1"\n/);
  });

  test('writes one JSON document with --json', async () => {
    const { code, out } = await run({ 'bad.grpc': bad, 'good.grpc': good }, '--json', '.');
    expect(code).toBe(1);
    const report = JSON.parse(out);
    expect(report).toMatchObject({
      format: 1,
      tool: { name: 'frameline' },
      summary: { passed: 2, failed: 2, notSent: 1, skipped: 0 },
      files: [{ path: 'bad.grpc' }, { path: 'good.grpc' }],
    });
    const [dear, gone, misspelt] = report.files[0].requests;
    expect(dear).toMatchObject({
      name: 'Too dear',
      line: 6,
      column: 1,
      result: 'failed',
      method: 'market.v1.ListingService/GetListing',
      status: { code: 0, name: 'OK' },
      checks: [
        { text: 'status OK', line: 4, passed: true },
        { text: 'message.price.units == 5', line: 5, passed: false, expected: '5', actual: '45' },
      ],
    });
    expect(gone).toMatchObject({
      result: 'failed',
      status: { code: 5, name: 'NOT_FOUND', origin: 'application' },
    });
    expect(misspelt).toMatchObject({ result: 'not-sent', problems: [{ line: 18, column: 3 }] });
  });

  test('writes XML of JUnit that says the same', async () => {
    const { cwd } = await run({ 'bad.grpc': bad, 'good.grpc': good }, '--junit', 'out.xml', '.');
    const suites = parseXml(await readFile(join(cwd, 'out.xml'), 'utf8'));
    expect(suites).toMatchObject({
      name: 'testsuites',
      attributes: { tests: '5', failures: '2', errors: '1' },
    });
    const [first, second] = suites.children;
    expect(first).toMatchObject({
      name: 'testsuite',
      attributes: { name: 'bad.grpc', tests: '3', failures: '2', errors: '1', skipped: '0' },
    });
    expect(first?.children.map((it) => [it.attributes.name, it.children[0]?.name])).toEqual([
      ['Too dear', 'failure'],
      ['Gone', 'failure'],
      ['Misspelt', 'error'],
    ]);
    expect(first?.children[1]?.children[0]?.text).toContain('no listing has the id "sofa-1"');
    expect(second?.children.map((it) => it.children)).toEqual([[], []]);
    expect(Number(second?.attributes.time)).toBeGreaterThan(0);
  });

  test.each([
    [['nowhere.grpc'], 'There is no file nowhere.grpc.'],
    [['*.txt'], 'There is no request file that fits *.txt.'],
    [['--name', 'Lamb', 'good.grpc'], 'No request has the title "Lamb".\n  Did you mean "Lamp"?'],
    [['empty.grpc'], 'There is no request to send.'],
    [['stray.grpc'], 'stray.grpc:2:1: '],
    [['--env', 'local', 'good.grpc'], 'There is no environment "local"'],
    [['--junit', 'no/where.xml', 'good.grpc'], 'The report could not be written: ENOENT'],
    [[], 'Which request files?'],
  ])('can’t run %j', async (args, why) => {
    const files = { 'good.grpc': good, 'empty.grpc': '# nothing\n', 'stray.grpc': '###\nGET /\n' };
    const { code, err } = await run(files, ...args);
    expect(code).toBe(2);
    expect(err).toContain(why);
  });
});

describe('frameline list and describe', () => {
  const ask = (...args: string[]) =>
    command.run([...args.slice(0, 1), '--plaintext', server.address, ...args.slice(1)], '/');

  test('list services and methods', async () => {
    const services = await ask('list');
    expect(services).toMatchObject({ code: 0, err: '' });
    expect(services.out.split('\n')).toContain('market.v1.ListingService');
    const methods = await ask('list', 'market.v1.ListingService');
    expect(methods.out.split('\n')[0]).toBe('market.v1.ListingService/GetListing');
    const json = JSON.parse((await ask('list', 'market.v1.ListingService', '--json')).out);
    expect(json[0].methods).toContainEqual({
      name: 'market.v1.ListingService/Negotiate',
      kind: 'bidirectional',
      requestType: 'market.v1.NegotiateRequest',
      responseType: 'market.v1.NegotiateResponse',
      comment: expect.stringContaining('Haggle'),
    });
    expect(await ask('list', 'market.v1.ListingServce')).toMatchObject({
      code: 2,
      err: expect.stringContaining('Did you mean market.v1.ListingService?'),
    });
  });

  test('read .proto files, by their path below an import path too', async () => {
    const cwd = await temporaryFolder({
      'protos/a/b.proto':
        'syntax = "proto3"; package a; import "a/m.proto"; service S { rpc Do(M) returns (M); }',
      'protos/a/m.proto': 'syntax = "proto3"; package a; message M {}',
      'a.grpc':
        '# @plaintext\n# @no-reflection\n# @proto a/b.proto\n# @import-path protos\nGRPC localhost:1/a.S/No\n',
    });
    const list = (...args: string[]) => command.run(['list', '--no-reflection', ...args], cwd);
    const paths = ['--import-path', 'protos', 'localhost:1'];
    expect(await list('--proto', 'a/b.proto', ...paths)).toEqual({
      code: 0,
      out: 'a.S\n',
      err: '',
    });
    expect(await list('--proto', 'protos/a/b.proto', ...paths)).toMatchObject({ out: 'a.S\n' });
    const missing = await list('--proto', 'a/c.proto', ...paths);
    expect(missing).toMatchObject({ code: 2, out: '' });
    expect(missing.err).toContain(join(cwd, 'a/c.proto'));
    expect(missing.err).toContain(join(cwd, 'protos/a/c.proto'));
    const file = await command.run(['call', 'a.grpc'], cwd);
    expect(file.err).toContain('The service a.S has no method No');
  });

  test('refuse a file that is missing beside reflection, and neither files nor reflection', async () => {
    expect(await ask('list', '--proto', 'missing.proto')).toMatchObject({
      code: 2,
      out: '',
      err: expect.stringContaining('missing.proto" can\'t be read: ENOENT'),
    });
    expect(await ask('list', '--no-reflection')).toMatchObject({
      code: 2,
      out: '',
      err: expect.stringContaining('Name its files with --proto or --protoset'),
    });
  });

  test('describe services, methods, messages and enums', async () => {
    const definition = async (symbol: string) => (await ask('describe', symbol)).out;
    expect(await definition('market.v1.Photo')).toBe(
      [
        '// market.v1.Photo: message of market/v1/listing.proto',
        ...['message Photo {', '  string file_name = 1;', '  int64 size = 2;'],
        ...['  // SHA-256 of the content.', '  bytes digest = 3;', '}\n'],
      ].join('\n'),
    );
    expect(await definition('market.v1.ListingService/ListAll')).toBe(
      [
        '// market.v1.ListingService.ListAll: method of market/v1/listing_service.proto',
        '',
        '// The way to list before SearchListings.',
        'rpc ListAll(SearchListingsRequest) returns (stream Listing) {',
        '  option deprecated = true;',
        '}\n',
      ].join('\n'),
    );
    expect(await definition('market.v1.UploadPhotosRequest.PhotoInfo')).toMatch(
      /\nmessage PhotoInfo \{\n {2}string listing_id = 1;\n/,
    );
    expect(await definition('market.v1.Condition')).toMatch(/\nenum Condition \{\n/);
    expect(await definition('market.v1.ListingService')).toMatch(/\nservice ListingService \{\n/);
    const json = JSON.parse((await ask('describe', 'market.v1.Photo', '--json')).out);
    expect(json).toMatchObject({
      symbol: 'market.v1.Photo',
      kind: 'message',
      template: { fileName: '', size: '0' },
      jsonSchema: { $ref: '#/$defs/market.v1.Photo' },
    });
  });

  test('describe all services when none is named', async () => {
    const listed = (await ask('list')).out.trimEnd().split('\n');
    const { code, out } = await ask('describe');
    expect(code).toBe(0);
    expect([...out.matchAll(/^\/\/ (\S+): service of /gm)].map(([, name]) => name)).toEqual(listed);
    const alone = (await ask('describe', 'market.v1.ListingService')).out;
    expect(out).toContain(`\n\n${alone}`);
    const json: { symbol: string }[] = JSON.parse((await ask('describe', '--json')).out);
    expect(json.map(({ symbol }) => symbol)).toEqual(listed);
  });

  test('say why a service that the server lists is not known, as does call', async () => {
    const name = 'grpc.health.v1.Health';
    // As in C++, where the health service has no descriptor.
    const peer = await startPeer(['v1alpha'], ({ kind }) =>
      kind === 'list' ? { services: [name] } : { error: { code: 5, message: 'Symbol not found.' } },
    );
    try {
      for (const [verb, symbol] of [
        ['list', name],
        ['describe', name],
        ['describe', `${name}/Check`],
        ['call', `${name}/Check`],
      ] as const) {
        const { code, out, err } = await command.run(
          [verb, '--plaintext', peer.address, symbol],
          '/',
        );
        expect(code).toBe(2);
        expect(out).toBe('');
        expect(err).toContain(
          `"${name}" but does not describe it (NOT_FOUND: "Symbol not found.")`,
        );
        expect(err).toContain('Name its .proto file.');
        expect(err).not.toContain('Did you mean');
      }
    } finally {
      peer.close();
    }
  });

  test('say what to do about a server without reflection', async () => {
    const peer = await startPeer([], () => undefined);
    try {
      const { code, err } = await command.run(['list', '--plaintext', peer.address], '/');
      expect(code).toBe(2);
      expect(err).toContain('or name local .proto files or a descriptor set.');
    } finally {
      peer.close();
    }
  });

  test('speak of the files where the server was not asked', async () => {
    const cwd = await temporaryFolder({ 'empty.binpb': new Uint8Array() });
    const files = ['--no-reflection', '--protoset', 'empty.binpb', 'localhost:1'];
    const list = await command.run(['list', ...files, 'a.S'], cwd);
    expect(list).toMatchObject({ code: 2, out: '' });
    expect(list.err).toContain('The files have no service a.S.');
    const described = await command.run(['describe', ...files, 'a.S/Do'], cwd);
    expect(described).toMatchObject({ code: 2, out: '' });
    expect(described.err).toContain('The files have no a.S.Do.');
    expect((await ask('list', 'a.S')).err).toContain('The server has no service a.S.');
  });

  test('say what was meant', async () => {
    const { code, err } = await ask('describe', 'market.v1.ListingService/GetListin');
    expect(code).toBe(2);
    expect(err).toContain('Did you mean market.v1.ListingService.GetListing?');
    expect((await ask('describe', 'market.v1.Photo.size')).code).toBe(2);
  });
});
