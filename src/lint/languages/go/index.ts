import type { Language } from '../language';
import { addDeadline } from './fixes';
import { lower } from './lower';
import { semantics } from './semantics';

export const go: Language = {
  id: 'go',
  name: 'Go',
  extensions: ['.go'],
  editorIds: ['go'],
  grammar: 'tree-sitter-go.wasm',
  lineComment: '//',
  marker: /\bgrpc|Client\b|\w(?:pb|grpc|proto)["./]/,
  gives: /\bcontext\.With(?:Timeout|Deadline|Cancel)/,
  // https://go.dev/s/generatedcode
  generated: { header: /^\/\/ Code generated .* DO NOT EDIT\.$/m, file: /\.pb(?:\.\w+)?\.go$/ },
  tests: /_test\.go$|(?:^|\/)testdata\//,
  interesting: /\bcontext\.(?:Background|TODO|With)|\bgrpc\b|Client\b|[Ii]nterceptor|\bmetadata\./,
  lower,
  semantics,
  addDeadline,
};
