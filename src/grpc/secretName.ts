const secretName =
  /^(proxy-)?authorization$|^(set-)?cookie$|token|secret|password|credential|api-?key/i;

/** True for metadata and variables whose values are secrets by their name: they are never written to disk. */
export function isSecretName(key: string): boolean {
  return secretName.test(key.trim());
}
