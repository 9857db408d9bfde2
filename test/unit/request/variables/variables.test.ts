import { describe, expect, it } from 'vitest';
import { StaticValues } from '../../../../src/request/check/staticValues';
import { parseRequestFile } from '../../../../src/request/file/parse';
import { dynamicValue } from '../../../../src/request/variables/dynamic';
import { findReferences } from '../../../../src/request/variables/references';
import { replaceReferences } from '../../../../src/request/variables/replace';
import type { Scope } from '../../../../src/request/variables/scope';
import { Values } from '../../../../src/request/variables/values';
import { forSeeds } from '../../../tools/random';

function scope(
  parts: Partial<Scope> & {
    variables?: Record<string, string>;
    secrets?: Record<string, string>;
  } = {},
): Scope {
  const { variables = {}, secrets = {}, ...rest } = parts;
  return {
    overrides: new Map(),
    captures: new Map(),
    environment: {
      name: 'local',
      variables: new Map(Object.entries(variables)),
      secrets: [...Object.keys(secrets), 'LOST'],
      targets: new Map(),
    },
    secret: async (name) =>
      secrets[name] === undefined
        ? { ok: false, message: `${name} is not set.` }
        : { ok: true, value: secrets[name] },
    ...rest,
  };
}

const values = (text: string): Values => new Values(parseRequestFile(text).variables);
const fill = async (file: string, text: string, within = scope()): Promise<string> => {
  const { text: filled, problems } = await values(file).fill(text, 'text', within);
  return problems.length === 0 ? filled : problems.map(({ message }) => message).join(' | ');
};

describe('references', () => {
  it('are variables, dynamic values or malformed', () => {
    const found = findReferences('a {{ b }} {{$randomInt 1 2}} {{}} {{c d}} { {e} }');
    expect(found.map(({ kind, span }) => [kind, span.from, span.to])).toEqual([
      ['variable', 2, 9],
      ['dynamic', 10, 28],
      ['malformed', 29, 33],
      ['malformed', 34, 41],
    ]);
  });
});

describe('replacing references', () => {
  it('escapes a value inside a JSON string, and inserts it as it is elsewhere', () => {
    const { text } = replaceReferences(
      '{ "a\\"{{x}}": "{{x}}", "b": {{y}} }',
      'json',
      (reference) => (reference.kind === 'variable' && reference.name === 'x' ? 'say "hi"\n' : '5'),
    );
    expect(text).toBe('{ "a\\"say \\"hi\\"\\n": "say \\"hi\\"\\n", "b": 5 }');
    expect(JSON.parse(text)).toEqual({ 'a"say "hi"\n': 'say "hi"\n', b: 5 });
  });

  it('knows where each place comes from', () => {
    forSeeds(200, (random) => {
      const parts = Array.from({ length: random.integer(0, 8) }, () =>
        random.chance(0.5) ? '{{n}}' : 'abc'.slice(0, random.integer(1, 3)),
      );
      const source = parts.join('');
      const value = 'V'.repeat(random.integer(0, 9));
      const { text, originOf } = replaceReferences(source, 'text', () => value);
      for (let at = 0; at < text.length; at++) {
        const expected = text[at] === 'V' ? '{' : text[at];
        expect(source[originOf(at)]).toBe(expected);
      }
      expect(originOf(text.length)).toBeLessThanOrEqual(source.length);
    });
  });
});

describe('dynamic values', () => {
  it('are made anew', () => {
    const uuid = dynamicValue('uuid', []);
    expect(uuid).toEqual({
      ok: true,
      value: expect.stringMatching(
        /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/,
      ),
    });
    expect(dynamicValue('uuid', [])).not.toEqual(uuid);
    expect(dynamicValue('isoTimestamp', [])).toEqual({
      ok: true,
      value: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    });
    expect(dynamicValue('timestamp', [])).toEqual({
      ok: true,
      value: expect.stringMatching(/^\d{10}$/),
    });
  });

  it('are integers of a range', () => {
    for (let i = 0; i < 100; i++) {
      const drawn = dynamicValue('randomInt', ['-1', '1']);
      expect(['-1', '0', '1']).toContain(drawn.ok && drawn.value);
    }
  });

  it.each([
    ['randomInt', ['5', '1'], '5 is more than 1'],
    ['randomInt', ['a', 'b'], 'Write {{$randomInt min max}} with two integers.'],
    ['randomInt', ['1'], 'Write {{$randomInt min max}} with two integers.'],
    ['randomInt', ['0', '9007199254740991'], 'The range is too wide.'],
    ['uuid', ['4'], '$uuid takes no argument'],
    ['guid', [], 'There is no dynamic value $guid. Did you mean $uuid?'],
  ])('refuse $%s %j', (name, args, message) => {
    expect(dynamicValue(name, args)).toEqual({
      ok: false,
      message: expect.stringContaining(message),
    });
  });
});

