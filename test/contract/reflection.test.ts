import * as grpc from '@grpc/grpc-js';
import { ReflectionService } from '@grpc/reflection';
import { afterEach, describe, expect, it } from 'vitest';
import {
  buildSchema,
  type DiscoverOptions,
  type Discovery,
  discover,
  discoveryChannelOptions,
  ReflectionError,
  readDescriptorSet,
} from '../../src/schema/load';
import { importsComeAlong, layeredFiles, oneFilePerAnswer } from '../tools/reflectionFiles';
import {
  bind,
  makeFile,
  type Peer,
  type PeerAnswer,
  type PeerRequest,
  RoundTripRelay,
  startPeer,
} from '../tools/reflectionPeer';
import { fixturePath } from '../unit/schema/sink';
import { loadPackage } from './reflectionPackage';

const toClose: { close(): void }[] = [];
afterEach(() => {
  for (const it of toClose.splice(0)) {
    it.close();
  }
});

function closeLater<T extends { close(): void }>(it: T): T {
  toClose.push(it);
  return it;
}

function connect(address: string): grpc.Client {
  const credentials = grpc.credentials.createInsecure();
  return closeLater(new grpc.Client(address, credentials, discoveryChannelOptions));
}

async function peer(
  answer: (
    request: PeerRequest,
    call: number,
    metadata: grpc.Metadata,
  ) => PeerAnswer[] | PeerAnswer,
  versions: readonly ('v1' | 'v1alpha')[] = ['v1'],
): Promise<Peer> {
  return closeLater(await startPeer(versions, answer));
}

function run(address: string, options: Partial<DiscoverOptions> = {}): Promise<Discovery> {
  return discover(connect(address), { metadata: new grpc.Metadata(), ...options });
}

async function failure(promise: Promise<unknown>): Promise<ReflectionError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof ReflectionError) {
    return error;
  }
  throw new Error('expected a ReflectionError', { cause: error });
}

const money = makeFile({
  name: 'money.proto',
  package: 'shop',
  messages: { Money: { currency: 'string' } },
});
const shop = makeFile({
  name: 'shop.proto',
  package: 'shop',
  dependency: ['money.proto', 'google/protobuf/timestamp.proto'],
  messages: { Order: { price: '.shop.Money', at: '.google.protobuf.Timestamp' } },
  services: { Shop: { Buy: ['.shop.Order', '.shop.Money'] } },
});

describe('the reflection service of @grpc/reflection', () => {
  it.each(['both', 'v1', 'v1alpha'] as const)('is read when it offers %s', async (versions) => {
    const definition = await loadPackage(fixturePath('shop.proto'));
    const server = new grpc.Server();
    const service = new ReflectionService(definition);
    // addToServer offers both; a server with one of them has to leave the other out.
    const add = server.addService.bind(server);
    server.addService = (it, implementation) => {
      const path = Object.values(it)[0]?.path ?? '';
      if (versions === 'both' || path.startsWith(`/grpc.reflection.${versions}.`)) {
        add(it, implementation);
      }
    };
    service.addToServer(server);
    closeLater({ close: () => server.forceShutdown() });
    const found = await run(`127.0.0.1:${await bind(server)}`);
    expect(found.version).toBe(versions === 'v1alpha' ? 'v1alpha' : 'v1');
    expect(found.firstError?.name).toBe(versions === 'v1alpha' ? 'UNIMPLEMENTED' : undefined);
    const schema = buildSchema({ reflection: found });
    expect(schema.problems).toEqual([]);
    expect(schema.services.map((it) => it.name)).toEqual(['shop.v1.Shop']);
    expect(schema.findMethod('/shop.v1.Shop/Watch')).toMatchObject({
      kind: 'serverStreaming',
      requestType: 'shop.v1.Order',
      responseType: 'google.protobuf.Timestamp',
      problems: [],
    });
    const json = '{"id":"a","at":"2026-01-02T03:04:05Z","price":{"units":"9007199254740993"}}';
    const bytes = schema.encode('shop.v1.Order', json);
    expect(JSON.parse(schema.decode('shop.v1.Order', bytes))).toEqual(JSON.parse(json));
  });
});

