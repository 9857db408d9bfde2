/**
 * Bytes to JSON text without a message in memory between them, for messages as every library writes them: each field
 * once, in the order of its declaration. That takes a third less. Whatever is otherwise, or could be
 * a mistake, is left to protoJsonDecode.ts.
 */
import { MAX_MESSAGE_DEPTH } from './bodyReport';
import { type DynamicMessage, decodeMessage, isPackable, scalarOf } from './dynamicMessage';
import { enumText, membersOf } from './jsonMembers';
import type { JsonWriter } from './jsonWriter';
import type { Field, MessageType, Oneof, ScalarType } from './types';
import { scalarWireType, WireType } from './wire';
import { WireReader } from './wireReader';

/** Bytes of a message whose text may be kept as a whole. */
const SHORT = 64 * 1024;

export function isShort(bytes: Uint8Array): boolean {
  return bytes.length <= SHORT;
}

/** Types of which a message was not as expected: the next one won't be either. */
const unusual = new WeakSet<MessageType>();

type PrintKnown = (message: DynamicMessage, depth: number) => void;

/**
 * False when the message has to be printed in another way: what `out` then holds counts for nothing.
 * @param printKnown prints a message whose type has a JSON form of its own
 */
export function printDirectly(
  type: MessageType,
  bytes: Uint8Array,
  out: JsonWriter,
  printKnown: PrintKnown,
): boolean {
  if (type.wellKnown !== undefined || unusual.has(type)) {
    return false;
  }
  try {
    printAsExpected(type, bytes, out, printKnown);
    return true;
  } catch {
    // Also what the bytes lack is said by who reads them as a whole.
    unusual.add(type);
    return false;
  }
}

/** The same for a message that `printDirectly` has printed before. */
export function printAsExpected(
  type: MessageType,
  bytes: Uint8Array,
  out: JsonWriter,
  printKnown: PrintKnown,
): void {
  const printer = new DirectPrinter(new WireReader(bytes), isShort(bytes), out, printKnown);
  printer.message(type, bytes.length, 0);
}

class Unexpected extends Error {}

class DirectPrinter {
  constructor(
    readonly reader: WireReader,
    /** No value needs to be handed on in pieces. */
    readonly isShort: boolean,
    readonly out: JsonWriter,
    readonly printKnown: PrintKnown,
  ) {}

  message(type: MessageType, end: number, depth: number): void {
    expect(depth < MAX_MESSAGE_DEPTH);
    const { reader, out } = this;
    const members = membersOf(type);
    let last = -1;
    let list: Field | undefined;
    let oneofs: Oneof[] | undefined;
    out.open('{');
    while (reader.position < end) {
      const tag = reader.uint32();
      const wireType = tag & 7;
      const field = type.byNumber.get(tag >>> 3);
      if (field === undefined) {
        expect(tag >>> 3 !== 0);
        reader.skip(wireType, tag >>> 3, MAX_MESSAGE_DEPTH - depth);
      } else if (field === list) {
        this.#item(field, wireType, end, depth);
      } else {
        const member = members.get(field);
        expect(member !== undefined && member.place > last && !field.map);
        last = member.place;
        if (list !== undefined) {
          out.close(']');
        }
        list = field.repeated ? field : undefined;
        if (field.oneof !== undefined) {
          expect(!oneofs?.includes(field.oneof));
          oneofs = [...(oneofs ?? []), field.oneof];
        }
        out.item();
        out.put(member.label);
        if (list === undefined) {
          this.#single(field, scalarOf(field), wireType, end, depth);
        } else {
          out.open('[');
          this.#item(field, wireType, end, depth);
        }
      }
      expect(reader.position <= end);
    }
    if (list !== undefined) {
      out.close(']');
    }
    out.close('}');
  }

  /** One value of a list, or all of a packed one. */
  #item(field: Field, wireType: number, end: number, depth: number): void {
    const scalar = scalarOf(field);
    if (scalar !== undefined && wireType === WireType.Bytes && isPackable(scalar)) {
      const to = this.#length(end);
      while (this.reader.position < to) {
        this.out.item();
        this.#scalar(field, scalar);
      }
      return;
    }
    this.out.item();
    this.#single(field, scalar, wireType, end, depth);
  }

  #single(
    field: Field,
    scalar: ScalarType | undefined,
    wireType: number,
    end: number,
    depth: number,
  ): void {
    if (scalar !== undefined) {
      expect(wireType === scalarWireType(scalar));
      this.#scalar(field, scalar);
      return;
    }
    expect(field.type.kind === 'message' && wireType === WireType.Bytes);
    const { message } = field.type;
    if (message.wellKnown === undefined) {
      this.message(message, this.#length(end), depth + 1);
    } else {
      this.printKnown(decodeMessage(message, this.reader.bytes(), depth + 1), depth + 1);
    }
  }

  #scalar(field: Field, scalar: ScalarType): void {
    if (scalar === 'bytes' && this.isShort) {
      this.out.put(`"${this.reader.base64()}"`);
      return;
    }
    const value = this.reader[scalar]();
    if (field.type.kind === 'enum') {
      this.out.put(enumText(field.type.enum, Number(value)));
    } else {
      this.out.scalar(value, scalar === 'float');
    }
  }

  /** The end of a length-delimited value that starts here, after its length. */
  #length(end: number): number {
    const length = this.reader.uint32();
    const to = this.reader.position + length;
    expect(to <= end);
    return to;
  }
}

function expect(holds: boolean): asserts holds {
  if (!holds) {
    throw new Unexpected();
  }
}
