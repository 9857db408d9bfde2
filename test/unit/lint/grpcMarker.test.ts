import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { mentionsGrpc, mentionsServiceConfig, namesClients } from '../../../src/lint/grpcMarker';

const fixtures = join(import.meta.dirname, '../../fixtures/lint');

/** Annotated sources in which something is to be found. */
const sources = readdirSync(fixtures, { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.(go|java|kt|kts|py|rb|[cm]?[jt]sx?|cs|cc|cpp|h|rs)$/.test(name))
  .map((name) => ({ name, path: join(fixtures, name) }))
  .map((file) => ({ ...file, text: readFileSync(file.path, 'utf8') }))
  .filter(({ text }) => /\bwant "/.test(text));

/** Whether the `frameline.json` beside a source names the clients that it calls. */
function isConfigured(path: string): boolean {
  const config = join(dirname(path), 'frameline.json');
  return existsSync(config) && namesClients(readFileSync(config, 'utf8'));
}

describe('mentionsGrpc', () => {
  it('sees every annotated source that has findings', () => {
    expect(sources.length).toBeGreaterThan(0);
    // What only other files show is found once one of these has started the server.
    const unseen = sources.filter(
      ({ text, path }) =>
        !mentionsGrpc(text) && !isConfigured(path) && !path.includes('acrossFiles'),
    );
    expect(unseen.map(({ name }) => name)).toEqual([]);
  });

  it.each([
    'import { ListingServiceClient } from "./gen/market/v1/market";',
    'using Market.V1;\nclass Shop(ListingService.ListingServiceClient client) {}',
    'import marketpb "example.com/gen/market"',
    'import "example.com/gen/marketpb"',
    'from market_pb2 import GetListingRequest',
    "require 'market_services_pb'",
    'use market::listing_service_client::ListingServiceClient;',
    'import { createClient } from "@connectrpc/connect";',
    '#include "market.grpc.pb.h"',
    'import io.grpc.ManagedChannel;',
  ])('sees %s', (text) => {
    expect(mentionsGrpc(text)).toBe(true);
  });

  it.each([
    'const client = new HttpClient(); client.get("/listing");',
    'import http from "node:http"; http.request({ timeout: 5 });',
    'package main\n\nimport "fmt"\n\nfunc main() { fmt.Println("stub") }',
    'import requests\nrequests.get(url, timeout=3)',
  ])('passes over %s', (text) => {
    expect(mentionsGrpc(text)).toBe(false);
  });

  it('reads a file of many megabytes to its limit only', () => {
    expect(mentionsGrpc(`${'x '.repeat(2_000_000)} grpc`)).toBe(false);
  });
});

describe('mentionsServiceConfig', () => {
  it('sees a service config among other JSON', () => {
    expect(mentionsServiceConfig('{ "methodConfig": [] }')).toBe(true);
    expect(mentionsServiceConfig('{ "name": "grpc-shop", "methodConfigs": 1 }')).toBe(false);
  });
});
