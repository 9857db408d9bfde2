import { describe, expect, test } from 'vitest';
import type { Evidence } from '../../../src/grpc/evidence';
import { explainStatus } from '../../../src/grpc/status';
import { statusName } from '../../../src/grpc/statusCodes';
import type { StatusOrigin } from '../../../src/transcript/entry';
import type { HeaderField } from '../../../src/wire/frame';
import { forSeeds } from '../../tools/random';

type Part = Partial<Evidence>;

/** A call that got nowhere; the parts below add what was seen. */
const nothing: Evidence = {
  code: 14,
  details: 'what grpc-js says',
  target: { address: 'api.example:443', security: { kind: 'plaintext' } },
  framesAvailable: true,
  elapsedMs: 120,
  cancelledHere: false,
  deadlinePassedHere: false,
  connectAttempts: [],
  connected: false,
  settingsReceived: false,
  headersSent: false,
  messagesSent: 0,
  messagesReceived: 0,
  trailersOnly: false,
  connectionClosedMidStream: false,
};

const tls: Part = {
  target: { address: 'api.example:443', security: { kind: 'tls', verify: true } },
};
const mtls: Part = {
  target: {
    address: 'api.example:443',
    security: { kind: 'tls', verify: true, client: { certificate: '/c.pem', key: '/c.key' } },
  },
};
const connected: Part = { connectAttempts: [{ address: '10.0.0.1:443' }], connected: true };
const http2: Part = { ...connected, settingsReceived: true };
const sent: Part = { ...http2, headersSent: true, streamId: 5, messagesSent: 1 };
const ok200: HeaderField[] = [
  [':status', '200'],
  ['content-type', 'application/grpc'],
];
const answered: Part = { ...sent, httpStatus: 200, responseHeaders: ok200 };

function refused(code: string): Part {
  return { connectAttempts: [{ address: '10.0.0.1:443', error: error(code) }] };
}

function error(code: string) {
  return { code, message: 'text that nothing may depend on' };
}

function handshake(code: string): Part {
  return { ...tls, connectAttempts: [{ address: '10.0.0.1:443' }], tls: { error: error(code) } };
}

function trailers(status: number | string, ...more: HeaderField[]): Part {
  return {
    ...answered,
    code: typeof status === 'number' ? status : 2,
    trailers: [['grpc-status', String(status)], ...more],
  };
}

function trailersOnly(status: number, ...more: HeaderField[]): Part {
  return {
    ...sent,
    code: status,
    httpStatus: 200,
    trailersOnly: true,
    trailers: [...ok200, ['grpc-status', String(status)], ...more],
  };
}

function httpStatus(status: number, code: number, ...more: HeaderField[]): Part {
  return {
    ...sent,
    code,
    httpStatus: status,
    responseHeaders: [[':status', String(status)], ['content-type', 'text/html'], ...more],
  };
}

function reset(errorCode: number, code = 13): Part {
  return { ...sent, code, rstStream: { direction: 'received', errorCode } };
}

function goAway(errorCode: number, debugData: string, lastStreamId = 5): Part {
  return { ...sent, goAway: { errorCode, debugData, lastStreamId } };
}

function silentEnd(milliseconds: number, repeated: boolean): Part {
  return { ...answered, connectionClosedMidStream: true, silence: { milliseconds, repeated } };
}

type Row = [cause: string, origin: StatusOrigin, certainty: 'observed' | 'inferred', part: Part];

