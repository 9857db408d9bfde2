import * as tls from 'node:tls';

type GetCaCertificates = (type: 'default' | 'system') => readonly string[];

let roots: readonly string[] | undefined;
let read = false;

/**
 * The certificate authorities that a target without own ones trusts: Node's, those of NODE_EXTRA_CA_CERTS and,
 * where Node can read them (22.15 and later), the operating system's. PEM, read once in a process. Undefined
 * where Node can't tell: then its default applies.
 */
export function trustedRoots(): string[] | undefined {
  if (!read) {
    read = true;
    roots = readTrustedRoots(nodeReader());
  }
  return roots === undefined ? undefined : [...roots];
}

/** `trustedRoots` without its memory; a reader that fails counts as one that knows nothing. */
export function readTrustedRoots(
  getCaCertificates: GetCaCertificates | undefined,
): readonly string[] | undefined {
  if (getCaCertificates === undefined) {
    return undefined;
  }
  try {
    const all = new Set([...getCaCertificates('default'), ...getCaCertificates('system')]);
    return all.size === 0 ? undefined : [...all];
  } catch {
    return undefined;
  }
}

function nodeReader(): GetCaCertificates | undefined {
  const reader: unknown = Reflect.get(tls, 'getCACertificates');
  return typeof reader === 'function' ? (type) => reader(type) : undefined;
}
