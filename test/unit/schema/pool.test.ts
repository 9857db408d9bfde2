import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import {
  buildSchema,
  buildSchemaInTurns,
  joinLocalFiles,
  type LocalFiles,
  loadDescriptorSetFile,
  loadProtoFiles,
  readDescriptorSet,
} from '../../../src/schema/load';
import type { Schema } from '../../../src/schema/schema';
import { forSeeds } from '../../tools/random';
import { layeredFiles } from '../../tools/reflectionFiles';
import { makeFile } from '../../tools/reflectionPeer';
import { fixture, fixturePath } from './sink';

function text(...files: [name: string, text: string][]): LocalFiles {
  const sources = files.map(([name, it]) => ({ name, text: it }));
  return { sources, descriptors: [], problems: [] };
}

function descriptors(...files: Uint8Array[]): LocalFiles {
  return { sources: [], descriptors: files, problems: [] };
}

function codes(schema: Schema): [string, string][] {
  return schema.problems.map((it) => [it.code, it.subject]);
}

const good = makeFile({
  name: 'good.proto',
  package: 'good',
  messages: { M: { text: 'string' } },
  services: { Good: { Do: ['.good.M', '.good.M'] } },
});

describe('one bad file', () => {
  it.each([
    ['noise', Uint8Array.of(1, 2, 3), 'malformed-descriptor'],
    ['a cut file', good.subarray(0, good.length - 3), 'malformed-descriptor'],
    [
      'a name that is none',
      makeFile({ name: 'x.proto', messages: { 'a b': {} } }),
      'malformed-descriptor',
    ],
    [
      'a package that is none',
      makeFile({ name: 'x.proto', package: '..' }),
      'malformed-descriptor',
    ],
    ['another file of its name', makeFile({ name: 'good.proto' }), 'duplicate-file'],
    [
      'the same type again',
      makeFile({ name: 'x.proto', package: 'good', messages: { M: {} } }),
      'duplicate-symbol',
    ],
    [
      'a missing import',
      makeFile({ name: 'x.proto', dependency: ['gone.proto'] }),
      'missing-import',
    ],
  ])('(%s) does not break the rest', (_, bad, code) => {
    const schema = buildSchema({ local: descriptors(good, bad) });
    expect(schema.problems.map((it) => it.code)).toEqual([code]);
    expect(schema.problems[0]?.message).toMatch(/\.$/);
    expect(schema.findMethod('/good.Good/Do')?.problems).toEqual([]);
    expect(schema.decode('good.M', schema.encode('good.M', '{"text":"a"}'))).toBe(
      '{\n  "text": "a"\n}',
    );
  });

  it('takes a file that comes twice unchanged for one', () => {
    expect(buildSchema({ local: descriptors(good, good) }).problems).toEqual([]);
  });

  it('leaves duplicate fields out and keeps the others', () => {
    const file = Buffer.from(
      makeFile({ name: 'x.proto', messages: { M: { a: 'string', b: 'string' } } }),
    );
    // Field b gets the number of field a.
    file[file.indexOf(Uint8Array.of(0x0a, 1, 0x62, 0x18, 2)) + 4] = 1;
    const schema = buildSchema({ local: descriptors(file) });
    expect(codes(schema)).toEqual([['malformed-descriptor', 'M']]);
    expect(schema.template('M')).toBe('{\n  "a": ""\n}');
  });
});