describe('versions and errors', () => {
  it('says that a server has no reflection, and shows both attempts', async () => {
    const server = new grpc.Server();
    closeLater({ close: () => server.forceShutdown() });
    const error = await failure(run(`127.0.0.1:${await bind(server)}`));
    expect(error.code).toBe('not-offered');
    expect(error.attempts.map((it) => [it.version, it.name])).toEqual([
      ['v1', 'UNIMPLEMENTED'],
      ['v1alpha', 'UNIMPLEMENTED'],
    ]);
    expect(error.message).toContain('local .proto files');
  });

  it('tries the other version when list_services is answered with UNIMPLEMENTED', async () => {
    const found = await peer(
      (request, call) =>
        call === 1
          ? { error: { code: grpc.status.UNIMPLEMENTED, message: 'old' } }
          : oneFilePerAnswer(
              { 'shop.Shop': 'shop.proto' },
              new Map([['shop.proto', shop]]),
            )(request),
      ['v1', 'v1alpha'],
    );
    const result = await run(found.address);
    expect(result.version).toBe('v1alpha');
    expect(result.firstError).toMatchObject({
      version: 'v1',
      name: 'UNIMPLEMENTED',
      details: 'old',
    });
  });

  it('reports a server that is not there as unreachable, after both versions', async () => {
    const gone = await startPeer(['v1'], () => undefined);
    gone.close();
    const error = await failure(run(gone.address));
    expect(error.code).toBe('unreachable');
    expect(error.attempts).toHaveLength(2);
  });

  it('keeps the first error when the second attempt fails in another way', async () => {
    const found = await peer(
      (_, call) => ({
        fail:
          call === 1
            ? { code: grpc.status.UNAVAILABLE, details: 'draining' }
            : { code: grpc.status.UNIMPLEMENTED, details: 'no v1alpha' },
      }),
      ['v1', 'v1alpha'],
    );
    const error = await failure(run(found.address));
    expect(error.reason).toContain('draining');
    expect(error.reason).toContain('v1alpha then: UNIMPLEMENTED');
  });

  it('says why a server refused a credential, without it', async () => {
    const { address } = await peer((_request, _call, metadata) => ({
      fail: {
        code: grpc.status.UNAUTHENTICATED,
        details: `no such ${metadata.get('authorization')[0]}, ${metadata.get('x-tenant')[0]}`,
      },
    }));
    const metadata = new grpc.Metadata();
    metadata.set('authorization', 'Bearer sesame-48');
    metadata.set('x-tenant', 'north');
    const { message } = await failure(run(address, { metadata }));
    expect(message).toMatch(/no such [*]+, north/);
    expect(message).not.toContain('sesame');
  });

  it('sends the metadata it is given, and says when the server wants some', async () => {
    const found = await peer((request, _, metadata) =>
      metadata.get('authorization')[0] === 'Bearer x'
        ? oneFilePerAnswer({ 'shop.Shop': 'shop.proto' }, new Map([['shop.proto', shop]]))(request)
        : { fail: { code: grpc.status.UNAUTHENTICATED, details: 'token?' } },
    );
    const error = await failure(run(found.address));
    expect(error.code).toBe('refused');
    expect(error.message).toContain('authorization');
    expect(error.attempts).toHaveLength(1);
    const metadata = new grpc.Metadata();
    metadata.set('authorization', 'Bearer x');
    expect((await run(found.address, { metadata })).services).toEqual(['shop.Shop']);
  });

  it('gives up on a server that accepts the call and never answers', async () => {
    const found = await peer(() => undefined);
    const error = await failure(run(found.address, { timeout: 300 }));
    expect(error.code).toBe('timeout');
    expect(error.message).toContain('300 ms');
    await expect.poll(() => found.open.size).toBe(0);
  });

  it('can be cancelled before and during the call', async () => {
    const found = await peer(() => undefined);
    expect((await failure(run(found.address, { signal: AbortSignal.abort() }))).code).toBe(
      'cancelled',
    );
    const controller = new AbortController();
    const promise = failure(run(found.address, { signal: controller.signal }));
    await expect.poll(() => found.requests.length).toBe(1);
    controller.abort();
    expect((await promise).code).toBe('cancelled');
    await expect.poll(() => found.open.size).toBe(0);
  });

  it.each([
    ['no response', { raw: Uint8Array.of(0xff, 0xff, 0xff) }],
    ['files instead of the list', { files: [shop] }],
    ['the end of the call', { end: true }],
  ] as const)('fails with a reason when list_services is answered by %s', async (_, answer) => {
    const found = await peer(() => answer);
    const error = await failure(run(found.address));
    expect(error.code).toBe('failed');
    expect(error.nextStep).not.toBe('');
  });
});

