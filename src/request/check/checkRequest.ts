import { dirname, resolve } from 'node:path';
import { readMetadata } from '../../grpc/metadataRows';
import type { MethodInfo, Schema } from '../../schema/schema';
import { effectiveAnnotations } from '../file/effectiveAnnotations';
import type { MessageNode, RequestFile, RequestNode } from '../file/syntax';
import { textsOf } from '../file/texts';
import type { ServerSpec } from '../serverSpec';
import { checkAnnotations, checkRisks } from './checkAnnotations';
import { checkAnswers } from './checkAnswers';
import { checkBody } from './checkBody';
import { checkReferences } from './checkReferences';
import { error, hintAt, warning } from './findings';
import { staticServer } from './staticServer';
import type { StaticValues } from './staticValues';
import type { FileState, RequestFinding, SchemaState, Surroundings } from './surroundings';

export interface CheckedRequest {
  readonly findings: readonly RequestFinding[];
  readonly server: ServerSpec | undefined;
  /** What was known of its server; undefined without one. */
  readonly schema: SchemaState | undefined;
  /** What was known of each path that it names. */
  readonly files: ReadonlyMap<string, FileState>;
}

/** What is wrong in one request, or worth knowing. */
export async function checkRequest(
  file: RequestFile,
  request: RequestNode,
  values: StaticValues,
  surroundings: Surroundings,
): Promise<CheckedRequest> {
  const { path } = surroundings;
  const index = file.requests.indexOf(request);
  const files = new Map<string, FileState>();
  const fileAt = (absolute: string) => {
    const state = surroundings.fileAt(absolute);
    files.set(absolute, state);
    return state;
  };
  const { server, findings } = await staticServer(file, request, values, path);
  const schema = server && surroundings.schemaOf(server);
  const found =
    schema?.kind === 'ready' ? methodOf(request, values, index, schema.schema) : undefined;
  const method = found?.method;
  const context = { values, environments: surroundings.environments, request: index };
  return {
    server,
    schema,
    files,
    findings: [
      ...findings,
      ...textsOf(request).flatMap((text) => checkReferences(text, context)),
      ...checkAnnotations(request.annotations, { values, request: index, path, fileAt }),
      ...checkRisks(file.annotations, effectiveAnnotations(file, request), {
        own: request.annotations,
        values,
        request: index,
        kind: method?.kind,
        line: request.line.span,
      }),
      ...checkMetadata(request, values, index),
      ...(found?.findings ?? []),
      ...request.messages.flatMap((message) =>
        checkMessage(message, {
          values,
          index,
          fileAt,
          folder: dirname(path),
          schema: schema?.kind === 'ready' ? schema.schema : undefined,
          method,
        }),
      ),
      ...(method && schema?.kind === 'ready'
        ? [
            ...checkStreaming(request, method),
            ...checkAnswers(request.annotations, schema.schema, method),
          ]
        : []),
    ],
  };
}

function checkMetadata(
  { metadata }: RequestNode,
  values: StaticValues,
  index: number,
): RequestFinding[] {
  // What isn't known yet is taken for an empty value, which every key takes.
  const rows = metadata.map(({ key, value }) => ({
    key: key.text,
    value: values.resolved(value.text, index) ?? '',
    enabled: true,
  }));
  return readMetadata(rows).problems.flatMap(({ row, message }) => {
    const span = metadata[row]?.span;
    return span ? [error('metadata', span, message)] : [];
  });
}

/** The method that a request line names, or why there is none. */
function methodOf(
  { line }: RequestNode,
  values: StaticValues,
  index: number,
  schema: Schema,
): { readonly method?: MethodInfo; readonly findings: RequestFinding[] } {
  const [service, name] = [line.service, line.method].map(({ text }) =>
    values.resolved(text, index),
  );
  if (!service || name === undefined) {
    return { findings: [] };
  }
  const known = schema.services.find((one) => one.name === service);
  if (known === undefined) {
    const names = schema.services.map((one) => one.name);
    const message = `The server has no service ${service}. ${hintAt(service, names)}`;
    return { findings: [error('unknown-service', line.service.span, message)] };
  }
  const method = schema.findMethod(`/${service}/${name}`);
  if (method === undefined && name !== '') {
    const names = known.methods.map((one) => one.name);
    const message = `${service} has no method ${name}. ${hintAt(name, names)}`;
    return { findings: [error('unknown-method', line.method.span, message)] };
  }
  const findings = method?.deprecated
    ? [
        {
          ...warning('deprecated-method', line.method.span, `${name} is deprecated.`),
          severity: 'hint' as const,
          isDeprecated: true as const,
        },
      ]
    : [];
  return { ...(method && { method }), findings };
}

interface MessageContext {
  readonly values: StaticValues;
  readonly index: number;
  readonly folder: string;
  readonly schema: Schema | undefined;
  readonly method: MethodInfo | undefined;
  fileAt(path: string): FileState;
}

function checkMessage(message: MessageNode, context: MessageContext): RequestFinding[] {
  const { values, index, schema, method } = context;
  const type = method?.requestType;
  const validate =
    schema && type !== undefined && schema.hasType(type)
      ? (json: string) => schema.validate(type, json)
      : undefined;
  if (message.kind === 'file') {
    return checkMessageFile(message, validate, context);
  }
  const base = message.span.from;
  return checkBody(message.json, (reference) => values.sample(reference, index), validate).map(
    ({ from, to, severity, message: text }) => ({
      severity,
      code: 'message',
      span: { from: base + from, to: base + to },
      message: text,
    }),
  );
}

function checkMessageFile(
  { path }: Extract<MessageNode, { kind: 'file' }>,
  validate: Parameters<typeof checkBody>[2],
  { values, index, folder, fileAt }: MessageContext,
): RequestFinding[] {
  const written = values.resolved(path.text, index);
  if (!written) {
    return [];
  }
  const state = fileAt(resolve(folder, written));
  switch (state.kind) {
    case 'unknown':
      return [];
    case 'missing': {
      const message = `There is no file ${written}. The path is relative to the request file.`;
      return [error('missing-file', path.span, message)];
    }
    case 'folder':
      return [
        error('missing-file', path.span, `${written} is a folder. Write the path of a file.`),
      ];
    case 'outside': {
      const message = `${written} is outside the workspace folder: a message is read from inside only. Put the file there.`;
      return [error('outside-file', path.span, message)];
    }
    case 'file': {
      // Its references aren't replaced, so there is none.
      const [first] = (validate && state.text !== undefined ? validate(state.text) : []).filter(
        ({ severity }) => severity === 'error',
      );
      if (first === undefined) {
        return [];
      }
      const line = (state.text ?? '').slice(0, first.from).split('\n').length;
      return [error('message', path.span, `${written}, line ${line}: ${first.message}`)];
    }
  }
}

/** Messages that the kind of method doesn't take, and waiting that never ends. */
function checkStreaming({ messages }: RequestNode, { name, kind }: MethodInfo): RequestFinding[] {
  if (kind === 'unary' || kind === 'serverStreaming') {
    const [, second] = messages;
    const message = `${name} takes one message (${kind === 'unary' ? 'it is unary' : 'only its answers are a stream'}), and this is a second one.`;
    return second ? [error('too-many-messages', second.span, message)] : [];
  }
  return messages.flatMap(({ wait }) =>
    kind === 'clientStreaming' && wait?.kind === 'answers'
      ? [
          warning(
            'wait',
            wait.span,
            `${name} answers once all messages are sent (client streaming), so this waits until the deadline. Wait for a time, or not at all.`,
          ),
        ]
      : [],
  );
}
