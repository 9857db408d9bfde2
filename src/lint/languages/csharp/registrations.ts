import type { FileFacts } from '../../program/semantics';
import type { Deadline } from '../../program/value';
import { byName } from './interceptors';
import { lastName } from './types';

/** `AddGrpcClient<T>(…)` and what is chained to it. */
interface Registration {
  readonly client: string;
  readonly chain: readonly { readonly method: string; readonly type: string }[];
}

const known = new WeakMap<FileFacts, ReadonlyMap<string, Deadline>>();

/**
 * What the client factory's registrations, in this file or in another one, give the calls of a client: with
 * `EnableCallContextPropagation` the deadline of the call that is being served, if there is one.
 */
export function registeredDeadline(client: string, file: FileFacts): Deadline {
  let deadlines = known.get(file);
  if (deadlines === undefined) {
    deadlines = new Map(
      registrations(file.text).map(({ client: type, chain }) => [
        lastName(type),
        deadlineOf(chain, file),
      ]),
    );
    known.set(file, deadlines);
  }
  const name = lastName(client);
  const isPropagated = file.index.givesDeadline('csharp', name);
  return deadlines.get(name) ?? (isPropagated ? 'inherited' : 'missing');
}

function deadlineOf(chain: Registration['chain'], file: FileFacts): Deadline {
  let deadline: Deadline = 'missing';
  for (const { method, type } of chain) {
    if (method === 'EnableCallContextPropagation' && deadline === 'missing') {
      deadline = 'inherited';
    } else if (method === 'AddInterceptor' && type !== '') {
      deadline = byName(deadline, lastName(type), file);
    }
  }
  return deadline;
}

const start = /\.AddGrpcClient\s*<\s*([\w.:]+)\s*>/g;
const link = /\s*\.\s*(\w+)\s*(?:<\s*([\w.:]+)\s*>\s*)?(?=\()/y;

function registrations(text: string): Registration[] {
  return [...text.matchAll(start)].map((match) => {
    const chain: { method: string; type: string }[] = [];
    let at = afterParentheses(text, match.index + match[0].length);
    for (;;) {
      link.lastIndex = at;
      const next = link.exec(text);
      if (next === null) {
        return { client: match[1] ?? '', chain };
      }
      chain.push({ method: next[1] ?? '', type: next[2] ?? '' });
      at = afterParentheses(text, link.lastIndex);
    }
  });
}

/** Behind the argument list that starts at `from`; strings are passed over. */
function afterParentheses(text: string, from: number): number {
  const token = /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|\/\/[^\n]*|[()]/g;
  token.lastIndex = from;
  let depth = 0;
  for (let match = token.exec(text); match !== null; match = token.exec(text)) {
    if (match[0] === '(') {
      depth += 1;
    } else if (match[0] === ')') {
      depth -= 1;
      if (depth <= 0) {
        return token.lastIndex;
      }
    }
  }
  return text.length;
}
