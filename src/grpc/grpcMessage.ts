/**
 * Decodes `grpc-message` (gRPC over HTTP2, Responses: Status-Message is percent-encoded UTF-8). Never fails:
 * what is no escape stays as it is, and bytes that are no UTF-8 become U+FFFD. grpc-js leaves `%2F`, `%23` and
 * the like in its text.
 *
 * @param value The field as latin-1 text, one character a byte.
 */
export function decodeGrpcMessage(value: string): string {
  const bytes = value.replace(/%([0-9a-f]{2})/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return Buffer.from(bytes, 'latin1').toString('utf8');
}
