import { readFile } from 'node:fs/promises';
import { parseAddress } from '../../grpc/address';
import type { Security } from '../../grpc/target';
import { reasonOf, UserError } from '../errors';
import { type SecurityLabel, securityLabel } from '../servers';
import { askChoice, askFiles, askText, Back, type Choice } from './ask';

/** What the user chose, and the passphrase of the key where it has one. */
export interface ChosenSecurity {
  readonly security: Security;
  readonly passphrase?: string;
}

interface Question {
  readonly title: string;
  readonly step?: number;
  readonly totalSteps?: number;
  readonly canGoBack?: boolean;
  readonly address: string;
  readonly current?: Security;
  /** Whether TLS was in a URL that the user pasted. */
  readonly suggested?: 'plaintext' | 'tls';
}

type Way = 'plaintext' | 'tls' | 'own-ca' | 'mtls' | 'unverified';

const ways: readonly Choice<Way>[] = [
  {
    label: 'TLS',
    icon: 'lock',
    detail: "The server's certificate is verified with the authorities that the system trusts.",
    value: 'tls',
  },
  {
    label: 'TLS with your own certificate authority…',
    icon: 'lock',
    detail: 'Verified with the authorities in a PEM file.',
    value: 'own-ca',
  },
  {
    label: 'TLS with a client certificate (mTLS)…',
    icon: 'lock',
    detail: 'A certificate and its key from PEM files say who you are.',
    value: 'mtls',
  },
  {
    label: 'Plaintext',
    icon: 'unlock',
    detail: 'Not encrypted: for servers on this machine or in a trusted network.',
    value: 'plaintext',
  },
  {
    label: 'TLS without verification',
    icon: 'warning',
    detail: 'Encrypted, but anyone may be at the other end. The explorer goes on showing this.',
    value: 'unverified',
  },
];

const currentWay: Readonly<Record<SecurityLabel, Way>> = {
  plaintext: 'plaintext',
  tls: 'tls',
  mtls: 'mtls',
  'tls-unverified': 'unverified',
};

/** Asks how a server is secured, with the certificates that this needs; `undefined` when the user left. */
export async function askSecurity(
  question: Question,
): Promise<ChosenSecurity | typeof Back | undefined> {
  const first = firstWay(question);
  const way = await askChoice({
    title: question.title,
    ...(question.step === undefined ? {} : { step: question.step }),
    ...(question.totalSteps === undefined ? {} : { totalSteps: question.totalSteps }),
    ...(question.canGoBack === undefined ? {} : { canGoBack: question.canGoBack }),
    placeholder: `How is the connection to ${question.address} secured?`,
    choices: [...ways].sort(
      (one, other) => Number(other.value === first) - Number(one.value === first),
    ),
  });
  switch (way) {
    case undefined:
    case Back:
      return way;
    case 'plaintext':
      return { security: { kind: 'plaintext' } };
    case 'tls':
      return { security: { kind: 'tls', verify: true } };
    case 'unverified':
      return { security: { kind: 'tls', verify: false } };
    case 'own-ca': {
      const ca = await askAuthority();
      return ca === undefined ? undefined : { security: { kind: 'tls', verify: true, ca } };
    }
    case 'mtls':
      return askClientCertificate(question.title);
  }
}

function firstWay(question: Question): Way {
  if (question.current) {
    const { current } = question;
    return current.kind === 'tls' && current.ca !== undefined && !current.client
      ? 'own-ca'
      : currentWay[securityLabel(current)];
  }
  if (question.suggested) {
    return question.suggested;
  }
  const address = parseAddress(question.address);
  const local =
    address.ok &&
    (address.kind === 'unix' ||
      address.hosts.every(({ host }) => /^(localhost|127\.[\d.]+|::1)$/.test(host)));
  return local ? 'plaintext' : 'tls';
}

const pem = { 'PEM files': ['pem', 'crt', 'cer', 'key'], 'All files': ['*'] };

async function askAuthority(): Promise<string | undefined> {
  const [file] = await askFiles({
    title: 'Certificate authorities to trust (PEM)',
    label: 'Trust',
    filters: pem,
  });
  return file;
}

async function askClientCertificate(title: string): Promise<ChosenSecurity | undefined> {
  const [certificate] = await askFiles({
    title: 'Client certificate (PEM)',
    label: 'Use as Certificate',
    filters: pem,
  });
  if (certificate === undefined) {
    return undefined;
  }
  const [key] = await askFiles({
    title: 'Private key of the client certificate (PEM)',
    label: 'Use as Key',
    filters: pem,
  });
  if (key === undefined) {
    return undefined;
  }
  const passphrase = isEncrypted(await readPem(key)) ? await askPassphrase(title) : '';
  if (passphrase === undefined) {
    return undefined;
  }
  const trust = await askChoice({
    title,
    placeholder: "Who vouches for the server's certificate?",
    choices: [
      { label: 'The authorities that the system trusts', icon: 'lock', value: false },
      { label: 'The authorities in a PEM file…', icon: 'lock', value: true },
    ],
  });
  if (trust === undefined || trust === Back) {
    return undefined;
  }
  const ca = trust ? await askAuthority() : undefined;
  if (trust && ca === undefined) {
    return undefined;
  }
  return {
    security: {
      kind: 'tls',
      verify: true,
      ...(ca === undefined ? {} : { ca }),
      client: { certificate, key },
    },
    ...(passphrase === '' ? {} : { passphrase }),
  };
}

async function askPassphrase(title: string): Promise<string | undefined> {
  const passphrase = await askText({
    title,
    prompt: 'Passphrase of the private key. It is kept in the secret storage of the editor.',
    password: true,
  });
  return passphrase === Back ? undefined : passphrase;
}

async function readPem(file: string): Promise<string> {
  try {
    return await readFile(file, 'latin1');
  } catch (error) {
    throw new UserError('file-unreadable', {
      what: `Reading the private key ${file}`,
      why: reasonOf(error),
      cause: error,
    });
  }
}

/** PKCS #8 says so in its label (RFC 7468 section 11), the older format in a header (RFC 1421). */
function isEncrypted(key: string): boolean {
  return /-----BEGIN ENCRYPTED PRIVATE KEY-----|^Proc-Type: 4,ENCRYPTED/m.test(key);
}