const rows: { readonly [group: string]: readonly Row[] } = {
  'name resolution': [
    ['name-not-found', 'transport', 'observed', { resolution: { error: error('ENOTFOUND') } }],
    ['name-not-found', 'transport', 'observed', { resolution: { error: error('ENODATA') } }],
    ['name-server-failed', 'transport', 'observed', { resolution: { error: error('EAI_AGAIN') } }],
    ['name-server-failed', 'transport', 'observed', { resolution: { error: error('ESERVFAIL') } }],
    ['name-resolution-failed', 'transport', 'observed', { resolution: { error: error('EX') } }],
  ],
  connect: [
    ['connection-refused', 'transport', 'observed', refused('ECONNREFUSED')],
    ['connection-timeout', 'transport', 'observed', refused('ETIMEDOUT')],
    ['host-unreachable', 'transport', 'observed', refused('EHOSTUNREACH')],
    ['host-unreachable', 'transport', 'observed', refused('ENETUNREACH')],
    ['address-not-available', 'transport', 'observed', refused('EADDRNOTAVAIL')],
    ['socket-missing', 'transport', 'observed', refused('ENOENT')],
    ['connection-denied', 'transport', 'observed', refused('EACCES')],
    ['connection-reset', 'transport', 'observed', refused('ECONNRESET')],
    ['too-many-open-files', 'client', 'observed', refused('EMFILE')],
    ['connection-failed', 'transport', 'observed', refused('EWHATEVER')],
    ['not-connected', 'transport', 'inferred', {}],
  ],
  TLS: [
    ['tls-unknown-ca', 'transport', 'observed', handshake('UNABLE_TO_VERIFY_LEAF_SIGNATURE')],
    ['tls-unknown-ca', 'transport', 'observed', handshake('UNABLE_TO_GET_ISSUER_CERT_LOCALLY')],
    ['tls-unknown-ca', 'transport', 'observed', handshake('UNABLE_TO_GET_ISSUER_CERT')],
    ['tls-unknown-ca', 'transport', 'observed', handshake('SELF_SIGNED_CERT_IN_CHAIN')],
    ['tls-self-signed', 'transport', 'observed', handshake('DEPTH_ZERO_SELF_SIGNED_CERT')],
    ['tls-expired', 'transport', 'observed', handshake('CERT_HAS_EXPIRED')],
    ['tls-not-yet-valid', 'transport', 'observed', handshake('CERT_NOT_YET_VALID')],
    ['tls-wrong-host', 'transport', 'observed', handshake('ERR_TLS_CERT_ALTNAME_INVALID')],
    ['tls-wrong-host', 'transport', 'observed', handshake('HOSTNAME_MISMATCH')],
    ['tls-revoked', 'transport', 'observed', handshake('CERT_REVOKED')],
    ['tls-wrong-purpose', 'transport', 'observed', handshake('INVALID_PURPOSE')],
    ['tls-invalid-certificate', 'transport', 'observed', handshake('CERT_SIGNATURE_FAILURE')],
    ['tls-invalid-certificate', 'transport', 'observed', handshake('INVALID_CA')],
    ['tls-to-plaintext-port', 'transport', 'observed', handshake('ERR_SSL_WRONG_VERSION_NUMBER')],
    ['tls-to-plaintext-port', 'transport', 'observed', handshake('ERR_SSL_PACKET_LENGTH_TOO_LONG')],
    ['tls-to-plaintext-port', 'transport', 'observed', handshake('ERR_SSL_HTTP_REQUEST')],
    ['tls-handshake-closed', 'transport', 'inferred', handshake('ECONNRESET')],
    ['tls-version', 'transport', 'observed', handshake('ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION')],
    ['tls-version', 'transport', 'observed', handshake('ERR_SSL_UNSUPPORTED_PROTOCOL')],
    [
      'tls-unrecognized-name',
      'transport',
      'observed',
      handshake('ERR_SSL_TLSV1_UNRECOGNIZED_NAME'),
    ],
    [
      'tls-unrecognized-name',
      'transport',
      'observed',
      handshake('ERR_SSL_TLSV1_ALERT_UNRECOGNIZED_NAME'),
    ],
    [
      'tls-handshake-refused',
      'transport',
      'inferred',
      handshake('ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE'),
    ],
    [
      'tls-handshake-refused',
      'transport',
      'inferred',
      handshake('ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE'),
    ],
    ['tls-alert', 'transport', 'observed', handshake('ERR_SSL_TLSV1_ALERT_INTERNAL_ERROR')],
    ['tls-failed', 'transport', 'observed', handshake('ERR_SSL_SOMETHING_NEW')],
    [
      'no-alpn-h2',
      'transport',
      'observed',
      handshake('ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL'),
    ],
    ['no-alpn-h2', 'transport', 'observed', { ...tls, ...connected, tls: { alpn: '' } }],
    [
      'no-alpn-h2',
      'transport',
      'observed',
      { ...tls, ...connected, tls: {}, peerTalkedHttp1: 'HTTP/1.1 400 Bad Request' },
    ],
    [
      'client-certificate-required',
      'transport',
      'observed',
      {
        ...tls,
        ...connected,
        tls: { alpn: 'h2' },
        connectionError: error('ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED'),
      },
    ],
    [
      'client-certificate-required',
      'transport',
      'observed',
      {
        ...tls,
        ...connected,
        tls: { alpn: 'h2' },
        connectionError: error('ERR_SSL_TLSV1_ALERT_CERTIFICATE_REQUIRED'),
      },
    ],
    [
      'client-certificate-required',
      'transport',
      'inferred',
      handshake('ERR_SSL_SSL/TLS_ALERT_BAD_CERTIFICATE'),
    ],
    [
      'client-certificate-rejected',
      'transport',
      'observed',
      { ...handshake('ERR_SSL_TLSV1_ALERT_UNKNOWN_CA'), ...mtls },
    ],
    [
      'client-certificate-rejected',
      'transport',
      'observed',
      {
        ...mtls,
        ...connected,
        tls: { alpn: 'h2' },
        connectionError: error('ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE'),
      },
    ],
    [
      'client-certificate-rejected',
      'transport',
      'inferred',
      {
        ...mtls,
        ...connected,
        tls: { alpn: 'h2' },
        connectionError: error('ERR_SSL_TLSV1_ALERT_INTERNAL_ERROR'),
      },
    ],
    [
      'tls-alert',
      'transport',
      'observed',
      {
        ...tls,
        ...connected,
        tls: { alpn: 'h2' },
        connectionError: error('ERR_SSL_TLSV1_ALERT_INTERNAL_ERROR'),
      },
    ],
    ['closed-after-tls', 'transport', 'inferred', { ...tls, ...connected, tls: { alpn: 'h2' } }],
    [
      'closed-after-tls',
      'transport',
      'inferred',
      { ...mtls, ...connected, tls: { alpn: 'h2' }, connectionError: error('ECONNRESET') },
    ],
  ],
  'not HTTP/2': [
    ['plaintext-to-tls-port', 'transport', 'observed', { ...connected, peerTalkedTls: true }],
    ['plaintext-to-tls-port', 'transport', 'inferred', { ...connected }],
    [
      'plaintext-to-tls-port',
      'transport',
      'inferred',
      { ...connected, connectionError: error('ECONNRESET') },
    ],
    [
      'plaintext-to-tls-port',
      'transport',
      'inferred',
      {
        ...connected,
        peerTalkedHttp1:
          'HTTP/1.1 400 Bad Request\r\n\r\nThe plain HTTP request was sent to HTTPS port',
      },
    ],
    [
      'http1-server',
      'transport',
      'observed',
      { ...connected, peerTalkedHttp1: 'HTTP/1.1 400 Bad Request\r\n' },
    ],
    ['not-http2', 'transport', 'observed', { ...connected, malformed: 'SSH-2.0' }],
  ],
  'HTTP without grpc-status': [
    ['http-503', 'intermediary', 'observed', httpStatus(503, 14, ['server', 'envoy'])],
    ['http-502', 'intermediary', 'observed', httpStatus(502, 14, ['server', 'nginx/1.25.3'])],
    ['http-404', 'intermediary', 'inferred', httpStatus(404, 12)],
    ['http-431', 'transport', 'inferred', httpStatus(431, 2)],
    ['http-431', 'intermediary', 'observed', httpStatus(431, 2, ['server', 'envoy'])],
    ['http-464', 'intermediary', 'observed', httpStatus(464, 2, ['server', 'awselb/2.0'])],
    ['http-301', 'intermediary', 'inferred', httpStatus(301, 2, ['location', 'https://x'])],
    [
      'http-401',
      'intermediary',
      'inferred',
      { ...sent, code: 16, httpStatus: 401, trailersOnly: true, trailers: [[':status', '401']] },
    ],
    [
      'not-grpc',
      'intermediary',
      'observed',
      {
        ...sent,
        code: 2,
        httpStatus: 200,
        responseHeaders: [
          [':status', '200'],
          ['content-type', 'text/html'],
        ],
      },
    ],
    ['missing-grpc-status', 'intermediary', 'inferred', { ...answered, code: 2, trailers: [] }],
    [
      'missing-grpc-status',
      'intermediary',
      'inferred',
      { ...sent, code: 2, httpStatus: 200, trailersOnly: true, trailers: ok200 },
    ],
    ['missing-grpc-status', 'intermediary', 'inferred', { ...answered, code: 13 }],
  ],
  deadline: [
    [
      'deadline-before-connecting',
      'client',
      'observed',
      { code: 4, deadlineMs: 100, deadlinePassedHere: true },
    ],
    [
      'deadline-before-connecting',
      'client',
      'observed',
      { code: 4, deadlineMs: 100, deadlinePassedHere: true, ...refused('ECONNREFUSED') },
    ],
    [
      'deadline-before-connecting',
      'client',
      'observed',
      {
        code: 4,
        deadlineMs: 100,
        deadlinePassedHere: true,
        ...tls,
        ...connected,
        tls: { alpn: 'http/1.1' },
      },
    ],
    [
      'deadline-before-http2',
      'client',
      'observed',
      { code: 4, deadlineMs: 100, deadlinePassedHere: true, ...connected },
    ],
    [
      'deadline-before-sending',
      'client',
      'observed',
      { code: 4, deadlineMs: 100, deadlinePassedHere: true, ...http2 },
    ],
    [
      'deadline-before-headers',
      'client',
      'observed',
      {
        ...sent,
        code: 4,
        deadlineMs: 100,
        deadlinePassedHere: true,
        rstStream: { direction: 'sent', errorCode: 8 },
      },
    ],
    [
      'deadline-mid-stream',
      'client',
      'observed',
      { ...answered, code: 4, deadlineMs: 100, deadlinePassedHere: true, messagesReceived: 3 },
    ],
    ['deadline-before-headers', 'client', 'observed', { ...sent, code: 4 }],
    ['deadline-at-server', 'application', 'observed', { ...trailers(4), deadlineMs: 5_000 }],
    [
      'deadline-mid-stream',
      'client',
      'inferred',
      { ...trailers(4), deadlineMs: 100, deadlinePassedHere: true },
    ],
    // grpc-go and C core enforce grpc-timeout, and may be a moment earlier than the timer here.
    [
      'deadline-before-headers',
      'client',
      'inferred',
      { ...trailersOnly(4), deadlineMs: 120, elapsedMs: 119.3 },
    ],
    // tonic says CANCELLED then, and else means it.
    [
      'deadline-before-headers',
      'client',
      'inferred',
      { ...trailersOnly(1), deadlineMs: 120, elapsedMs: 120.4 },
    ],
    [
      'application-cancelled',
      'application',
      'observed',
      { ...trailersOnly(1), deadlineMs: 5_000, elapsedMs: 120 },
    ],
    [
      'deadline-mid-stream',
      'client',
      'inferred',
      {
        ...answered,
        ...{ code: 1, rstStream: { direction: 'received', errorCode: 8 } },
        ...{ deadlineMs: 500, elapsedMs: 499.2 },
      },
    ],
    [
      'deadline-mid-stream',
      'client',
      'observed',
      {
        ...trailers(4),
        deadlineMs: 100,
        deadlinePassedHere: true,
        rstStream: { direction: 'sent', errorCode: 8 },
      },
    ],
    [
      'deadline',
      'client',
      'inferred',
      { code: 4, deadlineMs: 100, deadlinePassedHere: true, framesAvailable: false },
    ],
  ],
  'decided here': [
    ['cancelled-here', 'client', 'observed', { ...sent, code: 1, cancelledHere: true }],
    ['cancelled-here', 'client', 'observed', { code: 1, cancelledHere: true }],
    [
      'message-too-large-received',
      'client',
      'observed',
      {
        ...answered,
        code: 8,
        messageTooLarge: { direction: 'received', size: 5_000_000, limit: 4_194_304 },
      },
    ],
    [
      'message-too-large-sent',
      'client',
      'observed',
      { ...sent, code: 8, messageTooLarge: { direction: 'sent', size: 2_000, limit: 1_000 } },
    ],
    [
      'message-too-large-decompressed',
      'client',
      'inferred',
      {
        ...answered,
        code: 8,
        messagesReceived: 1,
        responseHeaders: [...ok200, ['grpc-encoding', 'gzip']],
      },
    ],
    [
      'bad-compression',
      'client',
      'observed',
      { ...answered, code: 13, badCompression: 'incorrect header check' },
    ],
    [
      'bad-compression',
      'client',
      'observed',
      { ...trailers(0), code: Number.NaN, badCompression: 'unknown encoding br' },
    ],
    ['not-sent', 'client', 'inferred', { ...http2, code: 13 }],
  ],
  'cut off below gRPC': [
    ['too-many-pings', 'transport', 'observed', goAway(11, 'too_many_pings')],
    [
      'too-many-pings',
      'transport',
      'observed',
      {
        ...goAway(11, 'too_many_pings'),
        code: 8,
        rstStream: { direction: 'received', errorCode: 11 },
        connectionClosedMidStream: true,
      },
    ],
    ['goaway-enhance-your-calm', 'transport', 'observed', goAway(11, 'slow down')],
    ['goaway-internal-error', 'transport', 'observed', goAway(2, '')],
    ['goaway-unknown-code', 'transport', 'observed', goAway(4_242, '')],
    ['goaway-graceful', 'transport', 'observed', goAway(0, '', 3)],
    // Its connection is said to be gone, though it has not ended yet.
    ['goaway-graceful', 'transport', 'observed', goAway(0, '', 9)],
    [
      'goaway-graceful',
      'transport',
      'observed',
      { ...goAway(0, ''), connectionClosedMidStream: true },
    ],
    ['rst-cancel', 'transport', 'observed', { ...goAway(0, ''), ...reset(8, 1) }],
    ['rst-cancel', 'transport', 'observed', { ...reset(8, 1), deadlineMs: 500, elapsedMs: 400 }],
    ['server-stopped', 'transport', 'observed', goAway(2, 'Cancelling all calls')],
    ['goaway-graceful', 'transport', 'inferred', { ...goAway(0, 'max_age'), ...trailers(14) }],
    ['application-unavailable', 'application', 'observed', trailers(14)],
    ['application-not-found', 'application', 'observed', { ...goAway(0, ''), ...trailers(5) }],
    ['rst-no-error', 'transport', 'observed', reset(0)],
    ['rst-protocol-error', 'transport', 'observed', reset(1)],
    ['rst-internal-error', 'transport', 'observed', reset(2)],
    ['rst-flow-control-error', 'transport', 'observed', reset(3)],
    ['rst-settings-timeout', 'transport', 'observed', reset(4)],
    ['rst-stream-closed', 'transport', 'observed', reset(5)],
    ['rst-frame-size-error', 'transport', 'observed', reset(6)],
    ['rst-refused-stream', 'transport', 'observed', reset(7, 14)],
    ['rst-cancel', 'transport', 'observed', reset(8, 1)],
    ['rst-compression-error', 'transport', 'observed', reset(9)],
    ['rst-connect-error', 'transport', 'observed', reset(10)],
    ['rst-enhance-your-calm', 'transport', 'observed', reset(11, 8)],
    ['rst-inadequate-security', 'transport', 'observed', reset(12, 7)],
    ['rst-http-1-1-required', 'transport', 'observed', reset(13)],
    ['rst-unknown-code', 'transport', 'observed', reset(99)],
    [
      'rst-internal-error',
      'intermediary',
      'inferred',
      { ...reset(2), responseHeaders: [...ok200, ['server', 'nginx/1.22.1']] },
    ],
    ['rst-protocol-error', 'intermediary', 'inferred', { ...reset(1), connectionServer: 'envoy' }],
    ['rst-protocol-error', 'transport', 'observed', { ...reset(1), connectionServer: 'Kestrel' }],
    [
      'goaway-enhance-your-calm',
      'intermediary',
      'inferred',
      { ...goAway(11, ''), connectionServer: 'nginx/1.22.1' },
    ],
    ['connection-lost', 'transport', 'observed', { ...sent, connectionClosedMidStream: true }],
    ['connection-lost', 'transport', 'observed', silentEnd(2_000, false)],
    ['idle-timeout', 'intermediary', 'inferred', silentEnd(2_000, true)],
    [
      'connection-lost',
      'transport',
      'observed',
      { ...answered, connectionClosedMidStream: true, connectionError: error('ECONNRESET') },
    ],
    ['malformed-http2', 'transport', 'observed', { ...sent, code: 13, malformed: 'frame 12' }],
    ['malformed-http2', 'transport', 'inferred', { ...trailers(0), code: 13 }],
    [
      'malformed-http2',
      'transport',
      'inferred',
      { ...sent, code: 13, rstStream: { direction: 'sent', errorCode: 1 } },
    ],
  ],
  'said by the peer': [
    ['ok', 'application', 'observed', trailers(0)],
    ['application-cancelled', 'application', 'observed', trailers(1)],
    ['application-unknown', 'application', 'observed', trailers(2)],
    ['application-invalid-argument', 'application', 'observed', trailers(3)],
    ['application-not-found', 'application', 'observed', trailersOnly(5)],
    ['application-already-exists', 'application', 'observed', trailers(6)],
    ['application-permission-denied', 'application', 'observed', trailers(7)],
    ['application-resource-exhausted', 'application', 'observed', trailers(8)],
    ['application-failed-precondition', 'application', 'observed', trailers(9)],
    ['application-aborted', 'application', 'observed', trailers(10)],
    ['application-out-of-range', 'application', 'observed', trailers(11)],
    ['application-unimplemented', 'application', 'observed', trailersOnly(12)],
    [
      'compression-not-supported',
      'application',
      'inferred',
      { ...trailersOnly(12), requestEncoding: 'deflate' },
    ],
    [
      'application-unimplemented',
      'application',
      'observed',
      { ...trailersOnly(12), requestEncoding: 'identity' },
    ],
    [
      'application-unimplemented',
      'application',
      'observed',
      {
        ...trailersOnly(12, ['grpc-accept-encoding', 'identity, deflate, gzip']),
        requestEncoding: 'gzip',
      },
    ],
    ['application-internal', 'application', 'observed', trailers(13)],
    ['application-unavailable', 'application', 'observed', trailersOnly(14)],
    ['application-data-loss', 'application', 'observed', trailers(15)],
    ['application-unauthenticated', 'application', 'observed', trailersOnly(16)],
    ['application-code-77', 'application', 'observed', trailers(77)],
    ['bad-grpc-status', 'application', 'observed', { ...trailers('five'), code: Number.NaN }],
    ['proxy-status', 'intermediary', 'inferred', trailersOnly(14, ['server', 'envoy'])],
    ['proxy-status', 'intermediary', 'inferred', trailersOnly(12, ['server', 'istio-envoy'])],
    [
      'application-unavailable',
      'application',
      'observed',
      trailersOnly(14, ['server', 'envoy'], ['x-envoy-upstream-service-time', '3']),
    ],
    ['application-not-found', 'application', 'observed', trailersOnly(5, ['server', 'envoy'])],
    ['application-unavailable', 'application', 'observed', trailersOnly(14, ['server', 'nginx'])],
    ['application-unavailable', 'application', 'observed', trailers(14, ['server', 'envoy'])],
    [
      'proxy-status',
      'intermediary',
      'inferred',
      { ...trailersOnly(14, ['server', 'nginx/1.22.1']), httpStatus: 204 },
    ],
    ['proxy-status', 'intermediary', 'inferred', { ...trailersOnly(14), httpStatus: 204 }],
    // grpc-go's own answer to a request that it can't read.
    ['application-internal', 'application', 'observed', { ...trailersOnly(13), httpStatus: 400 }],
    [
      'application-not-found',
      'application',
      'observed',
      {
        ...trailers(5),
        ...{ connectionClosedMidStream: true },
        rstStream: { direction: 'received', errorCode: 0 },
      },
    ],
  ],
  'frames not available': [
    ['ok', 'application', 'inferred', { framesAvailable: false, code: 0 }],
    ['application-not-found', 'application', 'inferred', { framesAvailable: false, code: 5 }],
    ['unexplained', 'transport', 'inferred', { framesAvailable: false, code: 14 }],
    [
      'cancelled-here',
      'client',
      'observed',
      { framesAvailable: false, code: 1, cancelledHere: true },
    ],
  ],
  'nothing to go by': [['unexplained', 'transport', 'inferred', { ...sent, code: 8 }]],
};

