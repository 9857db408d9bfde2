import { fileURLToPath } from 'node:url';
import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { serve } from './server';

// Stands in dist/languageServer of the extension. The arguments say how the editor is reached: --node-ipc, --stdio.
serve(createConnection(ProposedFeatures.all), {
  grammars: fileURLToPath(new URL('../grammars', import.meta.url)),
  rulePages: new URL('../../docs/rules/', import.meta.url),
});
