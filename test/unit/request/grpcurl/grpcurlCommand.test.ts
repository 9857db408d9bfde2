import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import {
  type GrpcurlRequest,
  grpcurlCommand,
  grpcurlLines,
} from '../../../../src/request/grpcurl/grpcurlCommand';
import { shellQuote } from '../../../../src/request/grpcurl/shellQuote';
import { forSeeds, type Random } from '../../../tools/random';
import { shells, wordsByShell } from '../../../tools/shell';

/** The words that a real shell sees. */
function shellWords(words: string): string[] {
  const script = `for word in ${words}; do printf '%s\\0' "$word"; done`;
  return execFileSync('sh', ['-c', script]).toString('utf8').split('\0').slice(0, -1);
}

/** What `grpcurl` would get as its arguments, from a shell that runs the whole command. */
function shellArguments(command: string): string[] {
  const script = `grpcurl() { printf '%s\\0' "$@"; }\n${command}`;
  return execFileSync('sh', ['-c', script]).toString('utf8').split('\0').slice(0, -1);
}

const request: GrpcurlRequest = {
  target: { address: 'localhost:50051', security: { kind: 'plaintext' } },
  path: '/market.v1.ListingService/GetListing',
};

describe('shellQuote', () => {
  it.each([
    '',
    'plain',
    'a b',
    "it's",
    '"double"',
    '$(touch /tmp/owned) `id` $HOME $1',
    'back\\slash\\',
    'line\nbreak\ttab',
    '; rm -rf / & | > <',
    '* ? [a] ~ # !',
    "'; echo '",
    '{"a":"ü 自 🚲"}',
    '-n',
    "''''",
  ])('survives a real shell: %j', (word) => {
    expect(shellWords(shellQuote(word))).toEqual([word]);
  });

  it('leaves safe words readable', () => {
    expect(shellQuote('dns:///market.example:443')).toBe('dns:///market.example:443');
  });

  it('leaves NUL out, which no word of a shell can hold', () => {
    expect(shellQuote('a\0b')).toBe('ab');
  });
});

describe('grpcurlCommand', () => {
  it('is one readable line for the simplest request', () => {
    expect(grpcurlCommand(request)).toBe(
      'grpcurl -plaintext \\\n  localhost:50051 market.v1.ListingService/GetListing',
    );
  });

  it('gives grpcurl its words whatever stands in them', () => {
    const hostile: GrpcurlRequest = {
      target: {
        address: 'market.example:443',
        authority: 'other.example; id',
        security: {
          kind: 'tls',
          verify: true,
          ca: "/home/o'brien/my certs/ca.pem",
          client: { certificate: '/c.pem', key: '/k.pem' },
        },
      },
      path: '/a.B/C',
      body: '{"name":"it\'s $HOME \\u0027"}\n{"name":"second"}',
      metadata: [
        { key: 'authorization', value: 'Bearer $(id)' },
        { key: 'x', value: '' },
      ],
      options: { deadline: 1500, keepaliveTime: 10_000, maxReceiveSize: 8_000_000 },
      protoFiles: ['a b.proto'],
      importPaths: ['/proto'],
      descriptorSets: ['all.binpb'],
    };
    expect(shellArguments(grpcurlCommand(hostile))).toEqual([
      ...['-cacert', "/home/o'brien/my certs/ca.pem", '-cert', '/c.pem', '-key', '/k.pem'],
      ...['-authority', 'other.example; id'],
      ...['-import-path', '/proto', '-proto', 'a b.proto', '-protoset', 'all.binpb'],
      ...['-H', 'authorization: Bearer $(id)', '-H', 'x: '],
      ...['-max-time', '1.5', '-keepalive-time', '10', '-max-msg-sz', '8000000'],
      ...['-d', '{"name":"it\'s $HOME \\u0027"}\n{"name":"second"}'],
      ...['market.example:443', 'a.B/C'],
    ]);
  });

  it('says so when verification is off, and never adds it by itself', () => {
    const tls = (verify: boolean): string[] =>
      grpcurlLines({
        ...request,
        target: { address: 'a:1', security: { kind: 'tls', verify } },
      }).flat();
    expect(tls(false)).toContain('-insecure');
    expect(tls(true)).toEqual(['grpcurl', 'a:1', 'market.v1.ListingService/GetListing']);
  });

  it('sends metadata where the request sends it, the values of a key in their order', () => {
    const flags = (more: Partial<GrpcurlRequest>): string[] =>
      grpcurlLines({ ...request, ...more })
        .filter(([flag = '']) => /^-(H|.*-header)$/.test(flag))
        .map((words) => words.join(' '));
    const a = { key: 'a', value: '1' };
    const b = { key: 'b', value: '2' };
    expect(flags({ metadata: [a, b] })).toEqual(['-H a: 1', '-H b: 2']);
    expect(flags({ metadata: [a, b], reflectionMetadata: [b] })).toEqual([
      '-rpc-header a: 1',
      '-H b: 2',
    ]);
    expect(flags({ metadata: [a], reflectionMetadata: [b, { key: 'A', value: '1' }] })).toEqual([
      ...['-H a: 1', '-reflect-header b: 2'],
    ]);
    expect(flags({ metadata: [a, { key: 'a', value: '3' }], reflectionMetadata: [a] })).toEqual([
      ...['-rpc-header a: 1', '-rpc-header a: 3', '-reflect-header a: 1'],
    ]);
  });

  it('says what grpcurl would take otherwise', () => {
    const words = (more: Partial<GrpcurlRequest>): string[] =>
      grpcurlLines({ ...request, ...more }).flat();
    expect(words({ body: '@' })).toContain(' @');
    expect(words({ options: { maxReceiveSize: -1 } })).toContain('2147483647');
    expect(words({ protoFiles: ['a'], alsoReflection: true })).toContain('-use-reflection');
    expect(words({ options: { userAgent: 'my/1' } })).toContain('my/1');
  });

  it('sends no deadline when there is none', () => {
    expect(grpcurlLines({ ...request, options: { deadline: 'none' } }).flat()).not.toContain(
      '-max-time',
    );
  });

  it.each([
    ['unix:/run/market.sock', '/run/market.sock'],
    ['unix:///run/market.sock', '/run/market.sock'],
    ['unix:market.sock', 'market.sock'],
  ])('writes %s as grpcurl wants a Unix socket', (address, word) => {
    const lines = grpcurlLines({
      ...request,
      target: { address, security: { kind: 'plaintext' } },
    });
    expect(lines).toEqual([
      ['grpcurl', '-unix', '-plaintext'],
      ['-authority', 'localhost'],
      [word, 'market.v1.ListingService/GetListing'],
    ]);
  });

  it.each([
    ['ipv4:10.0.0.1:50051,10.0.0.2:50051', '10.0.0.1:50051'],
    ['ipv6:[::1]:50051', '[::1]:50051'],
    ['dns:///market.example:443', 'dns:///market.example:443'],
    ['-plaintext:1', 'dns:///-plaintext:1'],
  ])('writes the address %s as %s', (address, word) => {
    const lines = grpcurlLines({ ...request, target: { ...request.target, address } });
    expect(lines.at(-1)?.[0]).toBe(word);
  });
});

