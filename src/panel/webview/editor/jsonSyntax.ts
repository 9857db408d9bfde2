import { nextToken, type Token } from '../../protocol';

/** Where text stops being JSON, and why. Offsets are UTF-16 positions. */
export interface SyntaxProblem {
  readonly from: number;
  readonly to: number;
  readonly message: string;
}

type State =
  /** A value must come. */
  | 'value'
  /** `[` was read: a value or `]`. */
  | 'firstItem'
  /** `{` was read: a name or `}`. */
  | 'firstName'
  | 'name'
  | 'colon'
  /** A value was read: `,` or the closing bracket. */
  | 'after';

/** The first way in which `text` isn't JSON; undefined when it is. Takes any depth without recursion. */
export function syntaxProblem(text: string): SyntaxProblem | undefined {
  const open: Token[] = [];
  let state: State = 'value';
  let position = 0;
  let comma: Token | undefined;
  for (;;) {
    const token = nextToken(text, position);
    if (token === undefined) {
      return endProblem(text, open, state);
    }
    position = token.to;
    if (open.length === 0 && state === 'after') {
      return { from: token.from, to: text.length, message: 'Nothing may follow the message.' };
    }
    const inObject = open.at(-1)?.kind === '{';
    const closing = token.kind === '}' || token.kind === ']';
    if (closing) {
      const fits = open.length > 0 && (token.kind === '}') === inObject;
      if (comma !== undefined && (state === 'name' || state === 'value')) {
        return problem(comma, 'Remove this comma: nothing follows it.');
      }
      if (!fits || state === 'colon' || state === 'value' || state === 'name') {
        return problem(token, expected(state, inObject));
      }
      open.pop();
      state = 'after';
      continue;
    }
    comma = undefined;
    switch (state) {
      case 'after':
        if (token.kind !== ',') {
          return problem(token, 'A comma is missing before this.');
        }
        comma = token;
        state = inObject ? 'name' : 'value';
        break;
      case 'firstName':
      case 'name': {
        const wrong =
          token.kind === 'string'
            ? stringProblem(text, token)
            : problem(token, expected(state, true));
        if (wrong !== undefined) {
          return wrong;
        }
        state = 'colon';
        break;
      }
      case 'colon':
        if (token.kind !== ':') {
          return problem(token, expected(state, true));
        }
        state = 'value';
        break;
      case 'value':
      case 'firstItem': {
        if (token.kind === '{' || token.kind === '[') {
          open.push(token);
          state = token.kind === '{' ? 'firstName' : 'firstItem';
          break;
        }
        const wrong = scalarProblem(text, token, inObject);
        if (wrong !== undefined) {
          return wrong;
        }
        state = 'after';
      }
    }
  }
}

function scalarProblem(text: string, token: Token, inObject: boolean): SyntaxProblem | undefined {
  switch (token.kind) {
    case 'string':
      return stringProblem(text, token);
    case 'number':
      return /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/.test(text.slice(token.from, token.to))
        ? undefined
        : problem(token, 'This is not a JSON number.');
    case 'word': {
      const word = text.slice(token.from, token.to);
      if (word === 'true' || word === 'false' || word === 'null') {
        return undefined;
      }
      return problem(
        token,
        'Text needs double quotes; without them only true, false and null are values.',
      );
    }
    default:
      return problem(token, expected('value', inObject));
  }
}

function stringProblem(text: string, token: Token): SyntaxProblem | undefined {
  if (!token.closed) {
    return problem(token, 'The closing quote is missing.');
  }
  try {
    JSON.parse(text.slice(token.from, token.to));
    return undefined;
  } catch {
    return problem(
      token,
      'This text has a control character or an escape that JSON does not know.',
    );
  }
}

function endProblem(text: string, open: readonly Token[], state: State): SyntaxProblem | undefined {
  const last = open.at(-1);
  if (last !== undefined) {
    return problem(last, `This ${last.kind} is never closed.`);
  }
  return state === 'after'
    ? undefined
    : {
        from: 0,
        to: text.length,
        message: 'The message is empty; {} is a message without fields.',
      };
}

function expected(state: State, inObject: boolean): string {
  switch (state) {
    case 'firstName':
    case 'name':
      return 'A field name in double quotes must come here.';
    case 'colon':
      return 'A colon must come after the field name.';
    case 'after':
      return inObject ? 'Expected a comma or }.' : 'Expected a comma or ].';
    default:
      return 'A value must come here.';
  }
}

function problem(token: Token, message: string): SyntaxProblem {
  return { from: token.from, to: token.to, message };
}
