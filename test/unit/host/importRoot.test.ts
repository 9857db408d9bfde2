import { describe, expect, it } from 'vitest';
import { importRoot } from '../../../src/host/importRoot';

describe('importRoot', () => {
  it.each([
    [
      '/repo/proto/market/v1/listing.proto',
      'syntax = "proto3";\npackage market.v1;',
      '/repo/proto',
    ],
    ['/repo/listing.proto', 'package market.v1;', '/repo'],
    ['/repo/v1/listing.proto', 'package market.v1;', '/repo/v1'],
    ['/market/v1/listing.proto', 'package market.v1;', '/'],
    ['/repo/market/listing.proto', 'message NoPackage {}', '/repo/market'],
    [
      '/repo/market/listing.proto',
      '// package other;\n/* package other; */ package market ;',
      '/repo',
    ],
  ])('of %s', (file, text, root) => {
    expect(importRoot(file, text)).toBe(root);
  });

  // Quadratic time would be minutes here: the test would time out.
  it('of a file of comments that never end', () => {
    const text = `package market;${'/*x'.repeat(500_000)}`;
    expect(importRoot('/repo/market/listing.proto', text)).toBe('/repo');
  });
});
