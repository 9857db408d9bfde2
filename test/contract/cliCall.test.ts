import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type SampleServer, startSampleServer } from '../../src/sampleServer/sampleServer';
import { type BuiltCommand, buildCommand, type Ended } from '../tools/commandLine';
import { useTemporaryFolders } from '../tools/temporaryFolder';

const temporaryFolder = useTemporaryFolders();
let command: BuiltCommand;
let server: SampleServer;

beforeAll(async () => {
  [command, server] = await Promise.all([
    buildCommand(),
    startSampleServer({ tls: true, mtls: true }),
  ]);
}, 60_000);
afterAll(async () => {
  await command.remove();
  await server.close();
});

const market = 'market.v1.ListingService';

interface CallOptions {
  readonly options?: readonly string[];
  readonly input?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
}

/** Calls a method of the sample server without TLS. */
function call(
  method: string,
  { options = [], input, env, cwd = command.folder }: CallOptions = {},
): Promise<Ended> {
  const args = ['call', '--plaintext', ...options, server.address, method];
  return command.run(args, cwd, { ...process.env, ...env }, input);
}

const lines = (out: string) => out.trimEnd().split('\n');
const parsed = (out: string) => lines(out).map((line) => JSON.parse(line));

describe('frameline call', () => {
  test('sends one message and prints the answer as JSON, and nothing else', async () => {
    const { code, out, err } = await call(`${market}/GetListing`, {
      options: ['-d', '{"id":"bike-7"}'],
    });
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(JSON.parse(out)).toMatchObject({ id: 'bike-7', price: { currencyCode: 'EUR' } });
    expect(out).toMatch(/^\{\n {2}"id": "bike-7",\n/);
  });

  test('sends an empty message when none is given, and takes a dot before the method', async () => {
    const { code, out } = await call(`${market}.GetListing`, { options: ['--json'], input: '' });
    expect(code).toBe(0);
    expect(parsed(out)).toMatchObject([{ id: 'lamp-1' }]);
  });

  test('prints each message of a stream in a line with --json', async () => {
    const { code, out } = await call(`${market}/SearchListings`, {
      options: ['--json', '--defaults', '-d', '{"limit":3}'],
    });
    expect(code).toBe(0);
    expect(parsed(out)).toMatchObject([{ position: 0 }, { position: 1 }, { position: 2 }]);
  });

  test('sends all messages of a stream from a file', async () => {
    const cwd = await temporaryFolder({
      'photos.json':
        '{"info":{"listingId":"lamp-1","fileName":"a.jpg"}}\n{"chunk":"AAECAw=="} {"chunk":"BA=="}',
    });
    const { code, out } = await call(`${market}/UploadPhotos`, {
      cwd,
      options: ['-d', '@photos.json'],
    });
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ totalSize: '5' });
  });

  test('answers while the standard input is still open', async () => {
    const child = spawn(
      process.execPath,
      [command.program, 'call', '--plaintext', '--json', server.address, `${market}/Negotiate`],
      { stdio: ['pipe', 'pipe', 'inherit'] },
    );
    const replies: string[] = [];
    child.stdout.setEncoding('utf8').on('data', (text: string) => replies.push(text));
    const answered = () => new Promise((resolve) => child.stdout.once('data', resolve));
    child.stdin.write('{"listingId":"lamp-1"}\n');
    await answered();
    child.stdin.write('{"text":"good');
    child.stdin.write(' morning"}');
    await answered();
    child.stdin.end();
    const code = await new Promise((resolve) => child.once('close', resolve));
    expect(code).toBe(0);
    expect(lines(replies.join(''))).toHaveLength(2);
  });

  test('ends when the call does, though the standard input stays open', async () => {
    const child = spawn(
      process.execPath,
      [command.program, 'call', '--plaintext', '--json', server.address, `${market}/Negotiate`],
      { stdio: ['pipe', 'pipe', 'ignore'] },
    );
    // There is no such listing: the server ends the talk.
    child.stdin.write('{"listingId":"sofa-1"}\n');
    const code = await new Promise((resolve) => child.once('close', resolve));
    expect(code).toBe(64 + 5);
    child.stdin.destroy();
  });

  test('gives 64 and the code of a status, and says where it came from and what to do', async () => {
    const { code, out, err } = await call(`${market}/GetListing`, {
      options: ['-d', '{"id":"sofa-1"}'],
    });
    expect({ code, out }).toEqual({ code: 64 + 5, out: '' });
    expect(err).toMatch(/^NOT_FOUND: no listing has the id "sofa-1" \(0 messages, /);
    expect(err).toContain('\n  From: the application\n');
    expect(err).toContain('\n  Next: ');
    expect(err).toContain('google.rpc.ErrorInfo: { "reason": "LISTING_NOT_FOUND"');
  });

  test('ends with the deadline that an option sets', async () => {
    const { code, err } = await call('faults.v1.Faults/Hang', { options: ['--deadline', '50ms'] });
    expect(code).toBe(64 + 4);
    expect(err).toMatch(/^DEADLINE_EXCEEDED/);
  });

  test('sends metadata, and shows headers with -v but no credentials', async () => {
    const { code, out, err } = await call('faults.v1.Faults/Metadata', {
      options: ['-v', '-H', 'x-color: blue', '-H', 'authorization: Bearer s3cret'],
    });
    expect(code).toBe(0);
    expect(out).toContain('x-color');
    expect(err).toContain('> x-color: blue\n');
    expect(err).toContain('> authorization: (hidden)\n');
    expect(err).toContain('< grpc-status: 0\n');
    expect(err).not.toContain('s3cret');
  });

  test('takes variables in what stands on the command line', async () => {
    const { code, out } = await call(`${market}/GetListing`, {
      options: ['--var', 'id=radio-9', '-d', '{"id":"{{id}}"}', '--json'],
    });
    expect(code).toBe(0);
    expect(parsed(out)).toMatchObject([{ id: 'radio-9' }]);
  });
});

