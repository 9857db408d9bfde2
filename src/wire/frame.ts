/** HTTP/2 frame types, RFC 9113 section 6. */
export const FrameType = {
  Data: 0x0,
  Headers: 0x1,
  Priority: 0x2,
  RstStream: 0x3,
  Settings: 0x4,
  PushPromise: 0x5,
  Ping: 0x6,
  GoAway: 0x7,
  WindowUpdate: 0x8,
  Continuation: 0x9,
} as const;

/** Frame flags, RFC 9113 section 6. `Ack` and `EndStream` share a bit: the type decides which it is. */
export const FrameFlag = {
  EndStream: 0x1,
  Ack: 0x1,
  EndHeaders: 0x4,
  Padded: 0x8,
  Priority: 0x20,
} as const;

/** Error codes of RST_STREAM and GOAWAY, RFC 9113 section 7. */
export const ErrorCode = {
  NoError: 0x0,
  ProtocolError: 0x1,
  InternalError: 0x2,
  FlowControlError: 0x3,
  SettingsTimeout: 0x4,
  StreamClosed: 0x5,
  FrameSizeError: 0x6,
  RefusedStream: 0x7,
  Cancel: 0x8,
  CompressionError: 0x9,
  ConnectError: 0xa,
  EnhanceYourCalm: 0xb,
  InadequateSecurity: 0xc,
  Http11Required: 0xd,
} as const;

/** SETTINGS parameters, RFC 9113 section 6.5.2, RFC 8441 section 3 and RFC 9218 section 2.1. */
export const SettingId = {
  HeaderTableSize: 0x1,
  EnablePush: 0x2,
  MaxConcurrentStreams: 0x3,
  InitialWindowSize: 0x4,
  MaxFrameSize: 0x5,
  MaxHeaderListSize: 0x6,
  EnableConnectProtocol: 0x8,
  NoRfc7540Priorities: 0x9,
} as const;

/** What a client sends first, RFC 9113 section 3.4. */
export const connectionPreface = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n';

/** Bytes of a frame header, RFC 9113 section 4.1. */
export const frameHeaderLength = 9;

/** The 9 bytes in front of every frame, RFC 9113 section 4.1. */
export interface FrameHeader {
  /** Payload length in bytes, padding included. */
  readonly length: number;
  /** One of `FrameType`, or a type that this version of HTTP/2 doesn't know. */
  readonly type: number;
  readonly flags: number;
  /** 0 is the connection itself. */
  readonly streamId: number;
}

/** One header or trailer field as it stood on the wire; the value as latin-1 text, undecoded. */
export type HeaderField = readonly [name: string, value: string];

/** The first value of a field; names are in lower case on the wire (RFC 9113 section 8.2). */
export function fieldValue(
  fields: readonly HeaderField[] | undefined,
  name: string,
): string | undefined {
  return fields?.find(([candidate]) => candidate === name)?.[1];
}

export type Direction = 'sent' | 'received';

/** What a frame's payload says. `undecodable` keeps a malformed frame visible with the reason. */
export type FrameBody =
  | { readonly kind: 'data'; readonly padding: number; readonly data: Uint8Array }
  | {
      readonly kind: 'headers';
      readonly padding: number;
      readonly priority?: {
        readonly dependsOn: number;
        readonly exclusive: boolean;
        readonly weight: number;
      };
      readonly block: Uint8Array;
    }
  | {
      readonly kind: 'priority';
      readonly dependsOn: number;
      readonly exclusive: boolean;
      readonly weight: number;
    }
  | { readonly kind: 'rstStream'; readonly errorCode: number }
  | {
      readonly kind: 'settings';
      readonly settings: readonly { readonly id: number; readonly value: number }[];
    }
  | {
      readonly kind: 'pushPromise';
      readonly padding: number;
      readonly promisedStreamId: number;
      readonly block: Uint8Array;
    }
  | { readonly kind: 'ping'; readonly opaque: Uint8Array }
  | {
      readonly kind: 'goAway';
      readonly lastStreamId: number;
      readonly errorCode: number;
      readonly debugData: Uint8Array;
    }
  | { readonly kind: 'windowUpdate'; readonly increment: number }
  | { readonly kind: 'continuation'; readonly block: Uint8Array }
  | { readonly kind: 'unknown'; readonly payload: Uint8Array }
  | { readonly kind: 'undecodable'; readonly payload: Uint8Array; readonly reason: string };
