import { buildSchema } from '../../../src/schema/load';
import type { MethodInfo, Schema } from '../../../src/schema/schema';
import type { CallStatus } from '../../../src/transcript/entry';
import { now, Transcript } from '../../../src/transcript/transcript';
import type { Direction, HeaderField } from '../../../src/wire/frame';
import {
  dataFrame,
  goAwayFrame,
  headersFrame,
  pingFrame,
  rstStreamFrame,
  settingsAckFrame,
  settingsFrame,
  windowUpdateFrame,
} from '../../../src/wire/frameEncoder';

export const types = { requestType: 'market.v1.GetRequest', responseType: 'market.v1.Listing' };

export const schema: Schema = buildSchema({
  local: {
    sources: [
      {
        name: 'market/v1/listing.proto',
        text: `
          syntax = "proto3";
          package market.v1;
          message GetRequest { string id = 1; }
          message Listing { string title = 1; int64 price = 2; bytes photo = 3; repeated string tags = 4; }
          service ListingService { rpc Get(GetRequest) returns (stream Listing); }`,
      },
    ],
    descriptors: [],
    problems: [],
  },
});

/** The only method of the schema. */
export const method: MethodInfo = {
  name: 'Get',
  path: '/market.v1.ListingService/Get',
  kind: 'serverStreaming',
  ...types,
  deprecated: false,
  problems: [],
};

export const endedOk: CallStatus = {
  code: 0,
  name: 'OK',
  message: '',
  origin: 'application',
  certainty: 'observed',
  cause: 'ok',
  explanation: 'The call succeeded.',
  evidence: [],
  nextActions: [],
};

/** Writes a conversation into a transcript as the tap would, a millisecond between two things. */
export class Conversation {
  readonly transcript = new Transcript();
  #time = now();

  later(milliseconds = 1): number {
    this.#time += milliseconds * 1000;
    return this.#time;
  }

  /** A whole frame, header and payload, as the encoder makes it. */
  frame(direction: Direction, bytes: Uint8Array): this {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.transcript.appendFrame(
      1,
      direction,
      {
        length: (view.getUint8(0) << 16) | view.getUint16(1),
        type: view.getUint8(3),
        flags: view.getUint8(4),
        streamId: view.getUint32(5) & 0x7fffffff,
      },
      bytes.slice(9),
      this.later(),
    );
    return this;
  }

  headers(direction: Direction, fields: readonly HeaderField[], endStream = false): this {
    this.frame(direction, headersFrame(1, new Uint8Array([0x80]), { endStream }));
    this.transcript.appendFields(1, direction, 1, fields, endStream, this.later(0));
    return this;
  }

  message(direction: Direction, bytes: Uint8Array, compressed = false): this {
    const framed = Buffer.alloc(5 + bytes.length);
    framed.writeUInt8(compressed ? 1 : 0, 0);
    framed.writeUInt32BE(bytes.length, 1);
    framed.set(bytes, 5);
    return this.frame(direction, dataFrame(1, framed));
  }

  listing(listing: object): this {
    return this.message('received', schema.encode(types.responseType, JSON.stringify(listing)));
  }

  end(status: CallStatus = endedOk): this {
    this.transcript.end(status, this.later());
    return this;
  }
}

/** A call as most are: one request, two answers, a PING, trailers. */
export function ordinaryCall(): Conversation {
  return new Conversation()
    .frame('sent', settingsFrame([{ id: 4, value: 65_535 }]))
    .frame('received', settingsFrame([{ id: 3, value: 100 }]))
    .frame('received', settingsAckFrame())
    .headers('sent', [
      [':path', '/market.v1.ListingService/Get'],
      ['authorization', 'Bearer top-secret'],
      ['grpc-timeout', '14998m'],
    ])
    .message('sent', schema.encode(types.requestType, '{"id":"lamp-1"}'))
    .headers('received', [
      [':status', '200'],
      ['content-type', 'application/grpc'],
    ])
    .listing({ title: 'Desk lamp', price: '9007199254740993' })
    .listing({ title: 'Floor lamp' })
    .frame('sent', pingFrame(new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8])))
    .frame('received', pingFrame(new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8]), { ack: true }))
    .frame('sent', windowUpdateFrame(0, 70_000))
    .headers(
      'received',
      [
        ['grpc-status', '0'],
        ['trace-bin', 'AQID'],
      ],
      true,
    )
    .end();
}

/** A call that ends badly on the connection. */
export function brokenCall(debugData: string): Conversation {
  return new Conversation()
    .headers('sent', [[':path', '/market.v1.ListingService/Get']])
    .frame('received', goAwayFrame(1, 0xb, Buffer.from(debugData, 'latin1')))
    .frame('received', rstStreamFrame(1, 0x8))
    .frame('received', rstStreamFrame(1, 0x2))
    .end({ ...endedOk, code: 14, name: 'UNAVAILABLE', message: 'too many pings' });
}
