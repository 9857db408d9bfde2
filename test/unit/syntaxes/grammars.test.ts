import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadGrammar, scopesAsText, searchesFor } from '../../tools/textMate';

const files = {
  'source.grpc-request': 'syntaxes/grpc.tmLanguage.json',
  'source.proto': 'syntaxes/proto.tmLanguage.json',
  'source.json': 'test/fixtures/syntaxes/json.tmLanguage.json',
};

const fixtures = [
  { scope: 'source.grpc-request', file: 'requests.grpc' },
  { scope: 'source.proto', file: 'market.proto' },
] as const;

/** What a review wants to see of a change: `npx vitest run --project unit grammars -u` writes the files anew. */
describe.each(fixtures)('$scope', ({ scope, file }) => {
  it('gives every piece of a file the scopes that are written down', async () => {
    const text = readFileSync(`test/fixtures/syntaxes/${file}`, 'utf8').trimEnd();
    const shown = scopesAsText(await loadGrammar(scope, files), text, scope.slice('source'.length));
    await expect(shown).toMatchFileSnapshot(`golden/${file}.txt`);
  });
});

/** Nothing that a person wrote: one line each, as long as no editor colours them. */
const length = 100_000;
const long = (unit: string): string =>
  unit.repeat(Math.ceil(length / unit.length)).slice(0, length);

const requestLines: Readonly<Record<string, string>> = {
  'one word': long('a'),
  spaces: `GRPC${long(' ')}x`,
  'a target of slashes': `GRPC ${long('/')}`,
  'a target of words': `GRPC ${long('a/b ')}`,
  'a title': `###${long(' #')}`,
  'metadata without a colon': `GRPC a/b/c\n${long('key ')}`,
  'one key without a colon': `GRPC a/b/c\n${long('a')}`,
  'metadata of colons': `GRPC a/b/c\n${long('a:')}`,
  'references that are never closed': `@a = ${long('{{$a 1 ')}`,
  'a reference that is never closed': `@a = {{$a ${long('1 ')}`,
  braces: `@a = ${long('{')}`,
  'a variable without a value': `@${long('a')}`,
  'a path into nothing': `# @expect ${long('message[')}`,
  'an expectation of quotes': `# @expect message["${long('\\"')}`,
  'a regular expression without its end': `# @expect message.id matches /${long('/a ')}`,
  'expected numbers': `# @expect message == ${long('1.1')}`,
  'an annotation of spaces': `# @deadline ${long(' ')}x`,
  'a comment': `${long(' ')}#`,
  'a string without its end': `GRPC a/b/c\n{ "${long('\\"')}`,
  quotes: `GRPC a/b/c\n${long('"')}`,
  'references in a message': `GRPC a/b/c\n{ "a": "${long('{{$randomInt 1 2}}')}`,
  'references in metadata': `GRPC a/b/c\na: ${long('{{$randomInt 1 2}}')}`,
  members: `GRPC a/b/c\n{ ${long('"a": 1, ')}`,
};

const protoLines: Readonly<Record<string, string>> = {
  'one word': `message M {\n${long('a')}`,
  names: `message M {\n${long('a.')}`,
  'names before a sign': `message M {\n${long('a.')} =`,
  words: `message M {\n${long('a ')}`,
  spaces: `message M {\n a${long(' ')}`,
  quotes: `option a = ${long('"')}`,
  'a string without its end': `option a = "${long('\\"')}`,
  aggregates: `option a = ${long('{a:')}`,
  lists: `option a = ${long('[')}`,
  digits: `option a = ${long('1')}`,
  'names of options': `option ${long('(a.')}`,
  'types in brackets': `option a = { ${long('[a.')}`,
  fields: `message M {\n${long('a b=1;')}`,
};

describe.each([
  { scope: 'source.grpc-request', lines: requestLines },
  { scope: 'source.proto', lines: protoLines },
])('$scope, lines of 100 KB', ({ scope, lines }) => {
  it.each(Object.entries(lines))('%s', async (_name, text) => {
    const grammar = await loadGrammar(scope, files);
    expect(searchesFor(grammar, text)).toBeLessThan(3 * text.length);
  });
});
