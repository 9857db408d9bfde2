import { formatDuration } from '../../grpc/duration';
import { type Implementation, implementationNames } from '../../grpc/implementation';
import { defaultSettings } from '../config/defaultSettings';
import type { Hop } from '../config/hops';
import type { LintSettings } from '../config/settings';
import type { ChannelFact, KeepaliveFact } from '../facts';
import type { Finding } from '../finding';
import type { Milliseconds } from '../program/value';
import { found, type RuleContext } from './ruleContext';

/** gRFC A8: a smaller KEEPALIVE_TIME counts as ten seconds. Go and Java do so; C core and grpc-js don't. */
const clientMinimum: Milliseconds = 10_000;
const raises: readonly Implementation[] = ['grpc-go', 'grpc-java'];

/** SocketsHttpHandler throws for a shorter KeepAlivePingDelay. */
const dotnetMinimum: Milliseconds = 1_000;

/** gRFC A8, Server Enforcement: without calls, a default server takes one PING in two hours. */
const withoutCallsMinimum: Milliseconds = 7_200_000;

type TimedHop = Hop & { readonly idleTimeout: Milliseconds };

/** What a PING of the client meets: the hops before the first one that answers it, and that one. */
interface Reach {
  /** The layer-4 hop that drops a quiet connection first. */
  readonly strictest: TimedHop | undefined;
  readonly end: Hop | undefined;
}

/** The four keepalive rules. */
export function checkKeepalive(fact: ChannelFact, { settings }: RuleContext): readonly Finding[] {
  const reach = reachOf(settings.path ?? []);
  const { keepalive } = fact;
  if (keepalive === undefined || keepalive.time === Number.POSITIVE_INFINITY) {
    return noKeepalive(fact, reach, settings);
  }
  return [
    ...tooShort(fact, keepalive, reach, settings),
    ...withoutCalls(fact, keepalive, reach, settings),
    ...tooLong(fact, keepalive, reach, settings),
    ...inVain(fact, keepalive, reach, settings),
  ];
}

function reachOf(path: readonly Hop[]): Reach {
  const at = path.findIndex(({ layer }) => layer === 7);
  const before = at === -1 ? path : path.slice(0, at);
  const [strictest] = before
    .filter((hop): hop is TimedHop => hop.idleTimeout !== undefined && hop.pingResetsIdle !== false)
    .sort((a, b) => a.idleTimeout - b.idleTimeout);
  return { strictest, end: path[at] };
}

/** `keepalive-too-frequent`. Behind a layer-7 hop the server never sees these PINGs. */
function tooShort(
  fact: ChannelFact,
  { time, timeSpan }: KeepaliveFact,
  reach: Reach,
  settings: LintSettings,
): readonly Finding[] {
  if (time === undefined) {
    return [];
  }
  const place = { rule: 'keepalive-too-frequent', span: timeSpan ?? fact.nameSpan, fact } as const;
  const written = formatDuration(time);
  if (fact.implementation === 'grpc-dotnet' && time < dotnetMinimum) {
    const message = `SocketsHttpHandler throws for a KeepAlivePingDelay of ${written}: the shortest is 1s.`;
    return found(settings, { ...place, message });
  }
  const { keepaliveMinTime } = settings.server;
  const sent = timeSent(fact, time);
  const raised =
    sent === time
      ? ''
      : ` (${implementationNames([fact.implementation])} raises ${written} to ${formatDuration(sent)})`;
  if (reach.end === undefined && sent < keepaliveMinTime) {
    const whose =
      keepaliveMinTime === defaultSettings.server.keepaliveMinTime
        ? 'a default Go, Java or C++ server'
        : 'the server';
    const message = `A PING every ${formatDuration(sent)}${raised}, where ${whose} allows one every ${formatDuration(keepaliveMinTime)}: it answers with GOAWAY too_many_pings and ends the connection with all its calls. ${advice(reach, settings)}`;
    return found(settings, { ...place, message });
  }
  if (raised !== '') {
    const message = `PINGs are sent every ${formatDuration(sent)}${raised}.`;
    return found(settings, { ...place, message }, 'information');
  }
  return [];
}

/** What the library sends, whatever is written. */
function timeSent({ implementation }: ChannelFact, time: Milliseconds): Milliseconds {
  return raises.includes(implementation) ? Math.max(time, clientMinimum) : time;
}

