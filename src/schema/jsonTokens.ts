/** A token of JSON text. `closed` is false for a string without its closing quote. */
export interface Token {
  readonly kind: 'string' | 'number' | 'word' | '{' | '}' | '[' | ']' | ':' | ',' | 'bad';
  readonly from: number;
  readonly to: number;
  readonly closed: boolean;
}

const spaces = /[ \t\r\n]*/y;
const numbers = /-?[0-9][0-9A-Za-z+.-]*/y;
const words = /[A-Za-z_$][\w$]*/y;

/** The token at or after `position`; undefined at the end. Never throws: what JSON doesn't know is `bad`. */
export function nextToken(text: string, position: number): Token | undefined {
  const from = match(spaces, text, position);
  const first = text[from];
  if (first === undefined) {
    return undefined;
  }
  switch (first) {
    case '{':
    case '}':
    case '[':
    case ']':
    case ':':
    case ',':
      return { kind: first, from, to: from + 1, closed: true };
    case '"':
      return stringToken(text, from);
    default: {
      const number = match(numbers, text, from);
      if (number > from) {
        return { kind: 'number', from, to: number, closed: true };
      }
      const word = match(words, text, from);
      return word > from
        ? { kind: 'word', from, to: word, closed: true }
        : { kind: 'bad', from, to: from + 1, closed: true };
    }
  }
}

function match(pattern: RegExp, text: string, position: number): number {
  pattern.lastIndex = position;
  return pattern.test(text) ? pattern.lastIndex : position;
}

// A string ends at its quote or, while it is being typed, at the end of the line.
function stringToken(text: string, from: number): Token {
  let at = from + 1;
  for (; at < text.length; at += 1) {
    const character = text[at];
    if (character === '"') {
      return { kind: 'string', from, to: at + 1, closed: true };
    }
    if (character === '\n') {
      break;
    }
    if (character === '\\') {
      at += 1;
    }
  }
  return { kind: 'string', from, to: Math.min(at, text.length), closed: false };
}

/** The content of a string token, escapes resolved; as it stands when an escape is wrong. */
export function stringValue(text: string, token: Token): string {
  const inner = text.slice(token.from + 1, token.closed ? token.to - 1 : token.to);
  if (!inner.includes('\\')) {
    return inner;
  }
  try {
    const value: unknown = JSON.parse(`"${inner}"`);
    return typeof value === 'string' ? value : inner;
  } catch {
    return inner;
  }
}
