import { expect, test } from 'vitest';
import { decodeGrpcMessage } from '../../../src/grpc/grpcMessage';
import { forSeeds } from '../../tools/random';

test('whatever a server sends decodes to text that is no longer', () => {
  forSeeds(500, (random) => {
    const bytes = random.bytes(random.integer(0, 200));
    const sprinkled = Buffer.from(bytes).toString('latin1').replace(/[ -@]/g, '%');
    expect(decodeGrpcMessage(sprinkled).length).toBeLessThanOrEqual(sprinkled.length);
  });
});

test('what a server encodes by the specification comes back', () => {
  forSeeds(200, (random) => {
    const text = Array.from({ length: random.integer(0, 50) }, () =>
      random.pick(['a', ' ', '%', '/', '#', 'ü', '値', '😀', '\n', '~']),
    ).join('');
    const encoded = [...Buffer.from(text)]
      .map((byte) =>
        byte >= 0x20 && byte <= 0x7e && byte !== 0x25
          ? String.fromCharCode(byte)
          : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`,
      )
      .join('');
    expect(decodeGrpcMessage(encoded)).toBe(text);
  });
});
