import * as vscode from 'vscode';
import { Language } from '../ids';

const kind = vscode.DocumentDropOrPasteEditKind.Text.append('frameline', 'grpcurl');

/** Offers a grpcurl command that is pasted into a request file as the request that it makes. */
export function registerPasteAsRequest(): vscode.Disposable {
  const provider: vscode.DocumentPasteEditProvider = { provideDocumentPasteEdits };
  return vscode.languages.registerDocumentPasteEditProvider(
    { language: Language.RequestFile },
    provider,
    { providedPasteEditKinds: [kind], pasteMimeTypes: ['text/plain'] },
  );
}

async function provideDocumentPasteEdits(
  document: vscode.TextDocument,
  ranges: readonly vscode.Range[],
  dataTransfer: vscode.DataTransfer,
): Promise<vscode.DocumentPasteEdit[] | undefined> {
  const text = await dataTransfer.get('text/plain')?.asString();
  const [range] = ranges;
  if (!text?.includes('grpcurl') || !range || ranges.length > 1) {
    return undefined;
  }
  const [{ isGrpcurlCommand }, { importedBlock }] = await Promise.all([
    import('../../request/grpcurl/importGrpcurl'),
    import('./importedBlock'),
  ]);
  if (!isGrpcurlCommand(text)) {
    return undefined;
  }
  const before = document.lineAt(range.start).text.slice(0, range.start.character);
  const edit = new vscode.DocumentPasteEdit(
    `${before.trim() === '' ? '' : '\n'}${importedBlock(text, document.uri)}`,
    'Paste as Request',
    kind,
  );
  // In the middle of a line the text itself is more likely meant.
  edit.yieldTo = before.trim() === '' ? [] : [vscode.DocumentDropOrPasteEditKind.Text];
  return [edit];
}
