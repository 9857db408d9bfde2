import { isAbsolute } from 'node:path';
import { isWithin, shownPath } from '../config/paths';
import { optionSpecs } from '../grpc/callOptionSpecs';
import { formatJson } from '../schema/jsonFormat';
import { parseJson } from '../schema/jsonText';
import type { MetadataPair, RequestDraft } from './draft';
import { findReferences } from './variables/references';

export interface PrintOptions {
  /** Absolute path of the folder of the file that is written: paths inside it are written relative to it. */
  readonly folder?: string;
  /** Sentences that stand above the request as comments. */
  readonly comments?: readonly string[];
}

/** A request that no request file can hold; the message says which part, why, and what to do. */
export class UnprintableRequest extends Error {
  override readonly name = 'UnprintableRequest';
}

/**
 * The request as one block of a request file, which `parseRequestFile` reads back to the same request. Messages are
 * laid out anew; what isn't JSON stays as it is. Throws `UnprintableRequest` for what can't stand in a line.
 */
export function printRequest(draft: RequestDraft, options: PrintOptions = {}): string {
  const head = [
    `### ${inLine(draft.title ?? '')}`.trimEnd(),
    ...(options.comments ?? []).map(printComment),
    ...annotationsOf(draft, options.folder).map(({ name, value }) => printAnnotation(name, value)),
    printRequestLine(draft),
    ...draft.metadata.map((pair) => printPair(pair)),
  ];
  const messages = draft.messages.map(printMessage);
  const body = messages.length === 0 ? '' : `\n${messages.join('\n===\n')}\n`;
  return `${head.join('\n')}\n${body}`;
}

interface Written {
  readonly name: string;
  readonly value: string;
}

function annotationsOf(draft: RequestDraft, folder: string | undefined): Written[] {
  const { target, sources, options } = draft;
  const { security, authority } = target;
  const annotations: Written[] = [];
  const add = (name: string, value: string | undefined): void => {
    if (value !== undefined) {
      annotations.push({ name, value });
    }
  };
  const addPath = (name: string, path: string | undefined): void => {
    add(name, path === undefined ? undefined : printPath(path, folder));
  };
  if (security.kind === 'plaintext') {
    add('plaintext', '');
  } else {
    add('insecure', security.verify ? undefined : '');
    addPath('ca', security.ca);
    addPath('cert', security.client?.certificate);
    addPath('key', security.client?.key);
  }
  add('authority', authority);
  for (const path of sources.protoFiles) {
    addPath('proto', path);
  }
  for (const path of sources.importPaths) {
    addPath('import-path', path);
  }
  for (const path of sources.descriptorSets) {
    addPath('protoset', path);
  }
  add('no-reflection', sources.reflection ? undefined : '');
  for (const pair of draft.reflectionMetadata) {
    add('reflect-metadata', printPair(pair));
  }
  for (const [name, text] of Object.entries(options)) {
    // Blank means the default, as if it weren't there.
    if (text.trim() !== '') {
      add(name, printOption(name, text));
    }
  }
  return annotations;
}

const jsonOptions = new Set(
  optionSpecs().flatMap(({ name, input }) => (input.kind === 'json' ? [name] : [])),
);

function printOption(name: string, text: string): string {
  if (!/^[\w.-]+$/.test(name)) {
    throw new UnprintableRequest(
      `The option ${JSON.stringify(name)} has no name that can be written.`,
    );
  }
  // No string of JSON goes over the end of a line, so there it is nothing but layout.
  return (jsonOptions.has(name) ? text.replace(/\s*[\r\n]+\s*/g, ' ') : text).trim();
}

function printAnnotation(name: string, value: string): string {
  return `# @${name} ${checkedLine(value, `The value of @${name}`)}`.trimEnd();
}

/** Text from elsewhere, so it must not be taken for an annotation. */
function printComment(comment: string): string {
  const text = inLine(comment);
  return `# ${text.startsWith('@') ? `(${text})` : text}`.trimEnd();
}