describe('what is missing', () => {
  const services = { 'shop.Shop': 'shop.proto' };

  it('supplies well-known types that the server leaves out', async () => {
    const files = new Map([
      ['shop.proto', shop],
      ['money.proto', money],
    ]);
    const found = await peer(oneFilePerAnswer(services, files));
    const result = await run(found.address);
    expect(found.requests.map((it) => it.name)).toEqual(['*', 'shop.Shop', 'money.proto']);
    const schema = buildSchema({ reflection: result });
    expect(schema.problems).toEqual([]);
    expect(schema.services[0]?.methods[0]?.problems).toEqual([]);
    expect(JSON.parse(schema.template('shop.Order'))).toEqual({
      price: { currency: '' },
      at: '1970-01-01T00:00:00Z',
    });
  });

  it('puts a missing import on the method that needs it, and local files fill the hole', async () => {
    const found = await peer(oneFilePerAnswer(services, new Map([['shop.proto', shop]])));
    const reflection = await run(found.address);
    const schema = buildSchema({ reflection });
    expect(schema.problems.map((it) => [it.code, it.subject])).toEqual([
      ['missing-import', 'money.proto'],
      ['unknown-type', 'shop.Order'],
    ]);
    expect(schema.problems[0]?.message).toContain('NOT_FOUND');
    const method = schema.findMethod('/shop.Shop/Buy');
    expect(method?.problems.map((it) => it.code)).toEqual(['unknown-type', 'unknown-type']);
    expect(method?.problems[0]?.message).toContain('money.proto');
    // The rest of the message is still usable.
    expect(schema.encode('shop.Order', '{"at":"1970-01-01T00:00:01Z"}')).toEqual(
      Uint8Array.of(0x12, 2, 8, 1),
    );
    const set = Buffer.concat([Uint8Array.of(10, money.length), money]);
    const filled = buildSchema({ reflection, local: readDescriptorSet(set, 'local.binpb') });
    expect(filled.problems).toEqual([]);
    expect(filled.findMethod('/shop.Shop/Buy')?.problems).toEqual([]);
  });

  it('keeps the other services when one symbol is answered with an error', async () => {
    const found = await peer(
      oneFilePerAnswer(
        { 'shop.Gone': 'gone.proto', ...services },
        new Map([
          ['shop.proto', shop],
          ['money.proto', money],
        ]),
      ),
    );
    const schema = buildSchema({ reflection: await run(found.address) });
    expect(schema.services.map((it) => [it.name, it.methods.length, it.problems.length])).toEqual([
      ['shop.Gone', 0, 1],
      ['shop.Shop', 1, 0],
    ]);
    expect(schema.services[0]?.problems[0]).toMatchObject({ code: 'missing-service' });
    expect(schema.problems).toEqual([]);
  });

  it('goes on over another call when the server ends one with an error for a symbol', async () => {
    const answer = oneFilePerAnswer(
      { 'shop.Bad': '', ...services },
      new Map([
        ['shop.proto', shop],
        ['money.proto', money],
      ]),
    );
    const found = await peer((request) =>
      request.name === 'shop.Bad'
        ? { fail: { code: grpc.status.INTERNAL, details: 'panic' } }
        : answer(request),
    );
    const result = await run(found.address);
    expect(result.files).toHaveLength(2);
    expect(result.problems).toHaveLength(1);
    expect(result.problems[0]?.message).toContain('panic');
  });

  it('copes with a server that answers one request a call', async () => {
    const answer = oneFilePerAnswer(
      services,
      new Map([
        ['shop.proto', shop],
        ['money.proto', money],
      ]),
    );
    const answered = new Set<number>();
    const found = await peer((request, call) => {
      if (answered.has(call)) {
        return undefined;
      }
      answered.add(call);
      return [answer(request), { end: true }];
    });
    const result = await run(found.address);
    expect(result.files).toHaveLength(2);
    expect(result.problems).toEqual([]);
  });

  it('uses the first of two files of one name, and says so once', async () => {
    const other = makeFile({ name: 'money.proto', package: 'shop', messages: { Coin: {} } });
    const found = await peer(({ kind }) =>
      kind === 'list'
        ? { services: ['shop.Shop', 'shop.Again'] }
        : { files: [shop, money, other, other] },
    );
    const result = await run(found.address);
    expect(result.files).toHaveLength(2);
    expect(result.problems.map((it) => [it.code, it.subject])).toEqual([
      ['duplicate-file', 'money.proto'],
    ]);
    const schema = buildSchema({ reflection: result });
    expect(schema.hasType('shop.Money')).toBe(true);
    expect(schema.hasType('shop.Coin')).toBe(false);
    expect(schema.services[1]?.problems[0]?.code).toBe('missing-service');
  });

  it('leaves a file out that is no descriptor, and an answer that is no response', async () => {
    const found = await peer(({ kind, name }) => {
      if (kind === 'list') {
        return { services: ['shop.Shop', 'shop.Noise'] };
      }
      return name === 'shop.Noise'
        ? { raw: Uint8Array.of(0xff, 0xff, 0xff) }
        : { files: [Uint8Array.of(0xff, 0xff), shop, money] };
    });
    const result = await run(found.address);
    expect(result.files).toHaveLength(2);
    expect(result.problems.map((it) => it.code).sort()).toEqual([
      'malformed-descriptor',
      'missing-service',
    ]);
  });

  it('returns what it has when the time is over after the list', async () => {
    const found = await peer(({ kind, name }) => {
      if (kind === 'list') {
        return { services: ['shop.Shop', 'shop.Silent'] };
      }
      return name === 'shop.Shop' ? { files: [shop, money] } : undefined;
    });
    const result = await run(found.address, { timeout: 400 });
    expect(result.files).toHaveLength(2);
    expect(result.problems.map((it) => it.code)).toEqual(['missing-service', 'reflection']);
  });
});

