import { startBench } from './commandLine';
import { median, report } from './report';

const ROUNDS = 31;

const bench = await startBench();
try {
  const args = [
    ...['call', '--plaintext', bench.address],
    ...['market.v1.ListingService/GetListing', '-d', '{"id":"lamp-1"}'],
  ];
  const ours: number[] = [];
  const bare: number[] = [];
  // The first round warms the disk.
  bench.command(args);
  bench.bare(1);
  for (let round = 0; round < ROUNDS; round++) {
    ours.push(bench.command(args));
    bare.push(bench.bare(1));
  }
  const ratio = median(ours) / median(bare);
  report(
    'frameline call, whole process, against bare grpc-js',
    `${median(ours).toFixed(0)} / ${median(bare).toFixed(0)} ms = ${ratio.toFixed(2)}`,
    '<= 1.3',
    ratio <= 1.3,
  );
} finally {
  bench.stop();
}
