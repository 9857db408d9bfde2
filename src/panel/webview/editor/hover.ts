import { hoverTooltip, type Tooltip } from '@codemirror/view';
import { fieldFacts, placeAt, type SchemaReader, stringValue } from '../../protocol';
import { visible, visibleLines } from '../shared/text';

/** Type, number and comment of the field or enum value under the mouse. */
export function schemaHover(reader: () => SchemaReader) {
  return hoverTooltip((view, position): Tooltip | null => {
    const text = view.state.doc.toString();
    const place = placeAt(text, position);
    if (place?.token === undefined) {
      return null;
    }
    const { token } = place;
    const word =
      token.kind === 'string' ? stringValue(text, token) : text.slice(token.from, token.to);
    const node = reader().at(place.kind === 'name' ? [...place.path, word] : place.path);
    if (node === undefined) {
      return null;
    }
    const value = place.kind === 'value' ? node.values.find((one) => one.name === word) : undefined;
    if (place.kind === 'value' && value === undefined) {
      return null;
    }
    return {
      pos: token.from,
      end: token.to,
      above: true,
      create: () => ({
        dom:
          value === undefined
            ? card(word, fieldFacts(node), node.description)
            : card(value.name, [node.protoType ?? 'enum value'], value.comment),
      }),
    };
  });
}

function card(name: string, lines: readonly string[], comment: string | undefined): HTMLElement {
  const dom = document.createElement('div');
  dom.className = 'frameline-hover';
  const title = dom.appendChild(document.createElement('div'));
  title.className = 'frameline-hover-title';
  title.appendChild(document.createElement('b')).textContent = visible(name, 300);
  title.append(`  ${visible(lines.join(' · '), 500)}`);
  if (comment !== undefined && comment !== '') {
    const text = dom.appendChild(document.createElement('div'));
    text.className = 'frameline-hover-comment';
    text.textContent = visibleLines(comment, 2_000);
  }
  return dom;
}
