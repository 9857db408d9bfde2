import type { ChannelOptions } from '@grpc/grpc-js';
import { afterAll, beforeAll } from 'vitest';
import type { Intermediary } from '../../../scripts/interop/intermediaries.mjs';
import type { Channel } from '../../../src/grpc/channel';
import { ChannelPool } from '../../../src/grpc/channelPool';
import type { Schema } from '../../../src/schema/schema';
import { startScriptedPeer } from '../../tools/scriptedPeer';
import { later, schemaOf, start } from '../tools';
import { FrameRelay } from './frameRelay';
import { type Hop, startHop } from './hop';

/** Proxies with the same three servers in Go behind them, each behind a relay that reads along. */
export interface Behind {
  readonly schema: Schema;
  readonly relays: readonly FrameRelay[];
  hop(kind: Intermediary): Hop;
}

/** Milliseconds: a machine that builds something else at the same time starts all of it slowly. */
const startTimeout = 60_000;

/** Nobody listens there on the loopback interface. */
const down = 1;

/** Starts all of it before the tests of a file or a `describe`; what it returns gives it to them. */
export function useBehind(kinds: readonly Intermediary[]): () => Behind {
  const stops: (() => unknown)[] = [];
  let behind: Behind | undefined;
  beforeAll(async () => {
    const servers = await Promise.all([start('go'), start('go'), start('go')]);
    stops.push(...servers.map((server) => () => server.stop()));
    const [first] = servers;
    const schema = await schemaOf(first.address);
    const relays: FrameRelay[] = [];
    for (const { address } of servers) {
      const relay = await FrameRelay.start(portOf(address));
      stops.push(() => relay.close());
      relays.push(relay);
    }
    const hangUp = await startScriptedPeer({ kind: 'hangUp' });
    stops.push(() => hangUp.close());
    const [A = 0, B = 0, C = 0] = relays.map(({ address }) => portOf(address));
    const hops = new Map<Intermediary, Hop>();
    for (const kind of kinds) {
      const hop = await startHop(kind, { A, B, C, DOWN: down, HANG_UP: hangUp.port });
      stops.push(() => hop.stop());
      hops.set(kind, hop);
    }
    behind = { schema, relays, hop: (kind) => started(hops.get(kind)) };
  }, startTimeout);
  afterAll(async () => {
    for (const stop of stops.reverse()) {
      await stop();
    }
  });
  return () => started(behind);
}

function started<Value>(value: Value | undefined): Value {
  if (value === undefined) {
    throw new Error('It has not been started.');
  }
  return value;
}

function portOf(address: string): number {
  return Number(address.slice(address.lastIndexOf(':') + 1));
}

/** A channel for one test, with an authority where the proxy chooses the route by it. */
export function openAs(
  address: string,
  authority: string | undefined,
  options: ChannelOptions = {},
): Promise<Channel> {
  const pool = new ChannelPool();
  later(() => pool.dispose());
  const target = { address, security: { kind: 'plaintext' } } as const;
  return pool.get(authority === undefined ? target : { ...target, authority }, options);
}
