import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { BodyError } from '../../schema/bodyError';
import type { MethodInfo, Schema } from '../../schema/schema';
import type { Environment } from '../environment';
import { Failure, reasonOf } from '../failure';
import { JsonSequence, type JsonText, jsonTexts } from './jsonSequence';

/** Where the messages of a call come from, of what follows `-d`. */
export type MessageSource =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'stdin' }
  /** No `-d`: the standard input when it is none that a person types and the method takes a stream. */
  | { readonly kind: 'default' };

export function messageSource(data: string | undefined): MessageSource {
  if (data === undefined) {
    return { kind: 'default' };
  }
  if (data === '@' || data === '@-') {
    return { kind: 'stdin' };
  }
  return data.startsWith('@')
    ? { kind: 'file', path: data.slice(1) }
    : { kind: 'text', text: data };
}

/** What is sent: what is there already, and what comes in while the call runs. */
export interface Messages {
  readonly texts: readonly JsonText[];
  /** What comes is read from the standard input. */
  readonly streams: boolean;
  /** Where they stand, for messages: `-d`, a path. */
  readonly place: string;
}

/** @param text the `text` of the source with its references replaced */
export async function messagesOf(
  source: MessageSource,
  text: string,
  method: Pick<MethodInfo, 'kind'>,
  { cwd, input }: Pick<Environment, 'cwd' | 'input'>,
): Promise<Messages> {
  const takesStream = method.kind === 'clientStreaming' || method.kind === 'bidirectional';
  switch (source.kind) {
    case 'text':
      return { texts: jsonTexts(text), streams: false, place: '-d' };
    case 'file':
      return {
        texts: jsonTexts(await fileText(resolve(cwd, source.path), source.path)),
        streams: false,
        place: source.path,
      };
    case 'default':
      return { texts: [], streams: takesStream && !input.isTTY, place: 'stdin' };
    case 'stdin':
      return takesStream
        ? { texts: [], streams: true, place: 'stdin' }
        : { texts: await wholeInput(input), streams: false, place: 'stdin' };
  }
}

async function fileText(path: string, written: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new Failure(`${written} can't be read: ${reasonOf(error)}.`, { cause: error });
  }
}

async function wholeInput(input: Environment['input']): Promise<JsonText[]> {
  const sequence = new JsonSequence();
  const texts: JsonText[] = [];
  for await (const chunk of input.read()) {
    texts.push(...sequence.push(chunk));
  }
  return [...texts, ...sequence.end()];
}

/** The bytes of a message; throws a `BodyMistake` with the place of the first mistake. */
export function encodeText(
  { text, line, column }: JsonText,
  schema: Schema,
  type: string,
  place: string,
): Uint8Array {
  try {
    return schema.encode(type, text);
  } catch (error) {
    if (!(error instanceof BodyError)) {
      throw error;
    }
    const [first] = error.problems;
    const at = `${line + error.line - 1}:${error.line === 1 ? column + error.column - 1 : error.column}`;
    throw new BodyMistake(`${place}:${at}: ${first?.message ?? 'The message is not valid.'}`, {
      details: error.problems.slice(1, 5).map(({ message }) => message),
      cause: error,
    });
  }
}

/** A message does not fit its type. */
class BodyMistake extends Failure {}

/**
 * Runs `encode`. What is wrong with a message is said with the beginning of a long value, where nobody would find the
 * secret that it begins: so it is said of the message without its secrets.
 * @param masked the texts to read again, without secrets; undefined when there were none in them
 */
export function encodeUnquoted<T>(
  encode: () => T,
  masked: () => readonly JsonText[] | undefined,
  encodeAgain: (text: JsonText) => unknown,
): T {
  try {
    return encode();
  } catch (error) {
    const texts = error instanceof BodyMistake ? masked() : undefined;
    if (texts === undefined) {
      throw error;
    }
    texts.forEach(encodeAgain);
    throw new Failure('The message is not valid with the secret that stands in it.');
  }
}

/** The messages that come in on the standard input, as they come. Ends, after telling `onFailure`, at one that is none. */
export async function* streamedMessages(
  input: Environment['input'],
  encode: (text: JsonText) => Uint8Array,
  onFailure: (error: unknown) => void,
): AsyncGenerator<Uint8Array> {
  const sequence = new JsonSequence();
  try {
    for await (const chunk of input.read()) {
      for (const text of sequence.push(chunk)) {
        yield encode(text);
      }
    }
    for (const text of sequence.end()) {
      yield encode(text);
    }
  } catch (error) {
    onFailure(error);
  }
}