describe.each(Object.entries(rows))('%s', (_, group) => {
  test.each(group)('%s', (cause, origin, certainty, part) => {
    const status = explainStatus({ ...nothing, ...part });
    expect([status.cause, status.origin, status.certainty]).toEqual([cause, origin, certainty]);
    expect(status.explanation).toMatch(/^[A-Z0-9a-z].{20,}[.]$/);
    expect(status.name).toBe(statusName(status.code));
    expect(status.evidence.length).toBeGreaterThan(0);
    for (const action of status.nextActions) {
      expect(action).toMatch(/^[A-Z].{10,}/);
    }
    if (!['ok', 'cancelled-here'].includes(cause)) {
      expect(status.nextActions.length).toBeGreaterThan(0);
    }
  });
});

test('every cause has a sentence of its own', () => {
  const sentences = new Map<string, string>();
  for (const [cause, , , part] of Object.values(rows).flat()) {
    const { explanation } = explainStatus({ ...nothing, ...part });
    const other = sentences.get(explanation);
    expect([undefined, cause], explanation).toContain(other);
    sentences.set(explanation, cause);
  }
});

describe('what stands in the explanation', () => {
  test('a deadline while connecting names what kept failing', () => {
    const { explanation, nextActions } = explainStatus({
      ...nothing,
      ...refused('ECONNREFUSED'),
      code: 4,
      deadlineMs: 1_500,
      deadlinePassedHere: true,
      elapsedMs: 1_501,
    });
    expect(explanation).toBe(
      'The deadline of 1.5s passed while connecting. Nothing listens at 10.0.0.1:443: the machine answered and refused the connection.',
    );
    expect(nextActions[0]).toContain('Start the server');
  });

  test("a deadline that was not set here is the service config's", () => {
    const { explanation, nextActions } = explainStatus({ ...nothing, ...sent, code: 4 });
    expect(explanation).toContain('timeout in the service config');
    expect(nextActions[0]).toBe('Raise the timeout in the service config.');
  });

  test('a timer that fires a little early is still the deadline', () => {
    const { explanation } = explainStatus({
      ...nothing,
      ...sent,
      code: 4,
      deadlineMs: 1_000,
      elapsedMs: 999.4,
    });
    expect(explanation).toContain('The deadline of 1s');
  });

  test('a reset at the deadline is the deadline, and the words of grpc-js stay evidence', () => {
    const status = explainStatus({
      ...nothing,
      ...answered,
      code: 1,
      details: 'Call cancelled',
      rstStream: { direction: 'received', errorCode: 8 },
      deadlineMs: 500,
      elapsedMs: 500.2,
      deadlinePassedHere: true,
      messagesReceived: 3,
    });
    expect(status).toMatchObject({ code: 4, name: 'DEADLINE_EXCEEDED', message: '' });
    expect(status.explanation).toContain('The deadline of 500ms passed');
    expect(status.explanation).toContain('The server, which grpc-timeout tells of the deadline');
    expect(status.evidence).toContain('grpc-js says: Call cancelled');
  });

  test('what a server says at the deadline stays, whatever it is', () => {
    const status = explainStatus({
      ...nothing,
      ...trailersOnly(1, ['grpc-message', 'Timeout expired']),
      deadlineMs: 500,
      elapsedMs: 500.2,
    });
    expect(status).toMatchObject({ name: 'CANCELLED', message: 'Timeout expired' });
    expect(status.explanation).toContain('The deadline of 500ms passed');
    expect(status.explanation).toContain('with the code that tonic has for this');
  });

  test('a connection that reached its age: what to set', () => {
    const { explanation, nextActions } = explainStatus({
      ...nothing,
      ...goAway(0, 'max_age'),
      connectionClosedMidStream: true,
    });
    expect(explanation).toContain('reached the age that the server allows');
    expect(nextActions.at(-1)).toContain('MaxConnectionAgeGrace');
  });

  test('a stream that a server cancelled after a GOAWAY: what to give it', () => {
    const part = { ...goAway(0, ''), ...reset(8, 1) };
    const { nextActions } = explainStatus({ ...nothing, ...part });
    expect(nextActions[0]).toContain('awaitTermination()');
  });

  test('too many pings: what to set', () => {
    const { nextActions } = explainStatus({ ...nothing, ...goAway(11, 'too_many_pings', 3) });
    expect(nextActions[0]).toContain('Set keepalive-time to 5m or more');
    expect(nextActions.at(-1)).toContain('sending it again is safe');
  });

  test('a message over the limit: both sizes and the option', () => {
    const { explanation, nextActions } = explainStatus({
      ...nothing,
      ...answered,
      code: 8,
      messageTooLarge: { direction: 'received', size: 5_242_880, limit: 4_194_304 },
    });
    expect(explanation).toContain('5 MiB, and the limit is 4 MiB (max-receive-size)');
    expect(nextActions[0]).toBe('Raise max-receive-size over 5 MiB.');
  });

  test('of several attempts the last one, and the evidence names all', () => {
    const status = explainStatus({
      ...nothing,
      connectAttempts: [
        { address: '[::1]:443', error: error('EADDRNOTAVAIL') },
        { address: '127.0.0.1:443', error: error('ECONNREFUSED') },
      ],
    });
    expect(status.cause).toBe('connection-refused');
    expect(status.evidence).toEqual(
      expect.arrayContaining([
        'Connecting to [::1]:443 failed: EADDRNOTAVAIL',
        'Connecting to 127.0.0.1:443 failed: ECONNREFUSED',
      ]),
    );
  });

  test('the name that the certificate must carry is the authority, when there is one', () => {
    const target = {
      address: '10.0.0.1:443',
      authority: 'shop.example',
      security: { kind: 'tls', verify: true },
    } as const;
    const part = handshake('ERR_TLS_CERT_ALTNAME_INVALID');
    expect(explainStatus({ ...nothing, ...part, target }).explanation).toContain('shop.example');
  });

  test('an HTTP status: what gRPC makes of it, and who sent it', () => {
    const { evidence } = explainStatus({ ...nothing, ...httpStatus(503, 14, ['server', 'envoy']) });
    expect(evidence).toContain('HTTP status 503, no grpc-status: gRPC reads that as UNAVAILABLE');
    expect(evidence).toContain('server: envoy');
  });

  test('headers that are larger than many take, when they had no answer', () => {
    const large = { ...nothing, ...reset(11, 8), requestHeadersSize: 20_000 };
    expect(explainStatus(large).explanation).toContain('19.5 KiB, which may be more than it takes');
    expect(explainStatus(large).nextActions.join('\n')).toContain('large_client_header_buffers');
    const usual = explainStatus({ ...large, requestHeadersSize: 2_000 });
    expect(usual.explanation).not.toContain('headers');
    const answeredFirst = explainStatus({ ...large, responseHeaders: ok200 });
    expect(answeredFirst.explanation).not.toContain('headers');
  });

  test('the silence before a connection was closed', () => {
    const status = explainStatus({ ...nothing, ...silentEnd(350_020, false) });
    expect(status.explanation).toContain('after 5.83m without a frame');
    const short = explainStatus({ ...nothing, ...silentEnd(40, false) });
    expect(short.explanation).not.toContain('without a frame');
    expect(short.evidence.join('\n')).toContain('40ms after the last frame');
  });

  test('what an earlier response on the connection names is told apart', () => {
    const { evidence } = explainStatus({ ...nothing, ...reset(1), connectionServer: 'envoy' });
    expect(evidence).toContain('server: envoy (in an earlier response on this connection)');
  });

  test('metadata over the limit: its size and the option', () => {
    const part = { ...httpStatus(431, 2), requestHeadersSize: 9_216 };
    const { explanation, nextActions } = explainStatus({ ...nothing, ...part });
    expect(explanation).toContain('(9 KiB of headers)');
    expect(nextActions.join()).toContain('maxInboundMetadataSize');
  });

  test("a proxy's page that was read as a message is still the proxy's answer", () => {
    const status = explainStatus({
      ...nothing,
      ...sent,
      code: 8,
      httpStatus: 503,
      responseHeaders: [
        [':status', '503'],
        ['server', 'envoy'],
        ['content-type', 'text/plain'],
      ],
      messageTooLarge: { direction: 'received', size: 1_886_614_642, limit: 4_194_304 },
    });
    expect(status).toMatchObject({
      cause: 'http-503',
      origin: 'intermediary',
      name: 'UNAVAILABLE',
      message: '',
    });
    expect(status.evidence.join('\n')).not.toContain('limit');
    expect(status.evidence).toContain('grpc-js says: what grpc-js says');
  });

  test('an own CA file changes the advice', () => {
    const target = {
      address: 'a:1',
      security: { kind: 'tls', verify: true, ca: '/ca.pem' },
    } as const;
    const part = handshake('UNABLE_TO_VERIFY_LEAF_SIGNATURE');
    expect(explainStatus({ ...nothing, ...part }).explanation).toContain('does not trust');
    expect(explainStatus({ ...nothing, ...part, target }).explanation).toContain('own CA file');
  });
});

