import { deadlineFix } from '../jvm/deadlineFix';
import { jvmSemantics } from '../jvm/semantics';
import { generatedHeader, interesting, marker } from '../jvm/texts';
import type { Language } from '../language';
import { lower } from './lower';

export const java: Language = {
  id: 'java',
  name: 'Java',
  extensions: ['.java'],
  editorIds: ['java'],
  grammar: 'tree-sitter-java.wasm',
  lineComment: '//',
  marker,
  generated: { header: generatedHeader },
  tests:
    /(?:^|\/)(?:src\/\w*[tT]est\w*|tests?)\/|(?:^|\/)(?:Test\w*|\w+(?:Tests?|IT|TestCase))\.java$/,
  interesting,
  lower,
  semantics: jvmSemantics,
  addDeadline: (fact, source) =>
    deadlineFix(fact, source, {
      importEnd: ';',
      lambda: (parameter, body) => `${parameter} -> ${body}`,
    }),
};
