/** Where to connect and how securely. Never holds a secret. */
export interface Target {
  /** `host:port`, `dns:///host:port`, `ipv4:1.2.3.4:50051,…`, `ipv6:[::1]:50051,…` or `unix:/path`. */
  readonly address: string;
  readonly security: Security;
  /** Sent as `:authority`; under TLS also the name that the certificate must carry. */
  readonly authority?: string;
}

export type Security =
  | { readonly kind: 'plaintext' }
  | {
      readonly kind: 'tls';
      /** Path of a PEM file with the certificate authorities to trust instead of the system's. */
      readonly ca?: string;
      /** False turns certificate verification off: only by an explicit choice, and it stays visible. */
      readonly verify: boolean;
      /** mTLS: paths of PEM files. */
      readonly client?: { readonly certificate: string; readonly key: string };
    };
