import type { JsonPlace, Path } from './jsonPlace';
import type { JsonSchema } from './schema';

/** One node of our JSON Schema, with the members that completion and hover read. */
export interface SchemaNode {
  readonly types: readonly string[];
  readonly title?: string | undefined;
  readonly description?: string | undefined;
  /** The protobuf type as text: `repeated market.v1.Photo`. */
  readonly protoType?: string | undefined;
  readonly number?: number | undefined;
  readonly oneof?: string | undefined;
  readonly deprecated: boolean;
  readonly values: readonly EnumValue[];
  readonly raw: JsonSchema;
}

export interface EnumValue {
  readonly name: string;
  readonly comment?: string | undefined;
}

export interface SchemaField {
  readonly name: string;
  readonly node: SchemaNode;
}

/** Answers "what may stand at this path?" from the JSON Schema that the host made from the descriptors. */
export class SchemaReader {
  readonly #root: JsonSchema;

  constructor(root: JsonSchema) {
    this.#root = root;
  }

  at(path: Path): SchemaNode | undefined {
    let raw: JsonSchema | undefined = this.#root;
    for (const step of path) {
      raw = raw === undefined ? undefined : this.#child(raw, step);
    }
    return raw === undefined ? undefined : this.#node(raw);
  }

  /** The fields that an object at `path` may have, in the order of the schema. */
  fields(path: Path): SchemaField[] {
    const node = this.at(path);
    if (node === undefined) {
      return [];
    }
    return this.#variants(node.raw)
      .flatMap((variant) => Object.entries(member(variant, 'properties') ?? {}))
      .flatMap(([name, raw]) => (isSchema(raw) ? [{ name, node: this.#node(raw) }] : []));
  }

  /** The fields that may be added where a name belongs: not there yet, and no other member of their oneof is. */
  missingFields({ path, names }: JsonPlace): SchemaField[] {
    const fields = this.fields(path);
    const taken = new Set(
      fields.flatMap(({ name, node }) =>
        node.oneof !== undefined && names.has(name) ? [node.oneof] : [],
      ),
    );
    return fields.filter(
      ({ name, node }) => !names.has(name) && (node.oneof === undefined || !taken.has(node.oneof)),
    );
  }

  #child(raw: JsonSchema, step: string | number): JsonSchema | undefined {
    for (const variant of this.#variants(raw)) {
      const child =
        typeof step === 'number'
          ? variant.items
          : ((Object.hasOwn(member(variant, 'properties') ?? {}, step)
              ? member(variant, 'properties')?.[step]
              : undefined) ?? variant.additionalProperties);
      if (isSchema(child)) {
        return child;
      }
    }
    return undefined;
  }

  /** The schema itself with `$ref` followed, and the branches of `anyOf` and `oneOf`. */
  #variants(raw: JsonSchema): JsonSchema[] {
    const out: JsonSchema[] = [];
    const todo: JsonSchema[] = [raw];
    const seen = new Set<JsonSchema>();
    for (let next = todo.pop(); next !== undefined && seen.size < 100; next = todo.pop()) {
      if (seen.has(next)) {
        continue;
      }
      seen.add(next);
      out.push(next);
      const target = typeof next.$ref === 'string' ? this.#definition(next.$ref) : undefined;
      const branches = [next.anyOf, next.oneOf, next.allOf].flatMap((list) =>
        Array.isArray(list) ? list : [],
      );
      todo.push(...[target, ...branches].filter(isSchema).reverse());
    }
    return out;
  }

  #definition(ref: string): JsonSchema | undefined {
    const prefix = '#/$defs/';
    if (!ref.startsWith(prefix)) {
      return undefined;
    }
    const name = ref.slice(prefix.length).replaceAll('~1', '/').replaceAll('~0', '~');
    const definitions = member(this.#root, '$defs');
    const found =
      definitions !== undefined && Object.hasOwn(definitions, name) ? definitions[name] : undefined;
    return isSchema(found) ? found : undefined;
  }

  // What stands beside a `$ref` belongs to the field; what it refers to belongs to the type: the field's wins.
  #node(raw: JsonSchema): SchemaNode {
    const variants = this.#variants(raw);
    const first = (name: string): string | undefined =>
      variants.map((variant) => variant[name]).find((value) => typeof value === 'string');
    const types = variants.flatMap((variant) =>
      Array.isArray(variant.type) ? variant.type : [variant.type],
    );
    const values = variants.flatMap((variant) => {
      const comments = member(variant, 'x-enum-comments') ?? {};
      return (Array.isArray(variant.enum) ? variant.enum : [])
        .filter((name) => typeof name === 'string')
        .map((name): EnumValue => {
          const comment = comments[name];
          return { name, comment: typeof comment === 'string' ? comment : undefined };
        });
    });
    const number = raw['x-number'];
    return {
      raw,
      types: [...new Set(types.filter((type) => typeof type === 'string'))],
      title: first('title'),
      description: first('description'),
      protoType: first('x-type'),
      number: typeof number === 'number' ? number : undefined,
      oneof: typeof raw['x-oneof'] === 'string' ? raw['x-oneof'] : undefined,
      deprecated: raw['x-deprecated'] === true,
      values,
    };
  }
}

/** What stands before and after the cursor in a new value. */
export function skeleton(node: SchemaNode): readonly [before: string, after: string] {
  const type = node.types.find((name) => name !== 'null');
  if (node.values.length > 0) {
    return ['"', '"'];
  }
  switch (type) {
    case 'object':
      return ['{', '}'];
    case 'array':
      return ['[', ']'];
    case 'string':
      return ['"', '"'];
    default:
      return ['', ''];
  }
}

/** The type of a field or value in short: `int64 · oneof kind`. */
export function typeSummary(node: SchemaNode): string {
  const type = node.protoType ?? node.types.join(' | ');
  return [type, node.oneof === undefined ? '' : `oneof ${node.oneof}`]
    .filter((part) => part !== '')
    .join(' · ');
}

/** What is known of a field, one fact each: its type, number, oneof, and whether it is deprecated. */
export function fieldFacts(node: SchemaNode): string[] {
  return [
    node.protoType ?? node.types.join(' | '),
    node.number === undefined ? '' : `field ${node.number}`,
    node.oneof === undefined ? '' : `oneof ${node.oneof}`,
    node.deprecated ? 'deprecated' : '',
  ].filter((fact) => fact !== '');
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function member(schema: JsonSchema, name: string): JsonSchema | undefined {
  const value = schema[name];
  return isSchema(value) ? value : undefined;
}
