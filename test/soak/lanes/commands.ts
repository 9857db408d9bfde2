import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';
import { until } from '../../tools/until';
import { hangGuard } from '../callRun';
import { drawPlan, type Mood } from '../connectionPlan';
import { type Episode, startRelay } from '../episode';
import type { FaultRelay } from '../faultRelay';

interface Command {
  readonly kind: string;
  readonly args: (address: string) => readonly string[];
  /** Exit code when nothing is in the way. */
  readonly code: number;
  /** Lines of standard output then; absent when it is not said. */
  readonly lines?: number;
  /** Interrupted as soon as its call is under way. */
  readonly interrupt?: boolean;
}

/** Milliseconds for everything before the call: reading the schema, and why that fails. */
const beforeCall = 15_000;
/** Seconds of a call when nothing is in the way. */
const calmDeadline = 60;

const faults = 'faults.v1.Faults';

const commands: readonly Command[] = [
  {
    kind: 'frameline call',
    args: (to) => [
      'call',
      to,
      'market.v1.ListingService/GetListing',
      '-d',
      '{"id":"lamp-1"}',
      '--json',
    ],
    code: 0,
    lines: 1,
  },
  {
    kind: 'frameline call, stream',
    args: (to) => ['call', to, `${faults}/Flood`, '-d', '{"count":200,"size":300}', '--json'],
    code: 0,
    lines: 200,
  },
  {
    kind: 'frameline call, frames',
    args: (to) => [
      'call',
      to,
      `${faults}/FailAfter`,
      '-d',
      '{"count":3,"status":{"code":5}}',
      '--frames',
    ],
    code: 64 + 5,
  },
  {
    kind: 'frameline call, interrupted',
    args: (to) => ['call', to, `${faults}/HangAfterHeaders`],
    code: 130,
    interrupt: true,
  },
  { kind: 'frameline list', args: (to) => ['list', to], code: 0 },
  {
    kind: 'frameline describe',
    args: (to) => ['describe', to, 'kitchen.v1.KitchenSink'],
    code: 0,
  },
];

/** The command as it ships, through a relay: its exit code, its output, and that it ends. */
export async function commandLane(episode: Episode): Promise<void> {
  const { random, world } = episode;
  const mood = random.pick<Mood>(['harmless', 'harmful']);
  const relay = await startRelay(episode, {
    protocol: 'http2',
    upstream: () => world.sample.address,
  });
  const plans = episode.draws('connections');
  relay.plan = () => {
    const plan = drawPlan(plans, mood);
    // The command gives reflection ten seconds, which a busy machine may need for thousands of single bytes.
    return mood === 'harmless' && plan.cut === 'bytes' ? { ...plan, cut: 'pieces' } : plan;
  };
  const command = random.pick(commands);
  const seconds = mood === 'harmless' ? calmDeadline : random.integer(1, 2);
  try {
    const ended = await runCommand(episode, command, relay, seconds);
    world.tally.call(command.kind, ended.end);
    world.tally.violation(
      `${episode.where}: ${command.kind}`,
      problemsOf(command, ended, mood === 'harmless'),
    );
  } finally {
    relay.close();
  }
}

interface EndedCommand {
  readonly end: string;
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

async function runCommand(
  { world }: Episode,
  { args, interrupt }: Command,
  relay: FaultRelay,
  seconds: number,
): Promise<EndedCommand> {
  const given = args(relay.address);
  const isCall = given[0] === 'call';
  const child = spawn(
    process.execPath,
    [
      world.programs.command,
      ...given,
      '--plaintext',
      ...(isCall ? ['--deadline', `${seconds}s`] : []),
    ],
    { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, NO_COLOR: '1' } },
  );
  const closed = once(child, 'close') as Promise<[number | null]>;
  const output = Promise.all([text(child.stdout), text(child.stderr)]);
  const guard = new AbortController();
  const hung = setTimeout(seconds * 1000 + beforeCall + hangGuard, 'hung' as const, {
    signal: guard.signal,
  }).catch(() => 'hung' as const);
  if (interrupt) {
    void until(
      () => hasAnswered(relay) || child.exitCode !== null || child.signalCode !== null,
    ).then(() => child.kill('SIGINT'));
  }
  const first = await Promise.race([closed, hung]);
  guard.abort();
  if (first === 'hung') {
    child.kill('SIGKILL');
  }
  const [code] = await closed;
  const [out, err] = await output;
  return { end: first === 'hung' ? 'hangs' : `exit ${code}`, code, out, err };
}

/** Headers have come on a stream after that of reflection, which may be on another connection. */
function hasAnswered(relay: FaultRelay): boolean {
  const streams = relay.connections.flatMap(({ down }) =>
    down.frames.filter(({ type, flags }) => type === 1 && (flags & 1) === 0),
  );
  return streams.length > 1;
}

function problemsOf(
  command: Command,
  { end, code, out, err }: EndedCommand,
  calm: boolean,
): string[] {
  const problems: string[] = [];
  const said = `${out.slice(-500)}\n${err.slice(-2000)}`;
  if (end === 'hangs') {
    problems.push(`does not end: ${said}`);
  } else if (code === null || !(code <= 2 || code === 130 || (code > 64 && code <= 80))) {
    problems.push(`ends with ${code}, which the documentation doesn't know: ${said}`);
  } else if (calm && code !== command.code) {
    problems.push(`ends with ${code} where nothing was in its way: ${said}`);
  }
  if (/^\s+at .*:\d+:\d+\)?$/m.test(err)) {
    problems.push(`throws: ${said}`);
  }
  if (code !== 0 && code !== 130 && err.trim() === '') {
    problems.push(`ends with ${code} and doesn't say why`);
  }
  const lines = out.split('\n').filter((line) => line !== '').length;
  if (code === 0 && command.lines !== undefined && lines !== command.lines) {
    problems.push(`${lines} lines of ${command.lines}`);
  }
  return problems;
}
