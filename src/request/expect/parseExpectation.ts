import { parseDuration } from '../../grpc/duration';
import { nearest } from '../../grpc/nearest';
import { statusNames } from '../../grpc/statusCodes';
import type { Span } from '../file/syntax';
import type { Capture, Expectation, Operator, PathStep, Subject } from './expectation';

export type Parsed<T> =
  | ({ readonly ok: true } & T)
  | {
      readonly ok: false;
      /** Offsets in the text that was given. */
      readonly span: Span;
      readonly message: string;
    };

/** What can be looked at, as it is written. */
export const subjectNames = [
  'status',
  'status.message',
  'status.details',
  'messages',
  'message',
  'headers',
  'trailers',
  'metadata',
  'latency',
] as const;

/** Longer ones first, so that `<=` isn't read as `<`. */
export const operators: readonly Operator[] = [
  ...(['==', '!=', '<=', '>=', '<', '>'] as const),
  ...(['contains', 'matches', 'exists', 'absent'] as const),
];

const symbol = /^(?:==|!=|<=|>=|<|>)/;
const word = /^(?:contains|matches|exists|absent)(?=\s|$)/;

/** `status OK`, `message.price.units == 5`: what stands after `@expect`. `span` is where it stands in the file. */
export function parseExpectation(
  text: string,
  span: Span,
): Parsed<{ readonly expectation: Expectation }> {
  const subject = parseSubject(text);
  if (!subject.ok) {
    return subject;
  }
  const rest = text.slice(subject.end);
  const gap = rest.length - rest.trimStart().length;
  const after = rest.trimStart();
  const written = (symbol.exec(after) ?? word.exec(after))?.[0] as Operator | undefined;
  const operator = written ?? '==';
  const value = after.slice(written?.length ?? 0).trim();
  const place = { from: subject.end + gap, to: text.length };
  const problem = problemOf(subject.subject, operator, value, written !== undefined || gap > 0);
  if (problem !== undefined) {
    return { ok: false, span: place.from < place.to ? place : wholeOf(text), message: problem };
  }
  return { ok: true, expectation: { subject: subject.subject, operator, value, text, span } };
}

/** `name = message.id`: what stands after `@capture`. */
export function parseCapture(text: string, span: Span): Parsed<{ readonly capture: Capture }> {
  const match = /^([A-Za-z_][\w.-]*)\s*=\s*/.exec(text);
  const [whole = '', name = ''] = match ?? [];
  if (match === null) {
    const message = 'Write the name of a variable and what it keeps: listingId = message.id';
    return { ok: false, span: wholeOf(text), message };
  }
  const parsed = parseSubject(text.slice(whole.length));
  if (!parsed.ok) {
    const { from, to } = parsed.span;
    return { ...parsed, span: { from: from + whole.length, to: to + whole.length } };
  }
  const rest = text.slice(whole.length + parsed.end);
  if (rest.trim() !== '') {
    const from = text.length - rest.trimStart().length;
    const message = 'Nothing may follow what is captured.';
    return { ok: false, span: { from, to: text.length }, message };
  }
  if (parsed.subject.kind === 'latency') {
    return { ok: false, span: wholeOf(text), message: 'The latency is no value of the answer.' };
  }
  return { ok: true, capture: { name, subject: parsed.subject, text, span } };
}

/** Reads a subject at the beginning of a text; `end` is where it ends. */
export function parseSubject(
  text: string,
): Parsed<{ readonly subject: Subject; readonly end: number }> {
  const [head = ''] = /^[A-Za-z]+/.exec(text) ?? [];
  switch (head) {
    case 'messages':
    case 'latency':
      return bare(text, head);
    case 'status':
      return statusSubject(text);
    case 'message':
      return messageSubject(text);
    case 'headers':
    case 'trailers':
    case 'metadata':
      return metadataSubject(text, head);
    default: {
      const meant = nearest(head, subjectNames);
      const hint =
        meant === undefined
          ? `An expectation begins with ${subjectNames.join(', ')}.`
          : `Did you mean ${meant}?`;
      const to = Math.max(head.length, 1);
      return { ok: false, span: { from: 0, to }, message: hint };
    }
  }
}

function bare(
  text: string,
  kind: 'messages' | 'latency',
): Parsed<{ readonly subject: Subject; readonly end: number }> {
  const next = text[kind.length];
  if (next === '.' || next === '[') {
    const one = kind === 'messages' ? ' One of the messages is message[0].' : '';
    const message = `${kind} is a number and has no members.${one}`;
    return { ok: false, span: wholeOf(text), message };
  }
  return { ok: true, subject: { kind }, end: kind.length };
}

function statusSubject(text: string): Parsed<{ readonly subject: Subject; readonly end: number }> {
  const [, member] = /^status\.([A-Za-z]+)/.exec(text) ?? [];
  if (member === undefined) {
    return { ok: true, subject: { kind: 'status' }, end: 'status'.length };
  }
  const end = 'status.'.length + member.length;
  if (member === 'message') {
    return { ok: true, subject: { kind: 'status.message' }, end };
  }
  if (member !== 'details') {
    const message = 'Of the status there are status, status.message and status.details.';
    return { ok: false, span: { from: 'status.'.length, to: end }, message };
  }
  const path = parsePath(text, end);
  return path.ok
    ? { ok: true, subject: { kind: 'status.details', path: path.steps }, end: path.end }
    : path;
}

