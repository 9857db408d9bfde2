import { expect, it } from 'vitest';
import { sourceLanguages } from '../../../src/lint/editorLanguages';
import { languages } from '../../../src/lint/languages';

it.each(languages.map(({ name, editorIds }) => [name, editorIds] as const))(
  'an open file of %s wakes the extension',
  (_name, editorIds) => {
    expect(sourceLanguages).toEqual(expect.arrayContaining([...editorIds]));
  },
);
