import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import * as grpc from '@grpc/grpc-js';
import descriptor from 'protobufjs/ext/descriptor.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decode, encode, root } from '../../src/sampleServer/descriptors';
import { type SampleServer, startSampleServer } from '../../src/sampleServer/sampleServer';
import { type SampleClient, sampleClient } from '../tools/sampleClient';

let server: SampleServer;
const clients: SampleClient[] = [];

function client(service: string): SampleClient {
  const made = sampleClient(server.address, service);
  clients.push(made);
  return made;
}

beforeAll(async () => {
  server = await startSampleServer({ tls: true, mtls: true });
});

afterAll(async () => {
  for (const each of clients) each.close();
  await server.close();
});

/** The google.rpc.Status of a failed call, its details decoded. */
function statusDetails(metadata: grpc.Metadata) {
  const [bytes] = metadata.get('grpc-status-details-bin');
  const status = decode(root.lookupType('google.rpc.Status'), bytes as Buffer) as {
    code: number;
    details: { typeUrl: string; value: Uint8Array }[];
  };
  return status.details.map(({ typeUrl, value }) => {
    const type = typeUrl.slice('type.googleapis.com/'.length);
    return { type, value: decode(root.lookupType(type), value) };
  });
}

describe('market.v1.ListingService', () => {
  it('gets a listing with price, oneof, map, timestamp and 64-bit values', async () => {
    const { response } = await client('market.v1.ListingService').unary('GetListing', {
      id: 'chair-5',
    });
    expect(response).toMatchObject({
      id: 'chair-5',
      price: { currencyCode: 'EUR', units: 75n },
      condition: 2,
      delivery: 'pickup',
      attributes: { wood: 'beech' },
      views: 9_007_199_254_740_993n,
    });
  });

  it('answers an unknown id with NOT_FOUND, ErrorInfo and LocalizedMessage', async () => {
    const error = await client('market.v1.ListingService')
      .unary('GetListing', { id: 'nothing-9' })
      .catch((error: grpc.ServiceError) => error);
    expect(error).toMatchObject({ code: grpc.status.NOT_FOUND });
    expect(statusDetails((error as grpc.ServiceError).metadata)).toMatchObject([
      {
        type: 'google.rpc.ErrorInfo',
        value: { reason: 'LISTING_NOT_FOUND', metadata: { listing_id: 'nothing-9' } },
      },
      { type: 'google.rpc.LocalizedMessage', value: { locale: 'de-DE' } },
    ]);
  });

  it("answers an empty request with today's find, and a malformed id with INVALID_ARGUMENT", async () => {
    const market = client('market.v1.ListingService');
    expect(await market.unary('GetListing', {})).toMatchObject({
      response: { id: 'lamp-1' },
    });
    const error = await market
      .unary('GetListing', { id: 'LAMP' })
      .catch((refused: grpc.ServiceError) => refused);
    expect(error).toMatchObject({ code: grpc.status.INVALID_ARGUMENT });
  });

  it('takes a search filled in with zeros for one without conditions', async () => {
    const { messages } = await client('market.v1.ListingService').serverStream('SearchListings', {
      maxPrice: { currencyCode: '', units: '0' },
      conditions: [0],
    });
    expect(messages.length).toBeGreaterThan(3);
  });

  it('answers a bad search with INVALID_ARGUMENT that names the field', async () => {
    const { status } = await client('market.v1.ListingService').serverStream('SearchListings', {
      limit: -1,
    });
    expect(status.code).toBe(grpc.status.INVALID_ARGUMENT);
    expect(statusDetails(status.metadata)).toMatchObject([
      { type: 'google.rpc.BadRequest', value: { fieldViolations: [{ field: 'limit' }] } },
    ]);
  });

  it('streams what matches, cheapest first', async () => {
    const { messages, status } = await client('market.v1.ListingService').serverStream(
      'SearchListings',
      { query: 'desk', maxPrice: { currencyCode: 'EUR', units: 100 } },
    );
    expect(status.code).toBe(grpc.status.OK);
    expect(messages).toMatchObject([
      { listing: { id: 'radio-9' }, total: 2 },
      { listing: { id: 'lamp-1' }, position: 1, total: 2 },
    ]);
  });

  it('takes photos as a client stream and hashes them', async () => {
    const { response } = await client('market.v1.ListingService').clientStream('UploadPhotos', [
      { info: { listingId: 'lamp-1', fileName: 'a.jpg' } },
      { chunk: Buffer.from('ab') },
      { chunk: Buffer.from('c') },
      { info: { listingId: 'lamp-1', fileName: 'empty.jpg' } },
    ]);
    expect(response).toMatchObject({
      totalSize: 3n,
      photos: [{ fileName: 'a.jpg', size: 3n }, { fileName: 'empty.jpg' }],
    });
    const [photo] = response.photos as { digest: Buffer }[];
    expect(photo?.digest.toString('hex')).toMatch(/^ba7816bf/);
  });

  it('refuses a chunk before its photo while the client still sends', async () => {
    await expect(
      client('market.v1.ListingService').clientStream('UploadPhotos', [
        { chunk: Buffer.from('a') },
      ]),
    ).rejects.toMatchObject({ code: grpc.status.INVALID_ARGUMENT });
  });

  it('haggles: counters, takes offence, agrees', async () => {
    const call = client('market.v1.ListingService').bidirectional('Negotiate');
    const say = async (move: object) => {
      call.write(move);
      const [answer] = (await once(call, 'data')) as [Record<string, unknown>];
      return answer;
    };
    expect(await say({ listingId: 'lamp-1' })).toMatchObject({ asking: { units: 45n } });
    expect(await say({ text: 'Does it work?' })).toMatchObject({ mood: 2 });
    expect(await say({ offer: { currencyCode: 'EUR', units: 5 } })).toMatchObject({ mood: 3 });
    expect(await say({ offer: { currencyCode: 'EUR', units: 30 } })).toMatchObject({
      asking: { units: 37n, nanos: 500_000_000 },
    });
    const end = once(call, 'status');
    expect(await say({ offer: { currencyCode: 'EUR', units: 37 } })).toMatchObject({
      outcome: 'deal',
      deal: { listingId: 'lamp-1', price: { units: 37n } },
    });
    expect(await end).toMatchObject([{ code: grpc.status.OK }]);
  });

  it('walks away after three insults and ends the call well', async () => {
    const call = client('market.v1.ListingService').bidirectional('Negotiate');
    const answers: Record<string, unknown>[] = [];
    call.on('data', (answer: Record<string, unknown>) => answers.push(answer));
    call.write({ listingId: 'piano-3' });
    for (let insult = 0; insult < 3; insult++) {
      call.write({ offer: { currencyCode: 'EUR', units: 1 } });
    }
    const [status] = (await once(call, 'status')) as [grpc.StatusObject];
    expect(status.code).toBe(grpc.status.OK);
    expect(answers).toHaveLength(4);
    expect(answers[3]).toMatchObject({ outcome: 'walkedAway' });
  });
});

