import { lastPart } from '../../index/exports';
import type { FileFacts } from '../../program/semantics';
import type { Deadline } from '../../program/value';
import { byName } from './interceptors';

/** `AddGrpcClient<T>(…)` and what is chained to it. */
interface Registration {
  readonly client: string;
  readonly chain: readonly Link[];
}

interface Link {
  readonly method: string;
  /** Its type argument, or the type of the object that it is given. */
  readonly type: string;
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
        lastPart(type),
        deadlineOf(chain, file),
      ]),
    );
    known.set(file, deadlines);
  }
  const name = lastPart(client);
  const isPropagated = file.index.givesDeadline('csharp', name);
  return deadlines.get(name) ?? (isPropagated ? 'inherited' : 'missing');
}

function deadlineOf(chain: Registration['chain'], file: FileFacts): Deadline {
  let deadline: Deadline = 'missing';
  for (const { method, type } of chain) {
    if (method === 'EnableCallContextPropagation' && deadline === 'missing') {
      deadline = 'inherited';
    } else if (method === 'AddInterceptor') {
      deadline = byName(deadline, lastPart(type), file);
    }
  }
  return deadline;
}

const start = /\.AddGrpcClient\s*<\s*([\w.:]+)\s*>/g;
const link = /\s*\.\s*(\w+)\s*(?:<\s*([\w.:]+)\s*>\s*)?(?=\()/y;

function registrations(text: string): Registration[] {
  return [...text.matchAll(start)].map((match) => {
    const chain: Link[] = [];
    let at = afterParentheses(text, match.index + match[0].length);
    for (;;) {
      link.lastIndex = at;
      const next = link.exec(text);
      if (next === null) {
        return { client: match[1] ?? '', chain };
      }
      at = afterParentheses(text, link.lastIndex);
      const made = /\bnew\s+([\w.:]+)/.exec(text.slice(link.lastIndex, at))?.[1];
      chain.push({ method: next[1] ?? '', type: next[2] ?? made ?? '' });
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
