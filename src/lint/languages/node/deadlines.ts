import type { Scene } from '../../program/semantics';
import type { Span } from '../../program/syntax';
import {
  alternatives,
  type Deadline,
  type Entry,
  joinDeadlines,
  type Value,
} from '../../program/value';
import { type At, type Time, timeOf } from './time';

/** An earlier one was never meant: 2001-09-09, the first with thirteen digits. Milliseconds since 1970. */
const earliestMeant = 1_000_000_000_000;

/** Functions that run once, so that what was counted when the file was loaded is still right in them. */
const startsProgram = /^(main|run|start|bootstrap)$/i;

/**
 * What the `deadline` of grpc-js's call options is worth, on the worst way. What grpc-js reads as something
 * else is reported where it is written.
 */
export function readDeadline(entry: Entry, scene: Scene): Deadline {
  const place = valuePlace(entry, scene);
  return alternatives(entry.value)
    .map((each) => readOne(each, place, scene))
    .reduce(joinDeadlines);
}

function readOne(value: Value, place: Place, scene: Scene): Deadline {
  const time = timeOf(value);
  if (time !== undefined) {
    for (const at of time.ways) {
      readTime(time, at, place, scene);
    }
    return 'safe';
  }
  if (value.kind !== 'constant') {
    return 'safe';
  }
  const { value: written } = value;
  if (written === null || written === Number.POSITIVE_INFINITY) {
    return 'missing';
  }
  if (typeof written !== 'number') {
    misread(
      scene,
      place,
      'grpc-js takes a Date or a number for a deadline: with this one the call fails.',
    );
  } else if (Number.isNaN(written)) {
    misread(scene, place, 'grpc-js throws when the deadline is NaN.');
  } else if (written < earliestMeant) {
    misread(
      scene,
      place,
      `grpc-js reads a number as milliseconds since 1970: ${sinceEpoch(written)}, so every call fails at once with DEADLINE_EXCEEDED.`,
      written > 0 ? fromNow(place.text) : undefined,
    );
  }
  return 'safe';
}

function readTime({ form, isOnce }: Time, at: At, place: Place, scene: Scene): void {
  if (form === 'text') {
    misread(
      scene,
      place,
      'A Date with a number added is text, which grpc-js takes for no deadline that it knows: the call fails.',
      place.text.replace(/new Date\(\)/, 'Date.now()'),
    );
  } else if (at.base === 'invalid') {
    misread(
      scene,
      place,
      'This Date is invalid (NaN): grpc-js throws when it writes the timeout, outside of the call, which ends the process.',
    );
  } else if (form === 'seconds') {
    misread(
      scene,
      place,
      'grpc-js reads a number as milliseconds since 1970; this one is in seconds, so every call fails at once with DEADLINE_EXCEEDED.',
    );
  } else if (at.base === 'epoch' && at.plus !== undefined && at.plus < earliestMeant) {
    misread(
      scene,
      place,
      `A deadline is a point in time: ${sinceEpoch(at.plus)}, so every call fails at once with DEADLINE_EXCEEDED.`,
    );
  } else if (at.base === 'now' && at.plus !== undefined && at.plus <= 0) {
    misread(
      scene,
      place,
      'This deadline has passed when the call starts: it fails at once with DEADLINE_EXCEEDED. Add the time that the call may take.',
      fromNow(String(scene.file.settings.defaultDeadline)),
    );
  } else if (at.base === 'now' && isOnce && runsLater(scene)) {
    misread(
      scene,
      place,
      'This deadline is counted once, when the file is loaded or the object is made: every call after it fails at once with DEADLINE_EXCEEDED. Count it for each call.',
    );
  }
}

function runsLater({ fn }: Scene): boolean {
  return fn !== undefined && fn.isConstructor !== true && !startsProgram.test(fn.name);
}

function sinceEpoch(milliseconds: number): string {
  const date = new Date(milliseconds);
  return Number.isNaN(date.getTime())
    ? `${milliseconds} is no date`
    : `${milliseconds} is ${date.toISOString().slice(0, 19).replace('T', ' ')}`;
}

/** `5_000` as a length from now. */
function fromNow(length: string): string {
  return `Date.now() + ${/^[\w.]+( \* [\w.]+)*$/.test(length) ? length : `(${length})`}`;
}

/** Where the value of an option is written, and how another one is written there. */
export interface Place {
  readonly span: Span;
  readonly text: string;
  /** What a new value needs before it: the key of `{ deadline }`. Undefined: it can't be written here. */
  readonly prefix: string | undefined;
}

export function valuePlace({ keySpan, span }: Entry, { file }: Scene): Place {
  const text = file.text.slice(span.from, span.to);
  const isOne = keySpan.from === span.from && keySpan.to === span.to;
  // `options.deadline = …` is all one span, which is no value.
  const prefix = isOne ? (/^[\w$]+$/.test(text) ? `${text}: ` : undefined) : '';
  return { span, text, prefix };
}

export function misread(
  scene: Scene,
  { span, prefix }: Place,
  message: string,
  text?: string,
): void {
  scene.report({
    kind: 'misread',
    span,
    message,
    ...(text === undefined || prefix === undefined
      ? {}
      : { replacement: { title: `Write ${shortened(text)}`, span, text: prefix + text } }),
  });
}

function shortened(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  return line.length > 50 ? `${line.slice(0, 49)}…` : line;
}
