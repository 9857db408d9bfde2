import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startBench } from './commandLine';
import { median, report } from './report';

const REQUESTS = 1000;
const ROUNDS = 7;

const bench = await startBench();
try {
  const file = join(bench.folder, 'thousand.grpc');
  writeFileSync(file, requestFile(bench.address));
  const ours: number[] = [];
  const bare: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    ours.push(bench.command(['run', file]));
    bare.push(bench.bare(REQUESTS));
  }
  const ratio = median(bare) / median(ours);
  const rate = (REQUESTS / median(ours)) * 1000;
  report(
    `frameline run, ${REQUESTS} requests, rate against a bare grpc-js loop`,
    `${rate.toFixed(0)}/s = ${ratio.toFixed(2)}`,
    '>= 0.7',
    ratio >= 0.7,
  );
} finally {
  bench.stop();
}

function requestFile(address: string): string {
  const requests = Array.from(
    { length: REQUESTS },
    (_, index) => `### Request ${index + 1}
# @expect status OK
GRPC ${address}/market.v1.ListingService/GetListing

{ "id": "lamp-1" }
`,
  );
  return ['# @plaintext', '', ...requests].join('\n');
}
