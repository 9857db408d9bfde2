import type { Value } from '../program/value';
import type { Family } from './exports';

/** What one file can't know: services from `.proto` and generated code, defaults that hold everywhere. */
export interface WorkspaceIndex {
  /** Changes whenever an answer can be another one. */
  readonly generation: number;
  /**
   * RPCs with this name in any language's spelling (`GetListing`, `getListing`, `get_listing`,
   * `GetListingAsync`), of that service when it is given (simple or full name). Empty: none is known.
   */
  rpcs(name: string, service?: string): readonly RpcInfo[];
  /** Whether a service with this simple name (`ListingService`) is known. */
  hasService(name: string): boolean;
  /** Whether any service is known: then a stub whose service isn't can be told from one that is new. */
  readonly isEmpty: boolean;
  /**
   * A default deadline that calls get without saying so, for this implementation: an interceptor or service
   * config found in the workspace, or a framework's configuration (`spring.grpc.client.*.default-deadline`).
   * What it is, for the message; undefined when there is none. A configuration can give one to some channels
   * only: then that of `channel`, where its name is known.
   */
  defaultDeadline(language: string, channel?: string): string | undefined;
  /** Function names found in the workspace that give back something with a deadline, by language. */
  givesDeadline(language: string, name: string): boolean;
  /** Whether other files hold or give anything. */
  hasExports(family: Family): boolean;
  /** Whether this is an interceptor of the workspace that is known to leave the deadlines of calls alone. */
  leavesDeadline(language: string, name: string): boolean;
  /** What another file holds or gives under this name (`Export.name`); undefined when several say different things. */
  exported(family: Family, name: string): Value | undefined;
  /** Whether a text names an RPC and something of another file that can lead to it: a class, a variable, a function. */
  mayUse(family: Family, text: string): boolean;
  /** Whether a class of another file has members that are known. */
  hasClass(family: Family, name: string): boolean;
}

export interface RpcInfo {
  /** Full name: `market.v1.ListingService`. */
  readonly service: string;
  /** As in the `.proto`: `GetListing`. */
  readonly method: string;
  readonly kind: 'unary' | 'clientStreaming' | 'serverStreaming' | 'bidirectionalStreaming';
}
