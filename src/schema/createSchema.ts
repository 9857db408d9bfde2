/** The `Schema` of schema.ts over a pool of types. */
import { methodKind } from '../grpc/methodKind';
import { BodyError, DecodeError } from './bodyError';
import { bareName, quote } from './build';
import { fieldMap } from './fieldMap';
import { parseJson } from './jsonText';
import { messageJsonSchema } from './messageJsonSchema';
import { decodeProtoJson, printProtoJson } from './protoJsonDecode';
import { encodeProtoJson } from './protoJsonEncode';
import type {
  BodyProblem,
  DecodeOptions,
  JsonSchema,
  MethodInfo,
  Problem,
  Schema,
  ServiceInfo,
  WireField,
} from './schema';
import { template } from './template';
import type { TypePool } from './typePool';
import { type MessageType, type Method, mapFields, type Service } from './types';

/** Problems shown on one method. */
const MAX_METHOD_PROBLEMS = 20;

/**
 * `services`: full names in the order to show, when the server said which it has; a name that no file
 * defines becomes a service with a problem. Without it: every service of the files that aren't built in.
 */
export function createSchema(
  pool: TypePool,
  services: readonly string[] | undefined,
  serviceProblems: ReadonlyMap<string, readonly Problem[]> = new Map(),
): Schema {
  const names =
    services ??
    [...pool.services.values()]
      .filter((it) => pool.fileOf(it.fullName)?.origin !== 'builtin')
      .map((it) => it.fullName);
  const infos = names.map((name) => {
    const service = pool.services.get(name);
    return service ? serviceInfo(pool, service) : unknownService(name, serviceProblems.get(name));
  });
  return new PoolSchema(pool, infos);
}

class PoolSchema implements Schema {
  readonly problems: readonly Problem[];
  readonly #methods = new Map<string, MethodInfo>();

  constructor(
    readonly pool: TypePool,
    readonly services: readonly ServiceInfo[],
  ) {
    this.problems = pool.problems;
    for (const service of services) {
      for (const method of service.methods) {
        this.#methods.set(method.path, method);
      }
    }
  }

  findMethod(path: string): MethodInfo | undefined {
    return this.#methods.get(path);
  }

  hasType(typeName: string): boolean {
    return this.pool.message(typeName) !== undefined;
  }

  encode(typeName: string, json: string): Uint8Array {
    const problems: BodyProblem[] = [];
    const bytes = this.#encode(typeName, json, problems);
    const errors = problems.filter((it) => it.severity === 'error');
    if (errors.length > 0) {
      throw new BodyError(json, errors);
    }
    return bytes;
  }

  validate(typeName: string, json: string): BodyProblem[] {
    const problems: BodyProblem[] = [];
    this.#encode(typeName, json, problems);
    return problems;
  }

  /** Problems come in the order of the text. */
  #encode(typeName: string, json: string, problems: BodyProblem[]): Uint8Array {
    const type = this.pool.message(typeName);
    if (!type) {
      problems.push({
        from: 0,
        to: json.length,
        severity: 'error',
        message: `The type ${quote(typeName)} is not in the schema, so JSON can't be turned into its bytes.`,
      });
      return new Uint8Array();
    }
    const bytes = encodeProtoJson(this.pool, type, parseJson(json, problems), problems);
    problems.sort((a, b) => a.from - b.from);
    return bytes;
  }

  decode(typeName: string, bytes: Uint8Array, options?: DecodeOptions): string {
    return decodeProtoJson(this.pool, this.#type(typeName), bytes, options);
  }

  print(
    typeName: string,
    bytes: Uint8Array,
    take: (piece: string) => void,
    options?: DecodeOptions,
  ): void {
    printProtoJson(this.pool, this.#type(typeName), bytes, take, options);
  }

  template(typeName: string): string {
    const type = this.pool.message(typeName);
    return type ? template(type) : '{}';
  }

  jsonSchema(typeName: string): JsonSchema {
    const type = this.pool.message(typeName);
    return type ? messageJsonSchema(type) : {};
  }

  fields(typeName: string | undefined, bytes: Uint8Array): WireField[] {
    return fieldMap(typeName === undefined ? undefined : this.pool.message(typeName), bytes);
  }

  definition(symbol: string): { file: string; text: string; line: number } | undefined {
    // A method's file is its service's.
    const owner = this.pool.fileOf(symbol) ?? this.pool.fileOf(symbol.replace(/\.[^.]*$/, ''));
    if (!owner) {
      return undefined;
    }
    const { text, lines } = owner.text(this.pool);
    return { file: owner.name, text, line: lines.get(symbol) ?? 0 };
  }

  #type(typeName: string): MessageType {
    const type = this.pool.message(typeName);
    if (!type) {
      throw new DecodeError(
        'unknown-type',
        `The type ${quote(typeName)} is not in the schema, so its bytes can't be read as JSON.`,
      );
    }
    return type;
  }
}

