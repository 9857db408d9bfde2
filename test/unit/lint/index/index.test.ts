import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { FileExports } from '../../../../src/lint/index/exports';
import { IndexBuilder } from '../../../../src/lint/index/indexBuilder';
import { rpcsOfGenerated, rpcsOfProto } from '../../../../src/lint/index/serviceNames';
import { instance } from '../../../../src/lint/program/value';

const proto = readFileSync(
  join(import.meta.dirname, '../../../fixtures/lint/protos/market.proto'),
  'utf8',
);

const kinds = (rpcs: readonly { service: string; method: string; kind: string }[]) =>
  rpcs.map(({ service, method, kind }) => `${service}/${method} ${kind}`);

describe('RPCs of a .proto file', () => {
  it('have service, name and kind', () => {
    expect(kinds(rpcsOfProto(proto))).toEqual([
      'market.v1.ListingService/GetListing unary',
      'market.v1.ListingService/CreateListing unary',
      'market.v1.ListingService/SearchListings serverStreaming',
      'market.v1.ListingService/UploadPhotos clientStreaming',
      'market.v1.ListingService/Negotiate bidirectionalStreaming',
      'market.v1.PriceService/CheckPrice unary',
      'market.v1.PriceService/WatchPrices serverStreaming',
    ]);
  });

  it('are found beside comments, strings, options and mistakes', () => {
    const text = `package a.b;
      // service No { rpc No(A) returns (B); }
      /* rpc No(A) returns (B); */
      option x = "service No { rpc No(A) returns (B); }";
      service S {
        option deprecated = true;
        rpc One (stream.A) returns (B) { option (google.api.http) = { get: "/v1" }; }
        rpc Half (
        rpc Two(.a.b.A) returns (stream .a.b.B);
      `;
    expect(kinds(rpcsOfProto(text))).toEqual(['a.b.S/One unary', 'a.b.S/Two serverStreaming']);
  });

  it('need no package', () => {
    expect(kinds(rpcsOfProto('service S { rpc M(A) returns (B); }'))).toEqual(['S/M unary']);
  });
});

describe('RPCs of generated code', () => {
  it.each([
    [
      'grpc-go',
      `const ListingService_GetListing_FullMethodName = "/market.v1.ListingService/GetListing"
       const ListingService_SearchListings_FullMethodName = "/market.v1.ListingService/SearchListings"
       Streams: []grpc.StreamDesc{ { StreamName: "SearchListings", Handler: h, ServerStreams: true, }, },`,
    ],
    [
      'grpc-java',
      `public static final java.lang.String SERVICE_NAME = "market.v1.ListingService";
       @io.grpc.stub.annotations.RpcMethod(
         fullMethodName = SERVICE_NAME + '/' + "GetListing",
         methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
       @io.grpc.stub.annotations.RpcMethod(
         fullMethodName = SERVICE_NAME + '/' + "SearchListings",
         methodType = io.grpc.MethodDescriptor.MethodType.SERVER_STREAMING)`,
    ],
    [
      'Grpc.Tools',
      `static readonly string __ServiceName = "market.v1.ListingService";
       new grpc::Method<A, B>(grpc::MethodType.Unary, __ServiceName, "GetListing", a, b);
       new grpc::Method<A, B>(grpc::MethodType.ServerStreaming,
           __ServiceName, "SearchListings", a, b);`,
    ],
    [
      'grpc_tools_ruby',
      `self.service_name = 'market.v1.ListingService'
       rpc :GetListing, ::Market::V1::GetListingRequest, ::Market::V1::Listing
       rpc :SearchListings, ::Market::V1::SearchListingsRequest, stream(::Market::V1::Listing)`,
    ],
    [
      'protobuf-es',
      `/** @generated from rpc market.v1.ListingService.GetListing */
       getListing: { methodKind: "unary"; input: typeof A; },
       /** @generated from rpc market.v1.ListingService.SearchListings */
       searchListings: { methodKind: "server_streaming"; input: typeof A; },`,
    ],
    [
      'ts-proto',
      `getListing: { path: "/market.v1.ListingService/GetListing", requestStream: false, responseStream: false, },
       searchListings: { path: "/market.v1.ListingService/SearchListings", requestStream: false, responseStream: true, },`,
    ],
  ])('%s', (_, text) => {
    expect(kinds(rpcsOfGenerated(text))).toEqual([
      'market.v1.ListingService/GetListing unary',
      'market.v1.ListingService/SearchListings serverStreaming',
    ]);
  });
});

