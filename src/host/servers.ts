import path from 'node:path';
import type { Security, Target } from '../grpc/target';
import type { SchemaSources } from '../schema/sources';
import { type Fields, fieldsOf } from './fields';

/** One server of the explorer. Never holds a secret: those are in `ServerSecrets`. */
export interface Server {
  /** Stable over reloads; panels and secrets refer to it. */
  readonly id: string;
  readonly name: string;
  readonly target: Target;
  readonly sources: SchemaSources;
  /** `saved` by the user, from the `settings` of a folder, the running `sample` server, or named in a `file` only. */
  readonly origin: 'saved' | 'settings' | 'sample' | 'file';
}

/** What the panel, the tree and the tooltips call a target's security. */
export type SecurityLabel = 'plaintext' | 'tls' | 'mtls' | 'tls-unverified';

export function securityLabel(security: Security): SecurityLabel {
  if (security.kind === 'plaintext') {
    return 'plaintext';
  }
  if (!security.verify) {
    return 'tls-unverified';
  }
  return security.client === undefined ? 'tls' : 'mtls';
}

/** A label as a person reads it. */
export const securityText: Readonly<Record<SecurityLabel, string>> = {
  plaintext: 'plaintext: not encrypted',
  tls: 'TLS',
  mtls: 'TLS with a client certificate',
  'tls-unverified': 'TLS, certificate NOT verified',
};

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.flatMap((item) => textOf(item) ?? []) : [];
}

function sourcesOf(
  fields: Fields,
  toPath: (text: string) => string,
  protoFolder: string | undefined,
): SchemaSources {
  const protoFiles = textsOf(fields.protoFiles).map(toPath);
  const importPaths = textsOf(fields.importPaths).map(toPath);
  const isLookedFor = protoFiles.length > 0 && importPaths.length > 0;
  return {
    reflection: fields.reflection !== false,
    protoFiles,
    importPaths,
    ...(protoFolder !== undefined && isLookedFor && { protoFolder }),
    descriptorSets: textsOf(fields.descriptorSets).map(toPath),
  };
}

function savedSources(fields: Fields): SchemaSources {
  return sourcesOf(fields, (text) => text, textOf(fields.protoFolder));
}

/** Servers as an earlier session stored them; what doesn't fit is left out. */
export function parseSavedServers(value: unknown): Server[] {
  const seen = new Set<string>();
  return (Array.isArray(value) ? value : []).flatMap((item): Server[] => {
    const fields = fieldsOf(item);
    const target = fieldsOf(fields?.target);
    const id = textOf(fields?.id);
    const address = textOf(target?.address);
    const security = parseSecurity(target?.security);
    if (!fields || !target || !id || !address || !security || seen.has(id)) {
      return [];
    }
    seen.add(id);
    const authority = textOf(target.authority);
    return [
      {
        id,
        name: textOf(fields.name) ?? address,
        target: { address, security, ...(authority === undefined ? {} : { authority }) },
        sources: savedSources(fieldsOf(fields.sources) ?? {}),
        origin: 'saved',
      },
    ];
  });
}

function parseSecurity(value: unknown): Security | undefined {
  const fields = fieldsOf(value);
  if (fields?.kind === 'plaintext') {
    return { kind: 'plaintext' };
  }
  if (fields?.kind !== 'tls') {
    return undefined;
  }
  const ca = textOf(fields.ca);
  const client = fieldsOf(fields.client);
  const certificate = textOf(client?.certificate);
  const key = textOf(client?.key);
  return {
    kind: 'tls',
    // Anything but an explicit false verifies.
    verify: fields.verify !== false,
    ...(ca === undefined ? {} : { ca }),
    ...(certificate === undefined || key === undefined ? {} : { client: { certificate, key } }),
  };
}

/** Servers of the `frameline.targets` setting of one folder, and what is wrong with the others. */
export function parseTeamServers(
  value: unknown,
  folder: { readonly name: string; readonly path: string },
): { readonly servers: Server[]; readonly problems: string[] } {
  const servers: Server[] = [];
  const problems: string[] = [];
  const toPath = (text: string): string => path.resolve(folder.path, text);
  for (const [index, item] of (Array.isArray(value) ? value : []).entries()) {
    const fields = fieldsOf(item);
    const address = textOf(fields?.address);
    const certificate = textOf(fields?.clientCertificate);
    const key = textOf(fields?.clientKey);
    const where = `frameline.targets[${index}] of ${folder.name}`;
    if (!fields || !address) {
      problems.push(`${where} has no address.`);
      continue;
    }
    const kind = fields.security ?? 'tls';
    if (kind !== 'tls' && kind !== 'plaintext') {
      problems.push(`${where} has a security other than "tls" and "plaintext".`);
      continue;
    }
    if ((certificate === undefined) !== (key === undefined)) {
      problems.push(`${where} needs both clientCertificate and clientKey, or neither.`);
      continue;
    }
    const ca = textOf(fields.ca);
    const authority = textOf(fields.authority);
    const name = textOf(fields.name) ?? address;
    const same = servers.filter((server) => server.name === name).length;
    servers.push({
      id: `settings:${folder.name}:${name}${same === 0 ? '' : `:${same}`}`,
      name,
      target: {
        address,
        ...(authority === undefined ? {} : { authority }),
        security:
          kind === 'plaintext'
            ? { kind: 'plaintext' }
            : {
                kind: 'tls',
                // A shared file can't turn verification off: that is each user's own choice.
                verify: true,
                ...(ca === undefined ? {} : { ca: toPath(ca) }),
                ...(certificate === undefined || key === undefined
                  ? {}
                  : { client: { certificate: toPath(certificate), key: toPath(key) } }),
              },
      },
      sources: sourcesOf(fields, toPath, folder.path),
      origin: 'settings',
    });
  }
  return { servers, problems };
}
