import { placeAt } from '../../schema/jsonPlace';
import { fieldFacts } from '../../schema/jsonSchemaReader';
import { stringValue } from '../../schema/jsonTokens';
import type { Schema } from '../../schema/schema';
import { readerOf } from '../check/checkAnswers';
import type { StaticValues } from '../check/staticValues';
import { annotationSpec } from '../file/annotations';
import { requestName } from '../file/requestName';
import type { RequestFile, RequestNode, Span } from '../file/syntax';
import type { ServerSpec } from '../serverSpec';
import { dynamicSpecs } from '../variables/dynamic';
import { withPlaceholders } from '../variables/placeholders';
import { findReferences, type Reference } from '../variables/references';
import { methodOf } from './complete';
import { optionSpec } from './completeAnnotation';
import { signatureOf } from './completeTarget';
import { type Place, placeIn } from './place';
import { occurrencesAt } from './variables';

/** What something in a request file is. Texts may come from a server. */
export interface Explanation {
  readonly span: Span;
  /** As it would stand in code. */
  readonly title: string;
  /** Plain text, one paragraph each. */
  readonly text: readonly string[];
}

export interface ExplainContext {
  readonly values: StaticValues;
  /** Of the request at the offset. */
  readonly server: ServerSpec | undefined;
  readonly schema: Schema | undefined;
}

export function explain(
  file: RequestFile,
  offset: number,
  context: ExplainContext,
): Explanation | undefined {
  const place = placeIn(file, offset);
  const index = place.request && file.requests.indexOf(place.request);
  return (
    explainReference(file, place, offset, context.values, index) ??
    explainDefinition(file, offset, context.values) ??
    explainPlace(place, offset, context)
  );
}

function explainReference(
  file: RequestFile,
  { line, kind }: Place,
  offset: number,
  values: StaticValues,
  index: number | undefined,
): Explanation | undefined {
  const reference = findReferences(line.text).find(
    ({ span }) => line.from + span.from <= offset && offset <= line.from + span.to,
  );
  if (reference === undefined || reference.kind === 'malformed' || kind === 'comment') {
    return undefined;
  }
  const span = { from: line.from + reference.span.from, to: line.from + reference.span.to };
  return reference.kind === 'dynamic'
    ? explainDynamic(reference, span)
    : explainVariable(file, reference.name, span, values, index);
}

function explainDynamic({ name }: Extract<Reference, { kind: 'dynamic' }>, span: Span) {
  const spec = dynamicSpecs.find((one) => one.name === name);
  return spec && { span, title: `{{${spec.usage}}}`, text: [spec.help, 'A new value each time.'] };
}

function explainDefinition(
  file: RequestFile,
  offset: number,
  values: StaticValues,
): Explanation | undefined {
  const { here } = occurrencesAt(file, offset) ?? {};
  return here && explainVariable(file, here.name, here.span, values, undefined);
}

function explainVariable(
  file: RequestFile,
  name: string,
  span: Span,
  values: StaticValues,
  index: number | undefined,
): Explanation {
  const value = values.valueOf(name, index);
  const environment = values.environment?.name;
  const capture = values.captures.get(name);
  const request = file.requests[capture ?? -1];
  const from = {
    file: 'A variable of this file.',
    environment: `A variable of the environment ${environment}.`,
    secret: `A secret of the environment ${environment}. Its value is used only when the request is sent, and is never shown.`,
    capture: `Captured from the answer to ${request ? requestName(request) : 'an earlier request'}.`,
  };
  switch (value.kind) {
    case 'known':
      return { span, title: `${name} = ${value.value}`, text: [from[value.source]] };
    case 'later': {
      const written = values.variables.get(name)?.value.text;
      const shown = value.source === 'file' && written !== undefined ? ` = ${written}` : '';
      return { span, title: `${name}${shown}`, text: [from[value.source]] };
    }
    case 'none':
      return { span, title: name, text: ['There is no such variable.'] };
    case 'cycle':
      return { span, title: name, text: ['It refers to itself, so it has no value.'] };
  }
}

