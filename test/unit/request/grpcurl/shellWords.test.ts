import { describe, expect, it } from 'vitest';
import { ShellError, type ShellWord } from '../../../../src/request/grpcurl/shellSyntax';
import { readShell } from '../../../../src/request/grpcurl/shellWords';
import { forSeeds, type Random, seededRandom } from '../../../tools/random';
import { shells, wordsByShell } from '../../../tools/shell';

function textOf({ parts }: ShellWord): string {
  return parts.map((part) => (part.kind === 'text' ? part.text : `<${part.source}>`)).join('');
}

/** Words as texts, what a shell would replace in <>, operators and redirections in words. */
function outline(text: string): string[] {
  return readShell(text).map((token) => {
    switch (token.kind) {
      case 'word':
        return textOf(token.word);
      case 'operator':
        return `operator ${JSON.stringify(token.text)}`;
      default:
        return `${token.operator} ${textOf(token.word)}`;
    }
  });
}

function problemOf(text: string): { message: string; at: string } {
  try {
    readShell(text);
  } catch (error) {
    if (error instanceof ShellError) {
      return { message: error.message, at: text.slice(error.span.from) };
    }
    throw error;
  }
  throw new Error(`${text} is read without a problem`);
}

describe('readShell', () => {
  it.each<[string, string[]]>([
    ['grpcurl  -plaintext\tlocalhost:1', ['grpcurl', '-plaintext', 'localhost:1']],
    [`'single "x" $y \\'`, ['single "x" $y \\']],
    [`"a \\"b\\" \\\\ \\$c \\d 'e'"`, [`a "b" \\ $c \\d 'e'`]],
    [`a\\ b 'it'\\''s' ""`, ['a b', "it's", '']],
    ['a \\\n  b\\\nc', ['a', 'bc']],
    ['"a\\\nb"', ['ab']],
    ["'a\\\nb'", ['a\\\nb']],
    [`$'tab\\t\\x41\\101\\u00fc\\U1F6B2 \\'q\\' \\z'`, ["tab\tAAü🚲 'q' \\z"]],
    [`$'a\\0b'c $'\\xc3\\xbc' $'\\cA'`, ['ac', 'ü', '\u0001']],
    ['$"locale"', ['locale']],
    ['a # comment\nb', ['a', 'operator "\\n"', 'b']],
    ['a#b', ['a#b']],
    [`$TOKEN "$\{HOST}:1" $\{A:-b c}`, ['<$TOKEN>', `<$\{HOST}>:1`, `<$\{A:-b c}>`]],
    ['$1 $@ $$ $ a$', ['<$1>', '<$@>', '<$$>', '$', 'a$']],
    [
      '$(cat "a)b" `x`) `date \\`y\\`` $((1+(2)))',
      ['<$(cat "a)b" `x`)>', '<`date \\`y\\``>', '<$((1+(2)))>'],
    ],
    ['"Bearer $(gcloud auth "print me")"', ['Bearer <$(gcloud auth "print me")>']],
    [
      'a|b && c; d & (e)',
      [
        ...['a', 'operator "|"', 'b', 'operator "&&"', 'c', 'operator ";"', 'd', 'operator "&"'],
        ...['operator "("', 'e', 'operator ")"'],
      ],
    ],
    ['a >out 2>&1 <in >>"b c" &>all', ['a', '> out', '2>& 1', '< in', '>> b c', '&> all']],
    ['a <<< "x y" b <(c d)', ['a', '<<< x y', 'b', '<<(c d)>']],
    [
      'a <<EOF b\n{"x": "$Y \\$z \\n"}\nEOF\nc',
      ['a', '<< {"x": "<$Y> $z \\n"}\n', 'b', 'operator "\\n"', 'c'],
    ],
    ["a <<'EOF'\n$Y\nEOF", ['a', '<< $Y\n', 'operator "\\n"']],
    ['a <<-EOF\n\t\tx\n\tEOF\n', ['a', '<<- x\n', 'operator "\\n"']],
    ['a <<A <<B\n1\nA\n2\nB\n', ['a', '<< 1\n', '<< 2\n', 'operator "\\n"']],
    ['', []],
  ])('reads %j', (text, words) => {
    expect(outline(text)).toEqual(words);
  });

  it.each<[string, string, RegExp]>([
    ["a 'b c", "'b c", /single quote ' that opens here is never closed/],
    ['a "b $(c) d', '"b $(c) d', /double quote " that opens here/],
    ["a $'b\\'", "'b\\'", /single quote/],
    ['a `b', '`b', /backtick/],
    ['a "$(b"', '(b"', /\) of this \( is missing|double quote/],
    ['a ${b', '{b', /} of this { is missing/],
    ['a >', '>', /After > a word is missing/],
    ['a <<EOF', '<<EOF', /begins on the next line/],
    ['a <<EOF\nb', '<<EOF\nb', /line EOF/],
  ])('says what is missing in %j and where', (text, at, message) => {
    const problem = problemOf(text);
    expect(problem.message).toMatch(message);
    expect(problem.at.startsWith(at) || at.endsWith(problem.at)).toBe(true);
  });

  it.each<[string, string | undefined]>([
    ['[::1]:50051', undefined],
    ['{}', undefined],
    ['"*"', undefined],
    ['a*', '*'],
    ['[a-z]', '[a-z]'],
    ['{a,b}', '{a,b}'],
    ['{1..3}', '{1..3}'],
    ['~/ca.pem', '~'],
    ['a~', undefined],
  ])('sees in %s the pattern %s', (text, pattern) => {
    const [token] = readShell(text);
    expect(token?.kind === 'word' && token.word.pattern).toBe(pattern);
  });

  const common = [
    ...["'", "'", '"', '"', '\\', '\\\n', '\\\\', ' ', '  ', '\t', '#', ' #', 'a', 'b', '-d', '='],
    ...['{"a":1}', ':', '/', ',', '@', '%', '^', '!', ']', 'ü', '自', '🚲', "\\'", '\\"', '\\ '],
    ...['\\$', '\\`', '$ ', "'\n'", '"\n"', "''", '""'],
  ];
  const ofBash = [
    ...["$'", "$'", '$"', '\\n', '\\t', '\\x41', '\\101', '\\u00fc', '\\U0001F6B2', '\\e', '\\?'],
    ...['\\cG', '\\z', '\\x', '\\8'],
  ];

  it.each(shells)('splits random texts as %s does', (shell) => {
    const pieces = shell === 'bash' ? [...common, ...ofBash] : common;
    const texts: string[] = [];
    forSeeds(2000, (random) => {
      const text = randomText(random, pieces);
      // What only bash knows, dash takes for something else.
      if (hasOnlyWords(text) && (shell === 'bash' || !/\$['"]/.test(text))) {
        texts.push(text);
      }
    });
    expect(texts.length).toBeGreaterThan(1000);
    const expected = wordsByShell(shell, texts);
    let words = 0;
    for (const [index, text] of texts.entries()) {
      const own = ownWords(text);
      expect({ text, words: own }).toEqual({ text, words: expected[index] });
      words += own?.length ?? 0;
    }
    expect(words).toBeGreaterThan(1000);
  });

  it('never hangs and never fails otherwise: anything', () => {
    const pieces = [
      ...[...common, ...ofBash, '$(', ')', '(', '${', '}', '`', '<<', '<<-', '<<<', 'EOF', '\n'],
      ...['|', '&', ';', '>', '<', '2>', '<(', '$A', '$1', '*', '{a,b}', '\0', '\ud83d'],
    ];
    forSeeds(5000, (random) => {
      const text = randomText(random, pieces, 30);
      try {
        for (const token of readShell(text)) {
          const span = token.kind === 'word' ? token.word.span : token.span;
          expect(span.from).toBeGreaterThanOrEqual(0);
          expect(span.to).toBeLessThanOrEqual(text.length);
        }
      } catch (error) {
        expect(error).toBeInstanceOf(ShellError);
      }
    });
  });

  it('reads a megabyte without effort', () => {
    const random = seededRandom(1);
    const many = Array.from({ length: 100_000 }, () => random.pick(['a,', '{', '"b" ', '$C'])).join(
      '',
    );
    for (const text of [many, '{,'.repeat(300_000), `"${'x'.repeat(1_000_000)}"`]) {
      expect(readShell(text).length).toBeGreaterThan(0);
    }
  });
});

function randomText(random: Random, pieces: readonly string[], most = 12): string {
  return Array.from({ length: random.integer(1, most) }, () => random.pick(pieces)).join('');
}

/** Nothing in the text would be run, replaced or, with a backslash at its very end, left open. */
function hasOnlyWords(text: string): boolean {
  try {
    return (
      !/(?:^|[^\\])(?:\\\\)*\\$/.test(text) &&
      readShell(text).every(
        (token) => token.kind === 'word' && token.word.parts.every(({ kind }) => kind === 'text'),
      )
    );
  } catch {
    return true;
  }
}

function ownWords(text: string): string[] | undefined {
  try {
    return readShell(text).map((token) => (token.kind === 'word' ? textOf(token.word) : ''));
  } catch {
    return undefined;
  }
}
