const text = Buffer.from('The quick brown fox jumps over the lazy dog. ');

/**
 * A faults.v1.Payload (`bytes data = 1`) of exactly `size` bytes when serialized: made once, sent often.
 * 1 becomes 2, because no field is that short.
 */
export function payload(size: number): Buffer {
  if (size === 0) {
    return Buffer.alloc(0);
  }
  // Grow the length's varint until it can hold what is left; it may be longer than it has to be.
  let width = 1;
  while (size - 1 - width >= 2 ** (7 * width)) {
    width++;
  }
  const length = Math.max(0, size - 1 - width);
  const message = Buffer.alloc(1 + width + length);
  message[0] = 0x0a;
  for (let index = 0; index < width; index++) {
    const more = index < width - 1 ? 0x80 : 0;
    message[1 + index] = ((length >>> (7 * index)) & 0x7f) | more;
  }
  if (length > 0) {
    message.fill(text, 1 + width);
  }
  return message;
}
