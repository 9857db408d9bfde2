import { nearest } from '../../../grpc/nearest';
import type { Scene } from '../../program/semantics';
import {
  alternatives,
  bestDeadline,
  type Deadline,
  type Entry,
  joinDeadlines,
  type ObjectValue,
  type Value,
} from '../../program/value';
import { readDeadline, valuePlace } from './deadlines';
import { interceptedDeadline } from './interceptors';

/** What the options of a call are worth, and why. */
export interface Verdict {
  readonly deadline: Deadline;
  readonly why?: string;
}

/** grpc-js 1.14, `client.ts`: what is read of the options of a call. */
const knownKeys = [
  'deadline',
  'host',
  'parent',
  'propagate_flags',
  'credentials',
  'interceptors',
  'interceptor_providers',
] as const;

const known: ReadonlySet<string> = new Set(knownKeys);

/** On the worst of the ways that the options can be. `isCertain`: they surely stand in the options' place. */
export function readCallOptions(value: Value, scene: Scene, isCertain: boolean): Verdict {
  return alternatives(value)
    .map((each) => readOne(each, scene, isCertain))
    .reduce((a, b) => (joinDeadlines(a.deadline, b.deadline) === a.deadline ? a : b));
}

function readOne(value: Value, scene: Scene, isCertain: boolean): Verdict {
  switch (value.kind) {
    case 'object':
      if (isCertain) {
        checkKeys(value, scene);
      }
      return readObject(value, scene);
    case 'constant':
      return value.value === null
        ? { deadline: 'missing', why: 'no call options are given' }
        : { deadline: 'unknown' };
    case 'instance':
      return value.role === 'callOptions'
        ? { deadline: value.deadline, ...(value.why === undefined ? {} : { why: value.why }) }
        : { deadline: 'unknown' };
    default:
      return { deadline: 'unknown' };
  }
}

function readObject(options: ObjectValue, scene: Scene): Verdict {
  const entry = options.entries.get('deadline');
  const own = entry === undefined ? 'missing' : readDeadline(entry, scene);
  const inherited = parentDeadline(options);
  const intercepted = bestDeadline(
    interceptedDeadline(options.entries.get('interceptors')?.value, scene),
    interceptedDeadline(options.entries.get('interceptor_providers')?.value, scene),
  );
  const deadline = bestDeadline(own, bestDeadline(inherited, intercepted));
  if (deadline !== 'missing') {
    return { deadline };
  }
  if (options.isOpen) {
    return { deadline: 'unknown', why: 'its options can hold more than can be seen' };
  }
  return {
    deadline,
    why: entry === undefined ? 'its call options have none' : 'the deadline of its options is none',
  };
}

/** `parent: call` takes over the deadline of the call that is being answered, unless the flags leave it out. */
function parentDeadline({ entries }: ObjectValue): Deadline {
  const parent = entries.get('parent')?.value;
  if (parent === undefined || (parent.kind === 'constant' && parent.value === null)) {
    return 'missing';
  }
  return leavesOutDeadline(entries.get('propagate_flags')?.value) ? 'missing' : 'inherited';
}

/** grpc-js 1.14, `constants.ts`: DEADLINE is 1. */
function leavesOutDeadline(flags: Value | undefined): boolean {
  if (flags?.kind === 'constant' && typeof flags.value === 'number') {
    return (flags.value & 1) === 0;
  }
  return flags?.kind === 'symbol' && /\.propagate\.(?!DEADLINE$|DEFAULTS$)\w+$/.test(flags.path);
}

function checkKeys({ entries }: ObjectValue, scene: Scene): void {
  for (const [key, entry] of entries) {
    if (!known.has(key)) {
      checkKey(key, entry, entries.has('deadline'), scene);
    }
  }
}

/** Options of other libraries that stand for a length of time. */
const timeouts = /^(time_?out(_?(ms|millis(econds)?|seconds|secs?))?|max_?time(_?ms)?)$/i;

function checkKey(key: string, entry: Entry, hasDeadline: boolean, scene: Scene): void {
  const { keySpan } = entry;
  const ignored = `grpc-js has no call option "${key}" and ignores it.`;
  if (timeouts.test(key)) {
    const replacement = hasDeadline ? undefined : deadlineFor(key, entry, scene);
    scene.report({
      kind: 'option',
      span: keySpan,
      message: `${ignored} It takes "deadline", a point in time.`,
      ...(replacement === undefined ? {} : { replacement }),
    });
    return;
  }
  if (/^grpc(-node)?\./.test(key)) {
    scene.report({
      kind: 'option',
      span: keySpan,
      message: `"${key}" is an option of the client, not of a call: grpc-js ignores it here.`,
    });
    return;
  }
  const meant = nearest(key, knownKeys);
  const isWritten = scene.file.text.slice(keySpan.from, keySpan.to) === key;
  const isOne = entry.span.from === keySpan.from;
  scene.report({
    kind: 'option',
    span: keySpan,
    message:
      meant === undefined
        ? `${ignored} Metadata is a Metadata object, before the options.`
        : `${ignored} Did you mean "${meant}"?`,
    ...(meant === undefined || !isWritten || isOne || (hasDeadline && meant === 'deadline')
      ? {}
      : { replacement: { title: `Write "${meant}"`, span: keySpan, text: meant } }),
  });
}

/** `timeout: 5_000` as a deadline; seconds and what can't be told from them are left to the writer. */
function deadlineFor(key: string, entry: Entry, scene: Scene) {
  const { text, prefix } = valuePlace(entry, scene);
  if (prefix === undefined || /sec/i.test(key)) {
    return undefined;
  }
  const length = prefix === '' ? text : key;
  const isSimple = /^[\w.$]+$/.test(length);
  const from = quotedFrom(entry, scene);
  return {
    title: 'Write a deadline',
    span: { from, to: entry.span.to },
    text: `deadline: Date.now() + ${isSimple ? length : `(${length})`}`,
  };
}

/** With the quote before a quoted key. */
function quotedFrom({ keySpan }: Entry, { file }: Scene): number {
  return /['"]/.test(file.text.charAt(keySpan.from - 1)) ? keySpan.from - 1 : keySpan.from;
}
