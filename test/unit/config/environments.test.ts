import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { EnvironmentFiles, parseEnvironments } from '../../../src/config/environmentFiles';
import { parseConfig } from '../../../src/lint/config/parseConfig';
import { forSeeds } from '../../tools/random';

const root = resolve('/work');
const path = join(root, 'frameline.json');

/** The only environment of a file, as JSON. */
function environment(value: unknown) {
  const text = JSON.stringify({ environments: { local: value } });
  const { environments, problems } = parseEnvironments(text, path);
  return { found: environments[0], problems };
}

/** What each problem marks, and its message. */
function marked(text: string): [string, string][] {
  return parseEnvironments(text, path).problems.map(({ span, message }) => [
    text.slice(span.from, span.to),
    message,
  ]);
}

describe('environments', () => {
  test.each(['', ' \n', '{}', '{ "lint": {} }', '{ "environments": {} }'])(
    '%j has none',
    (text) => {
      expect(parseEnvironments(text, path)).toEqual({
        path,
        folder: root,
        environments: [],
        problems: [],
      });
    },
  );

  test('everything, with comments and trailing commas, in the order of the file', () => {
    const { environments, problems } = parseEnvironments(
      `{
      "environments": {
        "local": {
          // here
          "variables": { "host": "localhost:50051", "size": 3, "long": 9007199254740993, "on": true, "empty": "" },
          "secrets": ["MARKET_TOKEN",],
          "targets": { "market": { "address": "{{host}}", "security": "plaintext" } },
        },
        "a-2.b_c": {
          "targets": {
            "market": {
              "address": "market.example.com:443",
              "authority": "market.internal",
              "ca": "certificates/ca.pem",
              "clientCertificate": "/keys/me.pem",
              "clientKey": "../me.key",
              "reflection": false,
              "protoFiles": ["protos/market.proto"],
              "importPaths": ["protos"],
              "descriptorSets": ["market.binpb"],
              "reflectionMetadata": { "authorization": "Bearer {{MARKET_TOKEN}}" },
            },
          },
        },
      },
    }`,
      path,
    );
    expect(problems).toEqual([]);
    expect(environments).toEqual([
      {
        name: 'local',
        variables: new Map([
          ['host', 'localhost:50051'],
          ['size', '3'],
          ['long', '9007199254740993'],
          ['on', 'true'],
          ['empty', ''],
        ]),
        secrets: ['MARKET_TOKEN'],
        targets: new Map([
          [
            'market',
            {
              target: { address: '{{host}}', security: { kind: 'plaintext' } },
              sources: { reflection: true, protoFiles: [], importPaths: [], descriptorSets: [] },
            },
          ],
        ]),
      },
      {
        name: 'a-2.b_c',
        variables: new Map(),
        secrets: [],
        targets: new Map([
          [
            'market',
            {
              target: {
                address: 'market.example.com:443',
                authority: 'market.internal',
                security: {
                  kind: 'tls',
                  verify: true,
                  ca: join(root, 'certificates/ca.pem'),
                  client: { certificate: resolve('/keys/me.pem'), key: resolve('/me.key') },
                },
              },
              sources: {
                reflection: false,
                protoFiles: [join(root, 'protos/market.proto')],
                importPaths: [join(root, 'protos')],
                protoFolder: root,
                descriptorSets: [join(root, 'market.binpb')],
              },
              reflectionMetadata: [{ key: 'authorization', value: 'Bearer {{MARKET_TOKEN}}' }],
            },
          ],
        ]),
      },
    ]);
  });

  test.each([
    ['[]', '[]', '"environments" has to be an object: { "local": { … } }.'],
    [
      '{ "lo cal": {} }',
      '"lo cal"',
      'An environment has a name of letters, digits, _ - and .: "lo cal" is none.',
    ],
    ['{ "a": 1 }', '1', '"environments.a" has to be an object: { … }.'],
    [
      '{ "a": { "variable": {} } }',
      '"variable"',
      'There is no setting "variable" in "environments.a". Did you mean "variables"?',
    ],
    [
      '{ "a": { "variables": [] } }',
      '[]',
      '"environments.a.variables" has to be an object: { "name": "value" }.',
    ],
    [
      '{ "a": { "variables": { "2x": 1 } } }',
      '"2x"',
      'A variable has a name of letters, digits, _ - and ., and begins with a letter or _: "2x" is none.',
    ],
    [
      '{ "a": { "variables": { "x": {} } } }',
      '{}',
      '"environments.a.variables.x" has to be a text, a number, true or false.',
    ],
    [
      '{ "a": { "variables": { "x": null } } }',
      'null',
      '"environments.a.variables.x" has to be a text, a number, true or false.',
    ],
    [
      '{ "a": { "secrets": { "TOKEN": "abc" } } }',
      '{ "TOKEN": "abc" }',
      `"environments.a.secrets" is a list of names: ["MARKET_TOKEN"]. Values don't stand in this file: the editor asks for them and keeps them, and the command line takes them from its environment.`,
    ],
    [
      '{ "a": { "secrets": "TOKEN" } }',
      '"TOKEN"',
      '"environments.a.secrets" has to be a list of names: ["MARKET_TOKEN"].',
    ],
    [
      '{ "a": { "secrets": [3] } }',
      '3',
      `"environments.a.secrets" has to be a text that isn't empty: "…".`,
    ],
    [
      '{ "a": { "secrets": ["T", "T"] } }',
      '"T"',
      '"T" stands here a second time. Take one of them out.',
    ],
    [
      '{ "a": { "secrets": ["my token"] } }',
      '"my token"',
      'A secret has a name of letters, digits, _ - and ., and begins with a letter or _: "my token" is none.',
    ],
    [
      '{ "a": { "variables": { "T": "{{x}}" }, "secrets": ["T"] } }',
      '"T"',
      '"T" is a variable of this environment too, and the variable comes first: the secret would never be used. Give one of them another name.',
    ],
    [
      '{ "a": { "targets": { "a/b": { "address": "b:1" } } } }',
      '"a/b"',
      'A target has a name of letters, digits, _ - and .: "a/b" is none.',
    ],
    [
      '{ "a": { "targets": { "b": {} } } }',
      '{}',
      '"environments.a.targets.b" has no "address". Write where the server is: "localhost:50051".',
    ],
    [
      '{ "a": { "targets": { "b": { "address": "" } } } }',
      '""',
      `"environments.a.targets.b.address" has to be a text that isn't empty: "…".`,
    ],
    [
      '{ "a": { "targets": { "b": { "address": "b:1", "security": "plain" } } } }',
      '"plain"',
      '"environments.a.targets.b.security" can be "tls" or "plaintext".',
    ],
    [
      '{ "a": { "targets": { "b": { "address": "b:1", "verify": false } } } }',
      '"verify"',
      'There is no setting "verify" in "environments.a.targets.b". There are "address", "security", "authority", "ca", "clientCertificate", "clientKey", "reflection", "protoFiles", "importPaths", "descriptorSets" and "reflectionMetadata".',
    ],
    [
      '{ "a": { "targets": { "b": { "address": "b:1", "clientKey": "x" } } } }',
      '"x"',
      '"clientCertificate" and "clientKey" go together: write both, or neither.',
    ],
    [
      '{ "a": { "targets": { "b": { "address": "b:1", "security": "plaintext", "ca": "x" } } } }',
      '"x"',
      '"ca" is for TLS, and "security" is "plaintext". Take one out.',
    ],
    [
      '{ "a": { "targets": { "b": { "address": "b:1", "reflection": "no" } } } }',
      '"no"',
      '"environments.a.targets.b.reflection" has to be true or false.',
    ],
    [
      '{ "a": { "targets": { "b": { "address": "b:1", "reflection": false } } } }',
      'false',
      'Without reflection nothing says what this server offers. Name its files in "protoFiles" or "descriptorSets".',
    ],
    [
      '{ "a": { "targets": { "b": { "address": "b:1", "protoFiles": "x" } } } }',
      '"x"',
      '"environments.a.targets.b.protoFiles" has to be a list of texts: ["…"].',
    ],
    [
      '{ "a": { "targets": { "b": { "address": "b:1", "reflectionMetadata": { "a b": "c" } } } } }',
      '"a b"',
      `"a b" can't be a key of metadata: those have letters, digits, - _ and . only.`,
    ],
    ['{ "a": {}, "a": {} }', '"a"', '"a" stands here a second time; only the last one counts.'],
  ])('%s', (value, mark, message) => {
    const text = `{ "environments": ${value} }`;
    expect(marked(text)).toEqual([[mark, message]]);
    // The linter shows the same.
    expect(parseConfig(text).problems).toEqual(parseEnvironments(text, path).problems);
  });

  test('an address that is none says what was meant; one with references is not looked at', () => {
    const address = (text: string) =>
      environment({ targets: { b: { address: text } } }).problems.map(({ message }) => message);
    expect(address('http://b:50051')).toEqual([expect.stringContaining('Did you mean "b:50051"?')]);
    expect(address('{{host}}')).toEqual([]);
  });

  test.each([
    { address: 'b:1', security: 'none' },
    { address: 'b:1', clientCertificate: 'x' },
    { address: 'b:1', ca: '' },
    { address: 'b:1', authority: 'a b' },
    { address: 'grpc://b:1' },
  ])('a target that says %j can not be used, and the others can', (target) => {
    const { found } = environment({ targets: { bad: target, good: { address: 'b:1' } } });
    expect([...(found?.targets.keys() ?? [])]).toEqual(['good']);
  });

  test('what looks like a secret gets a warning, unless it refers to one', () => {
    const { problems } = environment({
      variables: { apiKey: 'abc', password: '', session_token: '{{TOKEN}}', tokens: 3 },
      secrets: ['TOKEN'],
      targets: {
        b: { address: 'b:1', reflectionMetadata: { authorization: 'abc', cookie: '{{TOKEN}}' } },
      },
    });
    expect(problems.map(({ severity, message }) => [severity, message])).toEqual([
      ['warning', expect.stringMatching(/^"apiKey" looks like a secret/)],
      ['warning', expect.stringMatching(/^"tokens" looks like a secret/)],
      ['warning', expect.stringMatching(/^"authorization" looks like a secret/)],
    ]);
  });

  test('mistakes elsewhere in the file are not said', () => {
    const text = '{ "lint": { "lint": 1 }, "path": 3, "path": 3, "environments": {} }';
    expect(marked(text)).toEqual([]);
  });

  test('a broken file is read as far as it goes', () => {
    const text = '{ "environments": { "a": { "variables": { "x": "1" } } }';
    expect(parseEnvironments(text, path)).toMatchObject({
      environments: [{ name: 'a' }],
      problems: [{ message: 'This object is not closed: } is missing.' }],
    });
  });

  test('any text is read without an error, and its problems lie in it', () => {
    const parts = ['{', '}', '[', ']', '"environments"', ':', ',', '"a"', '"targets"', '{{', '1'];
    forSeeds(300, (random) => {
      const text = `{"environments":${Array.from({ length: random.integer(0, 30) }, () => random.pick(parts)).join('')}`;
      for (const { span } of parseEnvironments(text, path).problems) {
        expect([span.from >= 0, span.to <= text.length]).toEqual([true, true]);
      }
    });
  });
});

