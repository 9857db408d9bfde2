import { SchemaReader } from '../../schema/jsonSchemaReader';
import type { MethodInfo, Schema } from '../../schema/schema';
import type { PathStep, Subject } from '../expect/expectation';
import { parseCapture, parseExpectation } from '../expect/parseExpectation';
import type { Annotation } from '../file/syntax';
import { error, hintAt, warning } from './findings';
import type { RequestFinding } from './surroundings';

const readers = new WeakMap<Schema, Map<string, SchemaReader>>();

/** What a message type looks like as JSON; made once for each type of a schema. */
export function readerOf(schema: Schema, type: string): SchemaReader {
  const known = readers.get(schema) ?? new Map<string, SchemaReader>();
  readers.set(schema, known);
  const reader = known.get(type) ?? new SchemaReader(schema.jsonSchema(type));
  known.set(type, reader);
  return reader;
}

/** Expectations and captures that look at what no answer of the method has. */
export function checkAnswers(
  annotations: readonly Annotation[],
  schema: Schema,
  method: MethodInfo,
): RequestFinding[] {
  return annotations.flatMap(({ name, value }) => {
    const subject = subjectOf(name.text, value.text);
    if (subject?.kind !== 'message') {
      return [];
    }
    const isSingle = method.kind === 'unary' || method.kind === 'clientStreaming';
    if (isSingle && subject.index !== 0 && subject.index !== -1) {
      const message = `${method.name} answers with one message, which is message or message[0].`;
      return [warning('expectation', value.span, message)];
    }
    const problem = schema.hasType(method.responseType)
      ? pathProblem(readerOf(schema, method.responseType), subject.path, method.responseType)
      : undefined;
    return problem === undefined ? [] : [error('expectation', value.span, problem)];
  });
}

function subjectOf(annotation: string, text: string): Subject | undefined {
  const span = { from: 0, to: text.length };
  if (annotation === 'expect') {
    const parsed = parseExpectation(text, span);
    return parsed.ok ? parsed.expectation.subject : undefined;
  }
  const parsed = annotation === 'capture' ? parseCapture(text, span) : undefined;
  return parsed?.ok ? parsed.capture.subject : undefined;
}

/** Why no message of the type has such a path; undefined when one can have it. */
function pathProblem(
  reader: SchemaReader,
  path: readonly PathStep[],
  type: string,
): string | undefined {
  for (const [index, step] of path.entries()) {
    const above = path.slice(0, index);
    const node = reader.at(above);
    if (node === undefined || isOpen(node.protoType)) {
      return undefined;
    }
    if (reader.at([...above, step]) !== undefined) {
      continue;
    }
    const here = index === 0 ? type : String(path[index - 1]);
    if (node.types.includes('array')) {
      return `${here} is a list: an item of it is ${here}[0].`;
    }
    const names = reader.fields(above).map(({ name }) => name);
    if (names.length === 0) {
      // A message without fields is shown so, and so is one that the schema was cut off at.
      return node.types.includes('object')
        ? undefined
        : `${here} is ${node.protoType ?? node.types.join(' or ')} and has no members.`;
    }
    return typeof step === 'number'
      ? `${here} is no list.`
      : `${node.protoType ?? here} has no field ${step}. ${hintAt(step, names)}`;
  }
  return undefined;
}

/** Whether it can hold anything. */
function isOpen(type: string | undefined): boolean {
  return /^google\.protobuf\.(?:Any|Struct|Value|ListValue)$/.test(type ?? '');
}
