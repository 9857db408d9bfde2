import type { Health } from '../../grpc/health';
import type { Schema } from '../../schema/schema';
import type { UserError } from '../errors';

/** What is known of a server once it was read. */
export interface Discovered {
  readonly schema: Schema;
  /** The version of reflection that served, and why an earlier one did not, or that there is none; absent when not wanted. */
  readonly reflection?: string;
  /** Reflection was wanted and failed: the schema is of the local files alone. */
  readonly reflectionFailed?: boolean;
  /** Absent when the server doesn't offer health checks. */
  readonly health?: Health;
  /** Full service name to its health; only those that the server knows. */
  readonly serviceHealth: ReadonlyMap<string, Health>;
}

export type DiscoveryState =
  | { readonly kind: 'unread' }
  /** `previous` stays visible while a refresh runs. */
  | { readonly kind: 'loading'; readonly previous?: Discovered }
  | { readonly kind: 'ready'; readonly discovered: Discovered }
  | { readonly kind: 'failed'; readonly error: UserError };

/** What there is to show: while a refresh runs, what was known before. */
export function discoveredIn(state: DiscoveryState): Discovered | undefined {
  switch (state.kind) {
    case 'ready':
      return state.discovered;
    case 'loading':
      return state.previous;
    default:
      return undefined;
  }
}
