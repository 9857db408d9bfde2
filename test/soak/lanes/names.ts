import { toGrpcOptions } from '../../../src/grpc/callOptions';
import { drawCall } from '../callKinds';
import { runCall } from '../callRun';
import { close, type Episode, mustRecover, startRelay } from '../episode';
import type { Trouble } from '../faultRelay';
import { quietPort } from '../servers';

const hosts = ['127.0.0.1', '127.0.0.2'] as const;

/** A name moves from one address to another, has none for a time, or has two of which one goes away. */
export async function nameLane(episode: Episode): Promise<void> {
  const { random, world, pool } = episode;
  const port = await quietPort(episode.draws('port'), hosts);
  const upstream = () => world.sample.address;
  const relays = await Promise.all(
    hosts.map((host) => startRelay(episode, { host, port, protocol: 'http2', upstream })),
  );
  const [first, second] = relays;
  if (!first || !second) {
    return;
  }
  const label = `name-${port}`;
  const name = world.names.set(label, [hosts[0]]);
  const balanced = random.chance(0.3);
  const options = toGrpcOptions(balanced ? { loadBalancing: 'round_robin' } : {}).channel;
  const target = { address: `dns:///${name}:${port}`, security: { kind: 'plaintext' } } as const;
  const channel = () => pool.get(target, options);
  const troubles = new Set<Trouble>();
  const scene = { relays, troubles, keepalive: false };
  const round = async () => {
    const calls = Array.from({ length: random.integer(1, 4) }, () => ({
      plan: drawCall(random, 'sample', true),
      deadline: random.integer(200, 1500),
    }));
    const opened = await channel();
    const ended = await Promise.all(
      calls.map(({ plan, deadline }) =>
        runCall(opened, world.schemas.sample, plan, { deadline, waitForReady: false }),
      ),
    );
    for (const call of ended) {
      close(episode, call, { ...scene, calm: false });
    }
  };
  const reaches = async (wanted: readonly string[]) => {
    const address = await mustRecover(episode, channel, 'sample', scene);
    if (address !== undefined && !wanted.some((host) => address === `${host}:${port}`)) {
      world.tally.violation(episode.where, [`${address} was called, not ${wanted.join(' or ')}`]);
    }
  };
  try {
    await round();
    await reaches([hosts[0]]);

    world.tally.fault('name moves');
    world.names.set(label, [hosts[1]]);
    first.refuse();
    first.resetAll();
    await round();
    await reaches([hosts[1]]);

    const error = random.pick(['ENOTFOUND', 'EAI_AGAIN']);
    world.tally.fault(`name ${error}`);
    troubles.add('no-name');
    world.names.set(label, { error });
    second.refuse();
    second.resetAll();
    await round();

    world.tally.fault('name comes back with two addresses');
    world.names.set(label, hosts);
    await second.listen();
    await reaches([hosts[1]]);
    await first.listen();
    second.refuse();
    second.resetAll();
    await round();
    await reaches([hosts[0]]);
  } finally {
    pool.retire(target);
    for (const relay of relays) {
      relay.close();
    }
  }
}
