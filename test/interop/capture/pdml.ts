/** A field of a packet as tshark prints it in PDML, flat: what it belongs to stands before it. */
export interface PdmlField {
  /** `http2.type`; the name of a protocol for its beginning. */
  readonly name: string;
  /** For people, and for numbers. */
  readonly show: string;
  /** The bytes; undefined where the field has none. */
  readonly value: Uint8Array | undefined;
}

/** tshark prints one element a line; text with a line break in it goes on in the next. */
const element = /^\s*<(\/?)(\w+)((?:\s[\w.-]+="[^"]*")*)\s*\/?>$/;

/** Of one element: the connection preface has five line breaks. */
const mostLines = 10;

/**
 * Calls back with the fields of each packet, in order. Throws at a line that is none of PDML: what this doesn't
 * understand must not go missing.
 */
export async function readPdml(
  lines: AsyncIterable<string>,
  packet: (fields: readonly PdmlField[]) => void,
): Promise<void> {
  let fields: PdmlField[] = [];
  let whole = false;
  let begun: string[] = [];
  for await (const line of lines) {
    if (begun.length === 0 && (line === '' || /^<[?!]/.test(line))) {
      continue;
    }
    begun.push(line);
    const match = element.exec(begun.join('\n'));
    if (match === null) {
      if (begun.length > mostLines) {
        throw new Error(`No element of PDML: ${begun[0]?.slice(0, 200)}`);
      }
      continue;
    }
    begun = [];
    const [, end, name, attributes = ''] = match;
    if (end === '' && (name === 'field' || name === 'proto')) {
      fields.push(fieldOf(attributes));
    } else if (end === '/' && name === 'packet') {
      packet(fields);
      fields = [];
    } else if (end === '/' && name === 'pdml') {
      whole = true;
    }
  }
  if (!whole) {
    throw new Error('The PDML breaks off.');
  }
}

const attribute = {
  name: /\sname="([^"]*)"/,
  show: /\sshow="([^"]*)"/,
  value: /\svalue="([^"]*)"/,
};

function fieldOf(attributes: string): PdmlField {
  const value = attribute.value.exec(attributes)?.[1];
  return {
    name: attribute.name.exec(attributes)?.[1] ?? '',
    show: attribute.show.exec(attributes)?.[1] ?? '',
    value: value === undefined ? undefined : Buffer.from(value, 'hex'),
  };
}
