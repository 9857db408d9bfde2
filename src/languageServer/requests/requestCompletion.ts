import { readdir } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import {
  type CompletionItem,
  CompletionItemKind,
  CompletionItemTag,
  type CompletionParams,
  CompletionTriggerKind,
  InsertTextFormat,
  InsertTextMode,
} from 'vscode-languageserver/node';
import { isWithin } from '../../config/paths';
import { staticServer } from '../../request/check/staticServer';
import { complete, requestAt } from '../../request/complete/complete';
import { type Place, placeIn } from '../../request/complete/place';
import type { Suggestion } from '../../request/complete/suggestion';
import { annotationSpec } from '../../request/file/annotations';
import type { Span } from '../../request/file/syntax';
import type { ClientAbilities } from '../clientAbilities';
import { rangeOf } from '../diagnostics';
import type { RequestDocument } from './requestDocument';
import type { RequestSession } from './requestSession';

/** Entries of a folder that are offered. */
const mostEntries = 500;

export async function completeAt(
  session: RequestSession,
  document: RequestDocument,
  { position, context }: CompletionParams,
  abilities: ClientAbilities,
): Promise<CompletionItem[]> {
  const { file, path } = document;
  const offset = document.positions.offsetAt(position);
  const place = placeIn(file, offset);
  if (context?.triggerKind === CompletionTriggerKind.TriggerCharacter) {
    const { triggerCharacter } = context;
    if (!isMeant(triggerCharacter ?? '', place, file.text.slice(place.line.from, offset))) {
      return [];
    }
  }
  const named = pathPlace(place, offset);
  if (named) {
    const entries = await pathsAt(named, document, session.rootOf(document), offset);
    return entries.map((entry, index) => toItem(entry, index, document, abilities));
  }
  const values = await session.valuesOf(document);
  const request = requestAt(file, offset);
  const wantsSchema = request !== undefined && place.kind !== 'head' && place.kind !== 'variable';
  const { server } = wantsSchema
    ? await staticServer(file, request, values, path)
    : { server: undefined };
  const [schema, servers] = await Promise.all([
    session.schemaOf(server, document),
    place.kind === 'requestLine' ? session.knownServers() : [],
  ]);
  return complete(file, offset, { values, servers, schema }).map((suggestion, index) =>
    toItem(suggestion, index, document, abilities),
  );
}

/** Whether a character that was typed begins something here. A blank inside a message does not. */
function isMeant(character: string, { kind }: Place, before: string): boolean {
  switch (character) {
    case '{':
      return before.endsWith('{{');
    case '$':
      return /\{\{\s*\$$/.test(before);
    case ' ':
      return kind === 'annotation' || kind === 'requestLine' || kind === 'path';
    case '.':
      return kind === 'annotation' || kind === 'requestLine';
    case ':':
      return kind === 'body' || kind === 'metadata';
    case '"':
      return kind === 'body';
    case '<':
      return kind === 'path';
    case '/':
      return kind === 'requestLine' || kind === 'path' || kind === 'annotation';
    default:
      return true;
  }
}

function toItem(
  suggestion: Suggestion,
  index: number,
  { positions }: RequestDocument,
  { snippetCompletions, suggestCommand }: ClientAbilities,
): CompletionItem {
  const { label, kind, detail, documentation, insert, span, filter } = suggestion;
  const isSnippet = suggestion.isSnippet === true;
  return {
    label,
    kind: kinds[kind],
    ...(detail ? { detail } : {}),
    ...(documentation === undefined ? {} : { documentation }),
    ...(suggestion.deprecated ? { tags: [CompletionItemTag.Deprecated] } : {}),
    // What is best stands first, whatever its name.
    sortText: String(index).padStart(5, '0'),
    ...(filter === undefined ? {} : { filterText: filter }),
    insertTextFormat:
      isSnippet && snippetCompletions ? InsertTextFormat.Snippet : InsertTextFormat.PlainText,
    insertTextMode: InsertTextMode.asIs,
    textEdit: {
      range: rangeOf(span, positions),
      newText: isSnippet && !snippetCompletions ? withoutStops(insert) : insert,
    },
    ...(suggestion.continues && suggestCommand !== undefined
      ? { command: { title: 'Suggest', command: suggestCommand } }
      : {}),
  };
}

/** A snippet as plain text. */
function withoutStops(snippet: string): string {
  return snippet.replaceAll(/(?<!\\)\$\d/g, '').replaceAll(/\\([\\$}])/g, '$1');
}

const kinds: Readonly<Record<Suggestion['kind'], CompletionItemKind>> = {
  request: CompletionItemKind.Snippet,
  target: CompletionItemKind.Module,
  service: CompletionItemKind.Interface,
  method: CompletionItemKind.Method,
  annotation: CompletionItemKind.Property,
  value: CompletionItemKind.Value,
  metadata: CompletionItemKind.Property,
  variable: CompletionItemKind.Variable,
  field: CompletionItemKind.Field,
  enum: CompletionItemKind.EnumMember,
  keyword: CompletionItemKind.Keyword,
  body: CompletionItemKind.Snippet,
  file: CompletionItemKind.File,
  folder: CompletionItemKind.Folder,
};

/** Where a path is written, and whether it is that of a message. */
function pathPlace(
  place: Place,
  offset: number,
): { readonly span: Span; readonly isMessage: boolean } | undefined {
  if (place.kind === 'path' && offset >= place.span.from) {
    return { span: place.span, isMessage: true };
  }
  return place.kind === 'annotation' &&
    offset >= place.valueSpan.from &&
    offset > place.nameSpan.to &&
    annotationSpec(place.name)?.value === 'path'
    ? { span: place.valueSpan, isMessage: false }
    : undefined;
}

/** The entries of the folder that is being named. Those of messages lie inside the workspace folder only. */
async function pathsAt(
  { span, isMessage }: { readonly span: Span; readonly isMessage: boolean },
  { path, file }: RequestDocument,
  root: string,
  offset: number,
): Promise<Suggestion[]> {
  const typed = file.text.slice(span.from, offset);
  const named = typed.slice(0, typed.lastIndexOf('/') + 1);
  const folder = resolve(dirname(path), named);
  if (typed.includes('{{') || (isMessage && !isWithin(folder, root))) {
    return [];
  }
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const prefix = named === '' ? './' : '';
  return entries
    .filter(({ name }) => !name.startsWith('.'))
    .sort((a, b) => Number(b.isDirectory()) - Number(a.isDirectory()))
    .slice(0, mostEntries)
    .map((entry) => {
      const name = prefix + entry.name + (entry.isDirectory() ? '/' : '');
      return {
        label: name,
        kind: entry.isDirectory() ? 'folder' : 'file',
        insert: name,
        span: { from: span.from + named.length, to: Math.max(offset, span.to) },
        continues: entry.isDirectory(),
      };
    });
}
