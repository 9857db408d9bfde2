import type {
  TextEdit as ProtocolEdit,
  SnippetTextEdit,
  WorkspaceEdit,
} from 'vscode-languageserver/node';
import type { TextEdit } from '../lint/finding';
import type { ClientAbilities } from './clientAbilities';
import { rangeOf } from './diagnostics';
import type { OpenDocument } from './openDocument';

/** What an edit has to know of the document that it is for. */
export type EditedDocument = Pick<OpenDocument, 'uri' | 'version' | 'positions'>;

/** Edits of a document as it is now. */
export function workspaceEdit(
  edits: readonly TextEdit[],
  document: EditedDocument,
  abilities: ClientAbilities,
): WorkspaceEdit {
  const plain = edits.map(
    ({ span, text }): ProtocolEdit => ({
      range: rangeOf(span, document.positions),
      newText: text,
    }),
  );
  return abilities.versionedEdits
    ? versioned(document, plain)
    : { changes: { [document.uri]: plain } };
}

/** The same, with the cursor behind the last colon: where the reason of a suppression is to be written. */
export function editWithCursor(
  edits: readonly TextEdit[],
  document: EditedDocument,
  abilities: ClientAbilities,
): WorkspaceEdit {
  if (!abilities.versionedEdits || !abilities.snippetEdits) {
    return workspaceEdit(edits, document, abilities);
  }
  return versioned(
    document,
    edits.map(({ span, text }) => ({
      range: rangeOf(span, document.positions),
      snippet: { kind: 'snippet', value: withCursor(text) },
    })),
  );
}

function versioned(
  { uri, version }: EditedDocument,
  edits: (ProtocolEdit | SnippetTextEdit)[],
): WorkspaceEdit {
  return { documentChanges: [{ textDocument: { uri, version }, edits }] };
}

/** As a snippet: its own signs are escaped, and the tab stop stands behind the last colon. */
function withCursor(text: string): string {
  const escaped = text.replaceAll(/[\\$}]/g, '\\$&');
  return escaped.replace(/:( ?)(?=[^:]*$)/, ':$1$$0');
}