describe('kitchen.v1.KitchenSink', () => {
  it('returns what it got, byte for byte, unknown fields included', async () => {
    const message = Buffer.concat([
      encode('kitchen.v1.Everything', Object.assign(Object.create(null), { aString: 'x' })),
      Buffer.from('c0bb0107', 'hex'),
    ]);
    const echoed = await new Promise<Buffer | undefined>((resolve, reject) => {
      client('kitchen.v1.KitchenSink').raw.makeUnaryRequest(
        '/kitchen.v1.KitchenSink/Echo',
        (bytes: Buffer) => bytes,
        (bytes: Buffer) => bytes,
        message,
        (error, response) => (error ? reject(error) : resolve(response)),
      );
    });
    expect(echoed).toEqual(message);
  });

  it('streams the extremes of every scalar', async () => {
    const { messages } = await client('kitchen.v1.KitchenSink').serverStream('Extremes', {});
    const [lowest, highest, strangest] = messages;
    expect(messages).toHaveLength(3);
    expect(lowest).toMatchObject({
      anInt64: -(2n ** 63n),
      temperature: -(2 ** 31),
      byInt64: { '-9223372036854775808': 'lowest' },
    });
    expect(highest).toMatchObject({ aUint64: 2n ** 64n - 1n, aFixed64: 2n ** 64n - 1n });
    expect(strangest).toMatchObject({ aDouble: Number.NaN, aFloat: -0, choice: 'choiceNull' });
    expect(Object.keys(strangest ?? {})).not.toContain('constructor');
  });

  it('packs Any of a known and of an unknown type', async () => {
    const { response } = await client('kitchen.v1.KitchenSink').unary('ToAny', {
      aBool: true,
      constructor: '',
      toString: '',
    });
    expect(response).toMatchObject({
      known: { typeUrl: 'type.googleapis.com/kitchen.v1.Everything' },
      unknown: { typeUrl: 'type.googleapis.com/kitchen.v9.Unheard' },
    });
  });

  it('echoes proto2 with groups and extensions, and edition 2023', async () => {
    const kitchen = client('kitchen.v1.KitchenSink');
    const legacy = { name: 'soup', oven: { celsius: 180 }, step: [{ text: 'stir' }] };
    const extended = { ...legacy, '.kitchen.v1.chef': 'Ada' };
    expect((await kitchen.unary('EchoLegacy', extended)).response).toMatchObject(extended);
    const modern = { id: '1', size: 2, part: { label: 'a', inner: { id: '2' } }, expanded: [1, 2] };
    expect((await kitchen.unary('EchoModern', modern)).response).toMatchObject(modern);
  });

  it('answers Ping', async () => {
    expect((await client('kitchen.v1.KitchenSink').unary('Ping', {})).response).toEqual({});
  });
});

