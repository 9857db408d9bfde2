import * as grpc from '@grpc/grpc-js';
import { discover, discoveryChannelOptions } from '../../src/schema/load';
import { type FileSet, layeredFiles, oneFilePerAnswer } from '../tools/reflectionFiles';
import { RoundTripRelay, startPeer } from '../tools/reflectionPeer';
import { reflectionPackage, type Served } from './reflectionPackage';
import { median, report } from './report';

const COUNT = 300;
const ROUNDS = 9;
const ROUND_TRIP = 50;
const TARGET = 6;
/** Connecting (HTTP/2 SETTINGS), the list of services, and the services' own files. */
const BEFORE_IMPORTS = 3;

await row(
  '@grpc/reflection, imports 10 deep',
  TARGET,
  await reflectionPackage(layeredFiles(COUNT, 10)),
);
await row(
  'one file an answer, imports 3 deep',
  TARGET,
  await oneFileServer(layeredFiles(COUNT, 3)),
);
// Nobody can ask for an import before having read the file that names it: a level costs a round trip.
await row(
  'one file an answer, imports 10 deep',
  BEFORE_IMPORTS + 10,
  await oneFileServer(layeredFiles(COUNT, 10)),
);

function oneFileServer({ services, files }: FileSet): Promise<Served> {
  return startPeer(['v1'], oneFilePerAnswer(services, files));
}

async function row(what: string, target: number, server: Served): Promise<void> {
  const rounds: { readonly roundTrips: number; readonly time: number }[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const relay = await RoundTripRelay.start(server.address, ROUND_TRIP / 2);
    const client = new grpc.Client(relay.address, grpc.credentials.createInsecure(), {
      ...discoveryChannelOptions,
      'grpc.use_local_subchannel_pool': 1,
    });
    const began = performance.now();
    const found = await discover(client, { metadata: new grpc.Metadata() });
    rounds.push({ time: performance.now() - began, roundTrips: relay.roundTrips });
    client.close();
    relay.close();
    if (found.files.length !== COUNT || found.problems.length > 0) {
      throw new Error(`${what}: ${found.files.length} files, ${found.problems.length} problems.`);
    }
  }
  server.close();
  // How many are needed does not vary; a side that is held up in the middle of its turn only adds to them.
  const fewest = Math.min(...rounds.map((it) => it.roundTrips));
  const times = rounds.filter((it) => it.roundTrips === fewest).map((it) => it.time);
  report(
    `discovery of ${COUNT} files, ${what}`,
    `${fewest} in ${median(times).toFixed(0)} ms`,
    target > TARGET
      ? `<= ${TARGET} can't be reached: names of imports are known level by level; least: ${target}`
      : `<= ${target} round trips of ${ROUND_TRIP} ms`,
    fewest <= target,
  );
}