/** `keepalive-without-calls` */
function withoutCalls(
  fact: ChannelFact,
  { time, withoutCalls: isOn, withoutCallsSpan }: KeepaliveFact,
  { end }: Reach,
  settings: LintSettings,
): readonly Finding[] {
  const isRare = time !== undefined && time >= withoutCallsMinimum;
  if (isOn !== true || isRare || end !== undefined || settings.server.keepalivePermitWithoutCalls) {
    return [];
  }
  const message =
    'While no call runs, a default server allows one PING in 2h; for more it ends the connection with GOAWAY too_many_pings. Turn this off, or permit it at the server and say so in frameline.json: "server": {"keepalivePermitWithoutCalls": true}.';
  const span = withoutCallsSpan ?? fact.nameSpan;
  return found(settings, { rule: 'keepalive-without-calls', span, message, fact });
}

/** `keepalive-outlives-idle-timeout` */
function tooLong(
  fact: ChannelFact,
  { time, timeSpan }: KeepaliveFact,
  reach: Reach,
  settings: LintSettings,
): readonly Finding[] {
  const hop = reach.strictest;
  if (time === undefined || hop === undefined || timeSent(fact, time) < hop.idleTimeout) {
    return [];
  }
  const message = `A PING every ${formatDuration(timeSent(fact, time))} comes too late: ${drops(hop)}. ${advice(reach, settings)}`;
  const span = timeSpan ?? fact.nameSpan;
  return found(settings, { rule: 'keepalive-outlives-idle-timeout', span, message, fact });
}

/** `keepalive-outlives-idle-timeout` for a channel that surely sends none: softer, for not all need it. */
function noKeepalive(fact: ChannelFact, reach: Reach, settings: LintSettings): readonly Finding[] {
  const hop = reach.strictest;
  if (hop === undefined || fact.isOpen) {
    return [];
  }
  const message = `No keepalive on this ${fact.what}: ${drops(hop)}, which ends a quiet stream, and the next call meets a dead connection. ${advice(reach, settings)}`;
  const span = fact.keepalive?.timeSpan ?? fact.nameSpan;
  return found(
    settings,
    { rule: 'keepalive-outlives-idle-timeout', span, message, fact },
    'information',
  );
}

/** `keepalive-cannot-help`, unless there is a hop before it for which the PINGs are. */
function inVain(
  fact: ChannelFact,
  { time, timeSpan }: KeepaliveFact,
  { strictest, end }: Reach,
  settings: LintSettings,
): readonly Finding[] {
  if (
    time === undefined ||
    strictest !== undefined ||
    end?.idleTimeout === undefined ||
    end.pingResetsIdle !== false
  ) {
    return [];
  }
  const idle = formatDuration(end.idleTimeout);
  const does =
    end.ends === 'stream'
      ? `resets a stream without messages after ${idle}`
      : `closes a quiet connection after ${idle}`;
  const message = `${end.name} ${does}, and a PING does not count for it: keepalive finds a dead connection to ${end.name}, but keeps nothing open. Raise that timeout, or send messages of the application.`;
  const span = timeSpan ?? fact.nameSpan;
  return found(settings, { rule: 'keepalive-cannot-help', span, message, fact });
}

function drops({ name, idleTimeout }: TimedHop): string {
  return `${name} drops a connection after ${formatDuration(idleTimeout)} without traffic`;
}

/** Which keepalive time works between the server's minimum and the hop's timeout, or what to change when none does. */
function advice({ strictest, end }: Reach, { server }: LintSettings): string {
  const least = end === undefined ? server.keepaliveMinTime : 0;
  const min = formatDuration(least);
  if (strictest === undefined) {
    return `Use ${min} or more, or lower the server's minimum and say so in frameline.json: "server": {"keepaliveMinTime": …}.`;
  }
  const idle = formatDuration(strictest.idleTimeout);
  if (least >= strictest.idleTimeout) {
    return `No keepalive time works here: the server allows ${min} or more, and ${strictest.name} needs less than ${idle}. Lower the server's minimum to less than ${idle} (and say so in frameline.json: "server": {"keepaliveMinTime": …}), or raise the timeout of ${strictest.name} over ${min}.`;
  }
  return least === 0 ? `Use less than ${idle}.` : `Use ${min} or more, but less than ${idle}.`;
}