describe('the index', () => {
  const builder = new IndexBuilder();
  builder.update('market.proto', proto);
  const index = builder.index();

  it('knows a method in the spelling of each language', () => {
    for (const name of ['GetListing', 'getListing', 'get_listing', 'GetListingAsync']) {
      expect(index.rpcs(name).map(({ method }) => method)).toEqual(['GetListing']);
    }
    expect(index.rpcs('GetListing', 'ListingService')).toHaveLength(1);
    expect(index.rpcs('GetListing', 'market.v1.ListingService')).toHaveLength(1);
    expect(index.rpcs('GetListing', 'PriceService')).toEqual([]);
    expect(index.hasService('ListingService')).toBe(true);
    expect(index.hasService('Listing')).toBe(false);
  });

  it('takes the kind from whoever says that a method streams', () => {
    const both = new IndexBuilder();
    both.update('gen/market_grpc.pb.go', '"/market.v1.ListingService/SearchListings"');
    both.update('market.proto', proto);
    expect(
      both
        .index()
        .rpcs('SearchListings')
        .map(({ kind }) => kind),
    ).toEqual(['serverStreaming']);
  });

  it('is another one only when an answer may be', () => {
    const current = new IndexBuilder();
    expect(current.update('market.proto', proto)).toBe(true);
    const first = current.index();
    expect(current.update('market.proto', `${proto}\n// a comment`)).toBe(false);
    expect(current.update('main.go', 'package main')).toBe(false);
    expect(current.index()).toBe(first);
    expect(current.remove('market.proto')).toBe(true);
    expect(current.index().generation).not.toBe(first.generation);
    expect(current.index().isEmpty).toBe(true);
  });
});

describe('what files give to each other', () => {
  const exports = (deadline: 'missing' | 'safe'): FileExports => ({
    family: 'go',
    classes: ['Catalog'],
    members: [{ name: 'Catalog.listings', value: instance('stub', deadline) }],
  });

  it('stays when the rest of the file says nothing, and goes with the file', () => {
    const builder = new IndexBuilder();
    builder.addExports('catalog.go', exports('missing'));
    builder.update('catalog.go', 'package catalog');
    expect(builder.index().exported('go', 'Catalog.listings')).toEqual(instance('stub', 'missing'));
    expect(builder.index().hasClass('go', 'Catalog')).toBe(true);
    expect(builder.addExports('catalog.go', exports('missing'))).toBe(false);
    builder.remove('catalog.go');
    expect(builder.index().exported('go', 'Catalog.listings')).toBeUndefined();
  });

  it('is nothing where two files say different things', () => {
    const builder = new IndexBuilder();
    builder.addExports('a/catalog.go', exports('missing'));
    builder.addExports('b/catalog.go', exports('missing'));
    expect(builder.index().exported('go', 'Catalog.listings')).toBeDefined();
    builder.addExports('b/catalog.go', exports('safe'));
    expect(builder.index().exported('go', 'Catalog.listings')).toBeUndefined();
  });

  it("is not another language's", () => {
    const builder = new IndexBuilder();
    builder.addExports('catalog.go', exports('missing'));
    expect(builder.index().exported('node', 'Catalog.listings')).toBeUndefined();
  });
});

describe('defaults of frameworks', () => {
  it.each([
    [
      'src/main/resources/application.properties',
      'spring.grpc.client.channels.market.default-deadline=5s',
    ],
    [
      'application.yml',
      'spring:\n  grpc:\n    client:\n      channels:\n        market:\n          default-deadline: 5s',
    ],
    ['application.properties', 'spring.grpc.client.channel.market.default.deadline=5s'],
    ['application.properties', 'quarkus.grpc.clients.market.deadline=5s'],
  ])('are found in %s', (path, text) => {
    const builder = new IndexBuilder();
    builder.update(path, text);
    expect(builder.index().defaultDeadline('java')).toMatch(/deadline/);
    expect(builder.index().defaultDeadline('go')).toBeUndefined();
  });

  it.each([
    [
      'application.properties',
      'spring.grpc.client.channels.listings.default-deadline=3s\nspring.grpc.client.channels.prices.address=a',
    ],
    [
      'application.yml',
      `# shop
spring:
  application:
    name: shop
  grpc.client:
    channels:
      listings:
        address: static://listings:9090
        default-deadline: 3s
      "prices":
        address: static://prices:9090
---
spring.config.activate.on-profile: local`,
    ],
  ])('hold for the channels that %s says', (path, text) => {
    const builder = new IndexBuilder();
    builder.update(path, text);
    const index = builder.index();
    expect(index.defaultDeadline('java', 'listings')).toMatch(/Spring/);
    expect(index.defaultDeadline('java', 'prices')).toBeUndefined();
    expect(index.defaultDeadline('java', 'another')).toBeUndefined();
    expect(index.defaultDeadline('java')).toMatch(/Spring/);
  });

  it('hold for channels without a name in the configuration', () => {
    const builder = new IndexBuilder();
    builder.update(
      'application.properties',
      'spring.grpc.client.default-channel.default-deadline=3s\nspring.grpc.client.channels.prices.address=a',
    );
    expect(builder.index().defaultDeadline('java', 'another')).toMatch(/Spring/);
    expect(builder.index().defaultDeadline('java', 'prices')).toBeUndefined();
  });

  it('are not found where nothing is set', () => {
    const builder = new IndexBuilder();
    builder.update('application.properties', '# spring.grpc.client.x.default-deadline=5s');
    expect(builder.index().defaultDeadline('java')).toBeUndefined();
  });
});