describe('faults.v1.Faults', () => {
  const request = {
    code: 9,
    message: 'nö\n%',
    details: [
      {
        typeUrl: 'type.googleapis.com/google.rpc.RetryInfo',
        value: encode('google.rpc.RetryInfo', { retryDelay: { seconds: 3 } }),
      },
    ],
    trailers: [
      { name: 'a', value: '1' },
      { name: 'a', value: '2' },
      { name: 'b-bin', value: 'ü' },
    ],
  };

  it.each(['Status', 'TrailersOnly'])('%s: code, message, details and trailers', async (method) => {
    const error = (await client('faults.v1.Faults')
      .unary(method, request)
      .catch((error: unknown) => error)) as grpc.ServiceError;
    expect(error).toMatchObject({ code: 9, details: 'nö\n%' });
    expect(error.metadata.get('a')).toEqual(['1, 2']);
    expect(error.metadata.get('b-bin')).toEqual([Buffer.from('ü')]);
    expect(statusDetails(error.metadata)).toMatchObject([
      { value: { retryDelay: { seconds: 3n } } },
    ]);
  });

  it('fails after the messages asked for', async () => {
    const { messages, status } = await client('faults.v1.Faults').serverStream('FailAfter', {
      count: 3,
      status: { code: 15, message: 'gone' },
    });
    expect(messages).toHaveLength(3);
    expect(status).toMatchObject({ code: 15, details: 'gone' });
  });

  it('floods with as many messages of the size asked for', async () => {
    const flood = await new Promise<{ count: number; bytes: number }>((resolve, reject) => {
      let count = 0;
      let bytes = 0;
      const call = client('faults.v1.Faults').raw.makeServerStreamRequest(
        '/faults.v1.Faults/Flood',
        (value: Buffer) => value,
        (value: Buffer) => value.length,
        encode('faults.v1.FloodRequest', { count: 10_000, size: 130 }),
      );
      call.on('data', (length: number) => {
        count++;
        bytes += length;
      });
      call.on('error', reject);
      call.on('end', () => resolve({ count, bytes }));
    });
    expect(flood).toEqual({ count: 10_000, bytes: 1_300_000 });
  });

  it('refuses a flood without bounds', async () => {
    const { status } = await client('faults.v1.Faults').serverStream('Flood', { count: 1_000_001 });
    expect(status.code).toBe(grpc.status.INVALID_ARGUMENT);
  });

  it('sends one large message', async () => {
    const { response } = await client('faults.v1.Faults').unary('LargeMessage', {
      size: 5_000_000,
    });
    expect((response.data as Buffer).length).toBe(5_000_000 - 1 - 4);
  });

  it('delays headers and message', async () => {
    const { response } = await client('faults.v1.Faults').unary('Delay', {
      headers: { nanos: 5_000_000 },
      message: { nanos: 5_000_000 },
    });
    expect(response).toMatchObject({ data: Buffer.from('at last') });
  });

  it.each(['Hang', 'HangAfterHeaders'])('%s until the client gives up', async (method) => {
    const call = client('faults.v1.Faults').raw.makeServerStreamRequest(
      `/faults.v1.Faults/${method}`,
      (value: Buffer) => value,
      (value: Buffer) => value,
      Buffer.alloc(0),
    );
    if (method === 'HangAfterHeaders') await once(call, 'metadata');
    call.on('error', () => {});
    call.resume();
    const status = new Promise((resolve) => call.on('status', resolve));
    call.cancel();
    expect(await status).toMatchObject({ code: grpc.status.CANCELLED });
  });

  it('reads slowly and counts', async () => {
    const { response } = await client('faults.v1.Faults').clientStream('SlowConsumer', [
      { pause: { nanos: 2_000_000 }, data: Buffer.alloc(10) },
      { data: Buffer.alloc(20) },
    ]);
    expect(response).toMatchObject({ messages: 2n, bytes: 30n });
  });

  it('shows request metadata and answers with several and binary values', async () => {
    const { response, headers, trailers } = await client('faults.v1.Faults').unary('Metadata', {});
    const entries = response.entries as { name: string; values: string[] }[];
    expect(entries.find(({ name }) => name === 'user-agent')?.values[0]).toMatch(/^grpc-node-js/);
    expect(headers.get('sample-header-bin')).toEqual([
      Buffer.from([0, 255, 128]),
      Buffer.from('frames'),
    ]);
    expect(trailers.get('sample-trailer')).toEqual(['first value, second value']);
  });
});

