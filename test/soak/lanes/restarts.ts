import { setTimeout } from 'node:timers/promises';
import { drawCall } from '../callKinds';
import { runCall } from '../callRun';
import { close, type Episode, mustRecover } from '../episode';
import type { Trouble } from '../faultRelay';

const ofServer: ReadonlySet<Trouble> = new Set(['refused', 'closed-early', 'cut']);

/** A server is killed while calls run, stays away while others are made, and comes back on the same port. */
export async function restartLane(episode: Episode): Promise<void> {
  const { random, world, pool } = episode;
  const { process: server, address } = world.mortal;
  const channel = () => pool.get({ address, security: { kind: 'plaintext' } }, {});
  const scene = { relays: [], troubles: ofServer, keepalive: false };
  const round = async (waitForReady: boolean) => {
    const plans = Array.from({ length: random.integer(1, 5) }, () => ({
      plan: drawCall(random, 'sample', false),
      deadline: random.integer(100, 1500),
    }));
    const opened = await channel();
    const ended = await Promise.all(
      plans.map(({ plan, deadline }) =>
        runCall(opened, world.schemas.sample, plan, { deadline, waitForReady }),
      ),
    );
    for (const call of ended) {
      close(episode, call, { ...scene, calm: false });
    }
  };
  const signal = random.pick(['SIGKILL', 'SIGTERM'] as const);
  const moment = random.integer(0, 300);
  const kill = async () => {
    await setTimeout(moment);
    await server.end(signal);
    world.tally.fault(`server ended by ${signal}`);
  };
  await Promise.all([round(false), kill()]);
  await round(random.chance(0.3));
  await Promise.all([server.start(), round(true)]);
  await mustRecover(episode, channel, 'sample', scene);
}
