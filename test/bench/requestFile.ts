// Request files: how soon after a key everything that is wrong in a long one is known.

import { RequestChecker } from '../../src/request/check/requestChecker';
import type { Surroundings } from '../../src/request/check/surroundings';
import { parseRequestFile } from '../../src/request/file/parse';
import { seededRandom } from '../tools/random';
import { surroundings } from '../tools/requestFiles';
import { median, percentile, report } from './report';

const count = 500;

/** Requests as people write them: variables, annotations, metadata, a message of some lines. */
function longFile(): string {
  const requests = Array.from(
    { length: count },
    (_, at) => `### Search ${at}
# @deadline 2s
# @keepalive-time 5m
# @expect status OK
# @expect message.listing.price.units <= ${at}
# @capture listing${at} = message.listing.id
GRPC {{host}}/market.v1.ListingService/SearchListings
authorization: Bearer {{TOKEN}}
x-request-id: {{$uuid}}
trace-bin: AAEC

{
  "query": "listing ${at === 0 ? 0 : `{{listing${at - 1}}}`} {{words}}",
  # not more than this
  "maxPrice": { "currencyCode": "EUR", "units": "${at}" },
  "conditions": ["CONDITION_NEW", "CONDITION_GOOD"],
  "limit": {{pageSize}},
  "pause": "0.5s"
}
`,
  );
  return `@host = localhost:50051\n@words = second hand\n\n${requests.join('\n')}`;
}

const context: Surroundings = surroundings();
const random = seededRandom(1);
const checker = new RequestChecker();
const text = longFile();

async function check(edited: string): Promise<number> {
  return (await checker.check(parseRequestFile(edited), context)).length;
}

const first = performance.now();
const findings = await check(text);
const opened = performance.now() - first;
const times: number[] = [];
for (let edit = 0; edit < 440; edit += 1) {
  const at = random.integer(0, text.length);
  const edited = text.slice(0, at) + random.pick(['x', ' ', '"', '{', '1', '\n']) + text.slice(at);
  const start = performance.now();
  await check(edited);
  // The first ones warm up.
  if (edit >= 40) times.push(performance.now() - start);
  await check(text);
}
const p95 = percentile(times, 0.95);
report(
  `findings after one character, .grpc file with ${count} requests (${findings} findings)`,
  `p95 ${p95.toFixed(1)} ms`,
  'p95 <= 20 ms',
  p95 <= 20,
);
report('  the same, median', `${median(times).toFixed(1)} ms`, '-', true);
report('  the same file when it is opened', `${opened.toFixed(0)} ms`, '-', true);