function inLine(text: string): string {
  return text.replace(/[\s\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim();
}

function printPath(path: string, folder: string | undefined): string {
  const isInside = folder !== undefined && isAbsolute(path) && isWithin(path, folder);
  return isInside ? shownPath(path, folder) : path;
}

function printRequestLine({ target, method }: RequestDraft): string {
  const { address } = target;
  const plain = withoutReferences(address);
  if (address === '' || /\s/.test(plain)) {
    const what =
      address === ''
        ? 'There is no address.'
        : `The address ${JSON.stringify(address)} has a space.`;
    throw new UnprintableRequest(`${what} Write host:port.`);
  }
  if (!/^[^\s/]+\/[^\s/]+$/.test(withoutReferences(method))) {
    throw new UnprintableRequest(
      `${JSON.stringify(method)} names no method. Write market.v1.ListingService/GetListing.`,
    );
  }
  return `GRPC ${checkedLine(address, 'The address')}/${checkedLine(method, 'The method')}`;
}

function withoutReferences(text: string): string {
  return text.replace(/\{\{[^{}\n]*\}\}/g, 'x');
}

/** What begins otherwise would be read as a comment, a variable, a separator or the body. */
const printableKey = /^[\w.-]+$/;

function printPair({ key, value }: MetadataPair): string {
  const name = key.trim();
  if (!printableKey.test(name)) {
    throw new UnprintableRequest(
      `The metadata key ${JSON.stringify(key)} can't be written: only letters, digits, - _ and . can stand in a key.`,
    );
  }
  // Base64 is read without the spaces around it.
  const text = name.toLowerCase().endsWith('-bin') ? value.trim() : value;
  return `${name}: ${checkedLine(text, `The value of the metadata ${name}`)}`.trimEnd();
}

/** What reading takes away, or takes for another line, is refused. */
function checkedLine(text: string, what: string): string {
  if (/[\r\n\u2028\u2029]/.test(text)) {
    throw new UnprintableRequest(
      `${what} has a line break, and each line holds one value. Leave it out.`,
    );
  }
  if (text !== text.trim()) {
    throw new UnprintableRequest(
      `${what} begins or ends with a space, which is not a part of a value. Leave it out.`,
    );
  }
  return text;
}

function printMessage(message: string, index: number): string {
  const text = message.trim();
  if (text === '') {
    return '{}';
  }
  const printed = formatWithReferences(text) ?? text;
  const lines = printed.split('\n');
  const taken = lines.findIndex((line) => /^(?:\s*(?:#|\/\/|===)|@)/.test(line));
  if (taken >= 0) {
    throw new UnprintableRequest(
      `Line ${taken + 1} of message ${index + 1} would not be read as a part of it: no line of JSON begins with #, //, @ or ===.`,
    );
  }
  if (printed.startsWith('<')) {
    throw new UnprintableRequest(
      `Message ${index + 1} begins with <, which would be read as the path of a file. A message is JSON.`,
    );
  }
  return printed;
}

/** Laid out JSON; undefined for what is none when its references have values. */
function formatWithReferences(text: string): string | undefined {
  const references = findReferences(text).filter(({ kind }) => kind !== 'malformed');
  // A number may stand wherever a value may; no end of this one is its beginning, so its places can't overlap.
  let stand = '27182818';
  while (text.includes(stand)) {
    stand += '1';
  }
  let masked = '';
  let from = 0;
  for (const { span } of references) {
    masked += text.slice(from, span.from) + stand;
    from = span.to;
  }
  masked += text.slice(from);
  const problems: Parameters<typeof parseJson>[1] = [];
  parseJson(masked, problems);
  if (problems.length > 0) {
    return undefined;
  }
  const sources = references.map(({ span }) => text.slice(span.from, span.to));
  return formatJson(masked)
    .split(stand)
    .reduce((printed, piece, index) => printed + (sources[index - 1] ?? '') + piece);
}
