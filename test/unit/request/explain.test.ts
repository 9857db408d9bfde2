import { describe, expect, it } from 'vitest';
import { staticServer } from '../../../src/request/check/staticServer';
import { StaticValues } from '../../../src/request/check/staticValues';
import { requestAt } from '../../../src/request/complete/complete';
import { explain } from '../../../src/request/complete/explain';
import { fileLinks, foldings, outline } from '../../../src/request/complete/outline';
import { occurrencesAt, renameProblem } from '../../../src/request/complete/variables';
import { parseRequestFile } from '../../../src/request/file/parse';
import type { Span } from '../../../src/request/file/syntax';
import { environments, sampleSchema } from '../../tools/requestFiles';

const text = `@host = localhost:50051
@title = {{$uuid}}

### Find
# @plaintext
# @deadline 2s
# @proto ./market.proto
# @capture first = message[0].listing.id
GRPC {{host}}/market.v1.ListingService/SearchListings
authorization: Bearer {{TOKEN}}

{
  "query": "{{title}} {{pageSize}}",
  "maxPrice": { "units": "5" },
  "conditions": ["CONDITION_WORN"]
}

### Get
GRPC market/market.v1.ListingService/GetListing

{ "id": "{{first}}" }

###
# @insecure
GRPC shop.example.com:443/market.v1.ListingService/GetListing

< ./get.json
`;
const file = parseRequestFile(text);
const values = StaticValues.of(file, environments[0]);

/** Title and text of what stands at a piece of the text. */
async function explained(piece: string): Promise<string[]> {
  const offset = text.indexOf(piece);
  const request = requestAt(file, offset);
  const { server } = request
    ? await staticServer(file, request, values, '/shop/market.grpc')
    : { server: undefined };
  const explanation = explain(file, offset + 1, { values, server, schema: sampleSchema });
  return explanation ? [explanation.title, ...explanation.text] : [];
}

function textAt({ from, to }: Span): string {
  return text.slice(from, to);
}

describe('explaining what stands in a request file', () => {
  it.each([
    [
      'SearchListings',
      'rpc SearchListings(market.v1.SearchListingsRequest) → stream',
      'cheapest first',
    ],
    ['market.v1.ListingService', 'service market.v1.ListingService', 'second-hand market'],
    ['@deadline', '@deadline', 'The default is 15s.'],
    ['"maxPrice"', 'maxPrice: google.type.Money · field 2', 'In EUR'],
    ['"units"', 'units: int64 · field 2', ''],
    ['"CONDITION_WORN"', 'CONDITION_WORN: market.v1.Condition', 'Works, with scars.'],
    ['{{host}}', 'host = localhost:50051', 'variable of this file'],
    ['title =', 'title = 00000000', 'variable of this file'],
    ['{{TOKEN}}', 'TOKEN', 'never shown'],
    ['{{pageSize}}', 'pageSize = 20', 'environment local'],
    ['{{first}}', 'first', 'Captured from the answer to Find.'],
    ['{{$uuid}}', '{{$uuid}}', 'version 4'],
    ['market/market', 'market = localhost:50051', 'Plaintext'],
    ['shop.example.com:443', 'shop.example.com:443', 'NOT verified'],
  ])('of %s: %s', async (piece, title, part) => {
    const [first, ...others] = await explained(piece);
    expect(first).toContain(title);
    expect(others.join('\n')).toContain(part);
  });

  it('has nothing to say of what it does not know', async () => {
    expect(await explained('authorization')).toEqual([]);
    expect(await explained('### Find')).toEqual([]);
  });
});

describe('the outline of a request file', () => {
  it('has variables and requests', () => {
    expect(outline(file).map(({ kind, name, detail }) => [kind, name, detail])).toEqual([
      ['variable', 'host', 'localhost:50051'],
      ['variable', 'title', '{{$uuid}}'],
      ['request', 'Find', 'market.v1.ListingService/SearchListings'],
      ['request', 'Get', 'market.v1.ListingService/GetListing'],
      ['request', 'GetListing', 'market.v1.ListingService/GetListing'],
    ]);
  });

  it('folds requests and what is inside messages', () => {
    const several = foldings(file).filter((span) => textAt(span).includes('\n'));
    expect(several.map((span) => textAt(span).slice(0, 8))).toEqual([
      ...['### Find', '{\n  "quer', '### Get\n', '###\n# @i'].map((start) => start.slice(0, 8)),
    ]);
  });

  it('links files', () => {
    expect(
      fileLinks(file, '/shop/market.grpc').map(({ span, path }) => [textAt(span), path]),
    ).toEqual([
      ['./market.proto', '/shop/market.proto'],
      ['./get.json', '/shop/get.json'],
    ]);
  });
});

describe('variables of a request file', () => {
  it('are found everywhere by one of their places', () => {
    for (const piece of ['host =', '{{host']) {
      const found = occurrencesAt(file, text.indexOf(piece) + 2);
      expect(found?.all.map(({ span, isDefinition }) => [span.from, isDefinition])).toEqual([
        [text.indexOf('host ='), true],
        [text.indexOf('{{host}}') + 2, false],
      ]);
    }
    const captured = occurrencesAt(file, text.indexOf('first ='));
    expect(captured?.all.map(({ span }) => textAt(span))).toEqual(['first', 'first']);
    expect(occurrencesAt(file, text.indexOf('### Get'))).toBeUndefined();
  });

  it('get no name that is none or is taken', () => {
    expect(renameProblem(file, 'host', 'server')).toBeUndefined();
    expect(renameProblem(file, 'host', 'host')).toBeUndefined();
    expect(renameProblem(file, 'host', 'my server')).toContain("can't be the name");
    expect(renameProblem(file, 'host', 'first')).toContain('already');
  });
});