describe('message and details', () => {
  test.each([
    ['plain', 'plain'],
    ['a%20b%2Fc%23', 'a b/c#'],
    ['gr%C3%BC%C3%9Fe', 'grüße'],
    ['100%25', '100%'],
    ['50% off %zz %', '50% off %zz %'],
    ['%FF', '\uFFFD'],
    ['gr\u00c3\u00bc', 'grü'],
    ['', ''],
  ])('grpc-message %j', (field, message) => {
    expect(explainStatus({ ...nothing, ...trailers(5, ['grpc-message', field]) }).message).toBe(
      message,
    );
  });

  test('without grpc-message it is what grpc-js says', () => {
    expect(explainStatus(nothing).message).toBe('what grpc-js says');
  });

  test('of an end that was decided here it is not what the server said afterwards', () => {
    const late = trailers(0, ['grpc-message', 'OK'], ['grpc-status-details-bin', 'CAU=']);
    const status = explainStatus({ ...nothing, ...late, code: 1, cancelledHere: true });
    expect(status).toMatchObject({ cause: 'cancelled-here', message: 'what grpc-js says' });
    expect(status).not.toHaveProperty('detailsBin');
  });

  test('the details are handed on as they stood', () => {
    const status = explainStatus({
      ...nothing,
      ...trailers(3, ['grpc-status-details-bin', 'CAMSA2Jhd_']),
    });
    expect(status.detailsBin).toBe('CAMSA2Jhd_');
    expect(explainStatus(nothing)).not.toHaveProperty('detailsBin');
  });
});

