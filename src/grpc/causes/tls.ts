import type { Evidence } from '../evidence';
import { type Cause, expectedHost, hasClientCertificate } from './cause';

/** Codes of OpenSSL's verification (X509_V_ERR_…), as Node and Electron name them alike. */
const unknownAuthority: ReadonlySet<string> = new Set([
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'CERT_UNTRUSTED',
]);

/** What other verification codes there are: the certificate is wrong in itself. */
const invalidCertificate =
  /^(CERT_|CRL_|UNABLE_TO_|ERROR_IN_CERT|INVALID_|PATH_LENGTH|AKID_|KEYUSAGE_|SUBJECT_ISSUER|EE_KEY|CA_KEY|CA_MD|UNHANDLED_CRITICAL|UNSUPPORTED_|EXCLUDED_VIOLATION|PERMITTED_VIOLATION)/;

/** OpenSSL and BoringSSL when the first bytes of the answer are not a TLS record. */
const notTls =
  /^ERR_SSL_(.*_)?(WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|HTTP_REQUEST|HTTPS_PROXY_REQUEST|UNKNOWN_PROTOCOL|RECORD_LAYER_FAILURE|BAD_RECORD_TYPE|INVALID_ALERT|UNEXPECTED_RECORD|UNEXPECTED_MESSAGE)$/;

const connectionCut: ReadonlySet<string> = new Set([
  'ECONNRESET',
  'EPIPE',
  'ECONNABORTED',
  'ERR_SOCKET_CLOSED',
  'ERR_STREAM_PREMATURE_CLOSE',
]);

/** Why the TLS handshake failed; undefined when it did not. */
export function tlsCause(evidence: Evidence): Cause | undefined {
  const error = evidence.tls?.error;
  return error === undefined
    ? undefined
    : (alertCause(evidence, error.code) ??
        certificateCause(evidence, error.code) ??
        handshakeCause(evidence, error.code));
}

/**
 * TLS stood, and the connection ended before SETTINGS. In TLS 1.3 a server checks the client's certificate
 * only after the client counts the handshake as done (RFC 8446 section 4.4.2.4), so its alert comes here.
 */
export function closedBeforeHttp2(evidence: Evidence): Cause {
  const alert = evidence.connectionError && alertCause(evidence, evidence.connectionError.code);
  if (alert !== undefined) {
    return alert;
  }
  const { address } = evidence.target;
  return {
    cause: 'closed-after-tls',
    origin: 'transport',
    certainty: 'inferred',
    explanation: hasClientCertificate(evidence)
      ? `${address} closed the connection right after TLS was set up, without an alert: most likely it does not accept the client certificate.`
      : `${address} closed the connection right after TLS was set up, without an alert: most likely it wants a client certificate (mTLS).`,
    nextActions: [
      hasClientCertificate(evidence)
        ? 'Check that the client certificate is issued by an authority that the server trusts, and is not expired.'
        : 'Ask whether the server wants mTLS, and add a client certificate and its key to the target.',
      "Look at the server's log: it knows the reason.",
    ],
  };
}

