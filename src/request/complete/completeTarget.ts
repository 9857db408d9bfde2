import type { MethodInfo, Schema } from '../../schema/schema';
import type { StaticValues } from '../check/staticValues';
import type { RequestLine, Span } from '../file/syntax';
import type { Suggestion } from './suggestion';

/** A server that the editor knows. */
export interface NamedServer {
  readonly name: string;
  readonly address: string;
  readonly plaintext: boolean;
}

/** A request line as far as it is typed, and which part of it is being typed. */
export interface TypedLine {
  readonly part: 'target' | 'service' | 'method';
  readonly line: RequestLine;
}

/**
 * Reads a request line for somebody who types at `offset`: with one slash it is the service that is being typed, while
 * the grammar has to take what stands there for a service and a method.
 */
export function typedLine(text: string, { span }: RequestLine, offset: number): TypedLine {
  const [begin = ''] = /^GRPC[^\S\n]*/.exec(text.slice(span.from, span.to)) ?? [];
  const start = span.from + begin.length;
  const typed = text.slice(start, Math.max(offset, start));
  const rest = /^[^\s/]*/.exec(text.slice(start + typed.length, span.to))?.[0] ?? '';
  const end = start + typed.length + rest.length;
  const at = (from: number, to: number) => ({
    text: text.slice(start + from, start + to),
    span: { from: start + from, to: start + to },
  });
  const nothing = at(end - start, end - start);
  const last = typed.lastIndexOf('/');
  const before = last > 0 ? typed.lastIndexOf('/', last - 1) : -1;
  const service = typed.slice(before + 1, last);
  const isUnix = typed.startsWith('unix:') && !service.includes('.');
  if (before > 0 && isTarget(typed.slice(0, before)) && isService(service) && !isUnix) {
    const line = {
      target: at(0, before),
      service: at(before + 1, last),
      method: at(last + 1, end - start),
    };
    return { part: 'method', line: { span, ...line } };
  }
  if (last > 0 && isTarget(typed.slice(0, last))) {
    const line = { target: at(0, last), service: at(last + 1, end - start), method: nothing };
    return { part: 'service', line: { span, ...line } };
  }
  return {
    part: 'target',
    line: { span, target: at(0, end - start), service: nothing, method: nothing },
  };
}

/** Whether a slash behind it can be the one that ends a target: in `dns:///host` none of the three can. */
function isTarget(text: string): boolean {
  return /[^:/]$/.test(text);
}

function isService(text: string): boolean {
  return /^[A-Za-z_][\w.]*$/.test(text);
}

/** Targets of the environment, servers of the editor, and variables that hold one. */
export function completeTargets(
  span: Span,
  values: StaticValues,
  servers: readonly NamedServer[],
): Suggestion[] {
  const { environment } = values;
  const known = [...values.variables.values()].filter(({ value }) => looksLikeTarget(value.text));
  const all: Suggestion[] = [
    ...[...(environment?.targets ?? [])].map(
      ([name, { target }]): Suggestion => ({
        label: name,
        kind: 'target',
        detail: `${target.address} (${environment?.name})`,
        insert: `${name}/`,
        span,
        continues: true,
      }),
    ),
    ...known.map(
      ({ name, value }): Suggestion => ({
        label: `{{${name.text}}}`,
        kind: 'variable',
        detail: value.text,
        insert: `{{${name.text}}}/`,
        span,
        continues: true,
      }),
    ),
    ...servers.map(
      ({ name, address, plaintext }): Suggestion => ({
        label: address,
        kind: 'target',
        detail: name === address ? '' : name,
        documentation: plaintext ? 'Without TLS: the request needs # @plaintext.' : 'Over TLS.',
        insert: `${address}/`,
        span,
        continues: true,
      }),
    ),
  ];
  return all.filter(({ label }, at) => all.findIndex((other) => other.label === label) === at);
}

function looksLikeTarget(value: string): boolean {
  return /^[\w.[\]:-]+:\d+$|^(?:dns|ipv4|ipv6|unix):/.test(value);
}

/** Services as the schema has them; health, reflection and what else comes with gRPC stand last. */
export function completeServices(
  { services }: Pick<Schema, 'services'>,
  span: Span,
  hasMethod: boolean,
): Suggestion[] {
  const own = services.filter(({ name }) => !isOfGrpc(name));
  const others = services.filter(({ name }) => isOfGrpc(name));
  return [...own, ...others].map(({ name, comment, methods }) => ({
    label: name,
    kind: 'service',
    detail: methods.length === 1 ? '1 method' : `${methods.length} methods`,
    ...(comment === undefined ? {} : { documentation: comment }),
    insert: hasMethod ? name : `${name}/`,
    span,
    continues: !hasMethod,
  }));
}

function isOfGrpc(service: string): boolean {
  return service.startsWith('grpc.');
}

/**
 * Methods of the service that is named.
 * @param isEmpty whether nothing follows the request line: then each is offered with a message to start from, too
 */
export function completeMethods(
  schema: Schema,
  { service, method: { span } }: RequestLine,
  isEmpty: boolean,
): Suggestion[] {
  const methods = schema.services.find(({ name }) => name === service.text)?.methods ?? [];
  const suggestions = methods.map(
    (method): Suggestion => ({
      label: method.name,
      kind: 'method',
      detail: signatureOf(method),
      ...(method.comment === undefined ? {} : { documentation: method.comment }),
      ...(method.deprecated ? { deprecated: true } : {}),
      insert: method.name,
      span,
    }),
  );
  const withMessage = isEmpty
    ? methods.map(
        ({ name, requestType, deprecated }): Suggestion => ({
          label: `${name} { … }`,
          kind: 'body',
          detail: `with a message: ${requestType}`,
          ...(deprecated ? { deprecated } : {}),
          insert: `${name}\n\n${schema.template(requestType)}`,
          span,
        }),
      )
    : [];
  return [...suggestions, ...withMessage];
}

/** `GetListing(market.v1.GetListingRequest) → market.v1.Listing`, with `stream` where there is one. */
export function signatureOf({ kind, requestType, responseType }: MethodInfo): string {
  const up = kind === 'clientStreaming' || kind === 'bidirectional' ? 'stream ' : '';
  const down = kind === 'serverStreaming' || kind === 'bidirectional' ? 'stream ' : '';
  return `(${up}${requestType}) → ${down}${responseType}`;
}
