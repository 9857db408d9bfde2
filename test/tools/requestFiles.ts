import type { Environment } from '../../src/config/environments';
import { RequestChecker } from '../../src/request/check/requestChecker';
import type {
  FileState,
  RequestFinding,
  SchemaState,
  Surroundings,
} from '../../src/request/check/surroundings';
import { parseRequestFile } from '../../src/request/file/parse';
import { buildSchema, type SchemaParts } from '../../src/schema/load';
import { sampleFiles } from './sampleSchema';

/** What the sample server answers by reflection. */
export const sampleParts: SchemaParts = {
  reflection: {
    files: sampleFiles.descriptors,
    services: ['market.v1.ListingService', 'kitchen.v1.KitchenSink', 'faults.v1.Faults'],
  },
};

/** Of the sample server. */
export const sampleSchema = buildSchema(sampleParts);

const ready: SchemaState = { kind: 'ready', schema: sampleSchema };

/** `local` and `staging`, as a frameline.json would have them. */
export const environments: readonly Environment[] = [
  {
    name: 'local',
    variables: new Map([
      ['pageSize', '20'],
      ['shop', 'localhost:50051'],
    ]),
    secrets: ['TOKEN'],
    targets: new Map([
      [
        'market',
        {
          target: { address: '{{shop}}', security: { kind: 'plaintext' } },
          sources: { reflection: true, protoFiles: [], importPaths: [], descriptorSets: [] },
        },
      ],
    ]),
  },
  {
    name: 'staging',
    variables: new Map([['region', 'eu-west-1']]),
    secrets: ['ADMIN_TOKEN'],
    targets: new Map(),
  },
];

/** Every address offers what the sample server does; `/work/message.json` is the only file. */
export function surroundings(given: Partial<Surroundings> = {}): Surroundings {
  const files: Record<string, FileState> = {
    '/shop/message.json': { kind: 'file', text: '{ "id": "lamp-1" }' },
    '/shop/wrong.json': { kind: 'file', text: '{\n  "name": "lamp-1"\n}' },
    '/shop/messages': { kind: 'folder' },
    '/secret.json': { kind: 'outside' },
  };
  const missing: FileState = { kind: 'missing' };
  return {
    path: '/shop/market.grpc',
    environment: environments[0],
    environments,
    schemaOf: () => ready,
    fileAt: (path) => files[path] ?? missing,
    ...given,
  };
}

export function check(
  text: string,
  given?: Partial<Surroundings>,
  checker = new RequestChecker(),
): Promise<RequestFinding[]> {
  return checker.check(parseRequestFile(text), surroundings(given));
}

/** `severity code "the text it is about": message` each. */
export function described(text: string, findings: readonly RequestFinding[]): string[] {
  return findings.map(
    ({ severity, code, span, message }) =>
      `${severity} ${code} ${JSON.stringify(text.slice(span.from, span.to))}: ${message}`,
  );
}
