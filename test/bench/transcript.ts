import { startFlood } from './flood';
import { isItem } from './floodMessage';
import { median, report } from './report';

const COUNT = 1_000_000;
const ROUNDS = 3;

const flood = await startFlood();
await flood.bare(COUNT / 10);
(await flood.tapped(COUNT / 10)).transcript.dispose();
const ratios: number[] = [];
const growths: number[] = [];
let unreadable = 0;
for (let round = 0; round < ROUNDS; round++) {
  const bare = await flood.bare(COUNT);
  const before = settledMemory();
  const { rate, transcript } = await flood.tapped(COUNT);
  growths.push(settledMemory() - before);
  ratios.push(rate / bare);
  for (let index = 0; index < COUNT; index++) {
    const number = transcript.messageEntry('received', index) ?? -1;
    const entry = transcript.entry(number);
    const bytes = Buffer.from(transcript.payload(number, 5));
    if (entry.kind !== 'message' || !isItem(bytes, index)) {
      unreadable++;
    }
  }
  transcript.dispose();
}
flood.stop();

const growth = median(growths);
report(
  '1,000,000 messages of 64 B: unreadable by number',
  String(unreadable),
  '0',
  unreadable === 0,
);
report(
  '1,000,000 messages of 64 B: memory growth',
  `${growth.toFixed(0)} MB`,
  '<= 150 MB',
  growth <= 150,
);
const ratio = median(ratios);
report(
  '1,000,000 messages of 64 B against bare grpc-js',
  ratio.toFixed(2),
  '>= 0.75',
  ratio >= 0.75,
);

/** Resident memory in MB after a collection. */
function settledMemory(): number {
  globalThis.gc?.();
  globalThis.gc?.();
  return process.memoryUsage().rss / 1_000_000;
}
