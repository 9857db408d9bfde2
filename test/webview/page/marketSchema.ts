import type { JsonSchema } from '../../../src/panel/protocol';

/** A request with what a schema can hold: scalars, enum, oneof, nested and recursive messages, maps, lists. */
export const marketSchema: JsonSchema = {
  $ref: '#/$defs/market.v1.SearchRequest',
  $defs: {
    'market.v1.SearchRequest': {
      type: 'object',
      additionalProperties: false,
      'x-type': 'market.v1.SearchRequest',
      properties: {
        query: {
          type: 'string',
          description: 'Words that the title or the description has to contain.',
          'x-type': 'string',
          'x-number': 1,
        },
        condition: {
          $ref: '#/$defs/market.v1.Condition',
          'x-type': 'market.v1.Condition',
          'x-number': 2,
        },
        pageSize: { type: 'integer', 'x-type': 'int32', 'x-number': 3 },
        includeSold: { type: 'boolean', 'x-type': 'bool', 'x-number': 4 },
        near: {
          $ref: '#/$defs/market.v1.Place',
          'x-type': 'market.v1.Place',
          'x-number': 5,
          'x-oneof': 'where',
        },
        postcode: { type: 'string', 'x-type': 'string', 'x-number': 6, 'x-oneof': 'where' },
        filters: {
          type: 'array',
          items: { $ref: '#/$defs/market.v1.Filter' },
          'x-type': 'repeated market.v1.Filter',
          'x-number': 7,
        },
        limits: {
          type: 'object',
          additionalProperties: { $ref: '#/$defs/market.v1.Place' },
          'x-type': 'map<string, market.v1.Place>',
          'x-number': 8,
        },
        oldQuery: { type: 'string', 'x-type': 'string', 'x-number': 9, 'x-deprecated': true },
      },
    },
    'market.v1.Condition': {
      type: 'string',
      enum: ['CONDITION_UNSPECIFIED', 'NEW', 'USED', 'BROKEN'],
      'x-type': 'market.v1.Condition',
      'x-enum-comments': { USED: 'Works, and shows that it was used.' },
    },
    'market.v1.Place': {
      type: 'object',
      'x-type': 'market.v1.Place',
      properties: {
        latitude: { type: ['number', 'string'], 'x-type': 'double', 'x-number': 1 },
        longitude: { type: ['number', 'string'], 'x-type': 'double', 'x-number': 2 },
      },
    },
    'market.v1.Filter': {
      type: 'object',
      'x-type': 'market.v1.Filter',
      properties: {
        field: { type: 'string', 'x-type': 'string', 'x-number': 1 },
        also: { $ref: '#/$defs/market.v1.Filter', 'x-type': 'market.v1.Filter', 'x-number': 2 },
      },
    },
  },
};

export const marketBody = `{
  "query": "bicycle",
  "condition": "USED",
  "pageSize": 20,
  "near": {
    "latitude": 52.52,
    "longitude": 13.405
  }
}`;
