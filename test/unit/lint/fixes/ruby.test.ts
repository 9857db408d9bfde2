import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ruby } from '../../../../src/lint/languages/ruby';
import { fixedSource } from '../../../tools/lintSnippet';

const start = `stub = Market::V1::ListingService::Stub.new('market:50051', :this_channel_is_insecure)
TIMEOUT_MS = 500
`;

it.each([
  ['stub.get_listing(r)', 'stub.get_listing(r, deadline: Time.now + 5)'],
  ['stub.get_listing(r,)', 'stub.get_listing(r, deadline: Time.now + 5)'],
  ['stub.get_listing r', 'stub.get_listing r, deadline: Time.now + 5'],
  ['puts stub.get_listing(r).title', 'puts stub.get_listing(r, deadline: Time.now + 5).title'],
  ['stub.get_listing(r, metadata: m)', 'stub.get_listing(r, metadata: m, deadline: Time.now + 5)'],
  ['stub.get_listing(r, deadline: nil)', 'stub.get_listing(r, deadline: Time.now + 5)'],
  ['stub.get_listing(r, :deadline => nil)', 'stub.get_listing(r, :deadline => Time.now + 5)'],
  [
    'stub.search_listings(r) { |l| puts l }',
    'stub.search_listings(r, deadline: Time.now + 5) { |l| puts l }',
  ],
  [
    'stub.search_listings r do |l|\n  puts l\nend',
    'stub.search_listings r, deadline: Time.now + 5 do |l|\n  puts l\nend',
  ],
  ['stub.negotiate(rs, &block)', 'stub.negotiate(rs, deadline: Time.now + 5, &block)'],
  [
    'stub.get_listing(r, { metadata: m })',
    'stub.get_listing(r, { deadline: Time.now + 5, metadata: m })',
  ],
  ['stub.get_listing(r, {})', 'stub.get_listing(r, { deadline: Time.now + 5 })'],
  [
    'stub.public_send(:get_listing, r)',
    'stub.public_send(:get_listing, r, deadline: Time.now + 5)',
  ],
  ['stub.get_listing(<<~ID)\n  1\nID', 'stub.get_listing(<<~ID, deadline: Time.now + 5)\n  1\nID'],
  ['stub.get_listing(r, timeout: 3)', 'stub.get_listing(r, deadline: Time.now + 3)'],
  ['stub.get_listing(r, deadline: 3)', 'stub.get_listing(r, deadline: Time.now + 3)'],
  [
    'stub.get_listing(r, deadline: 3.seconds)',
    'stub.get_listing(r, deadline: Time.now + 3.seconds)',
  ],
  [
    'stub.get_listing(r, deadline: 3.seconds.from_now)',
    'stub.get_listing(r, deadline: 3.seconds.from_now.to_time)',
  ],
  [
    'stub.get_listing(r, deadline: Time.current + 3)',
    'stub.get_listing(r, deadline: (Time.current + 3).to_time)',
  ],
  ['stub.get_listing(r, deadlin: Time.now + 3)', 'stub.get_listing(r, deadline: Time.now + 3)'],
  [
    'A::B::PriceService::Stub.new(h, c, timeout: TIMEOUT_MS)',
    'A::B::PriceService::Stub.new(h, c, timeout: TIMEOUT_MS / 1000.0)',
  ],
  [
    'A::B::PriceService::Stub.new(h, c, deadline: 4)',
    'A::B::PriceService::Stub.new(h, c, timeout: 4)',
  ],
])('%s', async (before, after) => {
  expect(await fixedSource(ruby, start + before)).toBe(start + after);
});

it.each([
  // The other value may be meant.
  'stub.get_listing(r, deadline: (Time.now + 1 if r))',
  'stub.get_listing(r, deadline: GRPC::Core::TimeConsts::INFINITE_FUTURE)',
])('leaves alone what it can not mend: %s', async (before) => {
  expect(await fixedSource(ruby, start + before)).toBe(start + before);
});

const layouts: [string, string, string][] = [
  [
    'an argument a line',
    `stub.get_listing(
  Market::V1::GetListingRequest.new(
    listing_id: '1'
  ),
  metadata: m
)`,
    `stub.get_listing(
  Market::V1::GetListingRequest.new(
    listing_id: '1'
  ),
  metadata: m,
  deadline: Time.now + 5
)`,
  ],
  [
    'a comma at the end',
    `stub.get_listing(
  request,
)`,
    `stub.get_listing(
  request,
  deadline: Time.now + 5,
)`,
  ],
  [
    'a comment behind the last argument',
    `stub.get_listing(
  request # the one
)`,
    `stub.get_listing(
  request, # the one
  deadline: Time.now + 5
)`,
  ],
  [
    'parentheses that close on the last line',
    `stub.get_listing(Market::V1::GetListingRequest.new(
  listing_id: '1'
))`,
    `stub.get_listing(Market::V1::GetListingRequest.new(
  listing_id: '1'
), deadline: Time.now + 5)`,
  ],
  [
    'arguments without parentheses on two lines',
    `stub.get_listing request,
                 metadata: m`,
    `stub.get_listing request,
                 metadata: m, deadline: Time.now + 5`,
  ],
];

it.each(layouts)('keeps the layout: %s', async (_, before, after) => {
  expect(await fixedSource(ruby, start + before)).toBe(start + after);
});

it('writes the deadline of frameline.json in seconds', async () => {
  const text = `${start}stub.get_listing(r)`;
  expect(await fixedSource(ruby, text, { defaultDeadline: 500 })).toContain('Time.now + 0.5)');
  expect(await fixedSource(ruby, text, { defaultDeadline: 90_000 })).toContain('Time.now + 90)');
});

const fixtures = join(import.meta.dirname, '../../../fixtures/lint/ruby');

it.each(readdirSync(fixtures).filter((name) => name.endsWith('.rb')))(
  'leaves %s without syntax errors, and nothing to fix again',
  async (name) => {
    const text = readFileSync(join(fixtures, name), 'utf8');
    const fixed = await fixedSource(ruby, text);
    expect(fixed === text).toBe(
      !/want "(?:missing-deadline|unbounded-wait|deadline-misread|unknown)/.test(text),
    );
  },
);
