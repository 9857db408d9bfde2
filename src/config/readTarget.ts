import type { Node } from 'jsonc-parser';
import { parseAddress } from '../grpc/address';
import { parseAuthority } from '../grpc/authority';
import { isSecretName } from '../grpc/secretName';
import type { Security } from '../grpc/target';
import type { SchemaSources } from '../schema/sources';
import type { ConfigReader } from './configReader';
import type { EnvironmentTarget } from './environments';
import { isLiteral } from './literal';

/** Makes a path of the file absolute. */
export type ToPath = (path: string) => string;

type ReflectionMetadata = NonNullable<EnvironmentTarget['reflectionMetadata']>;

const textKeys = ['address', 'authority', 'ca', 'clientCertificate', 'clientKey'] as const;
type TextKey = (typeof textKeys)[number];

/** Members that belong to TLS. */
const tlsKeys = ['ca', 'clientCertificate', 'clientKey'] as const;

/**
 * Reads one target; undefined, with a problem, when it can't be said where or how to connect. The verification of
 * certificates can't be turned off here: that is each user's own choice.
 */
export function readTarget(
  read: ConfigReader,
  node: Node,
  at: string,
  toPath: ToPath,
): EnvironmentTarget | undefined {
  const written: Partial<Record<TextKey, string>> = {};
  /** Where they stand, also when they are no use. */
  const places = new Map<TextKey, Node>();
  let kind: Security['kind'] | undefined = 'tls';
  let reflectionMetadata: ReflectionMetadata | undefined;
  const sources = {
    reflection: true,
    protoFiles: [] as readonly string[],
    importPaths: [] as readonly string[],
    descriptorSets: [] as readonly string[],
  };
  const text = (key: TextKey, refuse?: (text: string) => string | undefined) => (value: Node) => {
    places.set(key, value);
    const found = read.text(value, `${at}.${key}`);
    const reason = found === undefined ? undefined : refuse?.(found);
    if (reason !== undefined) {
      read.problem(value, reason);
    } else if (found !== undefined) {
      written[key] = found;
    }
  };
  const paths = (key: 'protoFiles' | 'importPaths' | 'descriptorSets') => (value: Node) => {
    sources[key] = (read.texts(value, `${at}.${key}`) ?? []).map(toPath);
  };
  let reflectionNode: Node | undefined;
  read.object(node, at, {
    address: text('address', addressProblem),
    security: (value) => {
      kind = read.choice(value, `${at}.security`, ['tls', 'plaintext'] as const);
    },
    authority: text('authority', authorityProblem),
    ca: text('ca'),
    clientCertificate: text('clientCertificate'),
    clientKey: text('clientKey'),
    reflection: (value) => {
      reflectionNode = value;
      sources.reflection = read.boolean(value, `${at}.reflection`) ?? true;
    },
    protoFiles: paths('protoFiles'),
    importPaths: paths('importPaths'),
    descriptorSets: paths('descriptorSets'),
    reflectionMetadata: (value) => {
      reflectionMetadata = readReflectionMetadata(read, value, `${at}.reflectionMetadata`);
    },
  });
  if (node.type === 'object' && !places.has('address')) {
    read.problem(node, `"${at}" has no "address". Write where the server is: "localhost:50051".`);
  }
  if (reflectionNode !== undefined && saysNothing(sources)) {
    read.problem(
      reflectionNode,
      'Without reflection nothing says what this server offers. Name its files in "protoFiles" or "descriptorSets".',
    );
  }
  const isWhole = textKeys.every((key) => !places.has(key) || written[key] !== undefined);
  const security = kind && securityOf(read, kind, written, places, toPath);
  const { address, authority } = written;
  return address === undefined || security === undefined || !isWhole
    ? undefined
    : {
        target: { address, security, ...(authority === undefined ? {} : { authority }) },
        sources:
          sources.protoFiles.length > 0 && sources.importPaths.length > 0
            ? { ...sources, protoFolder: toPath('.') }
            : sources,
        ...(reflectionMetadata === undefined ? {} : { reflectionMetadata }),
      };
}

function saysNothing({ reflection, protoFiles, descriptorSets }: SchemaSources): boolean {
  return !reflection && protoFiles.length === 0 && descriptorSets.length === 0;
}

/** One with references is known only when they have values. */
function addressProblem(text: string): string | undefined {
  const parsed = parseAddress(text);
  if (parsed.ok || !isLiteral(text)) {
    return undefined;
  }
  return parsed.suggestion === undefined
    ? parsed.message
    : `${parsed.message} Did you mean "${parsed.suggestion}"?`;
}

function authorityProblem(text: string): string | undefined {
  const parsed = parseAuthority(text);
  return parsed.ok ? undefined : parsed.message;
}

function securityOf(
  read: ConfigReader,
  kind: Security['kind'],
  written: Partial<Record<TextKey, string>>,
  places: ReadonlyMap<TextKey, Node>,
  toPath: ToPath,
): Security | undefined {
  if (kind === 'plaintext') {
    for (const key of tlsKeys) {
      const place = places.get(key);
      if (place !== undefined) {
        read.problem(place, `"${key}" is for TLS, and "security" is "plaintext". Take one out.`);
      }
    }
    return { kind };
  }
  const { ca, clientCertificate, clientKey } = written;
  const lonely = places.get('clientCertificate') ?? places.get('clientKey');
  if (lonely !== undefined && places.has('clientCertificate') !== places.has('clientKey')) {
    read.problem(
      lonely,
      '"clientCertificate" and "clientKey" go together: write both, or neither.',
    );
    return undefined;
  }
  return {
    kind,
    verify: true,
    ...(ca === undefined ? {} : { ca: toPath(ca) }),
    ...(clientCertificate === undefined || clientKey === undefined
      ? {}
      : { client: { certificate: toPath(clientCertificate), key: toPath(clientKey) } }),
  };
}

function readReflectionMetadata(read: ConfigReader, node: Node, at: string): ReflectionMetadata {
  return read
    .entries(node, at, '{ "authorization": "Bearer {{MARKET_TOKEN}}" }')
    .flatMap(({ text: key, key: keyNode, value }) => {
      if (!/^[0-9A-Za-z_.-]+$/.test(key)) {
        read.problem(
          keyNode,
          `"${key}" can't be a key of metadata: those have letters, digits, - _ and . only.`,
        );
        return [];
      }
      const text = read.text(value, `${at}.${key}`);
      if (text === undefined) {
        return [];
      }
      if (isSecretName(key) && isLiteral(text)) {
        read.warning(
          value,
          `"${key}" looks like a secret, and everyone who sees this file can read it. Keep it in secrets: write a name in "secrets", and {{the name}} here.`,
        );
      }
      return [{ key, value: text }];
    });
}
