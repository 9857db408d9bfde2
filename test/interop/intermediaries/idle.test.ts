import { describe, expect, it } from 'vitest';
import type { Intermediary } from '../../../scripts/interop/intermediaries.mjs';
import { toGrpcOptions } from '../../../src/grpc/callOptions';
import type { CallStatus } from '../../../src/transcript/entry';
import { answer, later, open, send, until } from '../tools';
import { useBehind } from './behind';
import { FrameRelay } from './frameRelay';
import { isMissing } from './hop';
import { measured } from './page';

/** What ends connections and streams that are silent, as the configuration files have it. */
const places: readonly {
  readonly kind: Intermediary;
  readonly port: string;
  readonly title: string;
  readonly settings: string;
}[] = [
  {
    kind: 'haproxy',
    port: 'TCP_IDLE',
    title: 'HAProxy, TCP mode',
    settings: '`timeout client 2s`, `timeout server 2s`',
  },
  {
    kind: 'haproxy',
    port: 'HTTP_IDLE',
    title: 'HAProxy, HTTP mode',
    settings: '`timeout client 2s`, `timeout server 2s`',
  },
  {
    kind: 'haproxy',
    port: 'HTTP_CLIENT',
    title: 'HAProxy, HTTP mode',
    settings: '`timeout client 2s`; the others 30s',
  },
  {
    kind: 'haproxy',
    port: 'HTTP_KEEP_ALIVE',
    title: 'HAProxy, HTTP mode',
    settings: '`timeout http-keep-alive 2s`; the others 30s',
  },
  {
    kind: 'nginx',
    port: 'TCP_IDLE',
    title: 'nginx, `stream`',
    settings: '`proxy_timeout 2s`',
  },
  {
    kind: 'nginx',
    port: 'HTTP_IDLE',
    title: 'nginx, `grpc_pass`',
    settings: '`keepalive_timeout 2s`, `grpc_read_timeout 2s`',
  },
  {
    kind: 'envoy',
    port: 'TCP_IDLE',
    title: 'Envoy, TCP proxy',
    settings: '`idle_timeout: 2s`',
  },
  {
    kind: 'envoy',
    port: 'HTTP_IDLE',
    title: 'Envoy, HTTP connection manager',
    settings: '`idle_timeout: 2s`, `stream_idle_timeout: 2s`',
  },
];

/** Every timeout is 2 s: three PINGs outlast it, and a Go server with default settings takes three. */
const keepaliveTime = 1_000;
const enoughPings = 3;

/** Of a silent stream, in milliseconds: only where no timeout ends it does it come so far. */
const deadline = 5_000;

type State = 'idle connection' | 'silent stream';

describe('what is silent through a hop, with and without PINGs', () => {
  const present = [...new Set(places.map(({ kind }) => kind))].filter((kind) => !isMissing(kind));
  const behind = useBehind(present);

  for (const { kind, port, title, settings } of places) {
    it.skipIf(isMissing(kind))(`${title}: ${settings}`, async (context) => {
      const before = serverPings();
      const outcomes = await Promise.all([
        outcome(kind, port, 'idle connection', false),
        outcome(kind, port, 'idle connection', true),
        outcome(kind, port, 'silent stream', false),
        outcome(kind, port, 'silent stream', true),
      ]);
      const answering = serverPings() > before ? 'the server' : 'the hop';
      measured(context, 'idle', [title, settings, ...outcomes, answering]);
    });
  }

  async function outcome(
    kind: Intermediary,
    port: string,
    state: State,
    pings: boolean,
  ): Promise<string> {
    const { hop, schema } = behind();
    const front = await FrameRelay.start(hop(kind).port(port));
    later(() => front.close());
    const options = pings ? { keepaliveTime, keepalivePermitWithoutCalls: true } : {};
    const channel = await open(front.address, toGrpcOptions(options).channel);
    const isKept = () => pings && (front.connections[0]?.acks ?? 0) >= enoughPings;

    if (state === 'silent stream') {
      const call = send(channel, schema, 'ListBooks', [{ count: 1, stay: true }], { deadline });
      let status: CallStatus | undefined;
      void call.done.then((ended) => {
        status = ended;
      });
      await until(() => status !== undefined || isKept());
      return status === undefined || status.cause === 'deadline-mid-stream'
        ? 'kept'
        : `${status.name} \`${status.cause}\``;
    }

    await answer(channel, schema, 'EchoBook', {});
    const [connection] = front.connections;
    const isEnding = () => connection?.goAway !== undefined || connection?.endedBy === 'server';
    await until(() => isEnding() || isKept());
    if (isEnding()) {
      return connection?.goAway === undefined ? 'closed' : `GOAWAY ${connection.goAway}`;
    }
    // It is the same connection that takes the next call.
    await answer(channel, schema, 'EchoBook', {});
    expect(front.connections).toHaveLength(1);
    return 'kept';
  }

  function serverPings(): number {
    const connections = behind().relays.flatMap((relay) => relay.connections);
    return connections.reduce((sum, { pings }) => sum + pings, 0);
  }
});

describe('PINGs that come too often for the server', () => {
  const present = (['haproxy', 'nginx', 'envoy'] as const).filter((kind) => !isMissing(kind));
  const behind = useBehind(present);

  it.each(present.map((kind) => ({ kind })))(
    'are told by the server through a layer-4 hop ($kind)',
    async ({ kind }) => {
      const { hop, schema } = behind();
      const options = toGrpcOptions({ keepaliveTime: 300 }).channel;
      const channel = await open(hop(kind).address('TCP_BALANCED'), options);
      const call = send(channel, schema, 'ListBooks', [{ count: 1, stay: true }]);
      expect(await call.done).toMatchObject({ cause: 'too-many-pings', origin: 'transport' });
    },
  );

  it.each(present.map((kind) => ({ kind })))(
    'do not reach it through a layer-7 hop ($kind)',
    async ({ kind }) => {
      const { hop, schema, relays } = behind();
      const front = await FrameRelay.start(hop(kind).port('HTTP_BALANCED'));
      later(() => front.close());
      const options = toGrpcOptions({ keepaliveTime: 100 }).channel;
      const channel = await open(front.address, options);
      const known = relays.map(({ connections }) => connections.length);
      const call = send(channel, schema, 'ListBooks', [{ count: 1, stay: true }]);
      await until(() => (front.connections[0]?.acks ?? 0) >= 6);
      call.cancel();
      expect(await call.done).toMatchObject({ cause: 'cancelled-here' });
      const opened = relays.flatMap(({ connections }, index) => connections.slice(known[index]));
      expect(opened.map(({ pings }) => pings)).toEqual(opened.map(() => 0));
    },
  );
});
