import { type JsonPlace, placeAt } from '../../schema/jsonPlace';
import {
  type SchemaField,
  type SchemaNode,
  type SchemaReader,
  skeleton,
  typeSummary,
} from '../../schema/jsonSchemaReader';
import type { MethodInfo, Schema } from '../../schema/schema';
import { readerOf } from '../check/checkAnswers';
import { withPlaceholders } from '../variables/placeholders';
import type { Place } from './place';
import { escapeSnippet, type Suggestion } from './suggestion';

type BodyPlace = Extract<Place, { kind: 'body' }>;

/** Field names, enum values and booleans in the JSON of a message; a whole message where none stands yet. */
export function completeBody(
  place: BodyPlace,
  offset: number,
  schema: Schema,
  method: MethodInfo,
): Suggestion[] {
  if (!schema.hasType(method.requestType)) {
    return [];
  }
  if (place.json.trim() === '') {
    return [templateOf(schema, method, offset)];
  }
  const text = withPlaceholders(place.json);
  const json = placeAt(text, offset - place.from);
  if (json === undefined) {
    return [];
  }
  const reader = readerOf(schema, method.requestType);
  return json.kind === 'name'
    ? names(reader, json, text, place.from, offset)
    : values(reader, json, text, place.from, offset);
}

/** Every field with a value that it takes. */
export function templateOf(schema: Schema, method: MethodInfo, offset: number): Suggestion {
  return {
    label: `{ … } ${method.requestType}`,
    kind: 'body',
    detail: 'a message with every field',
    insert: schema.template(method.requestType),
    filter: '{',
    span: { from: offset, to: offset },
  };
}

function names(
  reader: SchemaReader,
  place: JsonPlace,
  text: string,
  base: number,
  offset: number,
): Suggestion[] {
  const span = spanOf(place, text, base, offset);
  const comma = place.next === 'field' ? ',' : '';
  return reader.missingFields(place).map(({ name, node }: SchemaField): Suggestion => {
    const [before, after] = place.next === 'colon' ? ['', ''] : skeleton(node);
    const start = `${JSON.stringify(name)}${place.next === 'colon' ? '' : ': '}${before}`;
    return {
      label: name,
      kind: 'field',
      detail: typeSummary(node),
      ...(node.description === undefined ? {} : { documentation: node.description }),
      ...(node.deprecated ? { deprecated: true } : {}),
      insert: `${escapeSnippet(start)}$0${escapeSnippet(after + comma)}`,
      isSnippet: true,
      span,
      filter: filterOf(place, name),
      continues: place.next !== 'colon' && (node.values.length > 0 || isBoolean(node)),
    };
  });
}

function values(
  reader: SchemaReader,
  place: JsonPlace,
  text: string,
  base: number,
  offset: number,
): Suggestion[] {
  const node = reader.at(place.path);
  if (node === undefined) {
    return [];
  }
  const span = spanOf(place, text, base, offset);
  const comma = place.next === 'field' ? ',' : '';
  return [
    ...node.values.map(
      ({ name, comment }): Suggestion => ({
        label: name,
        kind: 'enum',
        ...(comment === undefined ? {} : { documentation: comment }),
        insert: JSON.stringify(name) + comma,
        span,
        filter: filterOf(place, name),
      }),
    ),
    ...(isBoolean(node) ? ['true', 'false'] : []).map(
      (label): Suggestion => ({ label, kind: 'keyword', insert: label + comma, span }),
    ),
  ];
}

function isBoolean({ types }: SchemaNode): boolean {
  return types.includes('boolean');
}

/** The half-typed token, with the quotes that it has: it is replaced whole. */
function spanOf({ token }: JsonPlace, text: string, base: number, offset: number) {
  if (token === undefined) {
    return { from: offset, to: offset };
  }
  // An opening quote without its other one takes the rest of the line for itself.
  const isOpen = token.kind === 'string' && !token.closed;
  const end = isOpen ? (/^"[\w.-]*/.exec(text.slice(token.from))?.[0].length ?? 1) : 0;
  return {
    from: base + token.from,
    to: isOpen ? Math.max(base + token.from + end, offset) : base + token.to,
  };
}

/** What is typed begins with the token's own quote. */
function filterOf({ token }: JsonPlace, name: string): string {
  return token?.kind === 'string' ? JSON.stringify(name) : name;
}
