import type {
  CallStatus,
  EntryDetail,
  TimelineRow,
  TimelineView,
  WireField,
} from '../../../src/panel/protocol';

/** A transcript that makes its rows when asked, as the host does: any length costs nothing. */
export interface FakeTranscript {
  count(view: TimelineView): number;
  row(view: TimelineView, row: number): TimelineRow;
  detail(entry: number, defaults: boolean): EntryDetail;
}

type Look = Omit<TimelineRow, 'row' | 'delta'>;

/** A transcript of few entries, written out. Entries of kind `frame` stand in the frames view only. */
export function written(
  looks: readonly Look[],
  details: (entry: number, defaults: boolean) => EntryDetail,
): FakeTranscript {
  const messageKinds = ['headers', 'message', 'trailers', 'status', 'note'];
  const of = (view: TimelineView): Look[] =>
    looks.filter((look) => view === 'frames' || messageKinds.includes(look.kind));
  return {
    count: (view) => of(view).length,
    row: (view, row) => {
      const list = of(view);
      const look = list[row];
      if (look === undefined) {
        throw new Error(`There is no row ${row}.`);
      }
      return { ...look, row, delta: look.time - (list[row - 1]?.time ?? look.time) };
    },
    detail: details,
  };
}

/** Headers and then messages without end: row n is message n; its content names it. */
export function endless(count: number): FakeTranscript & { grow(by: number): void; total: number } {
  return {
    total: count,
    grow(by) {
      this.total += by;
    },
    count(view) {
      return view === 'messages' ? this.total : this.total * 2;
    },
    row(view, row) {
      const frame = view === 'frames' && row % 2 === 0;
      return {
        row,
        entry: view === 'messages' ? row * 2 + 1 : row,
        time: row * 50,
        delta: row === 0 ? 0 : 50,
        direction: 'received',
        kind: frame ? 'frame' : 'message',
        label: frame ? 'DATA' : `message ${view === 'messages' ? row : row >> 1}`,
        size: 64,
        streamId: 1,
        content: `{"sequence":"${view === 'messages' ? row : row >> 1}"}`,
      };
    },
    detail: (entry) => listingDetail(entry),
  };
}

const text = new TextEncoder();

/** `market.v1.Listing` with a nested message, put together by hand so that offsets are known. */
export function listingDetail(entry: number, defaults = false): EntryDetail {
  const money = [0x0a, 0x03, ...text.encode('EUR'), 0x10, 0xd0, 0x86, 0x03];
  const title = [...text.encode('Touring bicycle, 28 inch')];
  const message = [
    0x0a,
    0x06,
    ...text.encode('lst_42'),
    0x12,
    title.length,
    ...title,
    0x1a,
    money.length,
    ...money,
    0x20,
    0x02,
  ];
  const titleAt = 8;
  const moneyAt = titleAt + 2 + title.length;
  const inner = moneyAt + 2;
  const end = inner + money.length;
  const fields: WireField[] = [
    {
      number: 1,
      wireType: 'bytes',
      name: 'id',
      type: 'string',
      value: '"lst_42"',
      start: 0,
      valueStart: 2,
      end: 8,
    },
    {
      number: 2,
      wireType: 'bytes',
      name: 'title',
      type: 'string',
      value: '"Touring bicycle, 28 inch"',
      start: titleAt,
      valueStart: titleAt + 2,
      end: moneyAt,
    },
    {
      number: 3,
      wireType: 'bytes',
      name: 'price',
      type: 'market.v1.Money',
      value: '',
      start: moneyAt,
      valueStart: inner,
      end,
      children: [
        {
          number: 1,
          wireType: 'bytes',
          name: 'currency',
          type: 'string',
          value: '"EUR"',
          start: inner,
          valueStart: inner + 2,
          end: inner + 5,
        },
        {
          number: 2,
          wireType: 'varint',
          name: 'minor_units',
          type: 'int64',
          value: '50000',
          start: inner + 5,
          valueStart: inner + 6,
          end: inner + 9,
        },
      ],
    },
    {
      number: 4,
      wireType: 'varint',
      name: 'condition',
      type: 'market.v1.Condition',
      value: '2 (USED)',
      start: end,
      valueStart: end + 1,
      end: end + 2,
    },
  ];
  const json = {
    id: 'lst_42',
    title: 'Touring bicycle, 28 inch',
    price: { currency: 'EUR', minorUnits: '50000' },
    condition: 'USED',
    ...(defaults ? { description: '', photos: [], sold: false } : {}),
  };
  const bytes = [0, 0, 0, 0, message.length, ...message];
  return {
    kind: 'message',
    entry,
    title: 'Message 1 received on stream 1',
    typeName: 'market.v1.Listing',
    json: JSON.stringify(json, undefined, 2),
    truncated: false,
    bytes: { base64: btoa(String.fromCharCode(...bytes)), offset: 0, total: bytes.length },
    prefixLength: 5,
    fields,
  };
}

