import { expect, it } from 'vitest';
import { csharp } from '../../../../src/lint/languages/csharp';
import { fixedSource } from '../../../tools/lintSnippet';

const start =
  'using System;\nusing Grpc.Core;\nclass A { ListingService.ListingServiceClient c; void M() { ';
const end = ' } }';

it.each([
  ['c.GetListing(r);', 'c.GetListing(r, deadline: DateTime.UtcNow.AddSeconds(5));'],
  ['c.UploadPhotos();', 'c.UploadPhotos(deadline: DateTime.UtcNow.AddSeconds(5));'],
  ['c.GetListing(r, deadline: null);', 'c.GetListing(r, deadline: DateTime.UtcNow.AddSeconds(5));'],
  ['c.GetListing(r, h, null, t);', 'c.GetListing(r, h, DateTime.UtcNow.AddSeconds(5), t);'],
  [
    'DateTime? d = null; if (x) { d = Later(); } c.GetListing(r, deadline: d);',
    'DateTime? d = null; if (x) { d = Later(); } c.GetListing(r, deadline: d ?? DateTime.UtcNow.AddSeconds(5));',
  ],
  [
    'c.GetListing(r, new CallOptions(h));',
    'c.GetListing(r, new CallOptions(h).WithDeadline(DateTime.UtcNow.AddSeconds(5)));',
  ],
  [
    'c.GetListing(r, options: x ? new CallOptions(h) : default(CallOptions));',
    'c.GetListing(r, options: (x ? new CallOptions(h) : default(CallOptions)).WithDeadline(DateTime.UtcNow.AddSeconds(5)));',
  ],
  [
    'c.GetListing(r, deadline: DateTime.Now.AddSeconds(1));',
    'c.GetListing(r, deadline: DateTime.UtcNow.AddSeconds(1));',
  ],
])('%s', async (before, after) => {
  expect(await fixedSource(csharp, start + before + end)).toBe(start + after + end);
});

it('keeps arguments on lines of their own', async () => {
  const text = `${start}
    c.GetListing(
      r,
      cancellationToken: t);${end}`;
  expect(await fixedSource(csharp, text)).toContain(
    'cancellationToken: t,\n      deadline: DateTime.UtcNow.AddSeconds(5));',
  );
});

it('writes the deadline of frameline.json', async () => {
  const text = `${start}c.GetListing(r);${end}`;
  expect(await fixedSource(csharp, text, { defaultDeadline: 1_500 })).toContain(
    'AddMilliseconds(1500)',
  );
});

it('uses System where the file may not have it, once', async () => {
  const body =
    'using Grpc.Core;\nnamespace N { class A { void M(ListingService.ListingServiceClient c) { c.GetListing(r); c.GetListing(r); } } }';
  const fixed = await fixedSource(csharp, body);
  expect(fixed.match(/using System;/g)).toHaveLength(1);
  const modern =
    'using Grpc.Core;\nnamespace N;\nclass A { void M(ListingService.ListingServiceClient c) { c.GetListing(r); } }';
  expect(await fixedSource(csharp, modern)).not.toContain('using System;');
});
