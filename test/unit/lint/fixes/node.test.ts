import { execFile } from 'node:child_process';
import { symlink } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { javascript, tsx, typescript } from '../../../../src/lint/languages/node';
import { fixedSource } from '../../../tools/lintSnippet';
import { putFiles, useTemporaryFolders } from '../../../tools/temporaryFolder';

const run = promisify(execFile);
const modules = resolve(import.meta.dirname, '../../../../node_modules');
const folder = useTemporaryFolders();

const start = `import * as grpc from '@grpc/grpc-js';
import { ListingServiceClient } from './gen/market_grpc_pb';
const client = new ListingServiceClient('market:443', grpc.credentials.createInsecure());
`;

/** The statement after all fixes, in a function of a file with a client. */
async function fixed(body: string): Promise<string> {
  const head = `${start}export function f(request: any, cb: () => void) {\n`;
  const text = await fixedSource(typescript, `${head}${body}\n}`);
  return text.slice(head.length, -2);
}

describe('a deadline for a grpc-js call', () => {
  it.each([
    [
      'client.getListing(request, cb);',
      'client.getListing(request, new grpc.Metadata(), { deadline: Date.now() + 5_000 }, cb);',
    ],
    [
      'client.getListing(request, new grpc.Metadata(), cb);',
      'client.getListing(request, new grpc.Metadata(), { deadline: Date.now() + 5_000 }, cb);',
    ],
    [
      'client.searchListings(request);',
      'client.searchListings(request, { deadline: Date.now() + 5_000 });',
    ],
    ['client.uploadPhotos(cb);', 'client.uploadPhotos({ deadline: Date.now() + 5_000 }, cb);'],
    ['client.negotiate();', 'client.negotiate({ deadline: Date.now() + 5_000 });'],
    [
      "client.getListing(request, { host: 'a' }, cb);",
      "client.getListing(request, { host: 'a', deadline: Date.now() + 5_000 }, cb);",
    ],
    [
      'client.getListing(request, {}, cb);',
      'client.getListing(request, { deadline: Date.now() + 5_000 }, cb);',
    ],
    [
      'client.getListing(request, undefined, cb);',
      'client.getListing(request, { deadline: Date.now() + 5_000 }, cb);',
    ],
    [
      'client.getListing(request, { timeout: 2_000 }, cb);',
      'client.getListing(request, { deadline: Date.now() + 2_000 }, cb);',
    ],
    [
      "client.getListing(request, { host: 'a', 'timeoutMs': 2 * 1000 }, cb);",
      "client.getListing(request, { host: 'a', deadline: Date.now() + 2 * 1000 }, cb);",
    ],
    [
      'const timeout = 100; client.getListing(request, { timeout }, cb);',
      'const timeout = 100; client.getListing(request, { deadline: Date.now() + timeout }, cb);',
    ],
    [
      'client.getListing(request, { deadline: undefined }, cb);',
      'client.getListing(request, { deadline: Date.now() + 5_000 }, cb);',
    ],
    [
      'client.getListing(request, { deadline: 5_000 }, cb);',
      'client.getListing(request, { deadline: Date.now() + 5_000 }, cb);',
    ],
    [
      'const deadline = 5_000; client.getListing(request, { deadline }, cb);',
      'const deadline = 5_000; client.getListing(request, { deadline: Date.now() + deadline }, cb);',
    ],
    [
      'client.getListing(request, { deadline: new Date() }, cb);',
      'client.getListing(request, { deadline: Date.now() + 5000 }, cb);',
    ],
    [
      'const none: grpc.CallOptions = {}; client.getListing(request, none, cb);',
      'const none: grpc.CallOptions = {}; client.getListing(request, { ...none, deadline: Date.now() + 5_000 }, cb);',
    ],
    [
      'client.getListing(request, { dedline: Date.now() + 1 } as any, cb);',
      'client.getListing(request, { deadline: Date.now() + 1 } as any, cb);',
    ],
  ])('%s', async (before, after) => {
    expect(await fixed(before)).toBe(after);
  });

  it('stands on a line of its own where the others do', async () => {
    expect(
      await fixed(`  client.getListing(
    request,
    (error) => cb(),
  );`),
    ).toBe(`  client.getListing(
    request,
    new grpc.Metadata(),
    { deadline: Date.now() + 5_000 },
    (error) => cb(),
  );`);
    expect(
      await fixed(`  client.searchListings(request, {
    host: 'a',
  });`),
    ).toBe(`  client.searchListings(request, {
    host: 'a',
    deadline: Date.now() + 5_000,
  });`);
  });

  it('stands behind metadata, where the types want it', async () => {
    const call = 'client.getListing({}, () => {});';
    const typed = `import type { ListingServiceClient } from './gen/market_grpc_pb';
export const f = (client: ListingServiceClient) => ${call}`;
    expect(await fixedSource(typescript, typed)).toContain(
      "import { Metadata } from '@grpc/grpc-js';\nimport type",
    );
    const named = `import { credentials } from '@grpc/grpc-js';\n${typed}`;
    expect(await fixedSource(typescript, named)).toContain(
      "import { Metadata, credentials } from '@grpc/grpc-js';",
    );
    const asType = `import { credentials, type Metadata } from '@grpc/grpc-js';\n${typed}`;
    expect(await fixedSource(typescript, asType)).toContain(
      "import { credentials, Metadata } from '@grpc/grpc-js';",
    );
    const allTypes = `import type { CallOptions, Metadata as Md } from '@grpc/grpc-js';\n${typed}`;
    expect(await fixedSource(typescript, allTypes)).toMatch(
      /^import \{ type CallOptions, Metadata as Md \} from[\s\S]*, new Md\(\), \{/,
    );
    const ready = `import { Metadata as Md } from '@grpc/grpc-js';\n${typed}`;
    expect(await fixedSource(typescript, ready)).toContain('getListing({}, new Md(), { deadline');
  });

  it('is that of frameline.json', async () => {
    const text = `${start}export const f = () => client.searchListings({});`;
    expect(await fixedSource(typescript, text, { defaultDeadline: 1_250_000 })).toContain(
      '{ deadline: Date.now() + 1_250_000 })',
    );
    expect(await fixedSource(typescript, text, { defaultDeadline: 500 })).toContain('+ 500 })');
  });

  it('is the same in CommonJS', async () => {
    expect(
      await fixedSource(
        javascript,
        `const grpc = require('@grpc/grpc-js');
const { market } = grpc.loadPackageDefinition(definition);
const client = new market.v1.ListingService('a', grpc.credentials.createInsecure());
exports.get = (id) => new Promise((resolve, reject) =>
  client.getListing({ id }, (error, listing) => (error ? reject(error) : resolve(listing))));
`,
      ),
    ).toContain('client.getListing({ id }, { deadline: Date.now() + 5_000 }, (error, listing)');
  });
});

describe('a deadline for calls of other libraries', () => {
  const nice = `import { createChannel, createClient, createClientFactory } from 'nice-grpc';
import { deadlineMiddleware } from 'nice-grpc-client-middleware-deadline';
import { ListingServiceDefinition } from './gen/market';
const channel = createChannel('a');
const plain = createClient(ListingServiceDefinition, channel);
const bounded = createClientFactory().use(deadlineMiddleware).create(ListingServiceDefinition, channel);
`;
  const connect = `import { createClient } from '@connectrpc/connect';
import { createGrpcTransport } from '@connectrpc/connect-node';
import { ListingService } from './gen/market_pb';
const client = createClient(ListingService, createGrpcTransport({ baseUrl: 'a' }));
`;

  it.each([
    [
      nice,
      'plain.getListing({});',
      'plain.getListing({}, { signal: AbortSignal.timeout(5_000) });',
    ],
    [nice, 'bounded.getListing({});', 'bounded.getListing({}, { deadline: 5_000 });'],
    [
      nice,
      'bounded.getListing({}, { metadata: m });',
      'bounded.getListing({}, { metadata: m, deadline: 5_000 });',
    ],
    [connect, 'client.getListing({});', 'client.getListing({}, { timeoutMs: 5_000 });'],
    [
      connect,
      'client.getListing({}, { headers: h });',
      'client.getListing({}, { headers: h, timeoutMs: 5_000 });',
    ],
    [
      connect,
      'client.getListing({}, { timeout: 100 });',
      'client.getListing({}, { timeoutMs: 100 });',
    ],
    [
      connect,
      'client.getListing({}, { deadline: soon() });',
      'client.getListing({}, { timeoutMs: 5_000 });',
    ],
    [
      connect,
      'client.getListing({}, { timeoutMs: 0 });',
      'client.getListing({}, { timeoutMs: 5000 });',
    ],
  ])('%#: %3$s', async (head, before, after) => {
    expect(await fixedSource(tsx, `${head}export const f = async () => { ${before} };`)).toBe(
      `${head}export const f = async () => { ${after} };`,
    );
  });
});

describe('options of a client', () => {
  const client = async (entry: string): Promise<string> => {
    const head = `${start}new ListingServiceClient('a', grpc.credentials.createInsecure(), { `;
    return (await fixedSource(typescript, `${head}${entry} });`)).slice(head.length, -4);
  };

  it.each([
    ["'grpc.keepalive_tim_ms': 600_000", "'grpc.keepalive_time_ms': 600_000"],
    ["'grpc.max_message_length': 1", "'grpc.max_receive_message_length': 1"],
    ["'grpc.enable_retries': false", "'grpc.enable_retries': 0"],
    [
      "'grpc.service_config': { methodConfig: [] }",
      "'grpc.service_config': JSON.stringify({ methodConfig: [] })",
    ],
  ])('%s', async (before, after) => {
    expect(await client(before)).toBe(after);
  });

  it('leaves alone what it can not write in place', async () => {
    const text = `${start}const options = {};
options['grpc.keepalive_tim_ms'] = 600_000;
new ListingServiceClient('a', grpc.credentials.createInsecure(), options);
`;
    expect(await fixedSource(typescript, text)).toBe(text);
  });
});

/** The shape of what grpc-tools generates, on the installed types of grpc-js. */
const generated = `import * as grpc from '@grpc/grpc-js';
type Done = (error: grpc.ServiceError | null, response: object) => void;
export declare class ListingServiceClient extends grpc.Client {
  getListing(request: object, callback: Done): grpc.ClientUnaryCall;
  getListing(request: object, metadata: grpc.Metadata, callback: Done): grpc.ClientUnaryCall;
  getListing(request: object, metadata: grpc.Metadata, options: Partial<grpc.CallOptions>, callback: Done): grpc.ClientUnaryCall;
  searchListings(request: object, options?: Partial<grpc.CallOptions>): grpc.ClientReadableStream<object>;
  searchListings(request: object, metadata?: grpc.Metadata, options?: Partial<grpc.CallOptions>): grpc.ClientReadableStream<object>;
  uploadPhotos(callback: Done): grpc.ClientWritableStream<object>;
  uploadPhotos(metadata: grpc.Metadata, callback: Done): grpc.ClientWritableStream<object>;
  uploadPhotos(options: Partial<grpc.CallOptions>, callback: Done): grpc.ClientWritableStream<object>;
  uploadPhotos(metadata: grpc.Metadata, options: Partial<grpc.CallOptions>, callback: Done): grpc.ClientWritableStream<object>;
  negotiate(options?: Partial<grpc.CallOptions>): grpc.ClientDuplexStream<object, object>;
  negotiate(metadata: grpc.Metadata, options?: Partial<grpc.CallOptions>): grpc.ClientDuplexStream<object, object>;
}
`;

/** The shapes of nice-grpc 2 and of connect-es 2, as far as calls and their options go. */
const ambient = `
declare module 'nice-grpc' {
  interface CallOptions { metadata?: object; signal?: AbortSignal; onHeader?(header: object): void }
  type Client<Ext = {}> = { getListing(request: object, options?: CallOptions & Ext): Promise<{ title: string }> };
  interface ClientFactory<Ext = {}> {
    use<More>(middleware: { readonly more: More }): ClientFactory<Ext & More>;
    create(definition: object, channel: object): Client<Ext>;
  }
  function createChannel(address: string): object;
  function createClient(definition: object, channel: object): Client;
  function createClientFactory(): ClientFactory;
}
declare module 'nice-grpc-client-middleware-deadline' {
  const deadlineMiddleware: { readonly more: { deadline?: Date | number } };
}
declare module '@connectrpc/connect' {
  interface CallOptions { timeoutMs?: number; headers?: object; signal?: AbortSignal }
  function createClient(service: object, transport: object): {
    getListing(request: object, options?: CallOptions): Promise<{ title: string }>;
  };
}
declare module '@connectrpc/connect-node' {
  function createGrpcTransport(options: { baseUrl: string; defaultTimeoutMs?: number }): object;
}
declare module './gen/market_pb' { const ListingService: object; }
`;

const sources = {
  'grpc.ts': `import * as grpc from '@grpc/grpc-js';
import { ListingServiceClient } from './gen/market_grpc_pb';

export class Gateway {
  readonly #client = new ListingServiceClient('market:443', grpc.credentials.createSsl());

  get(listingId: string): Promise<object> {
    return new Promise((resolve, reject) => {
      this.#client.getListing({ listingId }, (error, listing) => (error ? reject(error) : resolve(listing)));
    });
  }

  all(done: (error: grpc.ServiceError | null) => void, options?: grpc.CallOptions): void {
    const metadata = new grpc.Metadata();
    const none = {};
    this.#client.getListing({}, metadata, done);
    this.#client.getListing({}, metadata, { host: 'a' }, done);
    this.#client.getListing({}, metadata, { deadline: undefined as never }, done);
    this.#client.getListing({}, metadata, none, done);
    this.#client.searchListings({});
    this.#client.searchListings({}, metadata);
    this.#client.uploadPhotos(done);
    this.#client.uploadPhotos(
      metadata,
      done,
    );
    this.#client.negotiate();
    this.#client.negotiate(metadata);
  }
}
`,
  'named.ts': `import { credentials, type ServiceError } from '@grpc/grpc-js';
import { ListingServiceClient } from './gen/market_grpc_pb';
const client = new ListingServiceClient('market:443', credentials.createSsl());
export const get = (done: (error: ServiceError | null) => void) => client.getListing({}, done);
export const again = (done: (error: ServiceError | null) => void) => client.getListing({}, done);
`,
  'typed.ts': `import { promisify } from 'node:util';
import type { Metadata } from '@grpc/grpc-js';
import type { ListingServiceClient } from './gen/market_grpc_pb';
export async function f(client: ListingServiceClient, metadata: Metadata): Promise<void> {
  client.getListing({}, () => {});
  client.getListing({}, metadata, () => {});
  await promisify(client.getListing.bind(client))({});
}
`,
  'nice.ts': `import { createChannel, createClient, createClientFactory } from 'nice-grpc';
import { deadlineMiddleware } from 'nice-grpc-client-middleware-deadline';
const channel = createChannel('a');
const plain = createClient({}, channel);
const bounded = createClientFactory().use(deadlineMiddleware).create({}, channel);
export const titles = async () => [
  (await plain.getListing({})).title,
  (await bounded.getListing({}, { metadata: {} })).title,
];
`,
  'connect.ts': `import { createClient } from '@connectrpc/connect';
import { createGrpcTransport } from '@connectrpc/connect-node';
const client = createClient({}, createGrpcTransport({ baseUrl: 'a' }));
export const title = async () => (await client.getListing({}, { headers: {} })).title;
`,
};

it('compiles', { timeout: 60_000 }, async () => {
  const fixedSources = await Promise.all(
    Object.entries(sources).map(
      async ([name, text]) => [name, await fixedSource(typescript, text)] as const,
    ),
  );
  for (const [name, text] of fixedSources) {
    expect(text, name).not.toBe(sources[name as keyof typeof sources]);
  }
  const place = await folder({
    ...Object.fromEntries(fixedSources),
    'gen/market_grpc_pb.ts': generated,
    'libraries.d.ts': ambient,
    'tsconfig.json': JSON.stringify({
      extends: resolve(modules, '../tsconfig.json'),
      compilerOptions: { types: ['node'], strict: true },
      include: ['.'],
    }),
  });
  await symlink(modules, join(place, 'node_modules'), 'dir');
  const compiler = join(modules, '.bin/tsc');
  await expect(run(compiler, ['-p', place])).resolves.toBeDefined();
  // The check itself: a deadline in the wrong place does not compile.
  await putFiles(place, {
    'wrong.ts': "import { Gateway } from './grpc';\nnew Gateway().all({ deadline: 1 });\n",
  });
  await expect(run(compiler, ['-p', place])).rejects.toThrow();
});
