import type { Span } from '../file/syntax';
import { sourceOf } from './findCommand';
import { ShellError, type ShellPart, type ShellWord } from './shellSyntax';

/** `switch`: on or off, a value only after `=`. `part`: why it is not imported. */
interface FlagSpec {
  readonly takes: 'switch' | 'value';
  /** A sentence; absent for flags that are imported. */
  readonly ignored?: string;
}

const shows = 'It is about what grpcurl prints.';
const alts = 'Frameline connects with plaintext or TLS.';

/** Every flag of grpcurl 1.9. */
export const grpcurlFlags: ReadonlyMap<string, FlagSpec> = new Map<string, FlagSpec>([
  ...[
    'plaintext',
    'insecure',
    'unix',
    'use-reflection',
    'expand-headers',
    'help',
    'h',
    'version',
  ].map((name): [string, FlagSpec] => [name, { takes: 'switch' }]),
  ...[
    ...[
      'cacert',
      'cert',
      'key',
      'authority',
      'servername',
      'H',
      'rpc-header',
      'reflect-header',
      'd',
    ],
    ...['format', 'max-time', 'keepalive-time', 'max-msg-sz', 'user-agent'],
    ...['proto', 'protoset', 'import-path'],
  ].map((name): [string, FlagSpec] => [name, { takes: 'value' }]),
  ['connect-timeout', { takes: 'value', ignored: 'The deadline covers connecting too.' }],
  ['emit-defaults', { takes: 'switch', ignored: 'The setting frameline.showDefaults does it.' }],
  [
    'allow-unknown-fields',
    { takes: 'switch', ignored: 'A field that the message has not is an error here.' },
  ],
  ['v', { takes: 'switch', ignored: shows }],
  ['vv', { takes: 'switch', ignored: shows }],
  ['format-error', { takes: 'switch', ignored: shows }],
  ['msg-template', { takes: 'switch', ignored: shows }],
  ['protoset-out', { takes: 'value', ignored: 'It has grpcurl write a file.' }],
  ['proto-out-dir', { takes: 'value', ignored: 'It has grpcurl write files.' }],
  ['alts', { takes: 'switch', ignored: alts }],
  ['alts-handshaker-service', { takes: 'value', ignored: alts }],
  ['alts-target-service-account', { takes: 'value', ignored: alts }],
]);

/** A flag of a command. */
export interface Flag {
  readonly name: string;
  /** As it is written, with its value. */
  readonly source: string;
  /** The value; none for a switch without `=`. */
  readonly value: ShellWord | undefined;
  readonly span: Span;
}

export interface Arguments {
  readonly flags: readonly Flag[];
  /** Address and symbol. */
  readonly positional: readonly ShellWord[];
  /** Flags that grpcurl doesn't have, as they are written. */
  readonly unknown: readonly string[];
  /** Flags that stand after the address, where grpcurl reads none. */
  readonly late: readonly string[];
}

/** Splits the words after `grpcurl` as Go's flag package does, but goes on where that would stop. */
export function readArguments(words: readonly ShellWord[]): Arguments {
  const flags: Flag[] = [];
  const late: string[] = [];
  const unknown: { readonly name: string; readonly followedBy: ShellWord | undefined }[] = [];
  const positional: ShellWord[] = [];
  for (let index = 0; index < words.length; index++) {
    const word = words[index] as ShellWord;
    const match = /^--?([^-=][^=]*)(=?)/.exec(leadingText(word));
    if (leadingText(word) === '--' && word.parts.length === 1) {
      positional.push(...words.slice(index + 1));
      break;
    }
    if (match === null) {
      positional.push(word);
      continue;
    }
    const [whole, name = '', equals] = match;
    // A name of which the shell would make a part is nobody's flag.
    const spec = equals === '' && word.parts.length > 1 ? undefined : grpcurlFlags.get(name);
    const next = words[index + 1];
    if (spec === undefined) {
      const followedBy =
        equals === '' && next && !leadingText(next).startsWith('-') ? next : undefined;
      unknown.push({ name: sourceOf(word), followedBy });
      continue;
    }
    const inline = equals === '' ? undefined : withoutStart(word, whole.length);
    const value = spec.takes === 'switch' ? inline : (inline ?? next);
    if (spec.takes === 'value' && value === undefined) {
      throw new ShellError(`-${name} needs a value after it.`, word.span);
    }
    index += value !== undefined && inline === undefined ? 1 : 0;
    const source = [`-${name}`, ...(value ? [quoted(sourceOf(value))] : [])].join(
      equals === '' ? ' ' : '=',
    );
    const span = { from: word.span.from, to: value?.span.to ?? word.span.to };
    flags.push({ name, source, value, span });
    if (positional.length > 0) {
      late.push(`-${name}`);
    }
  }
  return { flags, late, ...sortUnknown(unknown, positional) };
}

/** A call has two words that are no flags: while there are more, the one after an unknown flag is its value. */
function sortUnknown(
  unknown: readonly { readonly name: string; readonly followedBy: ShellWord | undefined }[],
  positional: readonly ShellWord[],
): Pick<Arguments, 'unknown' | 'positional'> {
  let rest = positional;
  const names = unknown.map(({ name, followedBy }) => {
    if (followedBy === undefined || rest.length <= 2) {
      return name;
    }
    rest = rest.filter((word) => word !== followedBy);
    return `${name} ${quoted(sourceOf(followedBy))}`;
  });
  return { unknown: names, positional: rest };
}

/** Short, and in quotes where its ends could not be seen. */
function quoted(text: string): string {
  const short = text.length > 60 ? `${text.slice(0, 60)}…` : text;
  return /^[^\s'"]+$/.test(short) ? short : JSON.stringify(short);
}

function leadingText({ parts: [first] }: ShellWord): string {
  return first?.kind === 'text' ? first.text : '';
}

/** The word after its first `length` characters, which are text. */
function withoutStart(word: ShellWord, length: number): ShellWord {
  const [first, ...rest] = word.parts;
  const text = first?.kind === 'text' ? first.text.slice(length) : '';
  const parts: ShellPart[] = text === '' ? rest : [{ kind: 'text', text }, ...rest];
  return { ...word, parts };
}