describe('in real shells', () => {
  it.each(shells)('%s reads back every word of random requests', (shell) => {
    const requests: GrpcurlRequest[] = [];
    forSeeds(400, (random) => {
      requests.push(randomRequest(random));
    });
    const commands = requests.map((one) => grpcurlCommand(one));
    expect(wordsByShell(shell, commands)).toEqual(requests.map((one) => grpcurlLines(one).flat()));
  });

  it.each(shells)(
    '%s puts the value of a secret where its reference stands, whatever it holds',
    (shell) => {
      const variables = new Map([['token', 'TOKEN']]);
      const secret = `a 'b' "c" $HOME \`id\` * \\ ü\n`;
      forSeeds(100, (random) => {
        const metadata = [
          { key: 'a', value: `${randomWord(random)}{{token}}{{ token }}${randomWord(random)}` },
        ];
        const command = grpcurlCommand({ ...request, metadata }, variables);
        expect(command).not.toContain(secret);
        const words = grpcurlLines({ ...request, metadata })
          .flat()
          .map((word) => word.replace(/\{\{ ?token ?\}\}/g, () => secret));
        expect(wordsByShell(shell, [command], { TOKEN: secret })).toEqual([words]);
      });
    },
  );
});

/** Anything that a shell could take for its own, without NUL, which no word can hold. */
function randomWord(random: Random): string {
  const pieces = [
    ...[
      "'",
      '"',
      '\\',
      '$',
      '`',
      '$HOME',
      '$(id)',
      '$\x7b',
      '!',
      '!!',
      '#',
      '~',
      '*',
      '?',
      '[a]',
      '{a,b}',
    ],
    ...[
      '|',
      '&',
      ';',
      '<',
      '>',
      '(',
      ')',
      ' ',
      '\t',
      '\n',
      '\r',
      '-',
      '=',
      '%',
      '^',
      'a',
      '7',
      'ü',
    ],
    ...['自', '🚲', '\u0001', '\u007f', '\u2028', '\\n', "'\\''", 'EOF', '{{x}}'],
  ];
  return Array.from({ length: random.integer(0, 8) }, () => random.pick(pieces)).join('');
}

function randomRequest(random: Random): GrpcurlRequest {
  const word = (): string => randomWord(random);
  const some = <T>(make: () => T): T[] => Array.from({ length: random.integer(0, 2) }, make);
  const pair = () => ({ key: random.pick(['a', 'A', 'b']), value: word() });
  return {
    target: {
      address: word(),
      authority: word(),
      security: { kind: 'tls', verify: random.chance(0.5), ca: word() },
    },
    path: `/${word()}`,
    body: word(),
    metadata: some(pair),
    ...(random.chance(0.5) && { reflectionMetadata: some(pair) }),
    protoFiles: some(word),
    importPaths: some(word),
    descriptorSets: some(word),
  };
}