function unknownService(name: string, problems: readonly Problem[] | undefined): ServiceInfo {
  return {
    name,
    methods: [],
    problems: problems ?? [
      {
        code: 'missing-service',
        subject: name,
        message: `The server lists ${quote(name)} but sends no file that defines it. Name its .proto file.`,
      },
    ],
  };
}

function serviceInfo(pool: TypePool, service: Service): ServiceInfo {
  const methods = service.methods.map((it) => methodInfo(pool, service, it));
  const broken = service.methods.some((it) => !it.request || !it.response);
  const missing = broken ? pool.missingImports(service.file) : [];
  return {
    name: service.fullName,
    file: service.file,
    methods,
    problems: missing.map(
      (name): Problem => ({
        code: 'missing-import',
        subject: name,
        message: `${quote(service.file)} imports ${quote(name)}, which could not be found.`,
      }),
    ),
    ...(service.comment === undefined ? {} : { comment: service.comment }),
  };
}

function methodInfo(pool: TypePool, service: Service, method: Method): MethodInfo {
  const path = `/${service.fullName}/${method.name}`;
  let problems: readonly Problem[] | undefined;
  return {
    name: method.name,
    path,
    kind: methodKind(method.requestStream, method.responseStream),
    requestType: method.request?.fullName ?? bareName(method.requestName),
    responseType: method.response?.fullName ?? bareName(method.responseName),
    deprecated: method.deprecated,
    /** Made when first asked for: it goes through every type that the method reaches. */
    get problems() {
      problems ??= methodProblems(pool, service, method);
      return problems;
    },
    ...(method.comment === undefined ? {} : { comment: method.comment }),
  };
}

function methodProblems(pool: TypePool, service: Service, method: Method): readonly Problem[] {
  const problems: Problem[] = [];
  for (const [role, type, name] of [
    ['request', method.request, method.requestName],
    ['response', method.response, method.responseName],
  ] as const) {
    if (!type) {
      problems.push({
        code: 'unknown-type',
        subject: `${service.fullName}.${method.name}`,
        message: `The ${role} type ${quote(bareName(name))} is a message that ${pool.missingReason(service.file)}`,
      });
    }
  }
  if (pool.broken.size > 0) {
    for (const type of reachable([method.request, method.response])) {
      problems.push(...(pool.broken.get(type) ?? []));
      if (problems.length >= MAX_METHOD_PROBLEMS) {
        break;
      }
    }
  }
  return problems.slice(0, MAX_METHOD_PROBLEMS);
}

function* reachable(roots: readonly (MessageType | undefined)[]): Generator<MessageType> {
  const seen = new Set<MessageType>();
  const queue = [...roots];
  for (let type = queue.pop(); queue.length > 0 || type; type = queue.pop()) {
    if (!type || seen.has(type)) {
      continue;
    }
    seen.add(type);
    yield type;
    for (const field of type.fields) {
      const value =
        field.map && field.type.kind === 'message' ? mapFields(field.type.message)[1] : field;
      if (value?.type.kind === 'message') {
        queue.push(value.type.message);
      }
    }
  }
}
