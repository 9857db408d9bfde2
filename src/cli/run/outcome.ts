import type { Place } from '../../config/lines';
import { requestName } from '../../request/file/requestName';
import type { RequestNode } from '../../request/file/syntax';
import type { CallResult, RequestResult } from '../../request/run/result';
import type { CallStatus } from '../../transcript/entry';
import { statusText } from '../call/statusText';
import { Timeline } from '../call/timeline';
import { plain } from '../colors';
import type { LoadedFile } from '../request/requestFile';

/** How a request went, as it is reported: plain data, nothing of its transcript. */
export interface Outcome {
  readonly name: string;
  readonly place: Place;
  readonly result: 'passed' | 'failed' | 'not-sent' | 'skipped';
  /** Undefined when nothing was sent. */
  readonly call: Called | undefined;
  readonly checks: readonly PlacedCheck[];
  /** Why nothing was sent. */
  readonly problems: readonly PlacedProblem[];
}

export interface Called {
  readonly target: string;
  /** `market.v1.ListingService/GetListing`. */
  readonly method: string;
  /** Milliseconds. */
  readonly time: number;
  readonly status: CallStatus;
  /** Of a request that failed: how its call ended, in lines. */
  readonly explanation: string;
  /** Of a request that failed, where it was asked for. */
  readonly timeline: readonly string[];
}

export interface PlacedProblem {
  readonly place: Place;
  readonly message: string;
}

export interface PlacedCheck extends PlacedProblem {
  readonly text: string;
  readonly passed: boolean;
  readonly expected: string;
  readonly actual: string;
}

/** The outcomes of a file's requests. */
export interface FileOutcome {
  /** As it is shown. */
  readonly path: string;
  readonly startedAt: Date;
  readonly outcomes: readonly Outcome[];
}

export function outcomeOf(
  result: RequestResult,
  node: RequestNode,
  { lines }: LoadedFile,
  frames: boolean,
): Outcome {
  const base = { name: requestName(node), place: lines.place(node.line.span.from) };
  if (result.kind === 'refused') {
    const problems = result.problems.map(({ span, message }) => ({
      place: lines.place(span.from),
      message,
    }));
    return { ...base, result: 'not-sent', call: undefined, checks: [], problems };
  }
  const checks = result.checks.map((check) => ({ ...check, place: lines.place(check.span.from) }));
  const passed = checks.every((check) => check.passed);
  return {
    ...base,
    result: passed ? 'passed' : 'failed',
    call: calledOf(result, !passed, frames),
    checks,
    problems: [],
  };
}

export function skipped(node: RequestNode, { lines }: LoadedFile): Outcome {
  return {
    name: requestName(node),
    place: lines.place(node.line.span.from),
    result: 'skipped',
    call: undefined,
    checks: [],
    problems: [],
  };
}

function calledOf(result: CallResult, failed: boolean, frames: boolean): Called {
  const { request, status, transcript } = result;
  return {
    target: request.server.target.address,
    method: request.path.slice(1),
    time: (transcript.timing.ended ?? 0) / 1000,
    status,
    explanation: failed ? statusText(result, plain, status.name !== 'OK') : '',
    timeline: failed && frames ? timelineOf(result) : [],
  };
}

/** More entries than anybody reads in a report. */
const timelineLimit = 2000;

function timelineOf(result: CallResult): string[] {
  const { transcript } = result;
  const timeline = new Timeline(result, plain, undefined);
  const count = Math.min(transcript.length, timelineLimit);
  const lines = Array.from({ length: count }, (_, number) =>
    timeline.line(transcript.entry(number)).trimEnd(),
  );
  return transcript.length > count
    ? [...lines, `… and ${transcript.length - count} entries more`]
    : lines;
}
