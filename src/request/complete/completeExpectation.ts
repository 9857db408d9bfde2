import { statusNames } from '../../grpc/statusCodes';
import type { SchemaReader } from '../../schema/jsonSchemaReader';
import { typeSummary } from '../../schema/jsonSchemaReader';
import type { PathStep } from '../expect/expectation';
import { operators, parseSubject, subjectNames } from '../expect/parseExpectation';
import type { Span } from '../file/syntax';
import type { Suggestion } from './suggestion';

const subjectHelp: Readonly<Record<(typeof subjectNames)[number], string>> = {
  status: 'The name of the status code: OK, NOT_FOUND.',
  'status.message': 'The text of the status.',
  'status.details': 'The decoded error details, a list.',
  messages: 'The number of messages received.',
  message: 'The first message received; message[1] is the second, message[-1] the last.',
  headers: 'A value of the response headers: headers.x-request-id',
  trailers: 'A value of the trailers: trailers.x-cost',
  metadata: 'A value of the response headers or the trailers.',
  latency: 'The time from the start to the status.',
};

const operatorHelp: Readonly<Record<string, string>> = {
  '==': 'equal; numbers by value, objects whatever the order of their keys',
  '!=': 'not equal',
  contains: 'the text has this part, the list this item, the object these members',
  matches: 'the text fits the regular expression: /^listing-\\d+$/i',
  exists: 'there is such a value',
  absent: 'there is no such value',
};

/**
 * Subject, operator and value of an expectation, or the subject of a capture.
 * @param text what stands before the cursor
 * @param span of `text`
 * @param reader of the response type; undefined when it isn't known
 */
export function completeExpectation(
  text: string,
  span: Span,
  isCapture: boolean,
  reader: SchemaReader | undefined,
): Suggestion[] {
  const [, operand = '', space = '', rest = ''] =
    /^((?:"(?:[^"\\]|\\.)*"|\S)*)(\s*)(.*)$/s.exec(text) ?? [];
  if (space === '') {
    return subjects(operand, span, reader);
  }
  if (isCapture) {
    return [];
  }
  const [, operator, gap = '', value = ''] = /^(\S*)(\s*)(.*)$/s.exec(rest) ?? [];
  const parsed = parseSubject(operand);
  if (!parsed.ok) {
    return [];
  }
  const { subject } = parsed;
  if (gap === '') {
    const from = span.to - rest.length;
    return [
      ...(subject.kind === 'status' ? statusValues({ from, to: span.to }) : []),
      ...operators.map((label): Suggestion => {
        const detail = operatorHelp[label];
        return {
          label,
          kind: 'keyword',
          ...(detail === undefined ? {} : { detail }),
          insert: label,
          span: { from, to: span.to },
        };
      }),
    ];
  }
  const at = { from: span.to - value.length, to: span.to };
  if (subject.kind === 'status') {
    return statusValues(at);
  }
  if (subject.kind === 'latency') {
    return ['50%', '200ms', '1s'].map((label) => ({
      label,
      kind: 'value',
      insert: label,
      span: at,
    }));
  }
  if (subject.kind !== 'message' || !operator) {
    return [];
  }
  const node = reader?.at(subject.path);
  const words = node?.types.includes('boolean') ? ['true', 'false'] : [];
  return [...(node?.values.map(({ name }) => name) ?? []), ...words].map((label) => ({
    label,
    kind: 'enum',
    insert: label,
    span: at,
  }));
}

function statusValues(span: Span): Suggestion[] {
  return statusNames.map((label) => ({ label, kind: 'enum', insert: label, span }));
}

function subjects(operand: string, span: Span, reader: SchemaReader | undefined): Suggestion[] {
  const [, path, typed = ''] = /^(message(?:\[-?\d+\])?(?:.*)?)\.([\w$-]*)$/.exec(operand) ?? [];
  const parsed = path === undefined ? undefined : parseSubject(path);
  if (parsed?.ok && parsed.subject.kind === 'message') {
    return reader ? members(reader, parsed.subject.path, typed, span) : [];
  }
  return subjectNames.map((label) => {
    const isPrefix = label === 'headers' || label === 'trailers' || label === 'metadata';
    return {
      label,
      kind: 'keyword',
      documentation: subjectHelp[label],
      insert: isPrefix ? `${label}.` : label,
      span: { from: span.to - operand.length, to: span.to },
    };
  });
}

function members(
  reader: SchemaReader,
  path: readonly PathStep[],
  typed: string,
  span: Span,
): Suggestion[] {
  return reader.fields(path).map(({ name, node }) => ({
    label: name,
    kind: 'field',
    detail: typeSummary(node),
    ...(node.description === undefined ? {} : { documentation: node.description }),
    ...(node.deprecated ? { deprecated: true } : {}),
    insert: name,
    span: { from: span.to - typed.length, to: span.to },
  }));
}
