import type { Node } from 'jsonc-parser';
import { parseDuration } from '../grpc/duration';
import { nearest } from '../grpc/nearest';
import { itemsOf, membersOf, spanOf } from './jsonTree';
import type { Span } from './span';

/** A mistake in `frameline.json`. */
export interface ConfigProblem {
  readonly span: Span;
  /** Where, why, and what to write instead. */
  readonly message: string;
}

/** Reads values out of `frameline.json` and notes each that is no use. `name` is where it stands, for people. */
export class ConfigReader {
  readonly problems: ConfigProblem[] = [];

  problem(node: Node, message: string): void {
    this.problems.push({ span: spanOf(node), message });
  }

  /** Hands each member to its reader; says so of those that have none, `what` they are. */
  object(
    node: Node,
    name: string,
    readers: Readonly<Record<string, (value: Node) => void>>,
    what: 'setting' | 'rule' = 'setting',
  ): void {
    if (node.type !== 'object') {
      this.problem(node, `${name === '' ? 'The file' : quoted(name)} has to be an object: { … }.`);
      return;
    }
    const known = Object.keys(readers);
    for (const [key, { key: keyNode, value }] of membersOf(node)) {
      const reader = Object.hasOwn(readers, key) ? readers[key] : undefined;
      if (reader !== undefined) {
        reader(value);
        continue;
      }
      const meant = nearest(key, known);
      const where = name === '' ? 'at the top' : `in ${quoted(name)}`;
      const hint =
        meant === undefined ? `There are ${enumerate(known)}.` : `Did you mean ${quoted(meant)}?`;
      this.problem(keyNode, `There is no ${what} ${quoted(key)} ${where}. ${hint}`);
    }
  }

  list(node: Node, name: string, of: string): readonly Node[] | undefined {
    if (node.type !== 'array') {
      this.problem(node, `${quoted(name)} has to be a list of ${of}.`);
      return undefined;
    }
    return itemsOf(node);
  }

  /** Undefined when it isn't a list; items that are no text are left out. */
  texts(node: Node, name: string): readonly string[] | undefined {
    return this.list(node, name, 'texts: ["…"]')?.flatMap((item) => {
      if (typeof item.value === 'string' && item.value.trim() !== '') {
        return [item.value];
      }
      this.problem(item, `${quoted(name)} has texts only, and none that is empty.`);
      return [];
    });
  }

  choices<Choice extends string>(
    node: Node,
    name: string,
    choices: readonly Choice[],
  ): readonly Choice[] | undefined {
    return this.list(node, name, `some of ${enumerate(choices)}`)?.flatMap(
      (item) => this.choice(item, name, choices) ?? [],
    );
  }

  choice<Choice extends string>(
    node: Node,
    name: string,
    choices: readonly Choice[],
  ): Choice | undefined {
    const chosen = choices.find((choice) => choice === node.value);
    if (chosen === undefined) {
      const meant = typeof node.value === 'string' ? nearest(node.value, choices) : undefined;
      const hint = meant === undefined ? '' : ` Did you mean ${quoted(meant)}?`;
      this.problem(node, `${quoted(name)} can be ${enumerate(choices, 'or')}.${hint}`);
    }
    return chosen;
  }

  boolean(node: Node, name: string): boolean | undefined {
    if (typeof node.value === 'boolean') {
      return node.value;
    }
    this.problem(node, `${quoted(name)} has to be true or false.`);
    return undefined;
  }

  /** In milliseconds, as is `min`. */
  duration(node: Node, name: string, min = 0): number | undefined {
    const parsed =
      typeof node.value === 'string'
        ? parseDuration(node.value, { min })
        : ({
            ok: false,
            message: 'Write text with a number and its unit: "500ms", "5s", "2m".',
          } as const);
    if (parsed.ok) {
      return parsed.milliseconds;
    }
    this.problem(node, `${quoted(name)} has to be a duration. ${parsed.message}`);
    return undefined;
  }
}

function quoted(text: string): string {
  return `"${text}"`;
}

export function enumerate(names: readonly string[], word: 'and' | 'or' = 'and'): string {
  const all = names.map(quoted);
  return all.length < 2 ? all.join('') : `${all.slice(0, -1).join(', ')} ${word} ${all.at(-1)}`;
}
