import { FrameFlag, FrameType } from './frame';

const typeNames = [
  'DATA',
  'HEADERS',
  'PRIORITY',
  'RST_STREAM',
  'SETTINGS',
  'PUSH_PROMISE',
  'PING',
  'GOAWAY',
  'WINDOW_UPDATE',
  'CONTINUATION',
];

/** RFC 9113 section 7. */
const errorCodeNames = [
  'NO_ERROR',
  'PROTOCOL_ERROR',
  'INTERNAL_ERROR',
  'FLOW_CONTROL_ERROR',
  'SETTINGS_TIMEOUT',
  'STREAM_CLOSED',
  'FRAME_SIZE_ERROR',
  'REFUSED_STREAM',
  'CANCEL',
  'COMPRESSION_ERROR',
  'CONNECT_ERROR',
  'ENHANCE_YOUR_CALM',
  'INADEQUATE_SECURITY',
  'HTTP_1_1_REQUIRED',
];

/** RFC 9113 section 6.5.2; 8 is of RFC 8441, 9 of RFC 9218. */
const settingNames: Readonly<Record<number, string>> = {
  1: 'HEADER_TABLE_SIZE',
  2: 'ENABLE_PUSH',
  3: 'MAX_CONCURRENT_STREAMS',
  4: 'INITIAL_WINDOW_SIZE',
  5: 'MAX_FRAME_SIZE',
  6: 'MAX_HEADER_LIST_SIZE',
  8: 'ENABLE_CONNECT_PROTOCOL',
  9: 'NO_RFC7540_PRIORITIES',
};

/** Which flags a frame type defines, RFC 9113 section 6; every other bit has no meaning there. */
const typeFlags: Readonly<Record<number, readonly (readonly [bit: number, name: string])[]>> = {
  [FrameType.Data]: [
    [FrameFlag.EndStream, 'END_STREAM'],
    [FrameFlag.Padded, 'PADDED'],
  ],
  [FrameType.Headers]: [
    [FrameFlag.EndStream, 'END_STREAM'],
    [FrameFlag.EndHeaders, 'END_HEADERS'],
    [FrameFlag.Padded, 'PADDED'],
    [FrameFlag.Priority, 'PRIORITY'],
  ],
  [FrameType.Settings]: [[FrameFlag.Ack, 'ACK']],
  [FrameType.PushPromise]: [
    [FrameFlag.EndHeaders, 'END_HEADERS'],
    [FrameFlag.Padded, 'PADDED'],
  ],
  [FrameType.Ping]: [[FrameFlag.Ack, 'ACK']],
  [FrameType.Continuation]: [[FrameFlag.EndHeaders, 'END_HEADERS']],
};

/** `HEADERS` and so on; an unknown type as `UNKNOWN(0x2a)`. */
export function frameTypeName(type: number): string {
  return typeNames[type] ?? unknown(type);
}

/** The names of the flags that are set; bits without a meaning for this type together as `0x40`. */
export function flagNames(type: number, flags: number): string[] {
  const names: string[] = [];
  let rest = flags;
  for (const [bit, name] of typeFlags[type] ?? []) {
    if ((flags & bit) === 0) continue;
    names.push(name);
    rest &= ~bit;
  }
  if (rest !== 0) names.push(`0x${rest.toString(16)}`);
  return names;
}

/** `ENHANCE_YOUR_CALM` and so on; an unknown code as `UNKNOWN(0x2a)`. */
export function errorCodeName(code: number): string {
  return errorCodeNames[code] ?? unknown(code);
}

/** `INITIAL_WINDOW_SIZE` and so on; an unknown setting as `UNKNOWN(0x2a)`. */
export function settingName(id: number): string {
  return settingNames[id] ?? unknown(id);
}

function unknown(value: number): string {
  return `UNKNOWN(0x${value.toString(16)})`;
}
