import type { EntryError } from '../../transcript/entry';
import type { Evidence } from '../evidence';
import { StatusCode } from '../statusCodes';
import { type Cause, isTls } from './cause';
import { closedBeforeHttp2, noAlpn, tlsCause } from './tls';

/** Why no HTTP/2 connection came about; undefined when one did, or when nothing shows why not. */
export function connectingCause(evidence: Evidence): Cause | undefined {
  if (evidence.settingsReceived) {
    return undefined;
  }
  if (!evidence.connected) {
    return (
      tlsCause(evidence) ??
      connectCause(evidence) ??
      (evidence.resolution?.error === undefined
        ? undefined
        : resolutionCause(evidence, evidence.resolution.error))
    );
  }
  return notHttp2Cause(evidence);
}

function resolutionCause(evidence: Evidence, { code }: EntryError): Cause {
  const { address } = evidence.target;
  const base = { origin: 'transport', certainty: 'observed' } as const;
  switch (code) {
    case 'ENOTFOUND':
    case 'ENODATA':
    case 'EAI_NONAME':
    case 'EAI_NODATA':
      return {
        ...base,
        cause: 'name-not-found',
        explanation: `The name in ${address} does not exist in DNS, so nothing was connected.`,
        nextActions: [
          'Check the spelling of the host name.',
          'If the name is only known inside a cluster or a VPN, connect to it or forward the port: kubectl port-forward.',
          "If editor and terminal run on different machines (remote, container), check which one resolves the name: the call starts on the extension's machine.",
        ],
      };
    case 'EAI_AGAIN':
    case 'EAI_FAIL':
    case 'ESERVFAIL':
    case 'ETIMEOUT':
    case 'ETIMEDOUT':
    case 'ECONNREFUSED':
    case 'ECANCELLED':
      return {
        ...base,
        cause: 'name-server-failed',
        explanation: `The DNS server gave no answer for the name in ${address}; whether the name exists is not known.`,
        nextActions: [
          'Check the network connection and the VPN, then send again.',
          'Try the IP address in place of the name, to see whether only DNS is the matter.',
        ],
      };
    default:
      return {
        ...base,
        cause: 'name-resolution-failed',
        explanation: `The name in ${address} could not be resolved (${code}).`,
        nextActions: ['Check the address and the DNS settings of this machine.'],
      };
  }
}

/** The last attempt counts: with several addresses the ones before it failed too. */
function connectCause(evidence: Evidence): Cause | undefined {
  const failed = evidence.connectAttempts.filter(({ error }) => error !== undefined);
  const last = failed[failed.length - 1];
  if (last?.error === undefined) {
    return undefined;
  }
  const { address, error } = last;
  const base = { origin: 'transport', certainty: 'observed' } as const;
  switch (error.code) {
    case 'ECONNREFUSED':
      return {
        ...base,
        cause: 'connection-refused',
        explanation: `Nothing listens at ${address}: the machine answered and refused the connection.`,
        nextActions: [
          'Start the server, or check that it is still running.',
          'Check the port, and that the server listens on this interface and not only on 127.0.0.1 of another machine or container.',
        ],
      };
    case 'ETIMEDOUT':
      return {
        ...base,
        cause: 'connection-timeout',
        explanation: `${address} did not answer when the connection was opened: the packets vanish on the way.`,
        nextActions: [
          'Check the address, the firewall and the security group: a dropped packet looks like this, a closed port does not.',
          'Check whether a VPN is needed.',
        ],
      };
    case 'EHOSTUNREACH':
    case 'EHOSTDOWN':
    case 'ENETUNREACH':
    case 'ENETDOWN':
      return {
        ...base,
        cause: 'host-unreachable',
        explanation: `There is no route to ${address} (${error.code}).`,
        nextActions: [
          'Check the network connection and the VPN.',
          'If the address is IPv6, check that this network has IPv6, or use an IPv4 address.',
        ],
      };
    case 'EADDRNOTAVAIL':
      return {
        ...base,
        cause: 'address-not-available',
        explanation: `This machine has no address from which ${address} can be reached.`,
        nextActions: [
          'Check the address: a port of 0 or an unspecified address can not be called.',
        ],
      };
    case 'ENOENT':
      return {
        ...base,
        cause: 'socket-missing',
        explanation: `There is no Unix socket at ${address}.`,
        nextActions: [
          'Start the server, and check the path of its socket.',
          'A socket inside a container is not visible outside unless its folder is shared.',
        ],
      };
    case 'EACCES':
    case 'EPERM':
      return {
        ...base,
        cause: 'connection-denied',
        explanation: `This machine does not allow the connection to ${address} (${error.code}).`,
        nextActions: [
          'For a Unix socket, check its permissions and those of its folder.',
          'Else check the local firewall or sandbox.',
        ],
      };
    case 'EMFILE':
    case 'ENFILE':
      return {
        ...base,
        origin: 'client',
        cause: 'too-many-open-files',
        explanation: 'This machine has no file handle left for another connection.',
        nextActions: ['Close other programs or raise the limit (ulimit -n), then send again.'],
      };
    case 'ECONNRESET':
    case 'EPIPE':
    case 'ECONNABORTED':
      return {
        ...base,
        cause: 'connection-reset',
        explanation: `The connection to ${address} was reset while it was opened (${error.code}).`,
        nextActions: [
          'Look for something on the way that cuts connections: a firewall, a proxy, a port-forward without a server behind it.',
        ],
      };
    default:
      return {
        ...base,
        cause: 'connection-failed',
        explanation: `The connection to ${address} could not be opened (${error.code}).`,
        nextActions: ['Check the address and that the server is running.'],
      };
  }
}

