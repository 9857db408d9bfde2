/** Sets of descriptor files whose imports have a chosen depth, and how servers answer from them. */
import { makeFile, type PeerAnswer, type PeerRequest } from './reflectionPeer';

export interface FileSet {
  /** Service name to the file that defines it. */
  readonly services: Readonly<Record<string, string>>;
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly imports: ReadonlyMap<string, readonly string[]>;
}

const messagesPerFile = 20;

/**
 * `count` files: some with a service each, the others spread evenly over `depth` levels of imports below them.
 * Every file uses a type of each file that it imports, and every file below the services is imported.
 * @param of how many services there are, and methods in each
 */
export function layeredFiles(
  count: number,
  depth: number,
  of: { readonly services: number; readonly methods: number } = { services: 30, methods: 0 },
): FileSet {
  const levels = Array.from({ length: depth + 1 }, (_, level) =>
    level === 0 ? of.services : share(count - of.services, depth, level - 1),
  );
  const services: Record<string, string> = {};
  const files = new Map<string, Uint8Array>();
  const imports = new Map<string, readonly string[]>();
  levels.forEach((size, level) => {
    for (let at = 0; at < size; at++) {
      const below = importedPlaces(at, size, levels[level + 1] ?? 0);
      const fields = below.map((place) => [`part${place}`, `.big.${typeName(level + 1, place)}`]);
      const messages: Record<string, Record<string, string>> = {
        [typeName(level, at)]: Object.fromEntries([['text', 'string'], ...fields]),
      };
      for (let more = 1; more < messagesPerFile; more++) {
        messages[`${typeName(level, at)}_${more}`] = { text: 'string' };
      }
      const name = fileName(level, at);
      const dependency = below.map((place) => fileName(level + 1, place));
      const type = `.big.${typeName(level, at)}`;
      const methods = Array.from({ length: of.methods }, (_, it) => [`M${it}`, [type, type]]);
      const service = { [`S${at}`]: Object.fromEntries(methods) };
      files.set(
        name,
        makeFile({
          name,
          package: 'big',
          dependency,
          messages,
          ...(level === 0 && { services: service }),
        }),
      );
      imports.set(name, dependency);
      if (level === 0) {
        services[`big.S${at}`] = name;
      }
    }
  });
  return { services, files, imports };
}

/** Answers with the one file that defines the service or has the name, and nothing else. */
export function oneFilePerAnswer(
  services: FileSet['services'],
  files: FileSet['files'],
): (request: PeerRequest) => PeerAnswer {
  return ({ kind, name }) => {
    if (kind === 'list') {
      return { services: Object.keys(services) };
    }
    const file = files.get(kind === 'file' ? name : (services[name] ?? ''));
    return file ? { files: [file] } : { error: { code: 5, message: `no ${name}` } };
  };
}

/** As grpc-go answers: with every import, direct or not, that was not sent on the call before. */
export function importsComeAlong({
  services,
  files,
  imports,
}: FileSet): (request: PeerRequest) => PeerAnswer {
  const sent = new Set<string>();
  return ({ kind, name }) => {
    if (kind === 'list') {
      return { services: Object.keys(services) };
    }
    const found: Uint8Array[] = [];
    const next = [kind === 'file' ? name : (services[name] ?? '')];
    for (let file = next.pop(); file !== undefined; file = next.pop()) {
      const bytes = files.get(file);
      if (bytes && !sent.has(file)) {
        sent.add(file);
        found.push(bytes);
        next.push(...(imports.get(file) ?? []));
      }
    }
    return { files: found };
  };
}

/** How many of `count` files stand on level `level` of `depth`. */
function share(count: number, depth: number, level: number): number {
  return Math.floor((count + depth - 1 - level) / depth);
}

/** Which files of the next level, with `below` files, file `at` of a level with `size` files imports. */
function importedPlaces(at: number, size: number, below: number): number[] {
  if (below === 0) {
    return [];
  }
  const places = new Set([at % below]);
  for (let place = at; place < below; place += size) {
    places.add(place);
  }
  return [...places];
}

function typeName(level: number, at: number): string {
  return `L${level}N${at}`;
}

function fileName(level: number, at: number): string {
  return `level${level}/file${at}.proto`;
}
