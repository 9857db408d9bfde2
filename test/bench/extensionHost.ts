import { CallRun } from '../../src/host/requestPanel/callRun';
import { buildSchema } from '../../src/schema/load';
import { seededRandom } from '../tools/random';
import { startFlood } from './flood';
import { floodPath, floodProto } from './floodMessage';
import { LoopMonitor } from './loopMonitor';
import { report } from './report';

const COUNT = 200_000;
const ROUNDS = 5;
const WINDOW = 60;
const REQUESTS_A_SECOND = 30;

const source = { name: 'bench.proto', text: floodProto };
const schema = buildSchema({ local: { sources: [source], descriptors: [], problems: [] } });
const method = schema.findMethod(floodPath);
if (method === undefined) {
  throw new Error('The schema of the flood has no method.');
}
const random = seededRandom(2);
const flood = await startFlood();
const monitor = new LoopMonitor();
let updates = 0;
for (let round = 0; round < ROUNDS; round++) {
  const call = flood.start(COUNT);
  const context = { callId: round, target: 'bench', method, schema, framesAvailable: true };
  // Posting to a webview makes JSON of the message, in this same process.
  const post = (message: unknown) => {
    updates += JSON.stringify(message).length > 0 ? 1 : 0;
  };
  const run = new CallRun(call, context, post);
  run.watch({ view: 'messages', first: 0, count: WINDOW, follow: true });
  const scrolling = setInterval(() => {
    const first = random.integer(0, call.transcript.rowCount('messages'));
    post(run.rows('messages', first, WINDOW));
  }, 1000 / REQUESTS_A_SECOND);
  monitor.start();
  const status = await call.done;
  monitor.stop();
  clearInterval(scrolling);
  if (status.name !== 'OK' || call.transcript.messageCount('received') !== COUNT) {
    throw new Error(`The flood ended with ${status.name}: ${status.message}`);
  }
  run.dispose();
}
flood.stop();
if (updates < ROUNDS) {
  throw new Error('The panel was told nothing.');
}
const { worked, clock } = monitor.longest;
report(
  'extension host: longest block while 200,000 messages stream in',
  `${worked.toFixed(0)} ms (${clock.toFixed(0)})`,
  '<= 50 ms of processor time (by the clock)',
  worked <= 50,
);
