import type { OptionTexts } from '../grpc/callOptions';
import type { Target } from '../grpc/target';
import type { SchemaSources } from '../schema/sources';

/** One line of metadata. For a key that ends in `-bin` the value is base64. */
export interface MetadataPair {
  readonly key: string;
  readonly value: string;
}

/**
 * A request as data: what the panel shows, a grpcurl command says, or the history keeps. Texts may hold references to
 * variables (`{{token}}`). `printRequest` writes it as a block of a request file.
 */
export interface RequestDraft {
  readonly title?: string;
  readonly target: Target;
  readonly sources: SchemaSources;
  /** For reflection only; what `metadata` has is not sent with it. */
  readonly reflectionMetadata: readonly MetadataPair[];
  /** `market.v1.ListingService/GetListing`. */
  readonly method: string;
  readonly metadata: readonly MetadataPair[];
  /** Option name (`keepalive-time`) to what is written. */
  readonly options: OptionTexts;
  /** ProtoJSON each. */
  readonly messages: readonly string[];
}
