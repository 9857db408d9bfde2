import { setTimeout } from 'node:timers/promises';
import { Metadata } from '@grpc/grpc-js';
import { discoveryChannelOptions, readSchema, SchemaError } from '../../../src/schema/readSchema';
import type { Schema } from '../../../src/schema/schema';
import { reflectionOnly } from '../../../src/schema/sources';
import type { ServerKind } from '../callKinds';
import { hangGuard } from '../callRun';
import { drawPlan, type Mood, plainPlan } from '../connectionPlan';
import { type Episode, startRelay } from '../episode';

/** Milliseconds for finding out why a server is not reached. */
const probe = 3000;

/** Reflection through a relay: whole, or with what is missing named, or a reason why there is nothing. */
export async function discoveryLane(episode: Episode): Promise<void> {
  const { random, world, pool } = episode;
  const { tally } = world;
  const mood = random.pick<Mood>(['harmless', 'harmful', 'harmful']);
  const server: ServerKind = world.go !== undefined && random.chance(0.4) ? 'go' : 'sample';
  const upstream = () => (server === 'go' ? (world.go ?? '') : world.sample.address);
  const relay = await startRelay(episode, { protocol: 'http2', upstream });
  const plans = episode.draws('connections');
  relay.plan = () => drawPlan(plans, mood);
  const target = { address: relay.address, security: { kind: 'plaintext' } } as const;
  const read = async (timeout: number): Promise<Schema | SchemaError | undefined> => {
    const guard = new AbortController();
    const hung = setTimeout(timeout + probe + hangGuard, undefined, { signal: guard.signal });
    const schema = readSchema({
      name: 'soak',
      sources: reflectionOnly,
      metadata: new Metadata(),
      timeout,
      channel: () => pool.get(target, discoveryChannelOptions),
    }).then(
      (found) => found.schema,
      (error) => {
        if (error instanceof SchemaError) {
          return error;
        }
        throw error;
      },
    );
    const result = await Promise.race([schema, hung.catch(() => undefined)]);
    guard.abort();
    return result;
  };
  const kind = `discovery, ${server}`;
  const judge = (found: Schema | SchemaError | undefined, calm: boolean) => {
    const problems = problemsOf(found, world.schemas[server], calm);
    tally.call(kind, found ? (found instanceof SchemaError ? found.code : 'ok') : 'hangs');
    tally.violation(`${episode.where}: ${kind}`, problems);
  };
  try {
    if (mood === 'harmless') {
      judge(await read(60_000), true);
      return;
    }
    judge(await read(random.integer(100, 1500)), false);
    relay.plan = () => plainPlan;
    relay.resetAll();
    // The first one may find the connection that was just reset.
    const again = await read(20_000);
    const found = again instanceof SchemaError ? await read(20_000) : again;
    judge(found, true);
  } finally {
    relay.close();
  }
}

function problemsOf(
  found: Schema | SchemaError | undefined,
  whole: Schema,
  calm: boolean,
): string[] {
  if (!found) {
    return ['hangs past its timeout'];
  }
  if (found instanceof SchemaError) {
    const isExplained = found.why !== '' && found.next !== undefined;
    return calm || !isExplained ? [`fails with ${found.code}: ${found.message}`] : [];
  }
  const names = (schema: Schema) => schema.services.map(({ name }) => name).sort();
  const [got, wanted] = [names(found), names(whole)];
  const problems = [...found.problems, ...found.services.flatMap((service) => service.problems)];
  const missing = wanted.filter((name) => !got.includes(name));
  const bare = found.services.filter(({ methods }) => methods.length === 0);
  const lost = [...missing, ...bare.map(({ name }) => name)];
  if (calm && (lost.length > 0 || problems.length > 0)) {
    return [`lacks ${lost.join(', ')}: ${problems.map(({ message }) => message).join(' ')}`];
  }
  // Nothing may be missing without a word.
  return lost.length > 0 && problems.length === 0
    ? [`lacks ${lost.join(', ')} and says nothing`]
    : [];
}
