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
  /** Set for what works and had better be another way; the rest is an error. */
  readonly severity?: 'warning';
}

/** A member whose name its author chose. */
export interface Entry {
  readonly text: string;
  readonly key: Node;
  readonly value: Node;
}

/** Reads values out of `frameline.json` and notes each that is no use. `name` is where it stands, for people. */
export class ConfigReader {
  readonly problems: ConfigProblem[] = [];
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  /** How it is written. */
  source({ offset, length }: Node): string {
    return this.#text.slice(offset, offset + length);
  }

  problem(node: Node, message: string): void {
    this.problems.push({ span: spanOf(node), message });
  }

  /** A key that stands in its object a second time. */
  repeated(key: Node): void {
    this.problem(key, `"${key.value}" stands here a second time; only the last one counts.`);
  }

  warning(node: Node, message: string): void {
    this.problems.push({ span: spanOf(node), message, severity: 'warning' });
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

  /** Its members, the name of each with its place; none when it isn't an object. */
  entries(node: Node, name: string, what: string): readonly Entry[] {
    if (node.type !== 'object') {
      this.problem(node, `${quoted(name)} has to be an object: ${what}.`);
      return [];
    }
    return [...membersOf(node)].map(([text, { key, value }]) => ({ text, key, value }));
  }

  /** Without blanks around it; undefined when it is no text, or empty. */
  text(node: Node, name: string): string | undefined {
    if (typeof node.value === 'string' && node.value.trim() !== '') {
      return node.value.trim();
    }
    this.problem(node, `${quoted(name)} has to be a text that isn't empty: "…".`);
    return undefined;
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
