import { configFileName } from '../../config/configFileName';
import { requestLanguage } from '../../languageServer/protocol';
import { jsonLanguages, sourceLanguages } from '../../lint/editorLanguages';
import { mentionsGrpc, mentionsServiceConfig } from '../../lint/grpcMarker';

/** What is asked of an open document. */
export interface OpenDocument {
  readonly languageId: string;
  readonly uri: { readonly scheme: string; readonly path: string };
  getText(): string;
}

/** Where text can be linted: on disk, or not saved yet. The rest is shown, not edited, or lies elsewhere. */
export const lintedSchemes: readonly string[] = ['file', 'untitled'];

/** Languages of documents in which something can be found. */
export const lintedLanguages: readonly string[] = [...sourceLanguages, ...jsonLanguages];

/** What the server is told of: also definitions, whose text says what others call. Other extensions use `proto3`. */
export const syncedLanguages: readonly string[] = [
  ...lintedLanguages,
  'proto',
  'proto3',
  requestLanguage,
];

/** Whether a document is a request file, which the server checks whether it lints or not. */
export function isRequestFile({ languageId, uri }: OpenDocument): boolean {
  return lintedSchemes.includes(uri.scheme) && languageId === requestLanguage;
}

/** Whether a document is source code that is linted, if it has to do with gRPC. */
export function isSource({ languageId, uri }: OpenDocument): boolean {
  return (
    lintedSchemes.includes(uri.scheme) && sourceLanguages.some((source) => source === languageId)
  );
}

/** Whether an open document is by itself a reason to start the linter. */
export function needsLinter(document: OpenDocument): boolean {
  const { languageId, uri } = document;
  if (isSource(document)) {
    return mentionsGrpc(document.getText());
  }
  return (
    lintedSchemes.includes(uri.scheme) &&
    jsonLanguages.some((json) => json === languageId) &&
    (uri.path.endsWith(`/${configFileName}`) || mentionsServiceConfig(document.getText()))
  );
}
