import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { python } from '../../../../src/lint/languages/python';
import { fixedSource } from '../../../tools/lintSnippet';

const start = `from market_pb2_grpc import ListingServiceStub

def f(stub: ListingServiceStub, executor, loop, partial):
    `;

it.each([
  ['stub.GetListing(r)', 'stub.GetListing(r, timeout=5)'],
  ['stub.GetListing(r,)', 'stub.GetListing(r, timeout=5)'],
  ['stub.GetListing(request=r)', 'stub.GetListing(request=r, timeout=5)'],
  ['stub.Negotiate()', 'stub.Negotiate(timeout=5)'],
  [
    'stub.GetListing(r, metadata=[("a", "b")])',
    'stub.GetListing(r, metadata=[("a", "b")], timeout=5)',
  ],
  ['stub.GetListing(r, timeout=None)', 'stub.GetListing(r, timeout=5)'],
  ['stub.GetListing(r, timeout = None)', 'stub.GetListing(r, timeout = 5)'],
  ['stub.GetListing(r, None, m)', 'stub.GetListing(r, 5, m)'],
  ['stub.GetListing.future(r)', 'stub.GetListing.future(r, timeout=5)'],
  ['stub.GetListing.with_call(r)[0]', 'stub.GetListing.with_call(r, timeout=5)[0]'],
  ['stub.UploadPhotos(c for c in cs)', 'stub.UploadPhotos((c for c in cs), timeout=5)'],
  ['stub.UploadPhotos((c for c in cs))', 'stub.UploadPhotos((c for c in cs), timeout=5)'],
  ['stub.GetListing(r, **{})', 'stub.GetListing(r, **{}, timeout=5)'],
  ['stub.GetListing(r)  # why', 'stub.GetListing(r, timeout=5)  # why'],
  ['executor.submit(stub.GetListing, r)', 'executor.submit(stub.GetListing, r, timeout=5)'],
  ['stub.GetListing(r, wait_for_ready=True)', 'stub.GetListing(r, wait_for_ready=True, timeout=5)'],
  ['stub.GetListing(r, deadline=5)', 'stub.GetListing(r, timeout=5)'],
  ['stub.GetListing(r, timeout=5000)', 'stub.GetListing(r, timeout=5)'],
  ['stub.GetListing(r, timeout="2.5")', 'stub.GetListing(r, timeout=2.5)'],
  ['stub.GetListing(r, timeout=f.TIMEOUT_MS)', 'stub.GetListing(r, timeout=f.TIMEOUT_MS / 1000)'],
  [
    'stub.GetListing(stub.CreateListing(r))',
    'stub.GetListing(stub.CreateListing(r, timeout=5), timeout=5)',
  ],
])('%s', async (before, after) => {
  expect(await fixedSource(python, start + before)).toBe(start + after);
});

it.each([
  // What may be None is not replaced: the other value may be meant.
  'stub.GetListing(r, timeout=1 if executor else None)',
  // run_in_executor passes no keywords on.
  'loop.run_in_executor(None, stub.GetListing, r)',
])('leaves alone what it can not mend: %s', async (before) => {
  expect(await fixedSource(python, start + before)).toBe(start + before);
});

const layouts: [string, string, string][] = [
  [
    'an argument a line',
    `stub.GetListing(
        pb.GetListingRequest(
            listing_id="1",
        ),
        metadata=m
    )`,
    `stub.GetListing(
        pb.GetListingRequest(
            listing_id="1",
        ),
        metadata=m,
        timeout=5
    )`,
  ],
  [
    'a comma at the end',
    `stub.GetListing(
        request,
        metadata=m,
    )`,
    `stub.GetListing(
        request,
        metadata=m,
        timeout=5,
    )`,
  ],
  [
    'a comment behind the last argument',
    `stub.GetListing(
        request  # the one
    )`,
    `stub.GetListing(
        request,  # the one
        timeout=5
    )`,
  ],
  [
    'a comment behind the comma, and one below',
    `stub.GetListing(
        request,  # the one
        # and no more
    )`,
    `stub.GetListing(
        request,  # the one
        timeout=5,
        # and no more
    )`,
  ],
  [
    'parentheses that close on the last line',
    `stub.GetListing(pb.GetListingRequest(
        listing_id="1",
    ))`,
    `stub.GetListing(pb.GetListingRequest(
        listing_id="1",
    ), timeout=5)`,
  ],
  [
    'arguments below the parenthesis',
    `stub.GetListing(request,
                    metadata=m)`,
    `stub.GetListing(request,
                    metadata=m, timeout=5)`,
  ],
  [
    'several arguments on the last line',
    `stub.GetListing(
        request, metadata=m
    )`,
    `stub.GetListing(
        request, metadata=m,
        timeout=5
    )`,
  ],
];

it.each(layouts)('keeps the layout: %s', async (_, before, after) => {
  expect(await fixedSource(python, start + before)).toBe(start + after);
  const crlf = (text: string) => (start + text).replaceAll('\n', '\r\n');
  expect(await fixedSource(python, crlf(before))).toBe(crlf(after));
});

it('writes the deadline of frameline.json in seconds', async () => {
  const text = `${start}stub.GetListing(r)`;
  expect(await fixedSource(python, text, { defaultDeadline: 500 })).toContain('timeout=0.5)');
  expect(await fixedSource(python, text, { defaultDeadline: 90_000 })).toContain('timeout=90)');
});

it('gives the timeout of an awaited call its name', async () => {
  const text = `import grpc
from market_pb2_grpc import ListingServiceStub

async def f(r):
    async with grpc.aio.insecure_channel("m") as channel:
        await ListingServiceStub(channel).GetListing(r, 5)
`;
  expect(await fixedSource(python, text)).toBe(text.replace('r, 5', 'r, timeout=5'));
});

const fixtures = join(import.meta.dirname, '../../../fixtures/lint/python');

it.each(readdirSync(fixtures).filter((name) => name.endsWith('.py')))(
  'leaves %s without syntax errors, and nothing to fix again',
  async (name) => {
    const text = readFileSync(join(fixtures, name), 'utf8');
    const fixed = await fixedSource(python, text);
    expect(fixed === text).toBe(
      !/want "(?:missing-deadline|unbounded-wait|deadline-misread|unknown)/.test(text),
    );
  },
);
