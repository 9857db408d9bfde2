const secretName =
  /^(proxy-)?authorization$|^(set-)?cookie$|token|secret|password|credential|api-?key/i;

/** True for metadata whose values are secrets by their key: they are never written to disk. */
export function isSecretName(key: string): boolean {
  return secretName.test(key.trim());
}