function headersDetail(entry: number): EntryDetail {
  return {
    kind: 'fields',
    entry,
    title: 'Headers sent',
    fields: [
      { name: ':method', value: 'POST' },
      { name: ':path', value: '/market.v1.ListingService/GetListing' },
      { name: 'grpc-timeout', value: '15S', note: '15s' },
      { name: 'te', value: 'trailers' },
      { name: 'content-type', value: 'application/grpc' },
      { name: 'user-agent', value: 'grpc-node-js/1.14.7' },
      { name: 'trace-bin', value: 'AAECAw==', note: '00010203' },
    ],
  };
}

export const okStatus: CallStatus = {
  code: 0,
  name: 'OK',
  message: '',
  origin: 'application',
  certainty: 'observed',
  cause: 'ok',
  explanation: 'The service answered and ended the call with OK.',
  evidence: ['trailers with grpc-status: 0'],
  nextActions: [],
};

export const refusedStatus: CallStatus = {
  code: 14,
  name: 'UNAVAILABLE',
  message: 'No connection established. Last error: connect ECONNREFUSED 127.0.0.1:50051',
  origin: 'transport',
  certainty: 'observed',
  cause: 'connection-refused',
  explanation:
    'Nothing listens at localhost:50051: the machine answered, and refused the connection.',
  evidence: [
    'connect to 127.0.0.1:50051: ECONNREFUSED after 0.4 ms',
    'connect to [::1]:50051: ECONNREFUSED after 0.6 ms',
    'no byte was received',
  ],
  nextActions: [
    'Check that the server is running, and that it listens on port 50051.',
    'If it runs in a container, publish the port and use the published number here.',
  ],
};

export const notFoundStatus: CallStatus = {
  code: 5,
  name: 'NOT_FOUND',
  message: 'listing "lst_404" does not exist',
  origin: 'application',
  certainty: 'observed',
  cause: 'application',
  explanation:
    "The service's own code answered NOT_FOUND: gRPC libraries never produce this code themselves.",
  evidence: ['trailers from the peer with grpc-status: 5', 'server: market/1.4'],
  nextActions: ['Read the details below: the service says which resource is missing.'],
  detailsBin: 'CAUSBG5vcGU=',
};

