/** What the panel and the explorer show of a schema: templates, JSON Schema, definitions, status details. */
import { describe, expect, it } from 'vitest';
import { buildSchema, decodeStatusDetails, readDescriptorSet } from '../../../src/schema/load';
import type { Schema } from '../../../src/schema/schema';
import { descriptorSchema, fixture, textSchema } from './sink';

const schemas: [string, Schema][] = [
  ['descriptor set', descriptorSchema()],
  ['.proto text', await textSchema()],
];
const TYPES = [
  ...['Scalars', 'Repeated', 'Maps', 'Choices', 'Tree', 'WellKnown', 'Everything'].map(
    (it) => `sink.v1.${it}`,
  ),
  'sink.v1.Everything.Inner',
  'sink.legacy.Old',
  'sink.legacy.Extra',
  'sink.editions.Modern',
  ...[
    'Any',
    'Empty',
    'Struct',
    'Value',
    'ListValue',
    'Timestamp',
    'Duration',
    'FieldMask',
    'Int64Value',
    'BytesValue',
  ].map((it) => `google.protobuf.${it}`),
];

describe.each(schemas)('the schema of a %s', (_, schema) => {
  it.each(TYPES)('has a template of %s that encode takes', (type) => {
    expect(schema.validate(type, schema.template(type))).toEqual([]);
    schema.decode(type, schema.encode(type, schema.template(type)));
  });

  it('cuts recursion, takes one member of a oneof and the defaults of proto2', () => {
    expect(JSON.parse(schema.template('sink.v1.Tree'))).toEqual({
      name: '',
      left: null,
      children: [],
      named: {},
    });
    expect(JSON.parse(schema.template('sink.v1.Choices'))).toEqual({ text: '', other: '' });
    expect(JSON.parse(schema.template('sink.legacy.Old'))).toMatchObject({
      count: 42,
      title: 'un"titled"',
      grade: 'BEST',
      flag: true,
      big: '-9223372036854775808',
    });
  });

  it('has a JSON Schema for completion and hover', () => {
    const json = schema.jsonSchema('sink.v1.Everything');
    expect(json).toMatchObject({
      $ref: '#/$defs/sink.v1.Everything',
      $defs: {
        'sink.v1.Scalars': {
          type: 'object',
          description: 'Every scalar type once.',
          properties: {
            aInt64: {
              description: 'A 64-bit integer: JSON has it as a string.',
              'x-type': 'int64',
              'x-number': 4,
              'x-name': 'a_int64',
              type: ['string', 'integer'],
            },
            maybeText: { 'x-deprecated': true },
            otherName: { 'x-name': 'renamed' },
          },
        },
        'sink.v1.Color': {
          type: 'string',
          enum: ['COLOR_UNSPECIFIED', 'COLOR_RED', 'COLOR_GREEN', 'COLOR_NEGATIVE'],
          'x-enum-comments': { COLOR_UNSPECIFIED: 'Nobody said.' },
          'x-enum-deprecated': ['COLOR_GREEN'],
        },
        'sink.v1.Maps': {
          properties: {
            messages: {
              'x-type': 'map<int32, sink.v1.Scalars>',
              'x-key-type': 'int32',
              additionalProperties: { $ref: '#/$defs/sink.v1.Scalars' },
            },
          },
        },
        'sink.v1.Repeated': {
          properties: {
            scalars: {
              'x-type': 'repeated sink.v1.Scalars',
              items: { $ref: '#/$defs/sink.v1.Scalars' },
            },
          },
        },
        'sink.v1.Choices': {
          properties: { tree: { 'x-oneof': 'choice' } },
          'x-oneofs': {
            choice: { members: ['text', 'number', 'tree', 'nothing', 'color', 'null'] },
          },
        },
        'sink.legacy.Old': {
          properties: { id: { 'x-required': true }, count: { 'x-default': '42' } },
        },
        'google.protobuf.Timestamp': { type: 'string', format: 'date-time' },
      },
    });
    const definitions = Object.keys(json.$defs as object);
    for (const [reference] of JSON.stringify(json).matchAll(/#\/\$defs\/[^"]+/g)) {
      expect(definitions).toContain(reference.slice('#/$defs/'.length));
    }
  });

  it.each([
    'sink.v1.Sink',
    'sink.v1.Sink.Chat',
    'sink.v1.Everything.Inner.Depth',
    'sink.legacy.Grade',
    'sink.editions.Modern.Part',
  ])('shows the definition of %s at its line', (symbol) => {
    const definition = schema.definition(symbol);
    const line = definition?.text.split('\n')[definition.line] ?? '';
    expect(line).toMatch(
      new RegExp(`^\\s*(service|rpc|enum|message) ${symbol.split('.').at(-1)}\\b`),
    );
  });
});

describe('the rendering of a descriptor', () => {
  const schema = descriptorSchema();

  it('is .proto source that says the same', () => {
    const names = ['sink.v1.Sink', 'sink.legacy.Old', 'sink.editions.Modern'];
    const sources = names
      .flatMap((it) => schema.definition(it) ?? [])
      .map(({ file, text }) => ({ name: file, text }));
    const again = buildSchema({ local: { sources, descriptors: [], problems: [] } });
    expect(again.problems).toEqual([]);
    const bytes = schema.encode('sink.v1.Everything', schema.template('sink.v1.Everything'));
    expect(again.template('sink.v1.Everything')).toBe(schema.template('sink.v1.Everything'));
    expect(again.decode('sink.v1.Everything', bytes)).toBe(
      schema.decode('sink.v1.Everything', bytes),
    );
    expect(again.jsonSchema('sink.legacy.Old')).toEqual(schema.jsonSchema('sink.legacy.Old'));
    expect(again.services).toEqual(schema.services);
  });

  it('reads like this', () => {
    expect(schema.definition('sink.legacy.Old')?.text).toBe(`syntax = "proto2";

package sink.legacy;

// proto2: presence, defaults, groups, extensions.
message Old {
  extensions 100 to 199;

  required string id = 1;
  optional int32 count = 2 [default = 42];
  optional string title = 3 [default = "un\\"titled\\""];
  optional Grade grade = 4 [default = BEST];
  repeated int32 numbers = 5;
  repeated int32 packed_numbers = 6 [packed = true];
  optional group Result = 7 {
    optional string url = 1;
    repeated int64 scores = 2;
  }
  optional bool flag = 8 [default = true];
  optional int64 big = 9 [default = -9223372036854775808];
  optional double ratio = 10 [default = 1.5];
}

message Extra {
  optional bytes data = 1;

  extend Old {
    optional Extra own = 102;
  }
}

// Closed: an unknown number is no value of it.
enum Grade {
  WORST = 1;
  BEST = 5;
}

extend Old {
  // Added from outside.
  optional string nickname = 100;
  repeated Extra extras = 101;
}
`);
  });

  it('shows options that are extensions, by the definitions at hand', () => {
    const local = readDescriptorSet(fixture('options.binpb'), 'options.binpb');
    const text = buildSchema({ local }).definition('opt.v1.Web')?.text ?? '';
    expect(text).toContain(
      'option (google.api.http) = { get: "/v1/{id}", additional_bindings { post: "/v1", body: "*" } };',
    );
    expect(text).toContain(
      'string id = 1 [(opt.v1.label) = "the \\"id\\"", (opt.v1.sizes) = 1, (opt.v1.sizes) = 2];',
    );
    expect(text).toContain('option (opt.v1.big) = 18446744073709551615;');
  });
});

describe('grpc-status-details-bin', () => {
  const schema = descriptorSchema();
  const status = (json: unknown) =>
    Buffer.from(schema.encode('google.rpc.Status', JSON.stringify(json))).toString('base64');

  it.each(['padded', 'unpadded'])('is decoded %s, with google.rpc and own types', (form) => {
    const details = [
      {
        '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
        reason: 'STOCK',
        domain: 'shop',
        metadata: { a: 'b' },
      },
      { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '1.500s' },
      {
        '@type': 'type.googleapis.com/google.rpc.BadRequest',
        fieldViolations: [{ field: 'id', description: 'no' }],
      },
      { '@type': 'type.googleapis.com/sink.v1.Tree', name: 'own' },
    ];
    const base64 = status({ code: 5, message: 'gone é', details });
    const decoded = decodeStatusDetails(
      form === 'padded' ? base64 : base64.replace(/=+$/, ''),
      schema,
    );
    expect(decoded).toMatchObject({ code: 5, message: 'gone é' });
    expect(decoded.problem).toBeUndefined();
    expect(decoded.details.map((it) => it.type)).toEqual(
      details.map((it) => it['@type'].split('/')[1]),
    );
    expect(decoded.details.map((it) => JSON.parse(it.json ?? ''))).toEqual(
      details.map(({ '@type': _, ...rest }) => rest),
    );
  });

  it('knows every google.rpc detail without a schema', () => {
    const names = [
      'ErrorInfo',
      'RetryInfo',
      'DebugInfo',
      'QuotaFailure',
      'PreconditionFailure',
      'BadRequest',
      'RequestInfo',
      'ResourceInfo',
      'Help',
      'LocalizedMessage',
    ];
    const details = names.map((it) => ({ '@type': `type.googleapis.com/google.rpc.${it}` }));
    const decoded = decodeStatusDetails(status({ details }));
    expect(decoded.details.map((it) => it.json)).toEqual(names.map(() => '{}'));
  });

  it('shows details that it can not read as bytes', () => {
    const bytes = Buffer.from(
      '0801120162' + '1a0c' + '0a08782f6e6f2e53756312001a0a' + '0a00120608',
      'hex',
    );
    const unknown = Buffer.concat([
      Buffer.from('0801', 'hex'),
      Buffer.from(
        schema.encode('google.rpc.Status', '{"details":[{"@type":"x/no.Such","value":"CAE="}]}'),
      ),
    ]);
    const decoded = decodeStatusDetails(unknown.toString('base64'), schema);
    expect(decoded.details).toEqual([
      { type: 'no.Such', base64: 'CAE=', problem: 'The type no.Such is not in the schema.' },
    ]);
    const malformed = decodeStatusDetails(bytes.toString('base64'));
    expect(malformed.code).toBeUndefined();
    expect(malformed.details[0]).toMatchObject({
      type: 'google.rpc.Status',
      base64: bytes.toString('base64'),
    });
    expect(decodeStatusDetails('not base64!').problem).toContain('no base64');
    expect(decodeStatusDetails('')).toEqual({ code: 0, message: '', details: [] });
  });
});
