import { deadlineFix } from '../jvm/deadlineFix';
import { jvmSemantics } from '../jvm/semantics';
import { generatedHeader, interesting, marker } from '../jvm/texts';
import type { Language } from '../language';
import { lower } from './lower';

export const kotlin: Language = {
  id: 'kotlin',
  name: 'Kotlin',
  extensions: ['.kt', '.kts'],
  editorIds: ['kotlin'],
  grammar: 'tree-sitter-kotlin.wasm',
  lineComment: '//',
  marker,
  generated: { header: generatedHeader },
  tests: /(?:^|\/)(?:src\/\w*[tT]est\w*|tests?)\/|(?:^|\/)\w+(?:Tests?|IT|Spec)\.kt$/,
  interesting,
  lower,
  semantics: jvmSemantics,
  addDeadline: (fact, source) =>
    deadlineFix(fact, source, {
      importEnd: '',
      lambda: (parameter, body) => `{ ${parameter} -> ${body} }`,
    }),
};