/** A unary call: `ok`, failing at once (`refused`), or answered with an error of the service (`notFound`). */
export function unary(outcome: 'ok' | 'refused' | 'notFound'): FakeTranscript {
  const common: Look[] = [
    {
      entry: 0,
      time: 0,
      kind: 'resolution',
      label: 'name',
      content: 'dns:localhost:50051 is 127.0.0.1:50051 (0.31 ms)',
    },
  ];
  if (outcome === 'refused') {
    return written(
      [
        ...common,
        {
          entry: 1,
          time: 900,
          kind: 'connect',
          label: 'connect',
          content: '127.0.0.1:50051: ECONNREFUSED: connection refused',
          tone: 'error',
        },
        {
          entry: 2,
          time: 1_400,
          kind: 'status',
          label: 'status',
          content: `UNAVAILABLE: ${refusedStatus.message}`,
          tone: 'error',
        },
      ],
      (entry) => ({ kind: 'status', entry, status: refusedStatus, details: [] }),
    );
  }
  const ok = outcome === 'ok';
  const looks: Look[] = [
    ...common,
    {
      entry: 1,
      time: 700,
      kind: 'connect',
      label: 'connect',
      content: '127.0.0.1:50051 (0.42 ms)',
    },
    {
      entry: 2,
      time: 1_100,
      kind: 'frame',
      direction: 'sent',
      label: 'SETTINGS',
      size: 12,
      streamId: 0,
      content: 'ENABLE_PUSH 0',
    },
    {
      entry: 3,
      time: 1_400,
      kind: 'frame',
      direction: 'sent',
      label: 'HEADERS',
      size: 118,
      streamId: 1,
      content: 'END_HEADERS',
    },
    {
      entry: 4,
      time: 1_400,
      kind: 'headers',
      direction: 'sent',
      label: 'headers',
      streamId: 1,
      content: ':path: /market.v1.ListingService/GetListing · grpc-timeout: 15S',
    },
    {
      entry: 5,
      time: 1_500,
      kind: 'frame',
      direction: 'sent',
      label: 'DATA',
      size: 13,
      streamId: 1,
      content: 'END_STREAM · message 1',
    },
    {
      entry: 6,
      time: 1_500,
      kind: 'message',
      direction: 'sent',
      label: 'message 1',
      size: 8,
      streamId: 1,
      content: '{"id":"lst_42"}',
    },
    {
      entry: 7,
      time: 1_900,
      kind: 'frame',
      direction: 'received',
      label: 'SETTINGS',
      size: 0,
      streamId: 0,
      content: '',
    },
    {
      entry: 8,
      time: 8_000,
      kind: 'frame',
      direction: 'received',
      label: 'PING',
      size: 8,
      streamId: 0,
      content: 'opaque 0000000000000001',
    },
    {
      entry: 9,
      time: 8_100,
      kind: 'frame',
      direction: 'sent',
      label: 'PING ACK',
      size: 8,
      streamId: 0,
      content: 'answered after 0.10 ms',
    },
    {
      entry: 10,
      time: 11_800,
      kind: 'headers',
      direction: 'received',
      label: 'headers',
      streamId: 1,
      content: ':status: 200 · content-type: application/grpc',
    },
    ...(ok
      ? ([
          {
            entry: 11,
            time: 12_200,
            kind: 'message',
            direction: 'received',
            label: 'message 1',
            size: 46,
            streamId: 1,
            content:
              '{"id":"lst_42","title":"Touring bicycle, 28 inch","price":{"currency":"EUR","minorUnits":"50000"},"condition":"USED"}',
          },
        ] satisfies Look[])
      : []),
    {
      entry: 12,
      time: 12_700,
      kind: 'trailers',
      direction: 'received',
      label: 'trailers',
      streamId: 1,
      content: ok
        ? 'grpc-status: 0'
        : 'grpc-status: 5 · grpc-message: listing "lst_404" does not exist',
      tone: ok ? 'ok' : 'error',
    },
    {
      entry: 13,
      time: 12_800,
      kind: 'status',
      label: 'status',
      content: ok ? 'OK' : `NOT_FOUND: ${notFoundStatus.message}`,
      tone: ok ? 'ok' : 'error',
    },
  ];
  return written(looks, (entry, defaults) => {
    if (entry === 13) {
      return ok
        ? { kind: 'status', entry, status: okStatus, details: [] }
        : {
            kind: 'status',
            entry,
            status: notFoundStatus,
            details: [
              {
                type: 'google.rpc.ResourceInfo',
                json: '{\n  "resourceType": "market.v1.Listing",\n  "resourceName": "lst_404"\n}',
              },
              {
                type: 'acme.internal.Trace',
                base64: 'CgNhYmM=',
                problem: 'The schema has no type acme.internal.Trace.',
              },
            ],
          };
    }
    return entry === 6 || entry === 11 ? listingDetail(entry, defaults) : headersDetail(entry);
  });
}