describe('what frameline call refuses', () => {
  test.each([
    [['GetListin'], 'The service market.v1.ListingService has no method GetListin. Did you mean'],
    [['GetListing', '-d', '{"idd":1}'], '-d:1:2: market.v1.GetListingRequest has no field "idd"'],
    [['GetListing', '-d', '{\n "id": x}'], '-d:2:8: '],
    [['GetListing', '-d', '{} {}'], 'GetListing takes one message, and 2 stand here'],
    [['GetListing', '-d', '@nowhere.json'], "nowhere.json can't be read: ENOENT"],
    [['GetListing', '--deadline', 'soon'], '--deadline: '],
    [['GetListing', '-H', 'colour'], '"colour" is no metadata.'],
    [['GetListing', '--var', 'x'], '--var x gives no variable a value.'],
    [['GetListing', '-d', '"{{who}}"'], 'There is no variable who'],
    [['GetListing', '--ca', 'ca.pem'], '--ca is for TLS, and --plaintext says that there is none.'],
  ])('%j', async ([method = '', ...options], why) => {
    const { code, out, err } = await call(`${market}/${method}`, { options });
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(why);
  });

  test('a message of a running stream, at its place, and cancels the call', async () => {
    const { code, err } = await call(`${market}/Negotiate`, {
      input: '{"listingId":"lamp-1"}\n\n  {"texxt":"hi"}\n',
    });
    expect(code).toBe(2);
    expect(err).toContain('stdin:3:4: market.v1.NegotiateRequest has no field "texxt"');
  });

  test('a server without TLS that is asked for it, and one that isn’t there', async () => {
    const args = [server.address, `${market}/GetListing`];
    const tls = await command.run(['call', ...args], command.folder);
    expect(tls).toMatchObject({ code: 2, out: '' });
    expect(tls.err).toContain('does not speak TLS');
    const free = createServer();
    await new Promise<void>((resolve) => free.listen(0, '127.0.0.1', resolve));
    const { port } = free.address() as { port: number };
    await new Promise((resolve) => free.close(resolve));
    const gone = await command.run(
      ['call', '--plaintext', `127.0.0.1:${port}`, `${market}/GetListing`],
      command.folder,
    );
    expect(gone).toMatchObject({ code: 2, out: '' });
    expect(gone.err).toMatch(/ECONNREFUSED|refused/);
  });
});

describe('security', () => {
  const tls = (...options: string[]) =>
    command.run(
      ['call', ...options, server.tlsAddress as string, `${market}/GetListing`],
      command.folder,
    );

  test('a certificate is verified unless --insecure says otherwise', async () => {
    const refused = await tls();
    expect(refused).toMatchObject({ code: 2, out: '' });
    expect(refused.err).toMatch(/certificate/);
    expect(await tls('--ca', server.certificates?.ca as string)).toMatchObject({
      code: 0,
      err: '',
    });
    expect(await tls('--insecure')).toMatchObject({ code: 0, err: '' });
  });

  test('a certificate file that is missing, or holds none, is a mistake of the user', async () => {
    const cwd = await temporaryFolder({ 'empty.pem': '' });
    const args = [server.tlsAddress as string, `${market}/GetListing`];
    for (const [name, ca] of [
      ['call', 'missing.pem'],
      ['call', 'empty.pem'],
      ['list', 'missing.pem'],
    ] as const) {
      const ended = await command.run([name, '--ca', ca, ...args], cwd);
      expect(ended).toMatchObject({ code: 2, out: '' });
      expect(ended.err).toMatch(/^frameline: .*\.pem .*\n$/);
    }
  });

  test('a client certificate is shown to a server that asks for one', async () => {
    const { ca, clientCertificate, clientKey } = server.certificates as NonNullable<
      SampleServer['certificates']
    >;
    const args = (...more: string[]) => [
      ...['call', '--ca', ca, ...more],
      ...[server.mtlsAddress as string, `${market}/GetListing`],
    ];
    const without = await command.run(args(), command.folder);
    expect(without.code).toBe(2);
    const shown = await command.run(
      args('--cert', clientCertificate, '--key', clientKey),
      command.folder,
    );
    expect(shown).toMatchObject({ code: 0, err: '' });
  });
});