/** A TLS alert of the server (RFC 8446 section 6). Names differ in front of ALERT by library and version. */
function alertCause(evidence: Evidence, code: string): Cause | undefined {
  const alert = /^ERR_SSL_.*?(?:ALERT_)?(UNRECOGNIZED_NAME)$|^ERR_SSL_.*ALERT_(.+)$/.exec(code);
  const name = alert?.[1] ?? alert?.[2];
  const { address } = evidence.target;
  const base = { origin: 'transport', certainty: 'observed' } as const;
  switch (name) {
    case undefined:
      return undefined;
    case 'CERTIFICATE_REQUIRED':
      return clientCertificateRequired(evidence, 'observed');
    case 'NO_APPLICATION_PROTOCOL':
      return noAlpn(evidence);
    case 'BAD_CERTIFICATE':
    case 'UNSUPPORTED_CERTIFICATE':
    case 'CERTIFICATE_REVOKED':
    case 'CERTIFICATE_EXPIRED':
    case 'CERTIFICATE_UNKNOWN':
    case 'UNKNOWN_CA':
    case 'ACCESS_DENIED':
    case 'DECRYPT_ERROR':
      // Go servers before 1.21 send BAD_CERTIFICATE when there is none.
      return hasClientCertificate(evidence)
        ? clientCertificateRejected(evidence, alertText(name), 'observed')
        : clientCertificateRequired(evidence, 'inferred');
    case 'PROTOCOL_VERSION':
    case 'INSUFFICIENT_SECURITY':
      return tlsVersion(evidence);
    case 'UNRECOGNIZED_NAME':
      return {
        ...base,
        cause: 'tls-unrecognized-name',
        explanation: `${address} has no certificate for the name ${expectedHost(evidence)} (TLS alert unrecognized name).`,
        nextActions: [
          'Set the authority of the target to the name that the server is configured for.',
        ],
      };
    case 'HANDSHAKE_FAILURE':
      return {
        ...base,
        certainty: 'inferred',
        cause: 'tls-handshake-refused',
        explanation: hasClientCertificate(evidence)
          ? `${address} refused the TLS handshake without saying why: no cipher in common, or a client certificate that it does not take.`
          : `${address} refused the TLS handshake without saying why: under TLS 1.2 this usually means that it wants a client certificate (mTLS), else that there is no cipher in common.`,
        nextActions: [
          hasClientCertificate(evidence)
            ? "Check the client certificate and the server's ciphers."
            : 'Ask whether the server wants mTLS, and add a client certificate and its key to the target.',
          "Look at the server's log: it knows the reason.",
        ],
      };
    default:
      // Java says internal_error of a client certificate that it does not trust.
      return evidence.tls?.error === undefined && hasClientCertificate(evidence)
        ? clientCertificateRejected(evidence, alertText(name), 'inferred')
        : {
            ...base,
            cause: 'tls-alert',
            explanation: `${address} ended TLS with the alert ${alertText(name)}.`,
            nextActions: ["Look at the server's log: it knows the reason."],
          };
  }
}

function clientCertificateRejected(
  evidence: Evidence,
  alert: string,
  certainty: Cause['certainty'],
): Cause {
  const { address } = evidence.target;
  return {
    cause: 'client-certificate-rejected',
    origin: 'transport',
    certainty,
    explanation:
      certainty === 'observed'
        ? `${address} does not accept the client certificate (TLS alert ${alert}).`
        : `${address} ended TLS right after it was set up: most likely it does not accept the client certificate (TLS alert ${alert}).`,
    nextActions: [
      'Check that the client certificate is issued by an authority that this server trusts, is made for client authentication and is not expired.',
      'If there is an intermediate authority, put its certificate into the same file, after the client certificate.',
    ],
  };
}

function certificateCause(evidence: Evidence, code: string): Cause | undefined {
  const { address, security } = evidence.target;
  const ownCa = security.kind === 'tls' && security.ca !== undefined;
  const base = { origin: 'transport', certainty: 'observed' } as const;
  if (unknownAuthority.has(code)) {
    return {
      ...base,
      cause: 'tls-unknown-ca',
      explanation: `The certificate of ${address} is signed by an authority that ${
        ownCa ? "is not in the target's own CA file" : 'this machine does not trust'
      }, so the connection was refused here.`,
      nextActions: [
        ownCa
          ? 'Choose the CA file of the authority that signed it.'
          : 'If it is an own or company authority, set its CA file (PEM) in the target.',
        'If the authority is a known one, the server may leave out its intermediate certificate: it must send the whole chain.',
      ],
    };
  }
  switch (code) {
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
      return {
        ...base,
        cause: 'tls-self-signed',
        explanation: `The certificate of ${address} is self-signed and not trusted here, so the connection was refused.`,
        nextActions: [
          'Set that certificate itself (PEM) as the CA file of the target, if it is yours.',
          'Only for a server that you know: turn verification off for this target; it stays visible.',
        ],
      };
    case 'CERT_HAS_EXPIRED':
      return {
        ...base,
        cause: 'tls-expired',
        explanation: `The certificate of ${address}, or one in its chain, has expired.`,
        nextActions: [
          'Renew the certificate of the server and let the server load it.',
          'Check the clock of this machine.',
        ],
      };
    case 'CERT_NOT_YET_VALID':
      return {
        ...base,
        cause: 'tls-not-yet-valid',
        explanation: `The certificate of ${address} is not valid yet.`,
        nextActions: [
          'Check the clock of this machine: it may be behind.',
          'Check the date from which the certificate of the server holds.',
        ],
      };
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
    case 'ERR_TLS_CERT_ALTNAME_FORMAT':
    case 'HOSTNAME_MISMATCH':
      return {
        ...base,
        cause: 'tls-wrong-host',
        explanation: `The certificate is valid, but not for the name ${expectedHost(evidence)}.`,
        nextActions: [
          'Connect by a name that stands in the certificate (see its subject alternative names in the TLS row).',
          'If the address has to stay, set the authority of the target to such a name.',
        ],
      };
    case 'CERT_REVOKED':
      return {
        ...base,
        cause: 'tls-revoked',
        explanation: `The certificate of ${address} was revoked by its authority.`,
        nextActions: ['Do not trust this server until it has a new certificate.'],
      };
    case 'INVALID_PURPOSE':
      return {
        ...base,
        cause: 'tls-wrong-purpose',
        explanation: `The certificate of ${address} is not made for servers (extended key usage).`,
        nextActions: [
          'Issue a certificate with the usage serverAuth. A client certificate may be in its place.',
        ],
      };
    default:
      return invalidCertificate.test(code)
        ? {
            ...base,
            cause: 'tls-invalid-certificate',
            explanation: `The certificate of ${address} could not be verified (${code}).`,
            nextActions: [
              'Check the certificate chain of the server: openssl s_client -connect shows it.',
            ],
          }
        : undefined;
  }
}

