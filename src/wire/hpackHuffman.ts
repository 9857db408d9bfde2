import { byteAt } from './bytes';
import { HpackError } from './hpackError';

/**
 * Code lengths in bits by symbol, RFC 7541 Appendix B; 256 is EOS. The code is canonical (codes of one
 * length ascend with the symbol), so the lengths say all of it.
 */
const codeLengths = [
  13, 23, 28, 28, 28, 28, 28, 28, 28, 24, 30, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 30, 28,
  28, 28, 28, 28, 28, 28, 28, 28, 6, 10, 10, 12, 13, 6, 8, 11, 10, 10, 8, 11, 8, 6, 6, 6, 5, 5, 5,
  6, 6, 6, 6, 6, 6, 6, 7, 8, 15, 6, 12, 10, 13, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7,
  7, 7, 7, 7, 7, 7, 8, 7, 8, 13, 19, 13, 14, 6, 15, 5, 6, 5, 6, 5, 6, 6, 6, 5, 7, 7, 6, 6, 6, 5, 6,
  7, 6, 5, 5, 6, 7, 7, 7, 7, 7, 15, 11, 14, 13, 28, 20, 22, 20, 20, 22, 22, 22, 23, 22, 23, 23, 23,
  23, 23, 24, 23, 24, 24, 22, 23, 24, 23, 23, 23, 23, 21, 22, 23, 22, 23, 23, 24, 22, 21, 20, 22,
  22, 23, 23, 21, 23, 22, 22, 24, 21, 22, 23, 23, 21, 21, 22, 21, 23, 22, 23, 23, 20, 22, 22, 22,
  23, 22, 22, 23, 26, 26, 20, 19, 22, 23, 22, 25, 26, 26, 26, 27, 27, 26, 24, 25, 19, 21, 26, 27,
  27, 26, 27, 24, 21, 21, 26, 26, 28, 27, 27, 27, 20, 24, 20, 21, 22, 21, 21, 23, 22, 22, 25, 25,
  24, 24, 26, 23, 26, 27, 26, 26, 27, 27, 27, 27, 27, 28, 27, 27, 27, 27, 27, 26, 30,
];
const endOfString = 256;
const longestPadding = 7;

interface Tables {
  readonly codes: Uint32Array;
  /** For state * 16 + nibble: next state, symbol << 8, and the bits below. */
  readonly transitions: Uint32Array;
  /** 1 for a state in which a string may end: at a symbol's end, or inside at most 7 one bits of EOS. */
  readonly accepting: Uint8Array;
}

const emits = 1 << 16;
const fails = 1 << 17;

let built: Tables | undefined;

/** Made on first use: activation must not pay for it. */
function tables(): Tables {
  built ??= build();
  return built;
}

function build(): Tables {
  const codes = canonicalCodes();
  // A node is a state; children are a node's number, or -1 - symbol for a leaf. 257 leaves: 256 nodes.
  const children = new Int16Array(512);
  let nodes = 1;
  for (const [symbol, length] of codeLengths.entries()) {
    const code = codes[symbol] ?? 0;
    let node = 0;
    for (let bit = length - 1; bit > 0; bit--) {
      const slot = node * 2 + ((code >>> bit) & 1);
      if (children[slot] === 0) children[slot] = nodes++;
      node = children[slot] ?? 0;
    }
    children[node * 2 + (code & 1)] = -1 - symbol;
  }

  const transitions = new Uint32Array(nodes * 16);
  for (let state = 0; state < nodes; state++) {
    for (let nibble = 0; nibble < 16; nibble++) {
      transitions[state * 16 + nibble] = transition(children, state, nibble);
    }
  }

  const accepting = new Uint8Array(nodes);
  let node = 0;
  for (let ones = 0; ones <= longestPadding; ones++) {
    accepting[node] = 1;
    node = children[node * 2 + 1] ?? 0;
  }
  return { codes, transitions, accepting };
}

function canonicalCodes(): Uint32Array {
  const codes = new Uint32Array(codeLengths.length);
  const bits = (symbol: number): number => codeLengths[symbol] ?? 0;
  const symbols = Array.from(codes.keys()).sort((a, b) => bits(a) - bits(b) || a - b);
  let code = 0;
  let length = 0;
  for (const symbol of symbols) {
    // A longer code begins where the ones before it leave off.
    code *= 2 ** (bits(symbol) - length);
    length = bits(symbol);
    codes[symbol] = code++;
  }
  return codes;
}

/** The shortest code has 5 bits, so 4 bits end one symbol at most. */
function transition(children: Int16Array, state: number, nibble: number): number {
  let node = state;
  let emitted = 0;
  for (let bit = 3; bit >= 0; bit--) {
    const child = children[node * 2 + ((nibble >>> bit) & 1)] ?? 0;
    if (child >= 0) {
      node = child;
      continue;
    }
    const symbol = -1 - child;
    if (symbol === endOfString) return fails;
    emitted = emits | (symbol << 8);
    node = 0;
  }
  return emitted | node;
}

/** Most bytes that `length` bytes of Huffman code can stand for. */
export function longestHuffmanOutput(length: number): number {
  return Math.floor((length * 8) / 5);
}

/**
 * Decodes `bytes` from `start` to `end` into `output`, which has room for `longestHuffmanOutput`; returns
 * the number of bytes written. Throws `HpackError` for EOS or bad padding (RFC 7541 section 5.2).
 */
export function decodeHuffman(
  bytes: Uint8Array,
  start: number,
  end: number,
  output: Uint8Array,
): number {
  const { transitions, accepting } = tables();
  let state = 0;
  let written = 0;
  for (let at = start; at < end; at++) {
    const byte = byteAt(bytes, at);
    const high = transitions[(state << 4) | (byte >>> 4)] ?? fails;
    if ((high & emits) !== 0) output[written++] = (high >>> 8) & 0xff;
    const low = transitions[((high & 0xff) << 4) | (byte & 0xf)] ?? fails;
    if ((low & emits) !== 0) output[written++] = (low >>> 8) & 0xff;
    if (((high | low) & fails) !== 0) {
      throw new HpackError('huffman', 'a string contains the end-of-string symbol');
    }
    state = low & 0xff;
  }
  if (accepting[state] !== 1) {
    throw new HpackError(
      'huffman',
      'a string ends in more than 7 bits or in bits that are not ones',
    );
  }
  return written;
}

/** Bytes that `text` (latin-1) takes in Huffman code. */
export function huffmanLength(text: string): number {
  let bits = 0;
  for (let index = 0; index < text.length; index++) {
    bits += codeLengths[text.charCodeAt(index)] ?? 0;
  }
  return Math.ceil(bits / 8);
}

/** Latin-1 `text` in Huffman code, padded with ones. */
export function encodeHuffman(text: string): Uint8Array {
  const { codes } = tables();
  const output = new Uint8Array(huffmanLength(text));
  let written = 0;
  let byte = 0;
  let free = 8;
  for (let index = 0; index < text.length; index++) {
    const symbol = text.charCodeAt(index);
    const code = codes[symbol] ?? 0;
    for (let bit = (codeLengths[symbol] ?? 0) - 1; bit >= 0; bit--) {
      byte = (byte << 1) | ((code >>> bit) & 1);
      free--;
      if (free > 0) continue;
      output[written++] = byte;
      byte = 0;
      free = 8;
    }
  }
  if (free < 8) output[written] = (byte << free) | ((1 << free) - 1);
  return output;
}
