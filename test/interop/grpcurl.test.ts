import { execFile } from 'node:child_process';
import { delimiter, dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { prepareGrpcurl } from '../../scripts/interop/grpcurl.mjs';
import type { Security } from '../../src/grpc/target';
import type { RequestDraft } from '../../src/request/draft';
import { parseRequestFile } from '../../src/request/file/parse';
import { localRequestFiles } from '../../src/request/files';
import { draftAsGrpcurl } from '../../src/request/grpcurl/draftAsGrpcurl';
import { importGrpcurl } from '../../src/request/grpcurl/importGrpcurl';
import { printRequest } from '../../src/request/printRequest';
import { resolveRequest } from '../../src/request/resolve/resolveRequest';
import { runRequest } from '../../src/request/run/runRequest';
import { type SampleServer, startSampleServer } from '../../src/sampleServer/sampleServer';
import { reflectionOnly } from '../../src/schema/sources';
import { shells } from '../tools/shell';
import { testCaller } from '../tools/testCaller';
import { later, received } from './tools';

const grpcurl = await prepareGrpcurl(console.log);
const protos = join(import.meta.dirname, '../../src/sampleServer/proto');

/** What a call came to, whoever made it. */
interface Outcome {
  /** Of the status. */
  readonly code: number;
  readonly messages: readonly unknown[];
}

/** Runs a command as a person does. */
function byShell(
  command: string,
  { shell = 'sh', env = {} }: { shell?: string; env?: Record<string, string> } = {},
): Promise<Outcome> {
  const path = [dirname(grpcurl ?? ''), process.env.PATH].join(delimiter);
  return new Promise((resolve, reject) => {
    const done = (error: unknown, output: string, errors: string): void => {
      const exit = error === null ? 64 : Number((error as { code?: unknown }).code);
      // grpcurl adds 64 to the code of the status; less is a failure of its own.
      if (!(exit >= 64)) {
        reject(new Error(`${command}\nended with ${exit}:\n${errors}`));
        return;
      }
      const messages = output.trim() === '' ? [] : output.trim().split(/\n(?=\{)/);
      resolve({ code: exit - 64, messages: messages.map((text) => JSON.parse(text)) });
    };
    const all = { ...process.env, ...env, PATH: path, SHLVL: '1' };
    const child = execFile(
      shell,
      ['-c', command],
      { env: all, cwd: protos, maxBuffer: 64 * 1024 * 1024 },
      done,
    );
    child.stdin?.end();
  });
}

/** Makes the call of a request file with one request, as `frameline call` does. */
async function byFrameline(text: string): Promise<Outcome> {
  const file = parseRequestFile(text);
  const [node] = file.requests;
  if (!node) {
    throw new Error(`No request: ${JSON.stringify(file.problems)}\n${text}`);
  }
  const resolution = await resolveRequest(file, node, {
    scope: {
      overrides: new Map(),
      captures: new Map(),
      environment: undefined,
      secret: async () => ({ ok: false, message: 'There are no secrets.' }),
    },
    files: localRequestFiles({ file: join(protos, 'a.grpc'), root: protos, isTrusted: true }),
  });
  if (!resolution.ok) {
    throw new Error(`${JSON.stringify(resolution.problems)}\n${text}`);
  }
  const caller = testCaller();
  later(() => caller.close());
  const result = await runRequest(resolution.request, caller);
  if (result.kind === 'refused') {
    throw new Error(`${JSON.stringify(result.problems)}\n${text}`);
  }
  const { transcript, schema, status } = result;
  later(() => transcript.dispose());
  return {
    code: status.code,
    messages: received({ transcript, path: resolution.request.path }, schema),
  };
}

/** The metadata that faults.v1.Faults/Metadata saw, without what each client says of itself. */
function own({ messages }: Outcome): unknown {
  const [{ entries = [] } = {}] = messages as { entries?: { name: string; values: string[] }[] }[];
  return entries
    .filter(
      ({ name }) => !/^(user-agent|grpc-accept-encoding|content-type|te|grpc-timeout)$/.test(name),
    )
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Short enough to be shown when it differs. */
function lengths({ messages }: Outcome): number[] {
  return messages.map((message) => JSON.stringify(message).length);
}

describe.skipIf(grpcurl === undefined)('grpcurl and Frameline', () => {
  let server: SampleServer;

  beforeAll(async () => {
    server = await startSampleServer({ tls: true, mtls: true });
  });
  afterAll(() => server?.close());

  const draftOf = (method: string, more: Partial<RequestDraft> = {}): RequestDraft => ({
    target: { address: server.address, security: { kind: 'plaintext' } },
    sources: reflectionOnly,
    reflectionMetadata: [],
    method,
    metadata: [],
    options: { deadline: '20s' },
    messages: [],
    ...more,
  });

  /** The same from every shell, and from Frameline. */
  async function same(draft: RequestDraft): Promise<Outcome> {
    const { command, notes } = draftAsGrpcurl(draft);
    expect(notes).toEqual([]);
    const expected = await byFrameline(printRequest(draft));
    for (const shell of shells) {
      expect({ shell, ...(await byShell(command, { shell })) }).toEqual({ shell, ...expected });
    }
    return expected;
  }

  describe('an exported command gets the same answer', () => {
    it('to a unary call', async () => {
      const { code, messages } = await same(
        draftOf('market.v1.ListingService/GetListing', { messages: ['{"id":"lamp-1"}'] }),
      );
      expect(code).toBe(0);
      expect(messages).toEqual([expect.objectContaining({ id: 'lamp-1' })]);
    });

    it('to a call without a message', async () => {
      expect((await same(draftOf('kitchen.v1.KitchenSink/Ping'))).messages).toEqual([{}]);
    });

    it('when the call fails', async () => {
      const outcome = await same(
        draftOf('market.v1.ListingService/GetListing', {
          messages: ['{"id":"no \' \\" $such `id`"}'],
        }),
      );
      expect(outcome).toEqual({ code: 3, messages: [] });
    });

    it('with every digit of 64-bit integers, and every character of texts', async () => {
      const everything = {
        anInt64: '-9223372036854775808',
        aUint64: '18446744073709551615',
        aSint64: '9007199254740993',
        aString: `'"\\ $HOME \`id\` $(id) !! * ü 自 🚲 \n\t \u2028 {{`,
      };
      const { messages } = await same(
        draftOf('kitchen.v1.KitchenSink/Echo', {
          messages: [JSON.stringify(everything).replaceAll('{{', '\\u007b{')],
        }),
      );
      expect(messages).toEqual([everything]);
    });

    it('with every message of a server stream', async () => {
      const { messages } = await same(
        draftOf('market.v1.ListingService/SearchListings', { messages: ['{"limit":3}'] }),
      );
      expect(messages).toHaveLength(3);
    });

    it('to a client stream with several messages', async () => {
      const { messages } = await same(
        draftOf('market.v1.ListingService/UploadPhotos', {
          messages: [
            '{"info":{"listingId":"lamp-1","fileName":"a b.png"}}',
            '{"chunk":"AAECAw=="}',
            '{"chunk":"BAUG"}',
          ],
        }),
      );
      expect(messages).toEqual([expect.objectContaining({ totalSize: '7' })]);
    });

    it('to a bidirectional stream', async () => {
      const bodies = [{ anInt64: '1' }, {}, { aString: '{}' }];
      const { messages } = await same(
        draftOf('kitchen.v1.KitchenSink/EchoStream', {
          messages: bodies.map((one) => JSON.stringify(one)),
        }),
      );
      expect(messages).toEqual(bodies);
    });

    it('with .proto files in place of reflection', async () => {
      const sources = {
        reflection: false,
        protoFiles: [join(protos, 'market/v1/listing_service.proto')],
        importPaths: [protos],
        descriptorSets: [],
      };
      const { code } = await same(
        draftOf('market.v1.ListingService/GetListing', { sources, messages: ['{"id":"lamp-1"}'] }),
      );
      expect(code).toBe(0);
    });

    it('from a descriptor set beside reflection', async () => {
      const sources = { ...reflectionOnly, descriptorSets: [join(protos, 'sample.binpb')] };
      expect((await same(draftOf('kitchen.v1.KitchenSink/Ping', { sources }))).code).toBe(0);
    });

    it('when the deadline passes', async () => {
      const outcome = await same(draftOf('faults.v1.Faults/Hang', { options: { deadline: '3s' } }));
      expect(outcome).toEqual({ code: 4, messages: [] });
    });

    it('with a message larger than grpcurl takes by itself', async () => {
      const draft = draftOf('faults.v1.Faults/LargeMessage', { messages: ['{"size":5000000}'] });
      expect((await same(draft)).code).toBe(8);
      for (const size of ['8MiB', 'unlimited']) {
        const options = { ...draft.options, 'max-receive-size': size };
        const outcome = await byShell(draftAsGrpcurl({ ...draft, options }).command);
        expect(lengths(outcome)).toEqual(
          lengths(await byFrameline(printRequest({ ...draft, options }))),
        );
        expect(outcome.code).toBe(0);
      }
    });

    it('over TLS, with its own certificate authority and a client certificate', async () => {
      const { ca, clientCertificate, clientKey } = server.certificates ?? {};
      const call = async (address: string | undefined, security: Security): Promise<number> => {
        const target = { address: address ?? '', security };
        return (await same(draftOf('kitchen.v1.KitchenSink/Ping', { target }))).code;
      };
      const client = { certificate: clientCertificate ?? '', key: clientKey ?? '' };
      const trusted = { kind: 'tls', verify: true, ca: ca ?? '' } as const;
      expect(await call(server.tlsAddress, trusted)).toBe(0);
      expect(await call(server.tlsAddress, { kind: 'tls', verify: false })).toBe(0);
      expect(await call(server.mtlsAddress, { ...trusted, client })).toBe(0);
    });
  });

  it('sends the same metadata', async () => {
    const draft = draftOf('faults.v1.Faults/Metadata', {
      metadata: [
        { key: 'x-text', value: `it's "$HOME" \`id\` ~ !` },
        { key: 'x-two', value: 'b' },
        { key: 'x-two', value: 'a' },
        { key: 'x-bytes-bin', value: 'AAECgP8' },
      ],
      reflectionMetadata: [{ key: 'x-two', value: 'b' }],
    });
    const { command } = draftAsGrpcurl(draft);
    const seen = own(await byShell(command));
    expect(own(await byFrameline(printRequest(draft)))).toEqual(seen);
    expect(seen).toEqual([
      { name: 'x-bytes-bin', values: ['AAECgP8='] },
      { name: 'x-text', values: [`it's "$HOME" \`id\` ~ !`] },
      { name: 'x-two', values: ['b, a'] },
    ]);
  });

  it('takes a secret from the shell', async () => {
    const draft = draftOf('faults.v1.Faults/Metadata', {
      metadata: [{ key: 'x-user', value: 'Bearer {{my-token}}' }],
    });
    const secret = `s'e"c$r\`et`;
    const { command } = draftAsGrpcurl(draft, { secrets: ['my-token'] });
    expect(command).not.toContain(secret);
    const seen = own(await byShell(command, { env: { my_token: secret } }));
    expect(seen).toEqual([{ name: 'x-user', values: [`Bearer ${secret}`] }]);
  });

  it.each<[string, (address: string) => string]>([
    [
      'quotes',
      (address) =>
        `grpcurl -plaintext -d '{"id": "lamp-1"}' ${address} market.v1.ListingService/GetListing`,
    ],
    [
      'double quotes, = and a dot',
      (address) =>
        `grpcurl --plaintext=true -d="{\\"id\\": \\"lamp-1\\"}" "${address}" market.v1.ListingService.GetListing`,
    ],
    [
      'several lines and messages',
      (address) => `grpcurl -plaintext -max-time 20.5 -connect-timeout 10 \\
        -d '{"anInt64": "9223372036854775807"}{"aString": "it'\\''s"}
            {}' \\
        ${address} kitchen.v1.KitchenSink/EchoStream`,
    ],
    [
      'a here-document',
      (address) => `grpcurl -plaintext -d @ ${address} kitchen.v1.KitchenSink/Echo <<'EOF'
{ "aString": "a $HOME \\"quoted\\"" }
EOF`,
    ],
    [
      'an error',
      (address) =>
        `grpcurl -plaintext -v=false -d '{"code": 9}' ${address} faults.v1.Faults/Status`,
    ],
    [
      '.proto files',
      (address) =>
        `grpcurl -plaintext -import-path . -proto kitchen/v1/kitchen_sink.proto ${address} kitchen.v1.KitchenSink/Ping`,
    ],
    [
      'a descriptor set',
      (address) =>
        `grpcurl -plaintext -protoset ./sample.binpb ${address} kitchen.v1.KitchenSink/Ping`,
    ],
    [
      'a keepalive and a size',
      (address) =>
        `grpcurl -plaintext -keepalive-time 30 -max-msg-sz 8000000 -d '{"size": 5000}' ${address} faults.v1.Faults/LargeMessage`,
    ],
    [
      'an authority',
      (address) =>
        `grpcurl -plaintext -authority other.example -user-agent me/1 ${address} kitchen.v1.KitchenSink/Ping`,
    ],
  ])('an imported command gets the same answer: %s', async (_, commandFor) => {
    const command = commandFor(server.address);
    const result = importGrpcurl(command, { folder: protos });
    if (!result.ok) {
      throw new Error(result.problem.message);
    }
    const text = printRequest(result.draft, { folder: protos, comments: result.notes });
    expect(await byFrameline(text)).toEqual(await byShell(command));
  });

  it('an imported command sends the same metadata', async () => {
    const command = `grpcurl -plaintext -H 'x-a: 1' -H "x-a:2" -rpc-header 'x-b-bin: AQI' -reflect-header 'x-c: 3' -H x-raw-bin:é! ${server.address} faults.v1.Faults/Metadata`;
    const result = importGrpcurl(command, { folder: protos });
    const seen = own(await byShell(command));
    expect(result.ok && own(await byFrameline(printRequest(result.draft)))).toEqual(seen);
    expect(seen).toEqual([
      { name: 'x-a', values: ['1, 2'] },
      { name: 'x-b-bin', values: ['AQI='] },
      { name: 'x-raw-bin', values: [Buffer.from('é!').toString('base64')] },
    ]);
  });
});
