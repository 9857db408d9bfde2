import { nextToken, stringValue, type Token } from './jsonTokens';

export type Path = readonly (string | number)[];

/** What stands at a position of JSON text that may be half typed. */
export interface JsonPlace {
  /** `name`: a field's name stands or belongs here. `value`: a value does. */
  readonly kind: 'name' | 'value';
  /** `name`: the object's path. `value`: the value's own path. */
  readonly path: Path;
  /** The token that the position touches, when it is a part of what belongs here. */
  readonly token?: Token;
  /** The other field names of the object (for `name`), before and after the position. */
  readonly names: ReadonlySet<string>;
  /** What follows: a colon (the name is complete), another field, or nothing of the kind. */
  readonly next: 'colon' | 'field' | 'other';
}

interface Open {
  readonly kind: '{' | '[';
  readonly names: Set<string>;
  key: string;
  index: number;
  expects: 'name' | 'colon' | 'value' | 'comma';
}

/** Undefined where neither a name nor a value can stand. Linear in the text up to the end of the object. */
export function placeAt(text: string, position: number): JsonPlace | undefined {
  const stack: Open[] = [];
  let at = 0;
  for (;;) {
    const token = nextToken(text, at);
    if (token === undefined || token.from >= position || touches(token, position)) {
      return describe(
        text,
        stack,
        token !== undefined && token.to >= position && token.from < position ? token : undefined,
        position,
        stack.length === 0 && at > 0,
      );
    }
    at = token.to;
    step(text, stack, token);
  }
}

// A position at the end of a name or value still belongs to it while it is being typed.
function touches(token: Token, position: number): boolean {
  if (token.kind === 'string') {
    return token.closed ? position < token.to : position <= token.to;
  }
  return (token.kind === 'word' || token.kind === 'number') && position <= token.to;
}

function step(text: string, stack: Open[], token: Token): void {
  const top = stack.at(-1);
  switch (token.kind) {
    case '{':
    case '[':
      if (top !== undefined) {
        top.expects = 'comma';
      }
      stack.push({
        kind: token.kind,
        names: new Set(),
        key: '',
        index: 0,
        expects: token.kind === '{' ? 'name' : 'value',
      });
      return;
    case '}':
    case ']':
      stack.pop();
      return;
    case ',':
      if (top !== undefined) {
        top.index += 1;
        top.expects = top.kind === '{' ? 'name' : 'value';
      }
      return;
    case ':':
      if (top !== undefined) {
        top.expects = 'value';
      }
      return;
    default:
      if (top?.kind === '{' && top.expects !== 'value') {
        // Also after a missing comma: a string where none can be is the next field's name.
        top.key =
          token.kind === 'string' ? stringValue(text, token) : text.slice(token.from, token.to);
        top.names.add(top.key);
        top.expects = 'colon';
      } else if (top !== undefined) {
        top.expects = 'comma';
      }
  }
}

function pathOf(stack: readonly Open[]): Path {
  return stack.map((open) => (open.kind === '{' ? open.key : open.index));
}

function describe(
  text: string,
  stack: Open[],
  token: Token | undefined,
  position: number,
  past: boolean,
): JsonPlace | undefined {
  const top = stack.at(-1);
  if (top === undefined) {
    return past ? undefined : { kind: 'value', path: [], names: new Set(), next: 'other' };
  }
  const end = token?.to ?? position;
  const typed = token === undefined ? {} : { token };
  if (top.expects === 'value') {
    return {
      kind: 'value',
      path: pathOf(stack),
      names: new Set(),
      next: following(text, end),
      ...typed,
    };
  }
  if (
    top.kind !== '{' ||
    (top.expects === 'comma' && token === undefined && !onNewLine(text, position))
  ) {
    return undefined;
  }
  if (top.expects === 'colon') {
    return undefined;
  }
  collectRest(text, top, end);
  return {
    kind: 'name',
    path: pathOf(stack.slice(0, -1)),
    names: top.names,
    next: following(text, end),
    ...typed,
  };
}

// After a value whose comma isn't typed yet, a name may be asked for on a line of its own only.
function onNewLine(text: string, position: number): boolean {
  return /\n[ \t]*$/.test(text.slice(Math.max(0, position - 200), position));
}

function following(text: string, position: number): JsonPlace['next'] {
  const token = nextToken(text, position);
  if (token?.kind === ':') {
    return 'colon';
  }
  return token?.kind === 'string' ? 'field' : 'other';
}

/** Adds the names after `position` up to the end of the object. */
function collectRest(text: string, object: Open, position: number): void {
  let depth = 0;
  let at = position;
  let last: Token | undefined;
  for (;;) {
    const token = nextToken(text, at);
    if (token === undefined) {
      return;
    }
    at = token.to;
    if (token.kind === '{' || token.kind === '[') {
      depth += 1;
    } else if (token.kind === '}' || token.kind === ']') {
      depth -= 1;
      if (depth < 0) {
        return;
      }
    } else if (token.kind === ':' && depth === 0 && last?.kind === 'string') {
      object.names.add(stringValue(text, last));
    }
    last = token;
  }
}
