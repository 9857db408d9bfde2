import type { Channel } from '../../src/grpc/channel';
import type { ChannelPool } from '../../src/grpc/channelPool';
import type { Schema } from '../../src/schema/schema';
import { type Random, seededRandom } from '../tools/random';
import { outline } from '../tools/readTranscript';
import { judge, type Scene } from './callJudge';
import type { ServerKind } from './callKinds';
import { type EndedCall, runCall } from './callRun';
import type { ClientReads } from './clientReads';
import { FaultRelay, type RelayOptions } from './faultRelay';
import type { Names } from './names';
import { type Programs, quietPort, type SampleAddresses, type ServerProcess } from './servers';
import { endOf, type Tally } from './tally';

/** What all episodes share. */
export interface World {
  readonly programs: Programs;
  readonly tally: Tally;
  readonly reads: ClientReads;
  readonly names: Names;
  readonly sample: SampleAddresses;
  /** `host:port`; absent where there is no Go. */
  readonly go: string | undefined;
  readonly schemas: Readonly<Record<ServerKind, Schema>>;
  /** One that is killed and comes back at the same address. */
  readonly mortal: { readonly process: ServerProcess<SampleAddresses>; readonly address: string };
}

/** A part of the soak that can be run again alone: what it does follows from its seed. */
export interface Episode {
  /** `calls-1/17`, with the seed: how it is run again. */
  readonly where: string;
  /** For what is decided in an order that does not depend on time. */
  readonly random: Random;
  readonly world: World;
  readonly pool: ChannelPool;
  /** Draws for one purpose, so that its number of draws changes nothing else. */
  draws(purpose: string): Random;
}

export type Lane = (episode: Episode) => Promise<void>;

export function newEpisode(seed: number, name: string, world: World, pool: ChannelPool): Episode {
  const draws = (purpose: string) => seededRandom(hashOf(`${seed} ${name} ${purpose}`));
  return { where: `--seed ${seed} --only ${name}`, random: draws('plan'), world, pool, draws };
}

function hashOf(text: string): number {
  let hash = 0;
  for (const character of text) {
    hash = (Math.imul(hash, 31) + (character.codePointAt(0) ?? 0)) | 0;
  }
  return hash >>> 0;
}

/** A relay on a port of its own. */
export async function startRelay(
  episode: Episode,
  options: Pick<RelayOptions, 'protocol' | 'upstream'> &
    Partial<Pick<RelayOptions, 'host' | 'port'>>,
): Promise<FaultRelay> {
  const host = options.host ?? '127.0.0.1';
  return FaultRelay.start({
    ...options,
    host,
    port: options.port ?? (await quietPort(episode.draws('port'), [host])),
    random: episode.draws(`pieces ${host}`),
    onFault: (name) => episode.world.tally.fault(name),
  });
}

/** Counts a call, holds it to what must be, and gives its transcript up. */
export function close(episode: Episode, ended: EndedCall, scene: Omit<Scene, 'reads'>): void {
  const { tally, reads } = episode.world;
  const { plan, call, status } = ended;
  const verdict = judge(ended, { ...scene, reads });
  tally.call(plan.kind, endOf(status));
  tally.count('entries of transcripts', call.transcript.length);
  tally.count('bytes of spill files', call.transcript.usage.disk);
  tally.count('frames held against the relay', verdict.comparedFrames);
  if (verdict.comparedFrames > 0) {
    tally.count('calls held against the relay');
  }
  if (verdict.problems.length > 0) {
    tally.violation(`${episode.where}: ${plan.kind}`, [...verdict.problems, ...story(ended)]);
  }
  if (!status) {
    call.cancel();
  }
  call.transcript.dispose();
}

/** What a person needs to understand what went wrong. */
function story({ call, status, plan }: EndedCall): string[] {
  const lines = outline(call.transcript);
  const shown = lines.length <= 60 ? lines : [...lines.slice(0, 20), '…', ...lines.slice(-40)];
  return [
    `${plan.path}: ${status?.name} ${status?.cause}: ${status?.message}`,
    ...(status?.evidence ?? []),
    shown.join(' | '),
  ];
}

/** Times that somebody may have to send before a server that is back is reached. */
const triesToRecover = 3;
/** Milliseconds: nothing is in the way any more. */
const recoveryDeadline = 20_000;

/** When everything works again, so must calls. Gives the connection's address of the call that came through. */
export async function mustRecover(
  episode: Episode,
  channel: () => Promise<Channel>,
  server: ServerKind,
  scene: Omit<Scene, 'reads' | 'calm'>,
): Promise<string | undefined> {
  const path =
    server === 'sample' ? '/market.v1.ListingService/GetListing' : '/interop.v1.Library/EchoBook';
  const causes: (string | undefined)[] = [];
  while (causes.length < triesToRecover) {
    const plan = { kind: 'after a fault', path, requests: [{}], code: 0, answers: 1 };
    const request = { deadline: recoveryDeadline, waitForReady: false };
    const ended = await runCall(await channel(), episode.world.schemas[server], plan, request);
    const address = ended.call.connection?.address;
    close(episode, ended, { ...scene, calm: false });
    if (ended.status?.code === 0) {
      return address;
    }
    causes.push(ended.status?.cause);
  }
  episode.world.tally.violation(episode.where, [
    `nothing is in the way, and ${causes.length} calls end with ${causes.join(', ')}`,
  ]);
  return undefined;
}