function handshakeCause(evidence: Evidence, code: string): Cause {
  const { address } = evidence.target;
  const base = { origin: 'transport', certainty: 'observed' } as const;
  if (notTls.test(code)) {
    return {
      ...base,
      cause: 'tls-to-plaintext-port',
      explanation: `${address} does not speak TLS: its answer to the handshake is no TLS record, and the target is set to TLS.`,
      nextActions: [
        'Check the port: plaintext and TLS have different ones.',
        'If this server really has no TLS, connect in plaintext: edit the server, write # @plaintext in a request file, or --plaintext on the command line. Nothing is encrypted then.',
      ],
    };
  }
  if (/(UNSUPPORTED_PROTOCOL|VERSION_TOO_LOW|NO_PROTOCOLS_AVAILABLE)$/.test(code)) {
    return tlsVersion(evidence);
  }
  if (connectionCut.has(code)) {
    return {
      ...base,
      certainty: 'inferred',
      cause: 'tls-handshake-closed',
      explanation: `${address} closed the connection during the TLS handshake: most likely this port has no TLS, or nothing is behind it.`,
      nextActions: [
        'Check the port: plaintext and TLS have different ones.',
        'Check that the server knows the name: some close when they have no certificate for it (set the authority of the target).',
        'If a port-forward or proxy stands between, check that there is a server behind it.',
      ],
    };
  }
  return {
    ...base,
    cause: 'tls-failed',
    explanation: `The TLS handshake with ${address} failed (${code}).`,
    nextActions: ['Look at the log of the server, and try: openssl s_client -alpn h2 -connect'],
  };
}

function clientCertificateRequired(evidence: Evidence, certainty: Cause['certainty']): Cause {
  const { address } = evidence.target;
  return {
    cause: 'client-certificate-required',
    origin: 'transport',
    certainty,
    explanation: hasClientCertificate(evidence)
      ? `${address} wants a client certificate and did not get one: the one in the target is not from an authority that it asks for.`
      : `${address} wants a client certificate (mTLS), and the target has none.`,
    nextActions: hasClientCertificate(evidence)
      ? ['Choose a client certificate from an authority that this server accepts.']
      : ['Add a client certificate and its private key to the target.'],
  };
}

function tlsVersion(evidence: Evidence): Cause {
  return {
    cause: 'tls-version',
    origin: 'transport',
    certainty: 'observed',
    explanation: `${evidence.target.address} and this client have no TLS version in common: TLS 1.2 or later is needed, also by HTTP/2.`,
    nextActions: ['Turn on TLS 1.2 or 1.3 in the server.'],
  };
}

function alertText(name: string): string {
  return name.toLowerCase().replace(/_/g, ' ');
}

/** The server refused `h2` in ALPN, or chose nothing (RFC 9113 section 3.2). */
export function noAlpn(evidence: Evidence): Cause {
  const chosen = evidence.tls?.alpn;
  return {
    cause: 'no-alpn-h2',
    origin: 'transport',
    certainty: 'observed',
    explanation: `TLS with ${evidence.target.address} works, but the server did not agree on HTTP/2 (ALPN ${
      chosen === undefined || chosen === '' ? 'has no answer' : `chose ${chosen.slice(0, 40)}`
    }), and gRPC needs it.`,
    nextActions: [
      'Turn on HTTP/2 in the server or load balancer that ends TLS (ALPN protocol h2).',
      'Check the port: this may be the HTTP/1.1 web interface.',
    ],
  };
}
