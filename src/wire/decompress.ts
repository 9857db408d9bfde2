import { constants, gunzipSync, inflateSync } from 'node:zlib';

/** A message that can't be decompressed. `unsupported-encoding`: gRPC knows it or not, Frameline doesn't. */
export class DecompressError extends Error {
  override readonly name = 'DecompressError';

  constructor(
    readonly code: 'unsupported-encoding' | 'malformed',
    message: string,
  ) {
    super(message);
  }
}

export interface Decompressed {
  readonly bytes: Uint8Array;
  /** The message is longer than the limit; `bytes` is a beginning of it, at most `limit` bytes. */
  readonly truncated: boolean;
}

/** Output bytes for one input byte that deflate can reach. */
const highestRatio = 1032;
/** Each attempt makes at most `limit` bytes of output: the bound of the work. */
const mostAttempts = 40;

type Inflate = typeof gunzipSync;

/** `deflate` is the zlib format (RFC 1950), as in HTTP. */
const inflaters: ReadonlyMap<string, Inflate> = new Map([
  ['gzip', gunzipSync],
  ['deflate', inflateSync],
]);

/**
 * Decompresses one gRPC message by its `grpc-encoding`. However small the input, the output is never larger
 * than `limit` bytes, in the result or on the way to it. Throws `DecompressError`.
 */
export function decompressMessage(
  encoding: string,
  bytes: Uint8Array,
  limit: number,
): Decompressed {
  const whole = decompressWithin(encoding, bytes, limit);
  if (whole !== undefined) return { bytes: whole, truncated: false };
  const start =
    encoding === 'identity'
      ? bytes.subarray(0, limit)
      : beginning(inflaterOf(encoding), bytes, limit);
  return { bytes: start, truncated: true };
}

/**
 * The same for who has no use for a beginning, which costs many attempts: undefined when the message is longer
 * than `limit`. Throws `DecompressError`.
 */
export function decompressWithin(
  encoding: string,
  bytes: Uint8Array,
  limit: number,
): Uint8Array | undefined {
  if (encoding === 'identity') {
    return bytes.length > limit ? undefined : bytes;
  }
  return inflateWithin(inflaterOf(encoding), bytes, limit);
}

function inflaterOf(encoding: string): Inflate {
  const inflate = inflaters.get(encoding);
  if (inflate === undefined) {
    throw new DecompressError(
      'unsupported-encoding',
      `the encoding "${encoding}" is not supported`,
    );
  }
  return inflate;
}

/** All of the output, or undefined when it is over the limit. */
function inflateWithin(
  inflate: Inflate,
  bytes: Uint8Array,
  limit: number,
  finishFlush: number = constants.Z_FINISH,
): Uint8Array | undefined {
  try {
    // zlib takes no maxOutputLength of 0.
    const output = inflate(bytes, { maxOutputLength: Math.max(limit, 1), finishFlush });
    return output.length > limit ? undefined : output;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ERR_BUFFER_TOO_LARGE') return undefined;
    // Everything else that zlib says about input begins so: Z_DATA_ERROR, Z_BUF_ERROR, Z_NEED_DICT.
    if (code?.startsWith('Z_')) throw new DecompressError('malformed', error.message);
    throw error;
  }
}

/**
 * The longest beginning of the input, found by doubling and then halving the step, whose output is within the
 * limit. zlib gives no output at all when it stops at a limit, so the input is cut instead.
 */
function beginning(inflate: Inflate, bytes: Uint8Array, limit: number): Uint8Array {
  let output: Uint8Array = new Uint8Array(0);
  let length = 0;
  let step = Math.max(1, Math.floor(limit / highestRatio));
  let growing = true;
  for (let attempts = 0; attempts < mostAttempts && step >= 1; attempts++) {
    const next = Math.min(length + step, bytes.length);
    const longer = inflateWithin(inflate, bytes.subarray(0, next), limit, constants.Z_SYNC_FLUSH);
    if (longer === undefined) {
      growing = false;
    } else {
      output = longer;
      length = next;
    }
    step = growing ? step * 2 : Math.floor(step / 2);
  }
  return output;
}