describe('what a server sends is data', () => {
  const hostile = '<img src=x onerror=alert(1)>\u001b[31m\r\nSet-Cookie: a\u202e';

  test('it is not in the explanation, and in the evidence without control characters', () => {
    const status = explainStatus({
      ...nothing,
      ...goAway(11, hostile + 'x'.repeat(100_000)),
      responseHeaders: [
        [':status', '502'],
        ['server', hostile],
        ['location', hostile],
      ],
      httpStatus: 502,
      malformed: hostile,
      connectionError: { code: hostile, message: hostile },
    });
    expect(status.explanation + status.nextActions.join('')).not.toContain('<img');
    for (const line of status.evidence) {
      expect(line).not.toMatch(/[\p{Cc}\u202e]/u);
      expect(line.length).toBeLessThan(500);
    }
  });

  test('whatever is seen, there is an answer', () => {
    const parts = Object.values(rows).flatMap((group) => group.map(([, , , part]) => part));
    forSeeds(2_000, (random) => {
      const status = explainStatus({
        ...nothing,
        ...random.pick(parts),
        ...random.pick(parts),
        code: random.pick([-1, 0, 1, 2, 4, 8, 13, 14, 16, 17, 2 ** 31, Number.NaN]),
        httpStatus: random.pick([0, 100, 200, 204, 404, 999, -1]),
        framesAvailable: random.chance(0.8),
      });
      expect(status.cause).toMatch(/^[a-z0-9-]+$/);
      expect(Number.isInteger(status.code)).toBe(true);
      expect(status.explanation.length).toBeGreaterThan(20);
    });
  });
});