describe('requests of files', () => {
  const files = {
    'market.grpc': `@host = ${'{{address}}'}
# @plaintext

### Lamp
GRPC {{host}}/${market}/GetListing

{ "id": "lamp-1" }

### Bike
# @deadline 5s
GRPC {{host}}/${market}/GetListing

{ "id": "bike-7" }
`,
  };
  const send = async (...options: string[]) => {
    const cwd = await temporaryFolder(files);
    const args = ['call', '--json', '--var', `address=${server.address}`, ...options];
    return command.run([...args, 'market.grpc'], cwd);
  };

  test('are chosen by title or line', async () => {
    const [byName, byLine] = [await send('--name', 'Bike'), await send('--line', '8')];
    expect(parsed(byName.out)).toMatchObject([{ id: 'bike-7' }]);
    expect(parsed(byLine.out)).toMatchObject([{ id: 'lamp-1' }]);
  });

  test('are listed when there are several, and suggested when there is no such one', async () => {
    expect(await send()).toMatchObject({
      code: 2,
      err: 'frameline: market.grpc has 2 requests.\n  line 5: Lamp\n  line 11: Bike\n  Choose one with --name TITLE or --line N.\n',
    });
    expect((await send('--name', 'Bikes')).err).toContain('Did you mean "Bike"?');
    expect((await send('--plaintext')).err).toContain('--plaintext belongs to TARGET METHOD');
  });

  test('take options of the command line over their own', async () => {
    const { code, err } = await send('--name', 'Bike', '--deadline', '1ms', '-v');
    expect([64 + 4, 0]).toContain(code);
    expect(err).toMatch(/grpc-timeout: \d{1,3}u|grpc-timeout: 1m|DEADLINE_EXCEEDED/);
  });
});

describe('secrets', () => {
  const config = (address: string) =>
    JSON.stringify({
      environments: {
        local: {
          secrets: ['MARKET_TOKEN'],
          targets: { market: { address, security: 'plaintext' } },
        },
      },
    });

  test('of the process environment reach the server and are never printed', async () => {
    const cwd = await temporaryFolder({ 'frameline.json': config(server.address) });
    const { code, out, err } = await command.run(
      [
        ...['call', '--env', 'local', '-v', '--frames', '-H', 'x-key: {{MARKET_TOKEN}}'],
        ...['market', 'faults.v1.Faults/Metadata'],
      ],
      cwd,
      { ...process.env, MARKET_TOKEN: 'tok-8f2e91' },
    );
    expect(code).toBe(0);
    expect(out).toContain('x-key');
    expect(out + err).not.toContain('tok-8f2e91');
  });

  test.each([
    [
      '{"id":{{MARKET_TOKEN}}}',
      'tok-8f2e91-abcdefghijklmnopqrstuvwxyz-0123456789-and-more',
      '-d:1:7',
    ],
    ['{{MARKET_TOKEN}}', 'correct horse battery staple', '-d:1:1'],
    ['{"id":"a"} {"{{MARKET_TOKEN}}":1}', 'tok-8f2e91', '-d:1:13'],
  ])('are not quoted by what is wrong with a message: %s', async (data, secret, place) => {
    const cwd = await temporaryFolder({ 'frameline.json': config(server.address) });
    const { code, out, err } = await command.run(
      ['call', '--env', 'local', '-d', data, 'market', `${market}/GetListing`],
      cwd,
      { ...process.env, MARKET_TOKEN: secret },
    );
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(place);
    for (const part of secret.split(/[ -]/)) {
      expect(err).not.toContain(part);
    }
  });

  test.each([['list'], ['call', `${market}/GetListing`]])(
    'are not quoted by why a server can’t be read: %s',
    async (name, ...method) => {
      const folder = await temporaryFolder({
        'frameline.json': config('{{MARKET_TOKEN}}.invalid:1'),
      });
      const { code, out, err } = await command.run(
        [name, '--env', 'local', 'market', ...method],
        folder,
        { ...process.env, MARKET_TOKEN: 'tok8f2e91' },
      );
      expect(code).toBe(2);
      expect(out + err).not.toContain('tok8f2e91');
      expect(err).toContain('*********.invalid');
    },
  );

  test('without a value are named', async () => {
    const cwd = await temporaryFolder({ 'frameline.json': config(server.address) });
    const { code, err } = await command.run(
      ['call', '-H', 'x-key: {{MARKET_TOKEN}}', 'market', 'faults.v1.Faults/Metadata'],
      cwd,
      { ...process.env, MARKET_TOKEN: '' },
    );
    expect(code).toBe(2);
    expect(err).toContain('The secret MARKET_TOKEN has no value');
  });
});

