import type { Scope } from '../../request/variables/scope';

/** A scope that replaces everything but secrets: what is made with it may be shown and copied. */
export function withSecretReferences(scope: Scope): Scope {
  return { ...scope, secret: async (name) => ({ ok: true, value: `{{${name}}}` }) };
}
