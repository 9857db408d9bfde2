import { ShellError, type ShellPart } from './shellSyntax';

/** What was read, and where the next character stands. */
export interface Read<T> {
  readonly value: T;
  readonly next: number;
}

const names = /[A-Za-z_]\w*/y;

/**
 * What begins with `$` or a backtick at `at`; undefined for a `$` that stands for itself. Nothing is expanded.
 */
export function readExpansion(text: string, at: number): Read<ShellPart> | undefined {
  if (text[at] === '`') {
    const next = afterBackticks(text, at);
    return { value: { kind: 'expansion', source: text.slice(at, next) }, next };
  }
  const following = text[at + 1] ?? '';
  if (following === '(') {
    const next = afterParentheses(text, at + 1);
    return { value: { kind: 'expansion', source: text.slice(at, next) }, next };
  }
  if (following === '{') {
    return readBraces(text, at);
  }
  names.lastIndex = at + 1;
  const name = names.exec(text)?.[0];
  if (name !== undefined) {
    const next = at + 1 + name.length;
    return { value: { kind: 'variable', name, source: text.slice(at, next) }, next };
  }
  return /[0-9@*#?$!-]/.test(following)
    ? { value: { kind: 'expansion', source: text.slice(at, at + 2) }, next: at + 2 }
    : undefined;
}

function readBraces(text: string, at: number): Read<ShellPart> {
  const next = afterNested(text, at + 1, '{', '}');
  const source = text.slice(at, next);
  const name = /^\$\{([A-Za-z_]\w*)(?![\w])/.exec(source)?.[1];
  return {
    value: name === undefined ? { kind: 'expansion', source } : { kind: 'variable', name, source },
    next,
  };
}

/** The place after the `)` of the `(` at `at`. */
export function afterParentheses(text: string, at: number): number {
  return afterNested(text, at, '(', ')');
}

function afterNested(text: string, at: number, open: string, close: string): number {
  let depth = 0;
  for (let place = at; place < text.length; ) {
    const character = text[place];
    if (character === open) {
      depth++;
    } else if (character === close) {
      depth--;
      if (depth === 0) {
        return place + 1;
      }
    }
    place = afterQuoted(text, place);
  }
  throw new ShellError(`The ${close} of this ${open} is missing.`, { from: at, to: at + 1 });
}

/** The place after what is quoted at `at`, else after the character. */
function afterQuoted(text: string, at: number): number {
  switch (text[at]) {
    case '\\':
      return at + 2;
    case "'": {
      const end = text.indexOf("'", at + 1);
      if (end < 0) {
        throw missingQuote(text, at);
      }
      return end + 1;
    }
    case '"':
      return afterDoubleQuotes(text, at);
    case '`':
      return afterBackticks(text, at);
    default:
      return at + 1;
  }
}

function afterDoubleQuotes(text: string, at: number): number {
  for (let place = at + 1; place < text.length; ) {
    if (text[place] === '"') {
      return place + 1;
    }
    const nested = text[place] === '$' && text[place + 1] === '(';
    place = nested ? afterParentheses(text, place + 1) : place + (text[place] === '\\' ? 2 : 1);
  }
  throw missingQuote(text, at);
}

function afterBackticks(text: string, at: number): number {
  for (let place = at + 1; place < text.length; place += text[place] === '\\' ? 2 : 1) {
    if (text[place] === '`') {
      return place + 1;
    }
  }
  throw missingQuote(text, at);
}

/** The quote at `at` has no partner. */
export function missingQuote(text: string, at: number): ShellError {
  const quote = text[at] ?? '';
  const name = { "'": 'single', '"': 'double' }[quote];
  return new ShellError(
    `The ${name === undefined ? 'backtick' : `${name} quote`} ${quote} that opens here is never closed. Copy the command as a whole.`,
    { from: at, to: at + 1 },
  );
}

const escapes: Readonly<Record<string, number>> = {
  a: 7,
  b: 8,
  e: 27,
  E: 27,
  f: 12,
  n: 10,
  r: 13,
  t: 9,
  v: 11,
  '\\': 92,
  "'": 39,
  '"': 34,
  '?': 63,
};

/** `$'…'` of bash: the text of what follows the opening quote at `at`, and the place after the closing one. */
export function readAnsiC(text: string, at: number): Read<string> {
  const bytes: number[] = [];
  // A zero byte ends the string, as in C, wherever the quote closes.
  let ended = false;
  const add = (...more: readonly number[]): void => {
    ended ||= more.includes(0);
    if (!ended) {
      bytes.push(...more);
    }
  };
  for (let place = at + 1; place < text.length; ) {
    const character = String.fromCodePoint(text.codePointAt(place) ?? 0);
    if (character === "'") {
      return { value: Buffer.from(bytes).toString('utf8'), next: place + 1 };
    }
    if (character === '\\') {
      const { value, next } = readEscape(text, place);
      add(...value);
      place = next;
    } else {
      add(...Buffer.from(character));
      place += character.length;
    }
  }
  throw missingQuote(text, at);
}

/** The bytes of the escape whose backslash stands at `at`. */
function readEscape(text: string, at: number): Read<readonly number[]> {
  const rest = text.slice(at + 1, at + 10);
  const code = escapes[rest[0] ?? ''];
  if (code !== undefined) {
    return { value: [code], next: at + 2 };
  }
  const octal = /^[0-7]{1,3}/.exec(rest)?.[0];
  if (octal !== undefined) {
    return { value: [Number.parseInt(octal, 8) & 0xff], next: at + 1 + octal.length };
  }
  const [whole, x, u] =
    /^(?:x([0-9a-fA-F]{1,2})|u([0-9a-fA-F]{1,4}))/.exec(rest) ??
    /^(?:U()([0-9a-fA-F]{1,8}))/.exec(rest) ??
    [];
  if (whole !== undefined) {
    const next = at + 1 + whole.length;
    if (x) {
      return { value: [Number.parseInt(x, 16)], next };
    }
    const point = Number.parseInt(u ?? '', 16);
    return {
      value: [...Buffer.from(point > 0x10ffff ? '\ufffd' : String.fromCodePoint(point))],
      next,
    };
  }
  const control = /^c[@-_a-z]/.exec(rest)?.[0];
  if (control !== undefined) {
    return { value: [control.charCodeAt(1) & 0x1f], next: at + 3 };
  }
  return { value: [0x5c], next: at + 1 };
}
