/** What every server is held to, in the order of the table: a test says by its `meta` which of them it shows. */
export const capabilities = /** @type {const} */ ({
  discovery: 'Discovery equals the .proto files',
  health: 'Health',
  unary: 'Unary calls',
  serverStream: 'Server streaming',
  clientStream: 'Client streaming',
  bidirectional: 'Bidirectional streaming',
  json: 'ProtoJSON as the server writes and reads it',
  integers: '64-bit integers',
  large: 'Messages of 20 MB, and limits of both sides',
  gzip: 'gzip both ways',
  deflate: 'deflate',
  metadata: 'Metadata and trailers, `-bin` too',
  details: 'Status and its details',
  deadline: 'Deadline, `grpc-timeout`',
  cancel: 'Cancellation',
  keepalive: 'Keepalive PINGs',
  pingLimit: '`too_many_pings`',
  age: 'Age of a connection',
  stop: 'Server stops or dies',
  tls: 'TLS',
  mutual: 'mTLS',
});

/** @typedef {keyof typeof capabilities} Capability */