describe('what is unknown', () => {
  const broken = makeFile({
    name: 'broken.proto',
    package: 'b',
    dependency: ['gone.proto'],
    messages: {
      M: { lost: '.gone.Lost', text: 'string' },
      N: { m: '.b.M' },
      Fine: { text: 'string' },
    },
    services: {
      S: {
        Direct: ['.b.Fine', '.gone.Lost'],
        Nested: ['.b.N', '.b.Fine'],
        Fine: ['.b.Fine', '.b.Fine'],
      },
    },
  });
  const schema = buildSchema({ local: descriptors(broken) });

  it('is a problem on the methods that reach it, and on no other', () => {
    const problems = schema.services[0]?.methods.map((it) => [
      it.name,
      it.problems.map((p) => [p.code, p.subject]),
    ]);
    expect(problems).toEqual([
      ['Direct', [['unknown-type', 'b.S.Direct']]],
      ['Nested', [['unknown-type', 'b.M']]],
      ['Fine', []],
    ]);
    expect(schema.services[0]?.problems.map((it) => it.subject)).toEqual(['gone.proto']);
  });

  it('can be read as bytes, and is refused with the reason when written', () => {
    const bytes = Buffer.from('0a04080112001203616263', 'hex');
    expect(JSON.parse(schema.decode('b.M', bytes))).toEqual({ lost: 'CAESAA==', text: 'abc' });
    expect(schema.validate('b.M', '{"lost":{}}')[0]?.message).toContain('gone.Lost');
    expect(schema.template('b.M')).toBe('{\n  "text": ""\n}');
  });
});

describe('names from a server', () => {
  it('may be anything that an object has already', () => {
    const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf'];
    const file = makeFile({
      name: '__proto__',
      package: 'constructor',
      messages: Object.fromEntries(
        names.map((name) => [name, Object.fromEntries(names.map((it) => [it, 'string']))]),
      ),
      services: {
        prototype: { constructor: ['.constructor.constructor', '.constructor.toString'] as const },
      },
    });
    // Object.fromEntries and Object.entries carry __proto__ as a member like any other.
    const schema = buildSchema({ local: descriptors(file) });
    expect(schema.problems).toEqual([]);
    for (const name of names) {
      const type = `constructor.${name}`;
      expect(schema.hasType(type)).toBe(true);
      const template = schema.template(type);
      expect(schema.validate(type, template)).toEqual([]);
      const json = '{"constructor":"c","Proto":"p","toString":"t"}';
      const back: unknown = JSON.parse(schema.decode(type, schema.encode(type, json)));
      expect(back).toEqual(JSON.parse(json));
      const jsonSchema = JSON.stringify(schema.jsonSchema(type));
      expect(jsonSchema).toContain(`"$ref":"#/$defs/${type}"`);
      expect(schema.definition(type)?.text).toContain(`message ${name} {`);
    }
    expect(schema.findMethod('/constructor.prototype/constructor')?.problems).toEqual([]);
    expect(schema.hasType('__proto__')).toBe(false);
    expect(schema.findMethod('__proto__')).toBeUndefined();
    expect(schema.definition('__proto__')).toBeUndefined();
    expect(({} as Record<string, unknown>).text).toBeUndefined();
  });

  it('in .proto text as well', () => {
    const schema = buildSchema({
      local: text([
        'a.proto',
        'syntax = "proto3"; message constructor { string toString = 1; constructor valueOf = 2; }',
      ]),
    });
    expect(JSON.parse(schema.template('constructor'))).toEqual({ toString: '', valueOf: null });
  });
});

describe('reflection and local files together', () => {
  const reflection = { files: [good], services: ['good.Good', 'good.Other'] };

  it('lets reflection win and local files fill holes', () => {
    const schema = buildSchema({
      reflection,
      local: text([
        'mine.proto',
        'syntax = "proto3"; package good; message M { int32 other = 1; } message More { M m = 1; } service Other { rpc Do(M) returns (More); } service Unlisted { rpc Do(M) returns (M); }',
      ]),
    });
    expect(schema.problems).toEqual([]);
    expect(schema.services.map((it) => [it.name, it.methods.length])).toEqual([
      ['good.Good', 1],
      ['good.Other', 1],
    ]);
    expect(JSON.parse(schema.template('good.More'))).toEqual({ m: { text: '' } });
  });

  it('shows a listed service that nobody defines, with the reason', () => {
    const [, other] = buildSchema({ reflection }).services;
    expect(other).toMatchObject({
      name: 'good.Other',
      methods: [],
      problems: [{ code: 'missing-service' }],
    });
  });

  it('can build any number of schemas from the same local files', () => {
    const local = joinLocalFiles([
      descriptors(good),
      text(['a.proto', 'syntax="proto3"; import "good.proto"; message A { good.M m = 1; }']),
    ]);
    for (let i = 0; i < 2; i++) {
      const schema = buildSchema({ local });
      expect(schema.problems).toEqual([]);
      expect(JSON.parse(schema.template('A'))).toEqual({ m: { text: '' } });
    }
  });
});

