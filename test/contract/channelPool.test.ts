import { afterEach, describe, expect, it } from 'vitest';
import { ChannelPool } from '../../src/grpc/channelPool';
import type { Target } from '../../src/grpc/target';
import { echo, startRawServer } from '../tools/rawServer';
import { until } from '../tools/until';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) {
    await cleanup();
  }
});

async function poolAndTarget(): Promise<{ pool: ChannelPool; target: Target }> {
  const server = await startRawServer({ Echo: echo });
  cleanups.push(() => server.close());
  const pool = new ChannelPool();
  cleanups.push(() => pool.dispose());
  return {
    pool,
    target: { address: `127.0.0.1:${server.port}`, security: { kind: 'plaintext' } },
  };
}

/** So many channels to one server that the pool must close some. */
function many(pool: ChannelPool, target: Target) {
  return Promise.all(
    Array.from({ length: 40 }, (_, index) =>
      pool.get(target, { 'grpc.primary_user_agent': `agent-${index}` }),
    ),
  );
}

describe('ChannelPool', () => {
  it('closes no channel before who asked for it could use it', async () => {
    const { pool, target } = await poolAndTarget();
    const calls = (await many(pool, target)).map((channel) => {
      const call = channel.startCall({ path: '/raw.Raw/Echo', deadline: 10_000 });
      call.halfClose();
      return call.done;
    });
    expect((await Promise.all(calls)).map(({ name }) => name)).toEqual(Array(40).fill('OK'));
  });

  it('closes a channel that is on hold only after it was let go', async () => {
    const { pool, target } = await poolAndTarget();
    const held = await pool.get(target, { 'grpc.primary_user_agent': 'held' });
    const letGo = held.hold();
    const isOpen = async (): Promise<boolean> => {
      const again = await pool.get(target, { 'grpc.primary_user_agent': 'held' });
      return again === held;
    };
    await many(pool, target);
    expect(await isOpen()).toBe(true);
    letGo();
    await new Promise((resolve) => setTimeout(resolve, 20));
    await many(pool, target);
    await pool.get(target, { 'grpc.primary_user_agent': 'one more' });
    expect(await isOpen()).toBe(false);
  });

  it('lets calls on a retired channel end, and opens a new connection for the next', async () => {
    const { pool, target } = await poolAndTarget();
    const old = await pool.get(target, {});
    const running = old.startCall({ path: '/raw.Raw/Echo', deadline: 10_000 });
    running.send(Buffer.from('one'));
    await until(() => running.transcript.messageCount('received') === 1);
    pool.retire(target);
    const next = await pool.get(target, {});
    expect(next).not.toBe(old);
    running.send(Buffer.from('two'));
    running.halfClose();
    expect(await running.done).toMatchObject({ name: 'OK' });
    expect(running.transcript.messageCount('received')).toBe(2);
  });
});
