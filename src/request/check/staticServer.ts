import { dirname, resolve } from 'node:path';
import { effectiveAnnotations } from '../file/effectiveAnnotations';
import type { RequestFile, RequestNode } from '../file/syntax';
import { type Filled, Filler } from '../resolve/filler';
import { joinMetadata, resolveTarget } from '../resolve/resolveTarget';
import type { ServerSpec } from '../serverSpec';
import { Values } from '../variables/values';
import { error } from './findings';
import type { StaticValues } from './staticValues';
import type { RequestFinding } from './surroundings';

export interface StaticServer {
  /**
   * Undefined when it is wrong, or depends on what is known only when the request is sent. Values of its reflection
   * metadata that do so still have their references.
   */
  readonly server: ServerSpec | undefined;
  readonly findings: readonly RequestFinding[];
}

/** The server of a request, as far as it can be known without sending anything. */
export async function staticServer(
  file: RequestFile,
  request: RequestNode,
  values: StaticValues,
  path: string,
): Promise<StaticServer> {
  const index = file.requests.indexOf(request);
  const { environment } = values;
  const address = values.resolved(request.line.target.text, index);
  const named = environment?.targets.get(address ?? '');
  const namedAddress = named && values.resolved(named.target.address);
  const annotations: Filled[] = [];
  for (const { name, value, span } of effectiveAnnotations(file, request)) {
    const text = values.resolved(value.text, index);
    if (text !== undefined || name.text === 'reflect-metadata') {
      annotations.push({ name: name.text, value: text ?? value.text, text: value.text, span });
    }
  }
  const isKnown = address !== undefined && (named === undefined || namedAddress !== undefined);
  const targets =
    environment && named && address !== undefined && namedAddress !== undefined
      ? new Map([
          ...environment.targets,
          [
            address,
            { target: { ...named.target, address: namedAddress }, sources: named.sources },
          ] as const,
        ])
      : environment?.targets;
  const filler = new Filler(
    new Values([]),
    {
      overrides: new Map(),
      captures: new Map(),
      environment: environment && targets && { ...environment, targets },
      secret: async (name) => ({ ok: false, message: `The secret ${name} is not asked for here.` }),
    },
    {
      message: async (written) => ({ ok: false, message: `${written} is not read here.` }),
      path: async (written) => ({ ok: true, path: resolve(dirname(path), written) }),
    },
  );
  const line = { ...request.line, target: { ...request.line.target, text: address ?? '' } };
  const server = await resolveTarget({ ...request, line }, annotations, filler);
  const ofTarget = (named?.reflectionMetadata ?? []).map(({ key, value }) => ({
    key,
    value: values.resolved(value) ?? value,
  }));
  return {
    server:
      isKnown && server
        ? { ...server, reflectionMetadata: joinMetadata(ofTarget, server.reflectionMetadata) }
        : undefined,
    findings: filler.problems.map(({ span, message }) => error('target', span, message)),
  };
}
