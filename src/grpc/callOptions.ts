/** A length of time in whole milliseconds. Written `500ms`, `5s`, `2m` on every surface. */
export type Milliseconds = number;

/**
 * The options of a call and its channel: one model for the panel, request files, the command line and
 * saved defaults. A member left out means the default of `callOptionSpecs`.
 */
export interface CallOptions {
  /** `none` only by explicit choice. */
  readonly deadline?: Milliseconds | 'none';
  readonly waitForReady?: boolean;
  readonly keepaliveTime?: Milliseconds | 'off';
  readonly keepaliveTimeout?: Milliseconds;
  readonly keepalivePermitWithoutCalls?: boolean;
  /** Compression of what is sent. */
  readonly compression?: 'identity' | 'gzip' | 'deflate';
  /** Bytes; -1 is unlimited. */
  readonly maxReceiveSize?: number;
  readonly maxSendSize?: number;
  readonly loadBalancing?: 'pick_first' | 'round_robin';
  /** JSON text, gRFC A2. */
  readonly serviceConfig?: string;
  readonly retries?: boolean;
  readonly userAgent?: string;
}
