import type { PingPolicy } from '../../src/sampleServer/pingEnforcement';
import type { Script } from '../../src/sampleServer/script';
import type { HeaderField } from '../../src/wire/frame';

/** A request as a peer sees it when its headers are whole. */
export interface PeerRequest {
  readonly streamId: number;
  /** `:path`. */
  readonly path: string;
  readonly fields: readonly HeaderField[];
}

/** How a peer behaves. */
export type PeerScript =
  /** Takes the connection and never says a byte. */
  | { readonly kind: 'silent' }
  /** Not HTTP/2: waits for the client's first bytes, answers with these and ends the connection. */
  | { readonly kind: 'raw'; readonly bytes: string | Uint8Array }
  /** Ends the connection as soon as it is there; `reset` with a TCP RST. */
  | { readonly kind: 'hangUp'; readonly reset?: boolean }
  | {
      readonly kind: 'http2';
      /** SETTINGS to begin with, as `[id, value]`; false never sends any. Default: none in an empty frame. */
      readonly settings?: readonly (readonly [id: number, value: number])[] | false;
      /** Default: acknowledge. `ignore` is a peer that hangs. */
      readonly pings?: 'acknowledge' | 'ignore' | PingPolicy;
      /** What to do with each request. Default: nothing. */
      readonly answer?: Script | ((request: PeerRequest) => Script);
    };

/** A peer that only answers requests may be given as the script of one answer. */
export type PeerBehaviour = PeerScript | Script | ((request: PeerRequest) => Script);
