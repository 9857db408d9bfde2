import { configFileName, jsonLanguages, sourceLanguages } from '../../lint/editorLanguages';
import { mentionsGrpc, mentionsServiceConfig } from '../../lint/grpcMarker';

/** What is asked of an open document. */
export interface OpenDocument {
  readonly languageId: string;
  readonly uri: { readonly scheme: string; readonly path: string };
  getText(): string;
}

/** Where text can be linted: on disk, or not saved yet. The rest is shown, not edited, or lies elsewhere. */
export const lintedSchemes: readonly string[] = ['file', 'untitled'];

/** Every language whose documents the server is told of. */
export const lintedLanguages: readonly string[] = [...sourceLanguages, ...jsonLanguages];

/** Whether an open document is a reason to start the linter. */
export function needsLinter(document: OpenDocument): boolean {
  const { languageId, uri } = document;
  if (!lintedSchemes.includes(uri.scheme) || !lintedLanguages.includes(languageId)) {
    return false;
  }
  if (!jsonLanguages.some((json) => json === languageId)) {
    return mentionsGrpc(document.getText());
  }
  return uri.path.endsWith(`/${configFileName}`) || mentionsServiceConfig(document.getText());
}
