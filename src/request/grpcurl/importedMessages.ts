import { nextToken } from '../../schema/jsonTokens';
import { commandText, type FoundCommand, type SimpleCommand, sourceOf } from './findCommand';
import type { ShellWord } from './shellSyntax';
import type { WordTexts } from './wordTexts';

/**
 * The messages that `-d` gives.
 * @param value of the flag
 * @param found the command, whose standard input may stand beside it
 */
export function messagesOf(
  value: ShellWord | undefined,
  found: FoundCommand,
  texts: WordTexts,
): string[] {
  const word = value && sourceOf(value) === '@' ? standardInput(found, texts) : value;
  const [first] = word?.parts ?? [];
  if (word === undefined || first === undefined) {
    return [];
  }
  if (first.kind === 'expansion' && word.parts.length === 1) {
    texts.note(`Not imported: -d ${first.source}. ${insteadOf(first.source)}`);
    return [];
  }
  const text = texts.json(word);
  const messages = splitMessages(text);
  if (messages) {
    return messages;
  }
  const plain = withoutEscapedQuotes(text);
  const unescaped = plain === undefined ? undefined : splitMessages(plain);
  if (unescaped) {
    texts.note('The \\ before the quotes in -d are left out: some shells of Windows need them.');
    return unescaped;
  }
  texts.note('What -d holds is not JSON. It is imported as it is.');
  return [text];
}

/** What `-d @` reads, if it stands in the text. */
function standardInput({ command, others }: FoundCommand, texts: WordTexts): ShellWord | undefined {
  const input = command.redirects.findLast(({ operator }) => /^0?</.test(operator));
  if (input && /<</.test(input.operator)) {
    return input.word;
  }
  const previous = others.findLast(({ words }) => (words[0]?.span.from ?? 0) < startOf(command));
  if (input) {
    texts.note(
      `Not imported: -d @ from ${sourceOf(input.word)}. Write < ${sourceOf(input.word)} as the message.`,
    );
  } else if (/^\|&?$/.test(command.before ?? '') && previous) {
    texts.note(
      `Not imported: -d @ from ${commandText(previous)}. ${insteadOf(commandText(previous))}`,
    );
  } else {
    texts.note('Not imported: -d @, which reads standard input. Write the message here.');
  }
  return undefined;
}

/**
 * The JSON values of a text, as grpcurl takes them from `-d`: one after the other, with or without blanks between.
 * Undefined where the text isn't that. References (`{{name}}`) count as values.
 */
function splitMessages(text: string): string[] | undefined {
  const messages: string[] = [];
  let depth = 0;
  let start: number | undefined;
  for (let token = nextToken(text, 0); token; token = nextToken(text, token.to)) {
    const { kind, from, to, closed } = token;
    start ??= from;
    depth += kind === '{' || kind === '[' ? 1 : kind === '}' || kind === ']' ? -1 : 0;
    const between = depth === 0 && (kind === ',' || kind === ':');
    if (kind === 'bad' || !closed || depth < 0 || between) {
      return undefined;
    }
    if (depth === 0) {
      messages.push(text.slice(start, to));
      start = undefined;
    }
  }
  return depth === 0 ? messages : undefined;
}

/** JSON whose quotes are escaped once more, as some shells of Windows need it; undefined where it isn't. */
function withoutEscapedQuotes(text: string): string | undefined {
  return /^\s*[[{]\s*\\"/.test(text) ? text.replace(/\\(["\\])/g, '$1') : undefined;
}

function startOf({ words, redirects }: SimpleCommand): number {
  return Math.min(
    ...[...words.map(({ span }) => span.from), ...redirects.map(({ span }) => span.from)],
  );
}

/** What to write for a message that a command would give. */
function insteadOf(source: string): string {
  const file = /^(?:\$\(\s*)?(?:cat\s+|<\s*)([^\s|;&()'"`]+)\s*\)?$/.exec(source)?.[1];
  return file === undefined
    ? 'Nothing is run: write the message here.'
    : `Write < ${file} as the message.`;
}