describe('.proto files', () => {
  let folder = '';
  afterEach(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  async function write(files: Record<string, string>): Promise<string> {
    folder = await mkdtemp(join(tmpdir(), 'frameline-'));
    for (const [name, content] of Object.entries(files)) {
      await mkdir(join(folder, name, '..'), { recursive: true });
      await writeFile(join(folder, name), content);
    }
    return folder;
  }

  it('are found over import paths, with common ones supplied', async () => {
    const root = await write({
      'api/shop.proto': `syntax = "proto3"; package shop;
        import "types/money.proto"; import "google/api/annotations.proto"; import "google/rpc/status.proto";
        // Sells.
        service Shop { rpc Buy(Money) returns (google.rpc.Status) { option (google.api.http) = { get: "/v1" }; } }`,
      'vendor/types/money.proto':
        'syntax = "proto3"; package shop; message Money { int64 units = 1; }',
    });
    const local = await loadProtoFiles(
      [join(root, 'api/shop.proto')],
      [join(root, 'api'), join(root, 'vendor')],
    );
    const schema = buildSchema({ local });
    expect(schema.problems).toEqual([]);
    expect(schema.services[0]).toMatchObject({
      name: 'shop.Shop',
      file: 'shop.proto',
      comment: 'Sells.',
    });
    expect(schema.definition('shop.Shop.Buy')).toMatchObject({ file: 'shop.proto', line: 3 });
    expect(schema.definition('shop.Money')).toMatchObject({ file: 'types/money.proto', line: 0 });
  });

  it('are looked for below the import paths, by the path that was written', async () => {
    const root = await write({
      'protos/shop/shop.proto': 'syntax = "proto3"; package shop; import "shop/money.proto";',
      'protos/shop/money.proto':
        'syntax = "proto3"; package shop; import public "shop/shop.proto"; message Money {}',
      'own/here.proto': 'syntax = "proto3"; message Near {}',
      'protos/own/here.proto': 'syntax = "proto3"; message Far {}',
    });
    const [files, folders] = [
      ['shop/money.proto', 'own/here.proto', 'none.proto', '../shop/shop.proto'],
      ['empty', 'protos'],
    ].map((paths) => paths.map((path) => join(root, path)));
    const local = await loadProtoFiles(files ?? [], folders ?? [], root);
    expect(local.sources?.map(({ name }) => name)).toEqual([
      'shop/money.proto',
      'here.proto',
      'shop/shop.proto',
    ]);
    expect(local.sources?.[1]?.text).toContain('Near');
    const [none, outside, ...more] = local.problems ?? [];
    expect(none?.subject).toBe(join(root, 'none.proto'));
    for (const folder of ['empty', 'protos']) {
      expect(none?.message).toContain(`"${join(root, folder, 'none.proto')}"`);
    }
    expect(outside?.message).not.toContain('import paths');
    expect(more).toEqual([]);
  });

  it('say file and line where they do not parse, and the others stay', async () => {
    const root = await write({
      'bad.proto': 'syntax = "proto3";\n\nmessage M {\n  strin g = ;\n}\n',
      'good.proto': 'syntax = "proto3"; message Good {}',
    });
    const local = await loadProtoFiles([join(root, 'bad.proto'), join(root, 'good.proto')], []);
    const schema = buildSchema({ local });
    expect(schema.problems).toHaveLength(1);
    expect(schema.problems[0]).toMatchObject({
      code: 'syntax-error',
      subject: 'bad.proto',
      line: 4,
    });
    expect(schema.hasType('Good')).toBe(true);
  });

  it('that are missing, or would leave the import path, are told', async () => {
    const root = await write({
      'secret.proto': 'syntax = "proto3"; message Secret {}',
      'api/a.proto':
        'syntax = "proto3"; import "../secret.proto"; import "gone.proto"; message A {}',
    });
    const local = await loadProtoFiles(
      [join(root, 'api/a.proto'), join(root, 'api/none.proto')],
      [join(root, 'api')],
    );
    const schema = buildSchema({ local });
    expect(schema.hasType('Secret')).toBe(false);
    expect(codes(schema).map(([code]) => code)).toEqual([
      'missing-import',
      'missing-import',
      'missing-import',
    ]);
  });

  it('leave the import path by no backslash either', async () => {
    const root = await write({
      'api/..\\secret.proto': 'syntax = "proto3"; message Secret {}',
      'api/a.proto': 'syntax = "proto3"; import "..\\secret.proto"; message A {}',
    });
    const local = await loadProtoFiles([join(root, 'api/a.proto')], [join(root, 'api')]);
    expect(local.sources?.map(({ name }) => name)).toEqual(['a.proto']);
  });

  // Quadratic time would be minutes here: the test would time out.
  it('are read whatever comments they do not end', async () => {
    const root = await write({ 'a.proto': `syntax = "proto3"; ${'/*x'.repeat(500_000)}` });
    const local = await loadProtoFiles([join(root, 'a.proto')], []);
    expect(local.sources).toHaveLength(1);
  });
});

describe('descriptor sets', () => {
  it('are read from a file', async () => {
    const schema = buildSchema({ local: await loadDescriptorSetFile(fixturePath('sink.binpb')) });
    expect(schema.services.map((it) => it.name)).toEqual(['sink.v1.Sink']);
    await expect(loadDescriptorSetFile(fixturePath('none.binpb'))).rejects.toThrow('ENOENT');
  });

  it('say when they are none', () => {
    for (const bytes of [
      new Uint8Array(),
      Buffer.from('not a set'),
      fixture('sink.binpb').subarray(0, 1000),
    ]) {
      const { problems } = readDescriptorSet(bytes, 'x.binpb');
      expect(problems.map((it) => it.code)).toEqual(['malformed-descriptor']);
    }
  });

  it('of random bytes and mutations give a schema that works as far as it goes', () => {
    const whole = fixture('sink.binpb');
    forSeeds(60, (random) => {
      const copy = Buffer.from(whole);
      for (let i = random.integer(1, 30); i > 0; i--) {
        copy[random.integer(0, copy.length - 1)] = random.integer(0, 255);
      }
      const bytes = random.chance(0.1) ? random.bytes(200) : copy;
      const schema = buildSchema({ local: readDescriptorSet(bytes, 'x.binpb') });
      for (const service of schema.services) {
        schema.definition(service.name);
        for (const method of service.methods) {
          expect(Array.isArray(method.problems)).toBe(true);
          const template = schema.template(method.requestType);
          JSON.parse(template);
          JSON.stringify(schema.jsonSchema(method.requestType));
          if (schema.hasType(method.requestType)) {
            expect(
              schema.validate(method.requestType, template).filter((it) => it.severity === 'error'),
            ).toEqual([]);
          }
        }
      }
    });
  });
});

describe('a schema built in turns', () => {
  it('is the same, and leaves the event loop its turns', async () => {
    const files = [...layeredFiles(1500, 3).files.values()];
    let turns = 0;
    let building = true;
    const count = () => {
      turns++;
      if (building) setImmediate(count);
    };
    setImmediate(count);
    const inTurns = await buildSchemaInTurns({ local: descriptors(...files) });
    building = false;
    const atOnce = buildSchema({ local: descriptors(...files) });
    expect(inTurns.services).toEqual(atOnce.services);
    expect(inTurns.services.length).toBeGreaterThan(0);
    expect(turns).toBeGreaterThan(1);
  });
});
