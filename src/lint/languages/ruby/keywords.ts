import { nearest } from '../../../grpc/nearest';
import type { Scene, Site, SiteArgument } from '../../program/semantics';
import type { Entry } from '../../program/value';

/** The keywords that a method takes. */
export interface KeywordSpec {
  readonly known: readonly string[];
  /** For the message: `A stub`. */
  readonly subject: string;
  /** What to do with one that is no keyword, as a sentence. */
  instead?(name: string, isString: boolean): string | undefined;
  /** Keywords that are taken for others; the value stays what it is. */
  readonly renames: Readonly<Record<string, string>>;
}

export interface NamedArguments {
  readonly named: ReadonlyMap<string, Entry>;
  /** Whether there may be more than can be seen. */
  readonly isOpen: boolean;
}

/** The arguments behind the first `skipped` ones, without the block. */
export function argumentsAfter({ call, arguments: args }: Site, skipped: number): SiteArgument[] {
  return args.filter((_, at) => at >= skipped && call.arguments[at]?.isBlock !== true);
}

/** Keywords, those of `**options` and those of a hash at the end. */
export function namedArguments(args: readonly SiteArgument[]): NamedArguments {
  const named = new Map<string, Entry>();
  let isOpen = false;
  for (const { name, value, spread, span } of args) {
    if (name !== undefined) {
      named.set(name, { value, span, keySpan: { from: span.from, to: span.from + name.length } });
    } else if (value.kind === 'object' && spread !== 'list') {
      for (const [key, entry] of value.entries) {
        named.set(key, entry);
      }
      isOpen ||= value.isOpen;
    } else {
      isOpen = true;
    }
  }
  return { named, isOpen };
}

/** More slips than this make another word. */
const mostSlips = 2;

/** Reports the first keyword that the method doesn't take: Ruby raises ArgumentError on it. */
export function reportUnknownKeyword(
  { known, subject, instead, renames }: KeywordSpec,
  named: ReadonlyMap<string, Entry>,
  scene: Scene,
): boolean {
  for (const [name, { keySpan }] of named) {
    const isString = /["']/.test(scene.file.text[keySpan.from] ?? '') || name.includes('.');
    if (known.includes(name) && !isString) {
      continue;
    }
    const meant = isString ? undefined : (renames[name] ?? nearest(name, known, mostSlips));
    const hint =
      instead?.(name, isString) ?? (meant === undefined ? '' : `Did you mean ${meant}:?`);
    const written = scene.file.text.slice(keySpan.from, keySpan.from + name.length) === name;
    scene.report({
      kind: 'option',
      span: keySpan,
      message:
        `${subject} has no keyword ${isString ? `"${name}"` : `${name}:`}, it raises ArgumentError. ${hint}`.trimEnd(),
      ...(meant !== undefined && written && renames[name] !== ''
        ? { replacement: { title: `Write ${meant}:`, span: keySpan, text: meant } }
        : {}),
    });
    return true;
  }
  return false;
}
