import { describe, expect, it } from 'vitest';
import { toGrpcOptions } from '../../../src/grpc/callOptions';
import { answer, open } from '../tools';
import { useBehind } from './behind';
import { isMissing, kinds, titles } from './hop';
import { measured } from './page';

const calls = 30;

describe.each(kinds.filter((kind) => !isMissing(kind)))('three servers behind %s', (kind) => {
  const behind = useBehind([kind]);

  /** Calls that each server got, the busiest first. */
  async function spread(act: () => Promise<void>): Promise<number[]> {
    const { relays } = behind();
    const count = () =>
      relays.map(({ connections }) => connections.flatMap(({ requests }) => requests).length);
    const before = count();
    await act();
    return count()
      .map((after, index) => after - (before[index] ?? 0))
      .sort((a, b) => b - a);
  }

  async function callOnOneChannel(port: string, options = {}): Promise<void> {
    const { hop, schema } = behind();
    const channel = await open(hop(kind).address(port), options);
    for (let count = 0; count < calls; count++) {
      await answer(channel, schema, 'EchoBook', {});
    }
  }

  it('layer 4 balances connections, layer 7 calls', async (context) => {
    const tcp = await spread(() => callOnOneChannel('TCP_BALANCED'));
    const http = await spread(() => callOnOneChannel('HTTP_BALANCED'));
    expect(tcp).toEqual([calls, 0, 0]);
    expect(http).toEqual([calls / 3, calls / 3, calls / 3]);
    measured(context, 'balancing', [titles[kind], tcp.join(' / '), http.join(' / ')]);
  });

  it('round_robin of the client does not help behind one address of layer 4', async () => {
    const options = toGrpcOptions({ loadBalancing: 'round_robin' }).channel;
    expect(await spread(() => callOnOneChannel('TCP_BALANCED', options))).toEqual([calls, 0, 0]);
  });

  it('several channels are spread by layer 4', async () => {
    const { hop, schema } = behind();
    const spreading = spread(async () => {
      for (let count = 0; count < 6; count++) {
        const channel = await open(hop(kind).address('TCP_BALANCED'));
        await answer(channel, schema, 'EchoBook', {});
      }
    });
    expect(await spreading).toEqual([2, 2, 2]);
  });
});
