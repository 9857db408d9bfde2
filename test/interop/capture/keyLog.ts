import { appendFileSync } from 'node:fs';
import tls from 'node:tls';

/**
 * Writes the session keys of all TLS connections that this process opens into a file, as browsers do with
 * SSLKEYLOGFILE: tests only, Frameline itself has no way to. Returns the way to stop.
 */
export function logSessionKeys(file: string): () => void {
  const { connect } = tls;
  const logged = (...all: Parameters<typeof connect>): tls.TLSSocket =>
    connect(...all).on('keylog', (line: Buffer) => appendFileSync(file, line));
  // grpc-js looks the function up at each call.
  tls.connect = logged as typeof connect;
  return () => {
    tls.connect = connect;
  };
}