describe('health and channelz', () => {
  it('serves Check, List and Watch', async () => {
    const health = client('grpc.health.v1.Health');
    expect((await health.unary('Check', {})).response).toEqual({ status: 1 });
    expect((await health.unary('List', {})).response).toMatchObject({
      statuses: { 'market.v1.ListingService': { status: 1 } },
    });
    await expect(health.unary('Check', { service: 'none' })).rejects.toMatchObject({
      code: grpc.status.NOT_FOUND,
    });
    const watch = health.raw.makeServerStreamRequest(
      '/grpc.health.v1.Health/Watch',
      (value: Buffer) => value,
      (value: Buffer) => decode(root.lookupType('grpc.health.v1.HealthCheckResponse'), value),
      encode('grpc.health.v1.HealthCheckRequest', { service: 'none' }),
    );
    watch.on('error', () => {});
    expect(await once(watch, 'data')).toEqual([{ status: 3 }]);
    watch.cancel();
  });

  it('answers channelz', async () => {
    const { response } = await client('grpc.channelz.v1.Channelz').unary('GetServers', {});
    expect((response.server as unknown[]).length).toBeGreaterThan(0);
  });
});

describe('reflection', () => {
  it.each(['v1', 'v1alpha'])('%s lists services and gives files with comments', async (version) => {
    const call = client(`grpc.reflection.${version}.ServerReflection`).bidirectional(
      'ServerReflectionInfo',
    );
    const ask = async (request: object) => {
      call.write(request);
      const [answer] = (await once(call, 'data')) as [Record<string, never>];
      return answer;
    };
    const list = (await ask({ listServices: '*' })).listServicesResponse as unknown as {
      service: { name: string }[];
    };
    expect(list.service.map(({ name }) => name).sort()).toEqual([
      'faults.v1.Faults',
      'faults.v1.Wire',
      'grpc.channelz.v1.Channelz',
      'grpc.health.v1.Health',
      'grpc.reflection.v1.ServerReflection',
      'grpc.reflection.v1alpha.ServerReflection',
      'kitchen.v1.KitchenSink',
      'market.v1.ListingService',
    ]);
    const files = (await ask({ fileContainingSymbol: 'market.v1.ListingService.GetListing' }))
      .fileDescriptorResponse as unknown as { fileDescriptorProto: Buffer[] };
    const type = descriptor.FileDescriptorProto;
    const [file] = files.fileDescriptorProto.map((bytes) => decode(type, bytes));
    expect(file).toMatchObject({ name: 'market/v1/listing_service.proto' });
    expect(
      JSON.stringify(file, (_, value) => (typeof value === 'bigint' ? `${value}` : value)),
    ).toContain('A small second-hand market');
    call.end();
  });
});

describe('TLS', () => {
  const files = () => {
    if (!server.certificates) throw new Error('no certificates');
    return server.certificates;
  };
  const ping = (address: string | undefined, credentials: grpc.ChannelCredentials) => {
    const made = sampleClient(address ?? '', 'kitchen.v1.KitchenSink', credentials);
    clients.push(made);
    return made.unary('Ping', {});
  };

  it('serves TLS with a certificate that the CA proves', async () => {
    const ca = readFileSync(files().ca);
    expect((await ping(server.tlsAddress, grpc.credentials.createSsl(ca))).response).toEqual({});
    const port = server.tlsAddress?.split(':')[1];
    expect((await ping(`localhost:${port}`, grpc.credentials.createSsl(ca))).response).toEqual({});
  });

  it('is not trusted without the CA', async () => {
    await expect(ping(server.tlsAddress, grpc.credentials.createSsl())).rejects.toMatchObject({
      code: grpc.status.UNAVAILABLE,
    });
  });

  it('mTLS takes the client certificate and refuses a client without', async () => {
    const { ca, clientCertificate, clientKey } = files();
    const own = grpc.credentials.createSsl(
      readFileSync(ca),
      readFileSync(clientKey),
      readFileSync(clientCertificate),
    );
    expect((await ping(server.mtlsAddress, own)).response).toEqual({});
    const without = grpc.credentials.createSsl(readFileSync(ca));
    await expect(ping(server.mtlsAddress, without)).rejects.toMatchObject({
      code: grpc.status.UNAVAILABLE,
    });
  });
});
