import { describe, expect, it } from 'vitest';
import { protoRpcs } from '../../../../src/host/requestFiles/protoRpcs';
import { forSeeds } from '../../../tools/random';

const paths = (text: string) => protoRpcs(text).map(({ path }) => path);

describe('protoRpcs', () => {
  it('finds each rpc at its place', () => {
    const text = `syntax = "proto3";
package market.v1;
service ListingService {
  rpc GetListing(GetRequest) returns (Listing);
  rpc Watch ( stream A ) returns ( stream B ) {
    option deprecated = true;
  }
}
service Other { rpc Ping(google.protobuf.Empty) returns (Pong) {} }
`;
    const rpcs = protoRpcs(text);
    expect(rpcs.map(({ path }) => path)).toEqual([
      '/market.v1.ListingService/GetListing',
      '/market.v1.ListingService/Watch',
      '/market.v1.Other/Ping',
    ]);
    for (const { offset } of rpcs) {
      expect(text.slice(offset, offset + 4)).toBe('rpc ');
    }
  });

  it('takes nothing from comments and strings', () => {
    expect(
      paths(`/* package wrong; service X { rpc No(A) returns (B); } */
// service Y { rpc No(A) returns (B); }
option go_package = "service Z { rpc No(A) returns (B); }";
service S {
  // rpc Old(A) returns (B);
  rpc New(A) returns (B); // }
  option (note) = "}";
  rpc Last(A) returns (B);
}`),
    ).toEqual(['/S/New', '/S/Last']);
  });

  it('reads over mistakes', () => {
    expect(
      paths(`message Broken { string a = ;
service S { rpc (A) returns (B); rpc Half rpc Whole(A) returns (B); }
service T { rpc One(A) returns`),
    ).toEqual(['/S/Whole', '/T/One']);
    expect(paths('service "S { rpc A(B')).toEqual([]);
  });

  it('takes messages and fields named rpc or service for what they are', () => {
    expect(
      paths('message M { string service = 1; string rpc = 2; Service service_x = 3; rpc M = 4; }'),
    ).toEqual([]);
  });

  it('never fails on any text', () => {
    const parts = [
      'service S {',
      'rpc A(B)',
      '}',
      '{',
      '"',
      "'",
      '/*',
      '*/',
      '//',
      '\n',
      'x',
      '\\',
    ];
    forSeeds(200, (random) => {
      const text = Array.from({ length: random.integer(0, 40) }, () => random.pick(parts)).join(
        ' ',
      );
      for (const { path, offset } of protoRpcs(text)) {
        expect(path).toBe('/S/A');
        expect(text.startsWith('rpc A', offset)).toBe(true);
      }
    });
  });
});
