import { pathToFileURL } from 'node:url';
import {
  type DocumentLink,
  type DocumentSymbol,
  type FoldingRange,
  type Hover,
  type Location,
  MarkupKind,
  type Position,
  type Range,
  ResponseError,
  SymbolKind,
  type TextEdit,
  type WorkspaceEdit,
} from 'vscode-languageserver/node';
import { staticServer } from '../../request/check/staticServer';
import { explain } from '../../request/complete/explain';
import { fileLinks, foldings, outline } from '../../request/complete/outline';
import { placeIn } from '../../request/complete/place';
import { occurrencesAt, renameProblem } from '../../request/complete/variables';
import { formatRequestFile } from '../../request/file/format';
import type { ClientAbilities } from '../clientAbilities';
import { rangeOf } from '../diagnostics';
import { workspaceEdit } from '../edits';
import type { RequestDocument } from './requestDocument';
import type { RequestSession } from './requestSession';

/** `RequestFailed` of the protocol: right, but it can't be done. The message is for people. */
const requestFailed = -32803;

export async function hoverAt(
  session: RequestSession,
  document: RequestDocument,
  position: Position,
): Promise<Hover | null> {
  const { file, path, positions } = document;
  const offset = positions.offsetAt(position);
  const values = await session.valuesOf(document);
  const { request } = placeIn(file, offset);
  const { server } = request
    ? await staticServer(file, request, values, path)
    : { server: undefined };
  const schema = await session.schemaOf(server, document);
  const explanation = explain(file, offset, { values, server, schema });
  if (!explanation) {
    return null;
  }
  const { title, text, span } = explanation;
  const code = `\`\`\`\n${title.replaceAll(/[\p{Cc}`]/gu, ' ')}\n\`\`\``;
  return {
    contents: { kind: MarkupKind.Markdown, value: [code, ...text.map(plainText)].join('\n\n') },
    range: rangeOf(span, positions),
  };
}

/** Text from a server as Markdown that shows it and nothing else. */
function plainText(text: string): string {
  return text.replaceAll(/[!-/:-@[-`{-~]/g, '\\$&').replaceAll(/\r?\n/g, '  \n');
}

export function symbolsOf({ file, positions }: RequestDocument): DocumentSymbol[] {
  return outline(file).map(({ kind, name, detail, span, selection }) => ({
    name,
    detail,
    kind: kind === 'variable' ? SymbolKind.Variable : SymbolKind.Method,
    range: rangeOf(span, positions),
    selectionRange: rangeOf(selection, positions),
  }));
}

export function foldingsOf({ file, positions }: RequestDocument): FoldingRange[] {
  return foldings(file).flatMap((span) => {
    const { start, end } = rangeOf(span, positions);
    return end.line > start.line ? [{ startLine: start.line, endLine: end.line }] : [];
  });
}

export function linksOf({ file, path, positions }: RequestDocument): DocumentLink[] {
  return fileLinks(file, path).map(({ span, path: target }) => ({
    range: rangeOf(span, positions),
    target: pathToFileURL(target).href,
  }));
}

export function formatEdits({ file, positions }: RequestDocument): TextEdit[] {
  const formatted = formatRequestFile(file.text);
  return formatted === file.text
    ? []
    : [{ range: rangeOf({ from: 0, to: file.text.length }, positions), newText: formatted }];
}

export function definitionsAt(document: RequestDocument, position: Position): Location[] {
  const { all = [] } = occurrencesAt(document.file, offsetIn(document, position)) ?? {};
  return all
    .filter(({ isDefinition }) => isDefinition)
    .map(({ span }) => ({ uri: document.uri, range: rangeOf(span, document.positions) }));
}

export function referencesAt(
  document: RequestDocument,
  position: Position,
  withDefinitions: boolean,
): Location[] {
  const { all = [] } = occurrencesAt(document.file, offsetIn(document, position)) ?? {};
  return all
    .filter(({ isDefinition }) => withDefinitions || !isDefinition)
    .map(({ span }) => ({ uri: document.uri, range: rangeOf(span, document.positions) }));
}

/** What is renamed at a place. Rejects where it can't be. */
export function renameAt(
  document: RequestDocument,
  position: Position,
): { readonly range: Range; readonly placeholder: string } | null {
  const found = occurrencesAt(document.file, offsetIn(document, position));
  if (!found) {
    return null;
  }
  const { name, span } = found.here;
  if (!found.all.some(({ isDefinition }) => isDefinition)) {
    const message = `${name} doesn't get its value in this file. Rename it where it is: in the environment of frameline.json.`;
    throw new ResponseError(requestFailed, message);
  }
  return { range: rangeOf(span, document.positions), placeholder: name };
}

export function renameEdit(
  document: RequestDocument,
  position: Position,
  name: string,
  abilities: ClientAbilities,
): WorkspaceEdit | null {
  const { placeholder } = renameAt(document, position) ?? {};
  if (placeholder === undefined) {
    return null;
  }
  const problem = renameProblem(document.file, placeholder, name);
  if (problem !== undefined) {
    throw new ResponseError(requestFailed, problem);
  }
  const { all = [] } = occurrencesAt(document.file, offsetIn(document, position)) ?? {};
  const edits = all.map(({ span }) => ({ span, text: name }));
  return workspaceEdit(edits, document, abilities);
}

function offsetIn({ positions }: RequestDocument, position: Position): number {
  return positions.offsetAt(position);
}