describe('bounds', () => {
  /** Every file imports the next one, without end. */
  const endless = ({ kind, name }: PeerRequest): PeerAnswer => {
    if (kind === 'list') {
      return { services: ['deep.Deep'] };
    }
    const number = kind === 'symbol' ? 0 : Number(/\d+/.exec(name)?.[0]);
    return {
      files: [
        makeFile({
          name: `deep${number}.proto`,
          package: 'deep',
          dependency: [`deep${number + 1}.proto`],
          ...(number === 0 ? { services: { Deep: {} } } : {}),
        }),
      ],
    };
  };

  it.each([
    ['depth', { maxDepth: 5 }, 6],
    ['number', { maxFiles: 7 }, 7],
    ['size', { maxBytes: 200 }, 4],
  ] as const)('stops at its limit of %s', async (_, limits, files) => {
    const found = await peer(endless);
    const result = await run(found.address, limits);
    expect(result.files).toHaveLength(files);
    expect(result.problems.map((it) => it.code)).toEqual(['limit']);
    expect(found.requests.length).toBeLessThanOrEqual(files + 2);
  });

  it('stops reading when a server sends the same files for ever', async () => {
    const big = makeFile({ name: 'big.proto', messages: { ['A'.repeat(1000)]: {} } });
    const found = await peer(({ kind }) =>
      kind === 'list'
        ? { services: Array.from({ length: 200 }, (_, i) => `s.S${i}`) }
        : { files: [big] },
    );
    const result = await run(found.address, { maxBytes: 2000 });
    expect(result.files).toHaveLength(1);
    expect(result.problems.some((it) => it.code === 'limit')).toBe(true);
  });

  it('takes a bounded number of services with names of a bounded length', async () => {
    const found = await peer(({ kind }) =>
      kind === 'list'
        ? {
            services: [
              'x'.repeat(10_000_000),
              '',
              ...Array.from({ length: 10_050 }, (_, i) => `s.S${i}`),
            ],
          }
        : { error: { code: 5, message: '' } },
    );
    const result = await run(found.address);
    expect(result.services).toHaveLength(10_000);
    expect(result.problems.filter((it) => it.code === 'limit')).toHaveLength(1);
  });
});