function explainPlace(
  place: Place,
  offset: number,
  { server, schema }: ExplainContext,
): Explanation | undefined {
  switch (place.kind) {
    case 'annotation':
      return offset <= place.nameSpan.to ? explainAnnotation(place) : undefined;
    case 'requestLine':
      return explainLine(place.request, offset, server, schema);
    case 'body':
      return explainBody(place, offset, schema);
    default:
      return undefined;
  }
}

function explainAnnotation({
  name,
  nameSpan: span,
}: Extract<Place, { kind: 'annotation' }>): Explanation | undefined {
  const spec = annotationSpec(name);
  if (spec === undefined) {
    return undefined;
  }
  const standard = optionSpec(name)?.default ?? '';
  return {
    span,
    title: `@${name}`,
    text: [spec.help, ...(standard === '' ? [] : [`The default is ${standard}.`])],
  };
}

function explainLine(
  request: RequestNode,
  offset: number,
  server: ServerSpec | undefined,
  schema: Schema | undefined,
): Explanation | undefined {
  const { target, service, method } = request.line;
  const isIn = ({ span }: { readonly span: Span }) => span.from <= offset && offset <= span.to;
  if (target.text !== '' && isIn(target)) {
    return server && explainServer(server, target.span);
  }
  if (method.text !== '' && isIn(method)) {
    const found = methodOf(request, schema);
    return (
      found && {
        span: method.span,
        title: `rpc ${found.name}${signatureOf(found)}`,
        text: [
          kindText[found.kind],
          ...(found.deprecated ? ['Deprecated.'] : []),
          ...(found.comment === undefined ? [] : [found.comment]),
        ],
      }
    );
  }
  const found = isIn(service)
    ? schema?.services.find(({ name }) => name === service.text)
    : undefined;
  return (
    found && {
      span: service.span,
      title: `service ${found.name}`,
      text: [
        ...(found.comment === undefined ? [] : [found.comment]),
        `Methods: ${found.methods.map(({ name }) => name).join(', ')}.`,
      ],
    }
  );
}

const kindText = {
  unary: 'Unary: one message, one answer.',
  serverStreaming: 'Server streaming: one message, any number of answers.',
  clientStreaming: 'Client streaming: any number of messages, one answer.',
  bidirectional: 'Bidirectional: any number of messages and answers.',
} as const;

function explainServer({ name, target }: ServerSpec, span: Span): Explanation {
  const { address, security, authority } = target;
  const how =
    security.kind === 'plaintext'
      ? 'Plaintext: not encrypted.'
      : security.verify
        ? `TLS${security.client ? ' with a client certificate' : ''}; the certificate of the server is verified.`
        : 'TLS, and the certificate of the server is NOT verified.';
  return {
    span,
    title: name === address ? address : `${name} = ${address}`,
    text: [how, ...(authority === undefined ? [] : [`Authority: ${authority}.`])],
  };
}

function explainBody(
  place: Extract<Place, { kind: 'body' }>,
  offset: number,
  schema: Schema | undefined,
): Explanation | undefined {
  const method = methodOf(place.request, schema);
  if (!schema || !method || !schema.hasType(method.requestType)) {
    return undefined;
  }
  const text = withPlaceholders(place.json);
  // The first character of a token belongs to it for the mouse, and not yet for somebody who types.
  const json = [0, 1]
    .map((more) => placeAt(text, offset - place.from + more))
    .find((one) => one?.token !== undefined);
  const { token } = json ?? {};
  if (json === undefined || token === undefined) {
    return undefined;
  }
  const word =
    token.kind === 'string' ? stringValue(text, token) : text.slice(token.from, token.to);
  const reader = readerOf(schema, method.requestType);
  const node = reader.at(json.kind === 'name' ? [...json.path, word] : json.path);
  const span = { from: place.from + token.from, to: place.from + token.to };
  if (json.kind === 'name') {
    return (
      node && {
        span,
        title: `${word}: ${fieldFacts(node).join(' · ')}`,
        text: node.description === undefined ? [] : [node.description],
      }
    );
  }
  const value = node?.values.find(({ name }) => name === word);
  return (
    value && {
      span,
      title: `${value.name}: ${node?.protoType ?? 'enum value'}`,
      text: value.comment === undefined ? [] : [value.comment],
    }
  );
}
