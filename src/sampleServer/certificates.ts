import {
  createHash,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign,
} from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { isIPv4, isIPv6 } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  bitString,
  booleanTrue,
  explicit,
  implicit,
  integer,
  objectIdentifier,
  octetString,
  sequence,
  set,
  time,
  utf8String,
} from './der';

const day = 86_400_000;

/** A certificate and its private key, both PEM. */
export interface KeyPair {
  readonly certificate: string;
  readonly key: string;
}

export interface IssueOptions {
  readonly commonName: string;
  /** Host names and IP addresses that a server certificate is for. Without: a client certificate. */
  readonly hosts?: readonly string[];
  /** Default: a day ago. */
  readonly notBefore?: Date;
  /** Default: in 30 days. */
  readonly notAfter?: Date;
}

/** A certificate authority that lives in memory, EC P-256. */
export interface CertificateAuthority {
  /** PEM. */
  readonly certificate: string;
  issue(options: IssueOptions): KeyPair;
}

/** The names under which a server on the loopback interface is reached. */
export const loopbackHosts = ['localhost', '127.0.0.1', '::1'] as const;

/** Makes a new authority; no two share a key, also when they share a name. */
export function createCertificateAuthority(
  commonName = 'Frameline sample CA',
): CertificateAuthority {
  const { privateKey, publicKey } = generateKeys();
  const issuer = { name: commonName, key: privateKey };
  return {
    certificate: certificate(issuer, {
      name: commonName,
      key: publicKey,
      extensions: [
        extension(oid.basicConstraints, sequence(booleanTrue()), true),
        // keyCertSign and cRLSign.
        extension(oid.keyUsage, bitString(Buffer.from([0x06]), 1), true),
      ],
    }),
    issue({ commonName, hosts, notBefore, notAfter }) {
      const own = generateKeys();
      const usage = hosts ? oid.serverAuth : oid.clientAuth;
      return {
        certificate: certificate(issuer, {
          name: commonName,
          key: own.publicKey,
          notBefore,
          notAfter,
          extensions: [
            extension(oid.basicConstraints, sequence(), true),
            // digitalSignature.
            extension(oid.keyUsage, bitString(Buffer.from([0x80]), 7), true),
            extension(oid.extendedKeyUsage, sequence(objectIdentifier(usage))),
            ...(hosts ? [extension(oid.subjectAltName, sequence(...hosts.map(generalName)))] : []),
          ],
        }),
        key: own.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
      };
    },
  };
}

const oid = {
  ecdsaWithSha256: '1.2.840.10045.4.3.2',
  commonName: '2.5.4.3',
  subjectKeyIdentifier: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  authorityKeyIdentifier: '2.5.29.35',
  extendedKeyUsage: '2.5.29.37',
  serverAuth: '1.3.6.1.5.5.7.3.1',
  clientAuth: '1.3.6.1.5.5.7.3.2',
} as const;

function generateKeys() {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' });
}

interface Subject {
  readonly name: string;
  readonly key: KeyObject;
  readonly extensions: readonly Buffer[];
  readonly notBefore?: Date | undefined;
  readonly notAfter?: Date | undefined;
}

/** An X.509 version 3 certificate, RFC 5280 section 4.1, as PEM. */
function certificate(issuer: { name: string; key: KeyObject }, subject: Subject): string {
  const algorithm = sequence(objectIdentifier(oid.ecdsaWithSha256));
  const content = sequence(
    explicit(0, integer(Buffer.from([2]))),
    // A positive serial number of fixed length.
    integer(Buffer.concat([Buffer.from([0x01]), randomBytes(15)])),
    algorithm,
    distinguishedName(issuer.name),
    sequence(
      time(subject.notBefore ?? new Date(Date.now() - day)),
      time(subject.notAfter ?? new Date(Date.now() + 30 * day)),
    ),
    distinguishedName(subject.name),
    spki(subject.key),
    explicit(
      3,
      sequence(
        ...subject.extensions,
        extension(oid.subjectKeyIdentifier, octetString(keyIdentifier(subject.key))),
        extension(
          oid.authorityKeyIdentifier,
          sequence(implicit(0, keyIdentifier(createPublicKey(issuer.key)))),
        ),
      ),
    ),
  );
  const der = sequence(content, algorithm, bitString(sign('sha256', content, issuer.key)));
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}

function distinguishedName(commonName: string): Buffer {
  return sequence(set(sequence(objectIdentifier(oid.commonName), utf8String(commonName))));
}

function extension(id: string, content: Buffer, critical = false): Buffer {
  return sequence(objectIdentifier(id), ...(critical ? [booleanTrue()] : []), octetString(content));
}

function spki(key: KeyObject): Buffer {
  return key.export({ type: 'spki', format: 'der' });
}

function keyIdentifier(key: KeyObject): Buffer {
  return createHash('sha256').update(spki(key)).digest().subarray(0, 20);
}

/** dNSName or iPAddress, RFC 5280 section 4.2.1.6. */
function generalName(host: string): Buffer {
  if (isIPv4(host)) {
    return implicit(7, Buffer.from(host.split('.').map(Number)));
  }
  return isIPv6(host) ? implicit(7, ipv6Bytes(host)) : implicit(2, Buffer.from(host, 'ascii'));
}

function ipv6Bytes(host: string): Buffer {
  const [before = '', after] = host.split('::');
  const groups = (text: string) => (text === '' ? [] : text.split(':'));
  const left = groups(before);
  const right = groups(after ?? '');
  const zeros = Array<string>(8 - left.length - right.length).fill('0');
  const bytes = Buffer.alloc(16);
  [...left, ...zeros, ...right].forEach((group, index) => {
    bytes.writeUInt16BE(Number.parseInt(group, 16), index * 2);
  });
  return bytes;
}

/** Paths of PEM files that a client needs. */
export interface CertificateFiles {
  readonly ca: string;
  readonly clientCertificate: string;
  readonly clientKey: string;
}

/**
 * Writes what a client needs into a new directory that only this user can read.
 *
 * @returns The paths, and how to remove the directory; it is also removed when the process exits.
 */
export function writeCertificateFiles(
  authority: CertificateAuthority,
  client: KeyPair,
): { files: CertificateFiles; remove(): void } {
  // mkdtemp makes the directory with mode 0700.
  const directory = mkdtempSync(join(tmpdir(), 'frameline-certificates-'));
  const write = (name: string, pem: string) => {
    const path = join(directory, name);
    writeFileSync(path, pem, { mode: 0o600 });
    return path;
  };
  const remove = () => {
    process.off('exit', remove);
    rmSync(directory, { recursive: true, force: true });
  };
  process.on('exit', remove);
  return {
    files: {
      ca: write('ca.pem', authority.certificate),
      clientCertificate: write('client.pem', client.certificate),
      clientKey: write('client-key.pem', client.key),
    },
    remove,
  };
}
