import type {
  Completion,
  CompletionContext,
  CompletionResult,
  CompletionSource,
} from '@codemirror/autocomplete';
import { startCompletion } from '@codemirror/autocomplete';
import type { EditorView } from '@codemirror/view';
import {
  type JsonPlace,
  placeAt,
  type SchemaField,
  type SchemaNode,
  type SchemaReader,
  skeleton,
  typeSummary,
} from '../../protocol';
import { visibleLines } from '../shared/text';

/** Completes field names, enum values, booleans and empty values from the schema. */
export function schemaCompletion(reader: () => SchemaReader): CompletionSource {
  return (context: CompletionContext): CompletionResult | null => {
    const text = context.state.doc.toString();
    const place = placeAt(text, context.pos);
    if (place === undefined || (place.token === undefined && !context.explicit)) {
      return null;
    }
    const options =
      place.kind === 'name' ? names(reader(), place) : values(reader().at(place.path));
    if (options.length === 0) {
      return null;
    }
    // A half-typed token is replaced whole; its opening quote isn't a part of what is matched.
    const quoted = place.token?.kind === 'string' ? 1 : 0;
    return {
      from: (place.token?.from ?? context.pos) + quoted,
      options: options.map((option) => option(place)),
      validFor: /^[\w.-]*$/,
    };
  };
}

type Option = (place: JsonPlace) => Completion;

function names(reader: SchemaReader, place: JsonPlace): Option[] {
  const fields = reader.missingFields(place);
  return fields.map((field, index) => (at) => fieldCompletion(field, fields.length - index, at));
}

function fieldCompletion(field: SchemaField, boost: number, place: JsonPlace): Completion {
  const { node, name } = field;
  return {
    label: name,
    detail: visibleLines(typeSummary(node), 200),
    type: node.deprecated ? 'deprecated' : 'property',
    // Fields stand in the order of the .proto file, deprecated ones last.
    boost: node.deprecated ? -99 : Math.min(99, boost),
    ...(node.description === undefined ? {} : { info: visibleLines(node.description, 2_000) }),
    apply: (view: EditorView, _completion: Completion, from: number, to: number) => {
      const [before, after] = place.next === 'colon' ? ['', ''] : skeleton(node);
      const colon = place.next === 'colon' ? '' : ': ';
      const comma = place.next === 'field' ? ',' : '';
      insert(view, place, from, to, `${JSON.stringify(name)}${colon}${before}`, `${after}${comma}`);
      if (place.next !== 'colon' && (node.values.length > 0 || node.types.includes('boolean'))) {
        startCompletion(view);
      }
    },
  };
}

function values(node: SchemaNode | undefined): Option[] {
  if (node === undefined) {
    return [];
  }
  const words = node.types.includes('boolean') ? ['true', 'false'] : [];
  return [
    ...node.values.map(
      (value, index): Option =>
        (place) => ({
          label: value.name,
          type: 'enum',
          boost: Math.max(-90, 50 - index),
          ...(value.comment === undefined ? {} : { info: visibleLines(value.comment, 2_000) }),
          apply: (view: EditorView, _completion: Completion, from: number, to: number) =>
            insert(
              view,
              place,
              from,
              to,
              JSON.stringify(value.name),
              place.next === 'field' ? ',' : '',
            ),
        }),
    ),
    ...words.map(
      (word): Option =>
        () => ({ label: word, type: 'keyword' }),
    ),
  ];
}

/** Replaces the half-typed token, with the quotes that it may have, and puts the cursor after `before`. */
function insert(
  view: EditorView,
  place: JsonPlace,
  from: number,
  to: number,
  before: string,
  after: string,
): void {
  const { doc } = view.state;
  const quoted = place.token?.kind === 'string';
  const start = quoted ? from - 1 : from;
  const end = quoted && doc.sliceString(to, to + 1) === '"' ? to + 1 : to;
  view.dispatch({
    changes: { from: start, to: end, insert: before + after },
    selection: { anchor: start + before.length },
    userEvent: 'input.complete',
    scrollIntoView: true,
  });
}
