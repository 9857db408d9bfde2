import type { OptionTexts } from '../../grpc/callOptions';
import type { MetadataPair } from '../draft';
import type { Capture, Expectation } from '../expect/expectation';
import type { Span, Wait } from '../file/syntax';
import type { ServerSpec } from '../serverSpec';

/** A request with a value for every reference and every file read: ready to be sent. */
export interface ResolvedRequest {
  /** The title; the method's name when it has none. */
  readonly name: string;
  /** The request line, in the request file. */
  readonly span: Span;
  readonly server: ServerSpec;
  /** `/market.v1.ListingService/GetListing`. */
  readonly path: string;
  readonly metadata: readonly MetadataPair[];
  readonly options: OptionTexts;
  readonly messages: readonly ResolvedMessage[];
  /** Values that stand in the request and must not be seen. */
  readonly secrets: readonly string[];
  readonly expectations: readonly Expectation[];
  readonly captures: readonly Capture[];
}

export interface ResolvedMessage {
  /** ProtoJSON. */
  readonly json: string;
  readonly wait: Wait | undefined;
  /** Where the message stands in the request file. */
  readonly span: Span;
  /** Where in the request file an offset of `json` comes from; undefined when it was read from a file of its own. */
  readonly placeOf: ((offset: number) => number) | undefined;
}

/** Why a request can't be sent. */
export interface RequestProblem {
  readonly span: Span;
  readonly message: string;
}

export type Resolution =
  | { readonly ok: true; readonly request: ResolvedRequest }
  | { readonly ok: false; readonly problems: readonly RequestProblem[] };
