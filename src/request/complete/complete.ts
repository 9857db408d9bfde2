import type { MethodInfo, Schema } from '../../schema/schema';
import { readerOf } from '../check/checkAnswers';
import type { StaticValues } from '../check/staticValues';
import type { RequestFile, RequestNode } from '../file/syntax';
import { annotationNames, annotationValues } from './completeAnnotation';
import { completeBody } from './completeBody';
import { completeExpectation } from './completeExpectation';
import { completeMetadata } from './completeMetadata';
import { completeReferences } from './completeReferences';
import {
  completeMethods,
  completeServices,
  completeTargets,
  type NamedServer,
  typedLine,
} from './completeTarget';
import { type Place, placeIn } from './place';
import type { Suggestion } from './suggestion';

export interface CompletionContext {
  readonly values: StaticValues;
  /** That the editor knows. */
  readonly servers: readonly NamedServer[];
  /** Of the server that `requestAt` names; undefined when it isn't known. */
  readonly schema: Schema | undefined;
}

/** The request that stands at an offset; of a request line at the offset, the parts that are typed so far. */
export function requestAt(file: RequestFile, offset: number): RequestNode | undefined {
  const place = placeIn(file, offset);
  return place.kind === 'requestLine'
    ? { ...place.request, line: typedLine(file.text, place.request.line, offset).line }
    : place.request;
}

/** What could be written at an offset, best first. Paths of files are not among it. */
export function complete(
  file: RequestFile,
  offset: number,
  context: CompletionContext,
): Suggestion[] {
  const { values, servers, schema } = context;
  const reference = completeReferences(file, offset, values);
  if (reference) {
    return reference;
  }
  const place = placeIn(file, offset);
  switch (place.kind) {
    case 'head':
      return completeHead(place, offset, values);
    case 'variable':
      // An annotation begins with @ too.
      return place.valueSpan === undefined
        ? completeHead(place, offset, values).filter(({ label }) => label.startsWith('@'))
        : [];
    case 'metadata': {
      const taken = new Set(
        place.request?.metadata
          .filter(({ span }) => offset < span.from || offset > span.to)
          .map(({ key }) => key.text.toLowerCase()),
      );
      const metadata = completeMetadata(place.line, offset, taken);
      return place.line.text.trim() === '' && place.request
        ? [...metadata, ...bodyStart(place.request, offset, schema)]
        : metadata;
    }
    case 'annotation':
      return completeAnnotation(place, file, offset, context);
    case 'requestLine': {
      const { part, line } = typedLine(file.text, place.request.line, offset);
      if (offset < line.target.span.from) {
        return [];
      }
      if (part === 'target') {
        return completeTargets(line.target.span, values, servers);
      }
      if (schema === undefined) {
        return [];
      }
      const hasMethod = file.text[line.service.span.to] === '/';
      const { metadata, messages } = place.request;
      return part === 'service'
        ? completeServices(schema, line.service.span, hasMethod)
        : completeMethods(schema, line, metadata.length + messages.length === 0);
    }
    case 'messageEnd':
      return ['=== wait', '=== wait 2', '=== wait 500ms'].map((label) => ({
        label,
        kind: 'keyword',
        insert: label,
        span: { from: place.line.from, to: place.line.to },
      }));
    case 'body': {
      const method = methodOf(place.request, schema);
      return schema && method ? completeBody(place, offset, schema, method) : [];
    }
    default:
      return [];
  }
}

/** The method that a request names. */
export function methodOf(
  { line }: RequestNode,
  schema: Schema | undefined,
): MethodInfo | undefined {
  return schema?.findMethod(`/${line.service.text}/${line.method.text}`);
}

function bodyStart(request: RequestNode, offset: number, schema: Schema | undefined): Suggestion[] {
  const method = methodOf(request, schema);
  if (!schema || !method || request.messages.length > 0 || !schema.hasType(method.requestType)) {
    return [];
  }
  return completeBody(
    {
      kind: 'body',
      request,
      line: { from: offset, to: offset, text: '' },
      index: 0,
      json: '',
      from: offset,
    },
    offset,
    schema,
    method,
  ).map((suggestion) => ({ ...suggestion, insert: `\n${suggestion.insert}` }));
}

function completeAnnotation(
  place: Extract<Place, { kind: 'annotation' }>,
  file: RequestFile,
  offset: number,
  { values, schema }: CompletionContext,
): Suggestion[] {
  const { request, name, nameSpan, valueSpan } = place;
  if (offset <= nameSpan.to) {
    return annotationNames(
      place,
      request?.annotations ?? file.annotations,
      isNamed(request, values),
    );
  }
  if (name !== 'expect' && name !== 'capture') {
    return annotationValues(place);
  }
  const whole = file.text.slice(Math.min(valueSpan.from, offset), offset);
  const [captured = ''] = name === 'capture' ? (/^[\w.-]*\s*=\s*/.exec(whole) ?? []) : [];
  if (name === 'capture' && captured === '') {
    return [];
  }
  const method = request && methodOf(request, schema);
  const reader =
    schema && method && schema.hasType(method.responseType)
      ? readerOf(schema, method.responseType)
      : undefined;
  const text = whole.slice(captured.length);
  const span = { from: offset - text.length, to: offset };
  return completeExpectation(text, span, name === 'capture', reader);
}

/** Whether a request names a target of the environment, which describes itself. */
function isNamed(request: RequestNode | undefined, values: StaticValues): boolean {
  const target = request && values.resolved(request.line.target.text);
  return target !== undefined && values.environment?.targets.has(target) === true;
}

/** What stands above a request line: a request, an annotation, a variable. */
function completeHead(
  { line, request }: Place,
  offset: number,
  values: StaticValues,
): Suggestion[] {
  const start = line.from + (line.text.length - line.text.trimStart().length);
  const span = {
    from: Math.min(start, offset),
    to: Math.max(offset, line.from + line.text.trimEnd().length),
  };
  if (/\s/.test(line.text.trim())) {
    return [];
  }
  const annotations = annotationNames(
    { nameSpan: span, name: '', valueSpan: { from: offset, to: offset } },
    request?.annotations ?? [],
    isNamed(request, values),
  ).map((suggestion) => ({ ...suggestion, insert: `# ${suggestion.insert}` }));
  const requests: Suggestion[] =
    request === undefined
      ? [
          {
            label: 'GRPC',
            kind: 'keyword',
            detail: 'GRPC target/service/method',
            insert: 'GRPC ',
            span,
            continues: true,
          },
          {
            label: 'GRPC request',
            kind: 'request',
            detail: 'a whole request',
            insert: 'GRPC $1/$2/$3\n\n{$0}',
            isSnippet: true,
            span,
            filter: 'GRPC request',
          },
        ]
      : [];
  return [
    ...requests,
    ...annotations,
    {
      label: '@name = value',
      kind: 'variable',
      detail: 'a variable of this file',
      insert: '@$1 = $0',
      isSnippet: true,
      span,
      filter: '@name',
    },
    {
      label: '###',
      kind: 'keyword',
      detail: 'begins a request',
      insert: '### $0',
      isSnippet: true,
      span,
    },
  ];
}
