/** An element of XML; `text` is that of the element itself. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: XmlElement[];
  text: string;
}

const entities: Readonly<Record<string, string>> = {
  lt: '<',
  gt: '>',
  amp: '&',
  quot: '"',
  apos: "'",
};

/**
 * Reads the part of XML 1.0 that reports are written in, and throws at what isn't well-formed: a character that may not
 * stand there, an unknown entity, a tag that doesn't close.
 */
export function parseXml(text: string): XmlElement {
  const wrong = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u.exec(text);
  if (wrong) {
    throw new Error(
      `Character ${JSON.stringify(wrong[0])} at ${wrong.index} may not stand in XML.`,
    );
  }
  const root: XmlElement = { name: '', attributes: {}, children: [], text: '' };
  const open = [root];
  let at = /^<\?xml version="1\.0" encoding="UTF-8"\?>\s*/.exec(text)?.[0].length ?? 0;
  const token = /<(\/?)([\w.-]+)((?:\s+[\w.-]+="[^"<]*")*)\s*(\/?)>|[^<]+/y;
  while (at < text.length) {
    token.lastIndex = at;
    const match = token.exec(text);
    if (match === null) {
      throw new Error(`No XML at ${at}: ${text.slice(at, at + 40)}`);
    }
    at = token.lastIndex;
    const [whole, end, name, attributes = '', empty] = match;
    const around = open.at(-1) ?? root;
    if (name === undefined) {
      around.text += unescaped(whole);
    } else if (end === '/') {
      if (open.pop()?.name !== name) {
        throw new Error(`</${name}> closes nothing.`);
      }
    } else {
      const element = { name, attributes: attributesOf(attributes), children: [], text: '' };
      around.children.push(element);
      if (empty !== '/') {
        open.push(element);
      }
    }
  }
  const [first] = root.children;
  if (open.length !== 1 || first === undefined || root.children.length !== 1) {
    throw new Error('One element has to hold all others, and all have to be closed.');
  }
  return first;
}

function attributesOf(text: string): Record<string, string> {
  return Object.fromEntries(
    [...text.matchAll(/([\w.-]+)="([^"]*)"/g)].map(([, name = '', value = '']) => [
      name,
      unescaped(value),
    ]),
  );
}

function unescaped(text: string): string {
  return text.replace(/&(\w*);?/g, (whole, name: string) => {
    const character = entities[name];
    if (character === undefined || !whole.endsWith(';')) {
      throw new Error(`${whole} is no entity.`);
    }
    return character;
  });
}
