import type { MethodKind } from '../grpc/methodKind';

/** Why a part of a schema is missing or doubtful. Everything else stays usable. */
export interface Problem {
  readonly code:
    | 'missing-import'
    | 'duplicate-file'
    | 'duplicate-symbol'
    | 'unknown-type'
    | 'malformed-descriptor'
    | 'missing-service'
    | 'limit'
    | 'reflection'
    | 'syntax-error';
  /** The file, service, method or type concerned; untrusted text. */
  readonly subject: string;
  /** A sentence with the reason and, where there is one, the next step. */
  readonly message: string;
  /** Line in `subject`, from 1, when `subject` is a `.proto` file and the place is known. */
  readonly line?: number;
}

export interface MethodInfo {
  readonly name: string;
  /** `/market.v1.ListingService/GetListing`. */
  readonly path: string;
  readonly kind: MethodKind;
  /** Full names without a leading dot. */
  readonly requestType: string;
  readonly responseType: string;
  readonly comment?: string;
  readonly deprecated: boolean;
  readonly problems: readonly Problem[];
}

export interface ServiceInfo {
  /** Full name, e.g. `market.v1.ListingService`. */
  readonly name: string;
  readonly file?: string;
  readonly comment?: string;
  readonly methods: readonly MethodInfo[];
  readonly problems: readonly Problem[];
}

/** One field as it stands in the bytes of a message. Offsets are absolute in the message's bytes. */
export interface WireField {
  readonly number: number;
  readonly wireType: 'varint' | 'fixed64' | 'bytes' | 'group' | 'fixed32';
  /** From the schema; absent for a field that the schema doesn't know. */
  readonly name?: string;
  /** The schema's type (`int64`, `market.v1.Money`, …). */
  readonly type?: string;
  /** The value as a person reads it; bounded in length. */
  readonly value: string;
  /** Offset of the tag. */
  readonly start: number;
  /** Offset of the value, past tag and length. */
  readonly valueStart: number;
  readonly end: number;
  readonly children?: readonly WireField[];
}

/** Where a ProtoJSON text does not fit the message type. Offsets are UTF-16 positions in the text. */
export interface BodyProblem {
  readonly from: number;
  readonly to: number;
  readonly severity: 'error' | 'warning';
  readonly message: string;
}

/** A JSON Schema (draft 2020-12), as plain data. */
export type JsonSchema = { readonly [key: string]: unknown };

export interface DecodeOptions {
  /** Also write fields without presence that are not set. Default false. */
  readonly defaults?: boolean;
  /** Blanks in place of line ends and indentation. Default false. */
  readonly oneLine?: boolean;
}

/** Services, methods and types of one target. */
export interface Schema {
  readonly services: readonly ServiceInfo[];
  /** Problems that belong to no single service. */
  readonly problems: readonly Problem[];
  findMethod(path: string): MethodInfo | undefined;
  hasType(typeName: string): boolean;
  /** ProtoJSON text to bytes. Throws `BodyError` with the place when the text doesn't fit. */
  encode(typeName: string, json: string): Uint8Array;
  /** Bytes to indented ProtoJSON text; an `Any` that can't be resolved is shown as bytes. */
  decode(typeName: string, bytes: Uint8Array, options?: DecodeOptions): string;
  /** The text of `decode` in pieces, however long it is. Throws before the first piece when the bytes don't fit. */
  print(
    typeName: string,
    bytes: Uint8Array,
    take: (piece: string) => void,
    options?: DecodeOptions,
  ): void;
  /** Every way in which `json` doesn't fit; empty when `encode` would take it. */
  validate(typeName: string, json: string): BodyProblem[];
  /** A request to start from: ProtoJSON text with every field, recursion cut, one member of each oneof. */
  template(typeName: string): string;
  jsonSchema(typeName: string): JsonSchema;
  /** The protobuf fields in `bytes`; works for an unknown type too. */
  fields(typeName: string | undefined, bytes: Uint8Array): WireField[];
  /** `.proto` source of the file that defines a service, method or type, and the line of the definition. */
  definition(
    symbol: string,
  ): { readonly file: string; readonly text: string; readonly line: number } | undefined;
}
