import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { readFile as readLocalFile } from 'node:fs/promises';
import * as tls from 'node:tls';
import { type ChannelCredentials, credentials } from '@grpc/grpc-js';
import type { Security, Target } from './target';
import { trustedRoots } from './trustedRoots';

export type CredentialsProblem =
  | 'file-missing'
  | 'file-unreadable'
  | 'not-pem'
  | 'broken-certificate'
  | 'broken-key'
  | 'passphrase-missing'
  | 'wrong-passphrase'
  | 'key-mismatch';

/** Which of a target's files is meant. */
export type CredentialsFile = 'ca' | 'certificate' | 'key';

/** Why no credentials could be made. The message says what was read, the reason and the next step. */
export class CredentialsError extends Error {
  override readonly name = 'CredentialsError';

  constructor(
    readonly code: CredentialsProblem,
    readonly file: CredentialsFile,
    /** As it stands in the target. */
    readonly path: string,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** Kept in SecretStorage, never in a target. */
export interface TargetSecrets {
  /** Of the client's private key. */
  readonly passphrase?: string;
}

/** Reads a whole file; by default from this machine's disk. Rejects with `code` ENOENT (or VS Code's FileNotFound) when there is none. */
export type ReadFile = (path: string) => Promise<Uint8Array>;

/**
 * Channel credentials of a target: plaintext, TLS with the system's or own certificate authorities, or mTLS.
 * The server's certificate is verified unless the target says otherwise, whatever
 * NODE_TLS_REJECT_UNAUTHORIZED says. Rejects with a `CredentialsError`.
 */
export async function channelCredentials(
  target: Pick<Target, 'security'>,
  secrets: TargetSecrets,
  readFile: ReadFile = (path) => readLocalFile(path),
): Promise<ChannelCredentials> {
  const { security } = target;
  if (security.kind === 'plaintext') {
    return credentials.createInsecure();
  }
  const ca = security.ca === undefined ? trustedRoots() : await readCa(security.ca, readFile);
  const client =
    security.client === undefined
      ? undefined
      : await readClient(security.client, secrets, readFile);
  const secureContext = tls.createSecureContext({
    ...(ca === undefined ? {} : { ca }),
    ...(client === undefined
      ? {}
      : {
          cert: client.certificate,
          key: client.key,
          ...(secrets.passphrase === undefined ? {} : { passphrase: secrets.passphrase }),
        }),
  });
  return credentials.createFromSecureContext(secureContext, {
    rejectUnauthorized: security.verify,
  });
}

async function readCa(path: string, readFile: ReadFile): Promise<string[]> {
  const pem = await readPem('ca', path, readFile);
  return certificatesIn('ca', path, pem).map(({ text }) => text);
}

type ClientFiles = NonNullable<Extract<Security, { kind: 'tls' }>['client']>;

async function readClient(
  files: ClientFiles,
  secrets: TargetSecrets,
  readFile: ReadFile,
): Promise<{ certificate: string; key: string }> {
  const certificate = await readPem('certificate', files.certificate, readFile);
  const key = await readPem('key', files.key, readFile);
  const [leaf] = certificatesIn('certificate', files.certificate, certificate);
  const privateKey = parseKey(files.key, key, secrets.passphrase);
  // OpenSSL takes a certificate and a key of different kinds without a word: it must be checked here.
  if (leaf !== undefined && !leaf.certificate.checkPrivateKey(privateKey)) {
    throw new CredentialsError(
      'key-mismatch',
      'key',
      files.key,
      `The private key ${files.key} does not belong to the first certificate in ${files.certificate}. Choose the key that the certificate was made for; the client's own certificate must stand first in its file.`,
    );
  }
  return { certificate, key };
}

const nouns: { readonly [K in CredentialsFile]: string } = {
  ca: 'certificate authority',
  certificate: 'client certificate',
  key: 'private key',
};

async function readPem(file: CredentialsFile, path: string, readFile: ReadFile): Promise<string> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (error) {
    const code = errorCode(error);
    const missing = code === 'ENOENT' || code === 'FileNotFound';
    throw new CredentialsError(
      missing ? 'file-missing' : 'file-unreadable',
      file,
      path,
      missing
        ? `There is no file ${path} for the ${nouns[file]}. Choose the file again.`
        : `The file ${path} for the ${nouns[file]} can't be read${code === undefined ? '' : ` (${code})`}. Check that it is a file and its permissions.`,
      { cause: error },
    );
  }
  const text = Buffer.from(bytes).toString('latin1');
  if (!text.includes('-----BEGIN ')) {
    // 0x30 0x82 begins every DER file of this size: a sequence with a length of two bytes.
    const der = bytes[0] === 0x30 && (bytes[1] ?? 0) >= 0x80;
    throw new CredentialsError(
      'not-pem',
      file,
      path,
      `${path} is not a PEM file (text with -----BEGIN …-----)${der ? '; it looks like DER or PKCS #12' : ''}. ${howToConvert(file)}`,
    );
  }
  return text;
}

function howToConvert(file: CredentialsFile): string {
  return file === 'key'
    ? 'Convert it: openssl pkey -inform der -in FILE -out key.pem, or from PKCS #12: openssl pkcs12 -in FILE -nocerts -out key.pem'
    : 'Convert it: openssl x509 -inform der -in FILE -out cert.pem, or from PKCS #12: openssl pkcs12 -in FILE -nokeys -out cert.pem';
}

interface PemCertificate {
  readonly text: string;
  readonly certificate: X509Certificate;
}

const certificateBlock =
  /-----BEGIN (X509 |TRUSTED )?CERTIFICATE-----[^-]*-----END (X509 |TRUSTED )?CERTIFICATE-----/g;

/** At least one; Node would skip what is not a certificate without a word. */
function certificatesIn(file: CredentialsFile, path: string, pem: string): PemCertificate[] {
  const blocks = pem.match(certificateBlock) ?? [];
  if (blocks.length === 0) {
    const found = /-----BEGIN ([A-Z0-9 ]{1,40})-----/.exec(pem)?.[1] ?? 'something else';
    throw new CredentialsError(
      'not-pem',
      file,
      path,
      `${path} holds no certificate for the ${nouns[file]}: it begins with ${found}. Choose a file with -----BEGIN CERTIFICATE-----.`,
    );
  }
  return blocks.map((text, index) => {
    try {
      return { text, certificate: new X509Certificate(text) };
    } catch (error) {
      throw new CredentialsError(
        'broken-certificate',
        file,
        path,
        `Certificate ${index + 1} of ${blocks.length} in ${path} can't be decoded. Get the file again; a part of it may be missing.`,
        { cause: error },
      );
    }
  });
}

function parseKey(path: string, pem: string, passphrase: string | undefined): KeyObject {
  const label = /-----BEGIN ([A-Z0-9 ]{0,40}PRIVATE KEY)-----/.exec(pem)?.[1];
  if (label === undefined) {
    const found = /-----BEGIN ([A-Z0-9 ]{1,40})-----/.exec(pem)?.[1] ?? 'something else';
    throw new CredentialsError(
      'not-pem',
      'key',
      path,
      `${path} holds no private key: it begins with ${found}. Choose a file with -----BEGIN PRIVATE KEY-----.`,
    );
  }
  // Told by the PEM text, not by OpenSSL's error codes: those differ from one build of Node to the next.
  const encrypted = label === 'ENCRYPTED PRIVATE KEY' || /^Proc-Type: 4,ENCRYPTED/m.test(pem);
  if (encrypted && (passphrase === undefined || passphrase === '')) {
    throw new CredentialsError(
      'passphrase-missing',
      'key',
      path,
      `The private key ${path} is encrypted. Enter its passphrase; it is kept in the editor's secret storage.`,
    );
  }
  try {
    return createPrivateKey({
      key: pem,
      ...(passphrase === undefined ? {} : { passphrase }),
    });
  } catch (error) {
    // No cause: it is of no use to the reader, and nothing made from a secret belongs in a log.
    throw encrypted
      ? new CredentialsError(
          'wrong-passphrase',
          'key',
          path,
          `The passphrase does not open the private key ${path}. Enter it again.`,
        )
      : new CredentialsError(
          'broken-key',
          'key',
          path,
          `The private key ${path} can't be decoded${errorCode(error) === undefined ? '' : ` (${errorCode(error)})`}. Check that the file is whole; OpenSSH keys must be converted: ssh-keygen -p -m PEM -f FILE`,
        );
  }
}

function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string'
    ? error.code
    : undefined;
}
