import { setTimeout } from 'node:timers/promises';
import { type CallOptions, toGrpcOptions } from '../../../src/grpc/callOptions';
import type { Target } from '../../../src/grpc/target';
import type { Random } from '../../tools/random';
import { drawCall, type ServerKind } from '../callKinds';
import { runCall } from '../callRun';
import { drawPlan, type Mood, plainPlan } from '../connectionPlan';
import { close, type Episode, mustRecover, startRelay, type World } from '../episode';
import type { FaultRelay } from '../faultRelay';

/** Milliseconds for calls that nothing keeps from ending: a guard. */
const calmDeadline = 60_000;

/** Rounds of calls at the same time through a relay, each connection with faults of its own; then all must work. */
export async function callLane(episode: Episode): Promise<void> {
  const { random, world, pool } = episode;
  const mood = random.pick<Mood>(['harmless', 'harmful', 'harmful']);
  const server: ServerKind = world.go !== undefined && random.chance(0.4) ? 'go' : 'sample';
  const tls = server === 'sample' && random.chance(0.25);
  const relay = await startRelay(episode, {
    protocol: tls ? 'tls' : 'http2',
    upstream: () => upstreamOf(world, server, tls),
  });
  const plans = episode.draws('connections');
  relay.plan = () => drawPlan(plans, mood);
  const options = drawOptions(random, server, mood);
  const target = targetOf(relay, world, tls);
  const channel = () => pool.get(target, toGrpcOptions(options).channel);
  const scene = {
    relays: [relay],
    troubles: new Set<never>(),
    keepalive: options.keepaliveTime !== undefined,
  };
  try {
    for (let round = random.integer(1, 4); round > 0; round--) {
      const outage = mood === 'harmful' && random.chance(0.15);
      const back = outage ? away(relay, random.integer(0, 300)) : Promise.resolve();
      const calls = Array.from({ length: random.integer(1, 5) }, () => ({
        plan: drawCall(random, server, mood === 'harmless'),
        deadline: random.integer(100, 2000),
        waitForReady: random.chance(0.2),
      }));
      const opened = await channel();
      const ended = await Promise.all(
        calls.map(({ plan, deadline, waitForReady }) =>
          runCall(opened, world.schemas[server], plan, {
            deadline: mood === 'harmless' && !plan.endless ? calmDeadline : deadline,
            waitForReady,
          }),
        ),
      );
      await back;
      for (const call of ended) {
        close(episode, call, { ...scene, calm: mood === 'harmless' });
      }
    }
    relay.plan = () => plainPlan;
    if (mood === 'harmful') {
      relay.resetAll();
    }
    await mustRecover(episode, channel, server, scene);
  } finally {
    if (random.chance(0.3)) {
      pool.retire(target);
    }
    relay.close();
  }
}

function upstreamOf(world: World, server: ServerKind, tls: boolean): string {
  const address = server === 'go' ? world.go : tls ? world.sample.tlsAddress : world.sample.address;
  return address ?? '';
}

function targetOf(relay: FaultRelay, world: World, tls: boolean): Target {
  const { certificates } = world.sample;
  return {
    address: relay.address,
    ...(tls && { authority: 'localhost' }),
    security: tls
      ? { kind: 'tls', verify: true, ...(certificates && { ca: certificates.ca }) }
      : { kind: 'plaintext' },
  };
}

function drawOptions(random: Random, server: ServerKind, mood: Mood): CallOptions {
  return {
    ...(random.chance(0.15) && { compression: 'gzip' as const }),
    ...(random.chance(0.2) && { retries: false }),
    // A default Go server takes many PINGs amiss; and in a calm round none may go without an answer for long.
    ...(server === 'sample' &&
      mood === 'harmful' &&
      random.chance(0.3) && { keepaliveTime: random.integer(100, 300), keepaliveTimeout: 300 }),
  };
}

/** Nothing listens for a moment, and what stood is broken. */
async function away(relay: FaultRelay, milliseconds: number): Promise<void> {
  relay.refuse();
  relay.resetAll();
  await setTimeout(milliseconds);
  await relay.listen();
}
