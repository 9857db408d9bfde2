/** The program of `npm run soak`; `scripts/soak.mjs` builds what it uses and starts it. */
import { parseArgs } from 'node:util';
import { Metadata } from '@grpc/grpc-js';
import { ChannelPool } from '../../src/grpc/channelPool';
import { discoveryChannelOptions, readSchema } from '../../src/schema/readSchema';
import type { Schema } from '../../src/schema/schema';
import { reflectionOnly } from '../../src/schema/sources';
import { seededRandom } from '../tools/random';
import { until } from '../tools/until';
import { ClientReads } from './clientReads';
import type { World } from './episode';
import { growth } from './memory';
import { Names } from './names';
import { holdings, residue } from './residue';
import { goServer, type Programs, quietPort, sampleServer } from './servers';
import { laneNames, megabytes, soak } from './soak';
import { Tally } from './tally';

/** Milliseconds that the process has to end by itself when all is closed. */
const exitGuard = 15_000;

const { values } = parseArgs({
  options: {
    programs: { type: 'string', default: '' },
    seed: { type: 'string', default: '' },
    seconds: { type: 'string', default: '' },
    only: { type: 'string' },
  },
});
const seed = Number(values.seed);
const { only } = values;
if (only !== undefined && !laneNames().some((name) => only.startsWith(`${name}/`))) {
  throw new Error(`--only ${only}: an episode is ${laneNames().join('/1, ')}/1`);
}
const collect = globalThis.gc;
if (!collect) {
  throw new Error('Memory is measured after collections: node --expose-gc');
}

const tally = new Tally();
for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
  process.on(event, (error: unknown) => {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    tally.violation(event, [text]);
  });
}
// A listener too many is a leak that tells of itself.
process.on('warning', (warning) => tally.violation('warning', [warning.stack ?? warning.message]));

const programs = JSON.parse(values.programs) as Programs;
const sample = sampleServer(programs, ['--tls']);
const go = programs.goServer === undefined ? undefined : goServer(programs.goServer);
const mortalPort = await quietPort(seededRandom(seed), ['127.0.0.1']);
const mortal = sampleServer(programs, ['--port', String(mortalPort)]);
const [sampleAddresses, goAddress, mortalAddresses] = await Promise.all([
  sample.start(),
  go?.start(),
  mortal.start(),
]);
const names = new Names();
names.install();
const reads = new ClientReads();
const world: World = {
  programs,
  tally,
  reads,
  names,
  sample: sampleAddresses,
  go: goAddress,
  schemas: {
    sample: await schemaOf(sampleAddresses.address),
    go: await schemaOf(goAddress ?? sampleAddresses.address),
  },
  mortal: { process: mortal, address: mortalAddresses.address },
};
console.log(
  `seed ${seed}, ${values.seconds} s, against the sample server${go ? ' and the one in Go' : '; there is no Go'}`,
);
// The connections of reading the schemas close in a moment.
await until(() => !process.getActiveResourcesInfo().includes('TCPSocketWrap'));
const atStart = holdings();
const samples = await soak(world, {
  seed,
  seconds: Number(values.seconds),
  collect,
  report: (line) => console.log(line),
  ...(only !== undefined && { only }),
});

await Promise.all([sample.stop(), go?.stop(), mortal.stop()]);
reads.stop();
names.remove();
tally.violation('after the end', await residue(atStart));
const grown = growth(samples);
if (grown?.tooMuch) {
  tally.violation('memory', [
    `grew by ${megabytes(grown.bytes)}, ${grown.perCall.toFixed(0)} bytes a call`,
  ]);
}
console.log(`\n${tally.report()}\n`);
console.log(
  grown
    ? `Memory: ${megabytes(grown.bytes)} more in the last third than in the first, ${grown.perCall.toFixed(0)} bytes a call`
    : 'Memory: too few cycles to compare',
);
const passed = tally.violations.length === 0;
console.log(passed ? 'The soak passed.' : `The soak failed: repeat it with --seed ${seed}`);
process.exitCode = passed ? 0 : 1;
setTimeout(() => {
  console.log(`The process does not end: ${process.getActiveResourcesInfo().join(', ')}`);
  process.exit(1);
}, exitGuard).unref();

async function schemaOf(address: string): Promise<Schema> {
  const pool = new ChannelPool();
  try {
    const { schema } = await readSchema({
      name: address,
      sources: reflectionOnly,
      metadata: new Metadata(),
      timeout: 60_000,
      channel: () =>
        pool.get({ address, security: { kind: 'plaintext' } }, discoveryChannelOptions),
    });
    return schema;
  } finally {
    await pool.dispose();
  }
}
