import type { Transcript } from '../../src/transcript/transcript';
import { type Direction, fieldValue } from '../../src/wire/frame';
import type { EndedCall } from './callRun';
import { hangGuard } from './callRun';
import { causeProblem, seenOnWire } from './causeCheck';
import type { ClientReads } from './clientReads';
import { type FaultRelay, type RelayedConnection, splitAddress, type Trouble } from './faultRelay';
import { transcriptProblems } from './transcriptCheck';
import { compareWithWire, lastStreamOf } from './wireCheck';

/** Where a call was made, as its judge sees it. */
export interface Scene {
  readonly relays: readonly FaultRelay[];
  readonly reads: ClientReads;
  /** What was done that no relay knows of. */
  readonly troubles: ReadonlySet<Trouble>;
  readonly keepalive: boolean;
  /** Nothing may keep the call from ending as its plan says. */
  readonly calm: boolean;
}

export interface Verdict {
  readonly problems: readonly string[];
  /** Frames that were held against those of the relay; 0 when it can't read them. */
  readonly comparedFrames: number;
}

/** Everything that must hold of a call when it has ended. */
export function judge(ended: EndedCall, scene: Scene): Verdict {
  const { call, status, plan } = ended;
  const { transcript } = call;
  if (!status) {
    const text = `hangs: ${hangGuard} ms after its deadline it has not ended`;
    return { problems: [text], comparedFrames: 0 };
  }
  const problems = [...transcriptProblems(transcript)];
  if (transcript.length !== ended.entries) {
    problems.push(`${transcript.length - ended.entries} entries came after its end`);
  }
  if (JSON.stringify(transcript.status) !== JSON.stringify(status)) {
    problems.push('the transcript has another status than the call');
  }
  const { connection, read } = connectionOf(ended, scene);
  const endedWithConnection = status.cause === 'connection-lost';
  const compared =
    connection?.protocol === 'http2' && read !== undefined
      ? compareWithWire(transcript, {
          connection,
          others: scene.relays.flatMap((relay) => relay.connections),
          read,
          endedWithConnection,
        })
      : undefined;
  problems.push(...(compared?.problems ?? []));
  const streamId = lastStreamOf(transcript);
  const taken = connection?.down.frames.filter(({ end }) => end <= (read ?? 0)) ?? [];
  const problem = causeProblem(status, {
    deadlinePassed: ended.deadlinePassed,
    cancelled: ended.cancelled,
    keepalive: scene.keepalive,
    overLimit: plan.overLimit ?? false,
    answerLost: saidOtherwise(transcript, status.code),
    troubles: troublesOf(connection, scene),
    ...(compared && streamId !== undefined && { wire: seenOnWire(taken, streamId) }),
  });
  if (problem !== undefined) {
    problems.push(problem);
  }
  problems.push(...endProblems(ended, scene.calm));
  return { problems, comparedFrames: compared?.frames ?? 0 };
}

/** The server's status stands in the transcript, and is not that of the call. */
function saidOtherwise(transcript: Transcript, code: number): boolean {
  const last = Array.from({ length: transcript.length }, (_, at) => transcript.entry(at)).findLast(
    (entry) => entry.kind === 'trailers',
  );
  const said = last?.kind === 'trailers' && fieldValue(last.fields, 'grpc-status');
  return typeof said === 'string' && said !== String(code);
}

/** The connection of the call's last attempt, as its relay saw it. */
function connectionOf(
  { call }: EndedCall,
  { relays, reads }: Scene,
): { readonly connection?: RelayedConnection; readonly read?: number } {
  const { address = '', connectBody } = call.connection ?? {};
  if (connectBody?.localAddress === undefined) {
    return {};
  }
  const { port } = splitAddress(connectBody.localAddress);
  // A port may come again: the last one has it.
  const connection = relays
    .filter((relay) => relay.address === address)
    .flatMap((relay) => relay.connections)
    .findLast((candidate) => candidate.port === port);
  const read = reads.from(port, splitAddress(address).port);
  return { ...(connection && { connection }), ...(read !== undefined && { read }) };
}

/** A call without a connection may have felt what was done to any of them. */
function troublesOf(connection: RelayedConnection | undefined, scene: Scene): Set<Trouble> {
  const ofRelays = scene.relays.flatMap((relay) => [
    ...relay.troubles,
    ...(connection ? [] : relay.connections.flatMap(({ troubles }) => [...troubles])),
  ]);
  return new Set([...scene.troubles, ...ofRelays, ...(connection?.troubles ?? [])]);
}

/** A call that the library has made again has the messages of each attempt. */
function ofLastStream(transcript: Transcript, direction: Direction): number {
  const streams: (number | undefined)[] = [];
  for (let number = 0; number < transcript.length; number++) {
    const entry = transcript.entry(number);
    if (entry.kind === 'message' && entry.direction === direction) {
      streams.push(transcript.streamIndex(number));
    }
  }
  return streams.filter((stream) => stream === streams.at(-1)).length;
}

/** What its plan says about its end. */
function endProblems(ended: EndedCall, calm: boolean): string[] {
  const { plan, status, call, sent } = ended;
  const problems: string[] = [];
  const { transcript } = call;
  const received = ofLastStream(transcript, 'received');
  const code = plan.endless ? 4 : plan.code;
  if (status && calm && code !== undefined && status.code !== code) {
    problems.push(`ended with ${status.name} ${status.cause} where nothing was in its way`);
  }
  if (status?.code !== code) {
    return problems;
  }
  // A code that a library makes too says nothing about how far the call had come.
  if (plan.answers !== undefined && status?.origin === 'application' && received !== plan.answers) {
    problems.push(`${received} messages came of ${plan.answers}`);
  }
  const shown = ofLastStream(transcript, 'sent');
  if (code === 0 && (shown !== sent || sent !== plan.requests.length)) {
    problems.push(`${shown} messages are shown of ${sent} sent, of ${plan.requests.length}`);
  }
  return problems;
}