function messageSubject(text: string): Parsed<{ readonly subject: Subject; readonly end: number }> {
  const path = parsePath(text, 'message'.length);
  if (!path.ok) {
    return path;
  }
  const [first, ...others] = path.steps;
  const indexed = typeof first === 'number' && text['message'.length] === '[';
  return {
    ok: true,
    subject: {
      kind: 'message',
      index: indexed ? first : 0,
      path: indexed ? others : path.steps,
    },
    end: path.end,
  };
}

function metadataSubject(
  text: string,
  from: 'headers' | 'trailers' | 'metadata',
): Parsed<{ readonly subject: Subject; readonly end: number }> {
  const match = /^[a-z]+\.([A-Za-z0-9_.-]+)/.exec(text);
  const [whole = '', key = ''] = match ?? [];
  if (match === null) {
    const message = `The key has to follow: ${from}.x-request-id`;
    return { ok: false, span: { from: 0, to: from.length }, message };
  }
  const side = from === 'metadata' ? 'either' : from;
  return {
    ok: true,
    subject: { kind: 'metadata', from: side, key: key.toLowerCase() },
    end: whole.length,
  };
}

const step = /\.([A-Za-z_$][\w$-]*)|\[(-?\d+)\]|\["((?:[^"\\]|\\.)*)"\]/y;

function parsePath(
  text: string,
  start: number,
): Parsed<{ readonly steps: readonly PathStep[]; readonly end: number }> {
  const steps: PathStep[] = [];
  let end = start;
  for (;;) {
    step.lastIndex = end;
    const match = step.exec(text);
    if (match === null) {
      break;
    }
    const [whole, name, index, key] = match;
    steps.push(name ?? (index === undefined ? unescaped(key ?? '') : Number(index)));
    end += whole.length;
  }
  if (text[end] === '.' || text[end] === '[') {
    const message = 'A path goes on with .name, [0], [-1] or ["a name"].';
    return { ok: false, span: { from: end, to: end + 1 }, message };
  }
  return { ok: true, steps, end };
}

function unescaped(text: string): string {
  return text.replace(/\\(.)/g, '$1');
}

function wholeOf(text: string): Span {
  return { from: 0, to: text.length };
}

/** Why an operator with its value can't be asked of a subject. */
function problemOf(
  subject: Subject,
  operator: Operator,
  value: string,
  isSeparated: boolean,
): string | undefined {
  if (!isSeparated) {
    return value === ''
      ? 'What is expected has to follow: status OK, message.id exists, messages >= 1.'
      : 'A space has to follow what is looked at.';
  }
  if (operator === 'exists' || operator === 'absent') {
    return value === '' ? undefined : `Nothing may follow ${operator}.`;
  }
  if (value === '') {
    return `A value has to follow ${operator}.`;
  }
  if (/^[=!<>]/.test(value)) {
    return `There is no operator ${operator}${value[0]}. There are ${operators.join(', ')}.`;
  }
  if (value.includes('{{')) {
    return undefined;
  }
  if (operator === 'matches') {
    return regularExpression(value) instanceof RegExp
      ? undefined
      : `Write the regular expression between slashes: matches /^listing-\\d+$/. ${regularExpression(value)}`.trim();
  }
  switch (subject.kind) {
    case 'status':
      return statusProblem(operator, value);
    case 'messages':
      return /^\d+$/.test(value) ? undefined : 'messages is compared with a number.';
    case 'latency':
      return latencyProblem(operator, value);
    default:
      return undefined;
  }
}

function statusProblem(operator: Operator, value: string): string | undefined {
  if (operator !== '==' && operator !== '!=') {
    return 'The status can only be equal or not equal: status OK, status != UNAVAILABLE.';
  }
  const names: readonly string[] = statusNames;
  const name = value.replace(/^"(.*)"$/, '$1');
  if (names.includes(name)) {
    return undefined;
  }
  const meant = nearest(name.toUpperCase(), names);
  const hint = meant === undefined ? `There are ${names.join(', ')}.` : `Did you mean ${meant}?`;
  return `There is no status code ${name}. ${hint}`;
}

function latencyProblem(operator: Operator, value: string): string | undefined {
  if (!/^[<>]/.test(operator)) {
    return 'The latency is compared with <, <=, > or >=: latency < 50%.';
  }
  if (/^\d+(?:\.\d+)?\s*%$/.test(value)) {
    return undefined;
  }
  const parsed = parseDuration(value);
  return parsed.ok ? undefined : `${parsed.message} Or write a share of the deadline: 50%.`;
}

/** `/source/flags` as an expression; a text why it is none. Flags: `i`, `m`, `s`, `u`. */
export function regularExpression(text: string): RegExp | string {
  const [, source, flags = ''] = /^\/(.+)\/([imsu]*)$/s.exec(text.trim()) ?? [];
  if (source === undefined) {
    return '';
  }
  try {
    return new RegExp(source, flags);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
