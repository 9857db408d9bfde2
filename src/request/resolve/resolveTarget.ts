import type { EnvironmentTarget } from '../../config/environments';
import { parseAddress } from '../../grpc/address';
import type { Security, Target } from '../../grpc/target';
import type { SchemaSources } from '../../schema/sources';
import type { MetadataPair } from '../draft';
import { annotationSpec } from '../file/annotations';
import { metadataPair } from '../file/metadataPair';
import type { RequestNode } from '../file/syntax';
import type { ServerSpec } from '../serverSpec';
import type { Filled, Filler } from './filler';

/** The server that a request names, or undefined with the problems noted. */
export async function resolveTarget(
  node: RequestNode,
  annotations: readonly Filled[],
  filler: Filler,
): Promise<ServerSpec | undefined> {
  const { text, span } = await filler.fill(node.line.target);
  const reflectionMetadata = await reflectionMetadataOf(annotations, filler);
  const named = filler.scope.environment?.targets.get(text);
  const own = annotations.filter(({ name }) => annotationSpec(name)?.group === 'target');
  if (named === undefined) {
    const target = await addressed(text, own, filler, span);
    const sources = await sourcesOf(own, filler);
    return target && { name: text, target, sources, reflectionMetadata };
  }
  for (const { name, span: at } of own.filter((it) => it.name !== 'reflect-metadata')) {
    filler.problem(
      at,
      `@${name} belongs to the target ${text}, which the environment ${filler.scope.environment?.name} describes. Change it there, or write an address in place of the name.`,
    );
  }
  const address = await filler.fill({ text: named.target.address, span });
  const ofTarget: MetadataPair[] = [];
  for (const { key, value } of named.reflectionMetadata ?? []) {
    ofTarget.push({ key, value: (await filler.fill({ text: value, span })).text });
  }
  // The file that describes it may come from others: what it may read is decided as for a request file.
  for (const path of filesOf(named)) {
    await filler.file(path, span);
  }
  if (!check(address.text, filler, span)) {
    return undefined;
  }
  return {
    name: text,
    target: { ...named.target, address: address.text },
    sources: named.sources,
    reflectionMetadata: joinMetadata(ofTarget, reflectionMetadata),
  };
}

function filesOf({ target: { security }, sources }: EnvironmentTarget): readonly string[] {
  const { ca, client } = security.kind === 'tls' ? security : {};
  return [
    ...[ca, client?.certificate, client?.key].filter((path) => path !== undefined),
    ...[sources.protoFiles, sources.importPaths, sources.descriptorSets].flat(),
  ];
}

/** Reflection metadata of a target, and of a request to it: where both have a key, the request's counts. */
export function joinMetadata(
  ofTarget: readonly MetadataPair[],
  ofRequest: readonly MetadataPair[],
): readonly MetadataPair[] {
  const keys = new Set(ofRequest.map(({ key }) => key.toLowerCase()));
  return [...ofTarget.filter(({ key }) => !keys.has(key.toLowerCase())), ...ofRequest];
}

async function addressed(
  address: string,
  own: readonly Filled[],
  filler: Filler,
  span: RequestNode['span'],
): Promise<Target | undefined> {
  const security = await securityOf(own, filler);
  const authority = own.find(({ name }) => name === 'authority')?.value;
  return check(address, filler, span)
    ? { address, security, ...(authority ? { authority } : {}) }
    : undefined;
}

function check(address: string, filler: Filler, span: RequestNode['span']): boolean {
  if (address === '' || address.includes('{{')) {
    // Said already: nothing stands there, or a variable has no value.
    return false;
  }
  const parsed = parseAddress(address);
  if (parsed.ok) {
    return true;
  }
  const names = [...(filler.scope.environment?.targets.keys() ?? [])];
  const hint = parsed.suggestion === undefined ? '' : ` Did you mean ${parsed.suggestion}?`;
  const targets =
    names.length === 0 || address.includes(':')
      ? ''
      : ` The environment ${filler.scope.environment?.name} has the targets ${names.join(', ')}.`;
  filler.problem(span, `${parsed.message}${hint}${targets}`);
  return false;
}

async function securityOf(own: readonly Filled[], filler: Filler): Promise<Security> {
  const has = (name: string): Filled | undefined => own.find((it) => it.name === name);
  const plaintext = has('plaintext');
  const tlsOnly = own.filter(({ name }) => ['insecure', 'ca', 'cert', 'key'].includes(name));
  if (plaintext !== undefined) {
    for (const { name, span } of tlsOnly) {
      filler.problem(span, `@${name} is for TLS, and @plaintext says that there is none.`);
    }
    return { kind: 'plaintext' };
  }
  const path = async (name: string): Promise<string | undefined> => {
    const annotation = has(name);
    return annotation && filler.path(annotation);
  };
  const [ca, certificate, key] = [await path('ca'), await path('cert'), await path('key')];
  const lonely = has('cert') ? (has('key') ?? has('cert')) : has('key');
  if (lonely !== undefined && (has('cert') === undefined || has('key') === undefined)) {
    filler.problem(lonely.span, 'A client certificate needs both @cert and @key.');
  }
  return {
    kind: 'tls',
    verify: has('insecure') === undefined,
    ...(ca === undefined ? {} : { ca }),
    ...(certificate === undefined || key === undefined ? {} : { client: { certificate, key } }),
  };
}

async function sourcesOf(own: readonly Filled[], filler: Filler): Promise<SchemaSources> {
  const paths = async (name: string): Promise<string[]> => {
    const all = await Promise.all(
      own.filter((it) => it.name === name).map((it) => filler.path(it)),
    );
    return all.filter((path) => path !== undefined);
  };
  const off = own.find(({ name }) => name === 'no-reflection');
  if (off !== undefined && !own.some(({ name }) => name === 'proto' || name === 'protoset')) {
    filler.problem(
      off.span,
      'Without reflection nothing says what the server offers. Name its files with @proto or @protoset, or leave @no-reflection out.',
    );
  }
  const [protoFiles, importPaths] = [await paths('proto'), await paths('import-path')];
  const folder =
    protoFiles.length > 0 && importPaths.length > 0 ? await filler.folder() : undefined;
  return {
    reflection: off === undefined,
    protoFiles,
    importPaths,
    ...(folder === undefined ? {} : { protoFolder: folder }),
    descriptorSets: await paths('protoset'),
  };
}

async function reflectionMetadataOf(
  annotations: readonly Filled[],
  filler: Filler,
): Promise<ServerSpec['reflectionMetadata']> {
  return annotations
    .filter(({ name }) => name === 'reflect-metadata')
    .flatMap(({ value, span }) => {
      const pair = metadataPair(value);
      if (pair === undefined) {
        filler.problem(span, 'Write the metadata as "key: value".');
        return [];
      }
      return [pair];
    });
}
