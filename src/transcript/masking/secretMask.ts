import { type FrameHeader, FrameType, type HeaderField } from '../../wire/frame';
import { decodeBinaryValues, decodeGrpcMessage } from '../../wire/headerText';
import type { CallStatus, RecordBody } from '../entry';
import { ByteMatcher, type Found } from './byteMatcher';
import { secretForms, shortestForm } from './secretForms';

/** What stands in the place of each byte of a secret. */
export const maskByte = 0x2a;
const mask = String.fromCharCode(maskByte);

const percent = 0x25;

/**
 * Puts `*` in the place of secrets, in every form in which they travel. Lengths stay as they are, so what was
 * masked can still be decoded.
 */
export class SecretMask {
  readonly matcher: ByteMatcher;
  /** Secrets that are too short to be looked for anywhere but in whole header values. */
  readonly #short: readonly string[];

  private constructor(secrets: readonly string[]) {
    this.matcher = new ByteMatcher(secrets.flatMap(secretForms));
    this.#short = secrets.filter((secret) => Buffer.byteLength(secret) < shortestForm);
  }

  /** Nothing when there are no secrets; empty ones are none. */
  static of(secrets: readonly string[] = []): SecretMask | undefined {
    const real = [...new Set(secrets)].filter((secret) => secret !== '');
    return real.length === 0 ? undefined : new SecretMask(real);
  }

  /** What a user has to know about secrets that can't be masked everywhere. */
  get warning(): string | undefined {
    return this.#short.length === 0
      ? undefined
      : `A secret of this call is shorter than ${shortestForm} bytes: it is masked only where it is the whole value of a header, because it would be found in any text. Use a longer one.`;
  }

  /** Whether one of the secrets stands in `bytes`. */
  isIn(bytes: Uint8Array): boolean {
    let is = false;
    this.#scan(bytes, () => {
      is = true;
    });
    return is;
  }

  /** The bytes without secrets; the same array when there are none. */
  bytes(bytes: Uint8Array): Uint8Array {
    let masked: Uint8Array | undefined;
    this.#scan(bytes, (end, back, ahead) => {
      masked ??= Buffer.from(bytes);
      masked.fill(maskByte, Math.max(0, end - back), end + ahead);
    });
    return masked ?? bytes;
  }

  /** Header blocks are packed, their text may be Huffman coded: nobody can tell what stands in them. */
  framePayload(header: FrameHeader, payload: Uint8Array): Uint8Array {
    switch (header.type) {
      case FrameType.Headers:
      case FrameType.Continuation:
      case FrameType.PushPromise:
        return new Uint8Array(payload.length);
      default:
        return this.bytes(payload);
    }
  }

  fields(fields: readonly HeaderField[]): HeaderField[] {
    return fields.map(([name, value]) => [this.text(name), this.#fieldValue(name, value)]);
  }

  text(text: string): string {
    const masked = this.#encodedText(text, 'utf8');
    return isLatin1(masked) ? this.#encodedText(masked, 'latin1') : masked;
  }

  /** A copy of plain data with every string masked: nothing in it may be a word that code depends on. */
  texts<T>(value: T): T {
    return this.#texts(value) as T;
  }

  status(status: CallStatus): CallStatus {
    const { message, explanation, evidence, nextActions, detailsBin } = status;
    return {
      ...status,
      ...this.texts({ message, explanation, evidence, nextActions }),
      ...(detailsBin !== undefined && { detailsBin: this.#binaryValue(detailsBin) }),
    };
  }

  record(body: RecordBody): RecordBody {
    switch (body.kind) {
      case 'headers':
      case 'trailers':
        return { ...body, fields: this.fields(body.fields) };
      case 'status':
        return { ...body, status: this.status(body.status) };
      case 'note':
        return { ...body, text: this.text(body.text) };
      case 'resolution':
      case 'connect':
      case 'tls': {
        const { kind, ...rest } = body;
        return { kind, ...this.texts(rest) } as RecordBody;
      }
    }
  }

  #scan(bytes: Uint8Array, found: Found): void {
    this.matcher.scan(bytes, 0, bytes.length, ByteMatcher.START, found);
  }

  #texts(value: unknown): unknown {
    if (typeof value === 'string') {
      return this.text(value);
    }
    if (Array.isArray(value)) {
      return value.map((one) => this.#texts(one));
    }
    if (typeof value === 'object' && value !== null) {
      const members = Object.entries(value).map(([name, one]) => [name, this.#texts(one)]);
      return Object.fromEntries(members);
    }
    return value;
  }

  #fieldValue(name: string, value: string): string {
    const isOwn = !name.startsWith(':') && name !== 'grpc-status';
    const shown = isOwn ? this.#withoutShort(value) : value;
    return name.endsWith('-bin')
      ? this.#binaryValue(shown)
      : this.#encodedText(shown, isLatin1(shown) ? 'latin1' : 'utf8');
  }

  /** Masks a value that is a short secret, alone or after a scheme: `Bearer abc`. */
  #withoutShort(value: string): string {
    for (const secret of this.#short) {
      if (value === secret || value.endsWith(` ${secret}`)) {
        return value.slice(0, -secret.length) + mask.repeat(secret.length);
      }
      if (decodeGrpcMessage(value) === secret) {
        return mask.repeat(value.length);
      }
    }
    return value;
  }

  /** Masked in its bytes, so that it stays base64. */
  #binaryValue(value: string): string {
    const parts = value.split(',').map((part) => {
      const [bytes] = decodeBinaryValues(part);
      const isShort = bytes && this.#short.includes(Buffer.from(bytes).toString('utf8'));
      const masked = isShort ? Buffer.alloc(bytes.length, maskByte) : bytes && this.bytes(bytes);
      if (!masked || masked === bytes) {
        return part;
      }
      const text = Buffer.from(masked).toString('base64');
      return part.trim().endsWith('=') ? text : text.replace(/=+$/, '');
    });
    return this.#encodedText(parts.join(','), isLatin1(value) ? 'latin1' : 'utf8');
  }

  #encodedText(text: string, encoding: 'latin1' | 'utf8'): string {
    const bytes = Buffer.from(text, encoding);
    const plain = this.bytes(bytes);
    const masked = plain.includes(percent) ? this.#percentEncoded(plain) : plain;
    return masked === bytes ? text : Buffer.from(masked).toString(encoding);
  }

  /** Masks what is a secret once it is percent-decoded, whichever characters were encoded. */
  #percentEncoded(bytes: Uint8Array): Uint8Array {
    const decoded: number[] = [];
    const starts: number[] = [];
    for (let at = 0; at < bytes.length; ) {
      const hex = bytes[at] === percent ? Buffer.from(bytes.subarray(at + 1, at + 3)) : undefined;
      const code =
        hex && /^[\da-f]{2}$/i.test(hex.toString('latin1')) ? hex.toString('latin1') : '';
      starts.push(at);
      decoded.push(code === '' ? (bytes[at] ?? 0) : Number.parseInt(code, 16));
      at += code === '' ? 1 : 3;
    }
    starts.push(bytes.length);
    let masked: Uint8Array | undefined;
    this.#scan(Uint8Array.from(decoded), (end, back, ahead) => {
      const last = Math.min(end + ahead, decoded.length);
      masked ??= Buffer.from(bytes);
      masked.fill(maskByte, starts[Math.max(0, end - back)], starts[last]);
    });
    return masked ?? bytes;
  }
}

function isLatin1(text: string): boolean {
  return /^[\0-\xff]*$/.test(text);
}
