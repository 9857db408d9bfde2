import { ChannelPool } from '../../src/grpc/channelPool';
import { type Lane, newEpisode, type World } from './episode';
import { callLane } from './lanes/calls';
import { commandLane } from './lanes/commands';
import { discoveryLane } from './lanes/discovery';
import { nameLane } from './lanes/names';
import { restartLane } from './lanes/restarts';
import { type MemorySample, sampleMemory } from './memory';
import { holdings, openConnections, residue } from './residue';

/** Each runs one episode after the other, all lanes at the same time. */
const lanes: Readonly<Record<string, Lane>> = {
  'calls-1': callLane,
  'calls-2': callLane,
  'calls-3': callLane,
  'calls-4': callLane,
  'calls-5': callLane,
  'calls-6': callLane,
  restarts: restartLane,
  names: nameLane,
  discovery: discoveryLane,
  commands: commandLane,
};

export interface SoakOptions {
  readonly seed: number;
  readonly seconds: number;
  /** One episode (`calls-1/17`) again and again in place of all. */
  readonly only?: string;
  readonly collect: () => void;
  readonly report: (line: string) => void;
}

/** Milliseconds of a cycle: at its end everything is closed, and what is left over is looked at. */
const [shortestCycle, longestCycle] = [3000, 10_000];
const fewestCycles = 10;

/** Runs for its time; gives the memory after each cycle. What went wrong stands in the world's tally. */
export async function soak(world: World, options: SoakOptions): Promise<readonly MemorySample[]> {
  const { seconds, report, collect } = options;
  const end = performance.now() + seconds * 1000;
  const length = Math.max(shortestCycle, Math.min(longestCycle, (seconds * 1000) / fewestCycles));
  const samples: MemorySample[] = [];
  const before = holdings();
  const episodes = new Map(Object.keys(lanes).map((name) => [name, 0]));
  while (performance.now() < end) {
    await cycle(world, options, episodes, Math.min(end, performance.now() + length));
    const left = await residue(before);
    world.tally.violation(`after cycle ${samples.length + 1}, --seed ${options.seed}`, [
      ...left,
      ...(left.length > 0 ? openConnections() : []),
    ]);
    const sample = await sampleMemory(collect, world.tally.callCount);
    samples.push(sample);
    report(
      `cycle ${samples.length}: ${world.tally.callCount} calls, ${world.tally.faultCount} faults, ` +
        `heap ${megabytes(sample.heap)}, external ${megabytes(sample.external)}, ` +
        `left open: ${left.length === 0 ? 'nothing' : left.join('; ')}, ` +
        `violations: ${world.tally.violations.length}`,
    );
  }
  return samples;
}

async function cycle(
  world: World,
  { seed, only }: SoakOptions,
  episodes: Map<string, number>,
  until: number,
): Promise<void> {
  const run = async (name: string, lane: Lane): Promise<void> => {
    const pool = new ChannelPool();
    while (performance.now() < until) {
      const number = (episodes.get(name) ?? 0) + 1;
      episodes.set(name, number);
      const episode = newEpisode(seed, only ?? `${name}/${number}`, world, pool);
      try {
        await lane(episode);
      } catch (error) {
        const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
        world.tally.violation(episode.where, [`throws ${text}`]);
      }
    }
    await pool.dispose();
  };
  const chosen = Object.entries(lanes).filter(
    ([name]) => only === undefined || only.startsWith(`${name}/`),
  );
  await Promise.all(chosen.map(([name, lane]) => run(name, lane)));
  world.reads.forgetClosed();
}

export function laneNames(): readonly string[] {
  return Object.keys(lanes);
}

export function megabytes(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}