describe('EnvironmentFiles', () => {
  const one = (name: string) => `{ "environments": { "${name}": {} } }`;
  const names = async (files: EnvironmentFiles, file: string) =>
    (await files.nearest(join(root, file)))?.environments.map(({ name }) => name);

  test('the nearest file holds, up to the root, and is read once until it changes', async () => {
    const asked: string[] = [];
    const texts: Record<string, string> = {
      [resolve('/frameline.json')]: one('outside'),
      [path]: one('top'),
      [join(root, 'a', 'frameline.json')]: one('inner'),
      [join(root, 'b', 'frameline.json')]: '{ "lint": {} }',
    };
    const files = new EnvironmentFiles(
      async (file) => {
        asked.push(file);
        return texts[file];
      },
      [root],
    );
    expect(await names(files, 'x.grpc')).toEqual(['top']);
    expect(await names(files, 'a/c/x.grpc')).toEqual(['inner']);
    expect(await names(files, 'b/x.grpc')).toEqual([]);
    const before = asked.length;
    expect(await files.nearest(join(root, 'y.grpc'))).toBe(
      await files.nearest(join(root, 'x.grpc')),
    );
    expect(asked).toHaveLength(before);
    delete texts[path];
    files.changed(path);
    expect(await names(files, 'x.grpc')).toBeUndefined();
  });

  test('one that can not be read is a problem, and has no environments', async () => {
    const files = new EnvironmentFiles(async () => {
      throw new Error('EACCES');
    });
    expect(await files.nearest(join(root, 'x.grpc'))).toMatchObject({
      environments: [],
      problems: [{ message: "This file can't be read: EACCES." }],
    });
  });
});