/** nginx and others answer so when plaintext reaches their TLS port. */
const wantsHttps = /\bHTTPS (port|server)\b/i;

/** TCP (and TLS) stand, but no SETTINGS frame came: the peer does not speak HTTP/2. */
function notHttp2Cause(evidence: Evidence): Cause | undefined {
  const { address } = evidence.target;
  const { peerTalkedHttp1 } = evidence;
  if (evidence.peerTalkedTls) {
    return plaintextToTls(evidence, 'observed');
  }
  if (isTls(evidence) && evidence.tls !== undefined && evidence.tls.alpn !== 'h2') {
    return noAlpn(evidence);
  }
  if (peerTalkedHttp1 !== undefined) {
    if (!isTls(evidence) && wantsHttps.test(peerTalkedHttp1)) {
      return plaintextToTls(evidence, 'inferred');
    }
    return {
      cause: 'http1-server',
      origin: 'transport',
      certainty: 'observed',
      explanation: `${address} answers in HTTP/1.1: it is a web server or a proxy without HTTP/2 on this port, and gRPC needs HTTP/2.`,
      nextActions: [
        'Check the port: many servers have gRPC on another one than their web or REST interface.',
        'If a proxy stands in front, turn on HTTP/2 for this listener (nginx: listen … http2 and grpc_pass).',
      ],
    };
  }
  if (evidence.malformed !== undefined) {
    return {
      cause: 'not-http2',
      origin: 'transport',
      certainty: 'observed',
      explanation: `${address} speaks another protocol: what it sent first is neither HTTP/2 nor HTTP/1.1 nor TLS.`,
      nextActions: ['Check the port: it may belong to a database, SSH or another service.'],
    };
  }
  if (evidence.code === StatusCode.DeadlineExceeded) {
    // Still open: the deadline is the cause, and says so.
    return undefined;
  }
  return isTls(evidence) ? closedBeforeHttp2(evidence) : plaintextToTls(evidence, 'inferred');
}

function plaintextToTls(evidence: Evidence, certainty: Cause['certainty']): Cause {
  const { address } = evidence.target;
  return {
    cause: 'plaintext-to-tls-port',
    origin: 'transport',
    certainty,
    explanation:
      certainty === 'observed'
        ? `${address} speaks TLS, but the target is set to plaintext.`
        : `${address} took the connection and closed it before a word of HTTP/2: it wants TLS, and the target is set to plaintext; or it is a proxy or a port-forward that reaches no server behind it.`,
    nextActions: [
      'Set the security of this target to TLS.',
      ...(certainty === 'observed'
        ? []
        : [
            'If the server has no TLS, check that one runs behind what stands between: a layer-4 load balancer, a port-forward, a container port.',
          ]),
    ],
  };
}