describe('terminals and pipes', () => {
  test.each(['HTML', 'TERMINAL_ESCAPES', 'CONTROL_CHARACTERS', 'BIDIRECTIONAL_OVERRIDES'])(
    'what a hostile server says does nothing to a terminal: %s',
    async (kind) => {
      const { out, err } = await call('faults.v1.Wire/HostileText', {
        options: ['--frames', '-v', '-d', JSON.stringify({ kind })],
      });
      expect(out).not.toBe('');
      expect(out + err).not.toMatch(/[^\P{Cc}\n]|[\u202A-\u202E\u2066-\u2069]/u);
      expect(err).toMatch(/ {2}← +\d+ {2}HEADERS/);
    },
  );

  test('the timeline has its columns below each other', async () => {
    const { err } = await call(`${market}/SearchListings`, {
      options: ['--frames', '-d', '{"limit":2}'],
    });
    const shape = lines(err).map((line) =>
      line
        .replace(/^ *[\d.]+ ms {2}\+ *[\d.]+/, (time) => 'T'.padEnd(time.length))
        .replace(/127\.0\.0\.1:\d+ \(.*\)/, 'ADDRESS'),
    );
    const starts = shape.map((line) => /^T +[→← ] +\d* {2}(?=\S)/.exec(line)?.[0].length);
    expect(new Set(starts.filter((start) => start !== undefined)).size).toBe(1);
    expect(shape.join('\n')).toMatch(/connect +ADDRESS/);
    expect(shape.join('\n')).toMatch(/→ +1 {2}HEADERS +\d+ B {2}END_HEADERS/);
    expect(shape.join('\n')).toMatch(/← +1 {2}message 2 +\d+ B {2}\{ "listing"/);
    expect(shape.at(-1)).toMatch(/status +OK$/);
  });

  test('the timeline says with what a message is compressed', async () => {
    const { err } = await call('faults.v1.Wire/CompressedEcho', {
      options: ['--frames', '-d', '{"text":"squeeze me"}'],
    });
    expect(err).toMatch(/→ +1 {2}message 1 +\d+ B {2}\{ "text": "squeeze me" \}\n/);
    expect(err).toMatch(/← +1 {2}message 1 +\d+ B {2}gzip · \{ "text": "squeeze me" \}\n/);
  });

  test('a reader that goes away ends an endless call quietly', async () => {
    const child = spawn(
      process.execPath,
      [
        ...[command.program, 'call', '--plaintext', '--json', '--deadline', 'none'],
        ...['-d', '{"count":1000000,"size":1000}', server.address, 'faults.v1.Faults/Flood'],
      ],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    );
    let err = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      err += text;
    });
    child.stdout.once('data', () => child.stdout.destroy());
    const code = await new Promise((resolve) => child.once('close', resolve));
    expect({ code, err }).toEqual({ code: 0, err: '' });
  });

  test('Ctrl-C cancels the call and says so', async () => {
    const child = spawn(
      process.execPath,
      [
        ...[command.program, 'call', '--plaintext', '--json', '-d', '{"limit":2,"pause":"10s"}'],
        ...[server.address, `${market}/SearchListings`],
      ],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    );
    let err = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      err += text;
    });
    child.stdout.once('data', () => child.kill('SIGINT'));
    const code = await new Promise((resolve) => child.once('close', resolve));
    expect({ code, err }).toEqual({ code: 130, err: 'frameline: cancelled by Ctrl-C\n' });
  });
});

test('help names every option, and an unknown one is guessed', async () => {
  const help = await command.run(['call', '--help'], command.folder);
  expect(help).toMatchObject({ code: 0, err: '' });
  for (const option of [
    '--deadline DURATION',
    '--max-send-size SIZE',
    '--protoset FILE',
    '-d, --data',
  ]) {
    expect(help.out).toContain(option);
  }
  expect(Math.max(...help.out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(120);
  const unknown = await command.run(['call', '--dedline', '1s', 'a:1', 'b/c'], command.folder);
  expect(unknown).toMatchObject({ code: 2, out: '' });
  expect(unknown.err).toContain('Did you mean --deadline?');
  const single = await command.run(['call', '-plaintext', 'a:1', 'b/c'], command.folder);
  expect(single.err).toContain('Did you mean --plaintext?');
});
