import { describe, expect, it } from 'vitest';
import { searchMethods } from '../../../src/host/commands/methodSearch';

const items = [
  { service: 'market.v1.ListingService', method: 'SearchListings', more: 'server streaming Local' },
  { service: 'market.v1.ListingService', method: 'GetListing', more: 'unary Local' },
  { service: 'market.v1.ListingService', method: 'GetListing', more: 'unary Staging TLS' },
  { service: 'chat.v1.Chat', method: 'List', more: 'unary Local' },
];
const found = (query: string): string[] =>
  searchMethods(query, items).map(({ method, more }) => `${method} ${more.split(' ').at(-1)}`);

describe('searchMethods', () => {
  it.each([
    ['', ['SearchListings Local', 'GetListing Local', 'GetListing TLS', 'List Local']],
    ['list', ['List Local', 'SearchListings Local', 'GetListing Local', 'GetListing TLS']],
    ['GETLISTING', ['GetListing Local', 'GetListing TLS']],
    ['getlisting tls', ['GetListing TLS']],
    ['staging unary', ['GetListing TLS']],
    ['market.v1.ListingService/GetListing', ['GetListing Local', 'GetListing TLS']],
    ['market.v1.ListingService.GetListing', ['GetListing Local', 'GetListing TLS']],
    ['/market.v1.ListingService/GetListing', ['GetListing Local', 'GetListing TLS']],
    ['server streaming', ['SearchListings Local']],
    ['nothing', []],
  ])('%j', (query, methods) => {
    expect(found(query)).toEqual(methods);
  });
});
