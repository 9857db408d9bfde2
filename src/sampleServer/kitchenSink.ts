import type { UntypedServiceImplementation } from '@grpc/grpc-js';
import { encode } from './descriptors';
import { anyOf } from './failure';
import { bidirectional, requests, send, serverStream, unary } from './handlers';

/** The methods whose requests come as bytes, so that an echo is exact. */
export const rawMethods = ['Echo', 'EchoLegacy', 'EchoModern', 'EchoStream', 'ToAny'];

const echo = unary<Buffer, object>((call) => call.request);

/** kitchen.v1.KitchenSink. */
export const kitchenSink: UntypedServiceImplementation = {
  Echo: echo,
  EchoLegacy: echo,
  EchoModern: echo,
  Ping: unary<object, object>(() => ({})),

  Extremes: serverStream<object, object>(async (call, gone) => {
    for (const message of extremes()) {
      await send(call, encode('kitchen.v1.Everything', message), gone);
    }
  }),

  ToAny: unary<Buffer, object>((call) => ({
    known: anyOf('kitchen.v1.Everything', call.request),
    unknown: anyOf('kitchen.v9.Unheard', Buffer.from('0a0568656c6c6f10b960', 'hex')),
  })),

  EchoStream: bidirectional<Buffer, object>(async (call, gone) => {
    for await (const message of requests(call)) {
      await send(call, message, gone);
    }
  }),
};

/** protobufjs reads inherited members too, and a field is called `constructor`. */
function everything(fields: object): object {
  return Object.assign(Object.create(null), fields);
}

function extremes(): object[] {
  const int32 = { lowest: -(2 ** 31), highest: 2 ** 31 - 1 };
  const int64 = { lowest: -(2n ** 63n), highest: 2n ** 63n - 1n };
  const uint32 = 2 ** 32 - 1;
  const uint64 = 2n ** 64n - 1n;
  const lowest = everything({
    aDouble: Number.NEGATIVE_INFINITY,
    aFloat: Number.NEGATIVE_INFINITY,
    anInt32: int32.lowest,
    anInt64: int64.lowest,
    aSint32: int32.lowest,
    aSint64: int64.lowest,
    anSfixed32: int32.lowest,
    anSfixed64: int64.lowest,
    maybeInt32: 0,
    maybeString: '',
    temperature: int32.lowest,
    timestamp: { seconds: -62135596800n, nanos: 0 },
    duration: { seconds: -315576000000n, nanos: -999999999 },
    int64Value: { value: int64.lowest },
    byInt64: { [String(int64.lowest)]: 'lowest' },
    bySint64: { [String(int64.lowest)]: 'lowest' },
  });
  const highest = everything({
    aDouble: Number.MAX_VALUE,
    aFloat: 3.4028234663852886e38,
    anInt32: int32.highest,
    anInt64: int64.highest,
    aUint32: uint32,
    aUint64: uint64,
    aSint32: int32.highest,
    aSint64: int64.highest,
    aFixed32: uint32,
    aFixed64: uint64,
    anSfixed32: int32.highest,
    anSfixed64: int64.highest,
    aBool: true,
    temperature: int32.highest,
    timestamp: { seconds: 253402300799n, nanos: 999999999 },
    duration: { seconds: 315576000000n, nanos: 999999999 },
    uint64Value: { value: uint64 },
    byUint64: { [String(uint64)]: 'highest' },
    byFixed64: { [String(uint64)]: 'highest' },
    last: 'the highest field number there is',
  });
  const strangest = everything({
    aDouble: Number.NaN,
    aFloat: -0,
    // The first integer that a JavaScript number can't hold.
    anInt64: 2n ** 53n + 1n,
    aUint64: 2n ** 53n + 1n,
    aString: 'ünïcödé 🦆 \u0000 \u202e \u2028 "quotes" \\ </script>',
    someBytes: Buffer.from('00ff80feff0a0d1b', 'hex'),
    temperature: 12345,
    doubles: [Number.NaN, Number.POSITIVE_INFINITY, -0, Number.MIN_VALUE, 0.1],
    strings: ['', ' ', '\t\n', 'a'.repeat(300)],
    blobs: [Buffer.alloc(0), Buffer.alloc(300, 0xab)],
    byString: { '': 'empty key', __proto__x: 'a name', '"': 'quote' },
    child: everything({ child: everything({ child: everything({ aString: 'deep' }) }) }),
    choiceNull: 0,
    nullValue: 0,
    value: {
      listValue: { values: [{ nullValue: 0 }, { numberValue: 1.5 }, { boolValue: false }] },
    },
    struct: { fields: { nothing: { nullValue: 0 }, text: { stringValue: 'x' } } },
    fieldMask: { paths: ['a_string', 'child.an_int64'] },
    any: anyOf('kitchen.v9.Unheard', Buffer.from('08b960', 'hex')),
    empty: {},
  });
  return [lowest, highest, strangest];
}
