/**
 * A header block that is not valid HPACK. `code`: `incomplete` (the block ends inside a field), `integer`
 * (a number over 28 bits), `index` (an entry that doesn't exist), `table-size` (a size update over the
 * limit), `huffman` (bad padding or EOS).
 */
export class HpackError extends Error {
  override readonly name = 'HpackError';

  constructor(
    readonly code: 'incomplete' | 'integer' | 'index' | 'table-size' | 'huffman',
    message: string,
  ) {
    super(message);
  }
}