describe('the values of variables', () => {
  it('come from the command line, captures, the file and the environment, in this order', async () => {
    const all = scope({
      overrides: new Map([['a', 'override']]),
      captures: new Map([
        ['a', 'capture'],
        ['b', 'capture'],
      ]),
      variables: { a: 'env', b: 'env', c: 'env', d: 'env' },
      secrets: { d: 'secret', e: 'secret' },
    });
    expect(
      await fill('@a = file\n@b = file\n@c = file', '{{a}} {{b}} {{c}} {{d}} {{e}}', all),
    ).toBe('override capture file env secret');
  });

  it('may refer to each other, but not to themselves', async () => {
    const within = scope({ variables: { zone: '{{region}}-b', region: 'eu' } });
    expect(await fill('@host = {{name}}.{{zone}}:1\n@name = m', '{{host}}', within)).toBe(
      'm.eu-b:1',
    );
    expect(await fill('@a = {{b}}\n@b = x{{a}}', '{{a}}')).toContain(
      'A variable refers to itself: a → b → a.',
    );
  });

  it('are computed once, and anew for the next run', async () => {
    const file = values('@id = {{$uuid}}');
    const first = await file.fill('{{id}} {{id}}', 'text', scope());
    const [a, b] = first.text.split(' ');
    expect(a).toBe(b);
    expect(file.dynamicValues).toBe(1);
    const again = await values('@id = {{$uuid}}').fill('{{id}}', 'text', scope());
    expect(again.text).not.toBe(a);
  });

  it('say which secrets were used', async () => {
    const file = values('@auth = Bearer {{TOKEN}}');
    expect(file.secrets).toEqual([]);
    const filled = await file.fill(
      '{{auth}}',
      'text',
      scope({ secrets: { TOKEN: 'abc', OTHER: 'x' } }),
    );
    expect(filled.text).toBe('Bearer abc');
    expect(file.secrets).toEqual(['abc']);
  });

  it('say why there is none', async () => {
    expect(await fill('@host = x', '{{hots}}')).toBe(
      'There is no variable hots. Did you mean host?',
    );
    expect(await fill('', '{{LOST}}')).toBe('LOST is not set.');
    expect(await fill('', '{{x}}', { ...scope(), environment: undefined })).toContain(
      'no environment of a frameline.json holds',
    );
    expect(await fill('@a = {{$guid}}', '{{a}}')).toContain(
      'a has no value. There is no dynamic value $guid.',
    );
  });
});

describe('variables that were made to take all memory and time', () => {
  const chain = (count: number, of: (next: string) => string, last: string): string[] =>
    Array.from({ length: count }, (_, at) => `v${at} = ${of(`{{v${at + 1}}}`)}`).concat(
      `v${count} = ${last}`,
    );
  const inFile = (lines: readonly string[]): string => lines.map((line) => `@${line}\n`).join('');
  const inEnvironment = (lines: readonly string[]): Scope =>
    scope({ variables: Object.fromEntries(lines.map((line) => line.split(' = ', 2))) });
  const twice = (next: string): string => next + next;

  it('are refused when they grow too long', async () => {
    const lines = chain(40, twice, 'lol');
    const message =
      /^(v\d+ has no value\. )*The value of \w+ is longer than 16777216 characters\.$/;
    expect(await fill(inFile(lines), '{{v0}}')).toMatch(message);
    expect(
      await fill(
        '@big = {{x}}{{x}}\n',
        '{{big}}',
        scope({ overrides: new Map([['x', 'x'.repeat(2 ** 24)]]) }),
      ),
    ).toMatch(message);
  });

  it('are refused when they are too many, however short', async () => {
    const lines = chain(40, twice, '');
    expect(await fill('', '{{v0}}', inEnvironment(lines))).toContain(
      'Variables refer to each other more than 10000 times.',
    );
    expect(await fill(inFile(lines), '{{v0}}')).toBe('');
  });

  it('are refused when they go too deep', async () => {
    const message = 'Variables refer to each other more than 100 deep.';
    expect(await fill(inFile(chain(20_000, (next) => next, 'x')), '{{v0}}')).toContain(message);
    expect(await fill(inFile(chain(90, (next) => next, 'x')), '{{v0}}')).toBe('x');
  });

  it('are left alone by what checks a file', () => {
    const known = (lines: readonly string[]) =>
      new StaticValues(parseRequestFile(inFile(lines)).variables, [], undefined).valueOf('v0');
    expect(known(chain(10, twice, 'x'))).toMatchObject({ kind: 'known', value: 'x'.repeat(1024) });
    expect(known(chain(40, twice, 'x'))).toMatchObject({ kind: 'later' });
    expect(known(chain(20_000, (next) => next, 'x'))).toMatchObject({ kind: 'later' });
  });
});