describe('one service', () => {
  const answers = oneFilePerAnswer(
    { 'shop.Shop': 'shop.proto' },
    new Map([
      ['shop.proto', shop],
      ['money.proto', money],
    ]),
  );

  it('is read with what it imports, and without asking which there are', async () => {
    const found = await peer(answers);
    const result = await run(found.address, { services: ['shop.Shop'] });
    expect(found.requests).toEqual([
      { kind: 'symbol', name: 'shop.Shop' },
      { kind: 'file', name: 'money.proto' },
    ]);
    const schema = buildSchema({ reflection: result });
    expect(schema.findMethod('/shop.Shop/Buy')).toMatchObject({ problems: [] });
    expect(schema.hasType('shop.Money')).toBe(true);
  });

  it('is not asked for when names are all that is wanted', async () => {
    const found = await peer(answers);
    const { services, files, problems } = await run(found.address, { namesOnly: true });
    expect({ services, files, problems }).toEqual({
      services: ['shop.Shop'],
      files: [],
      problems: [],
    });
    expect(found.requests).toEqual([{ kind: 'list', name: '*' }]);
  });

  it('is a service with a problem when the server does not know it', async () => {
    const found = await peer(() => ({ error: { code: 5, message: 'no such symbol' } }));
    const schema = buildSchema({
      reflection: await run(found.address, { services: ['shop.Shap'] }),
    });
    expect(schema.services).toMatchObject([{ name: 'shop.Shap', methods: [] }]);
    expect(schema.services[0]?.problems[0]?.message).toContain('was asked for "shop.Shap"');
  });

  it('is asked of v1alpha when the server has no v1', async () => {
    const found = await peer(answers, ['v1alpha']);
    const result = await run(found.address, { services: ['shop.Shop'] });
    expect(result.version).toBe('v1alpha');
    expect(result.files).toHaveLength(2);
  });
});

describe('round trips for 300 files', () => {
  it('takes few of them when imports come along (Go, Java, C++, Python, .NET), 150 files deep', async () => {
    const set = layeredFiles(300, 150);
    expect(set.files.size).toBe(300);
    const found = await peer(importsComeAlong(set));
    const relay = closeLater(await RoundTripRelay.start(found.address));
    const result = await run(relay.address);
    expect(result.files).toHaveLength(300);
    expect(result.problems).toEqual([]);
    expect(found.requests).toHaveLength(31);
    expect(relay.roundTrips).toBeLessThanOrEqual(6);
  });

  it('takes one a level when every answer is one file, and asks for no file twice', async () => {
    const { services, files } = layeredFiles(300, 3);
    const found = await peer(oneFilePerAnswer(services, files));
    const relay = closeLater(await RoundTripRelay.start(found.address));
    const result = await run(relay.address);
    expect(result.files).toHaveLength(300);
    expect(result.problems).toEqual([]);
    expect(found.requests).toHaveLength(301);
    expect(new Set(found.requests.map((it) => it.name)).size).toBe(301);
    // List, services, and three levels of imports, after the connection's own.
    expect(relay.roundTrips).toBeLessThanOrEqual(6);
  });
});
