import { alignedRows } from '../../../scripts/interop/table.mjs';
import type { Comparison } from './compare';

/** What one conversation with one server came to. */
export interface Row {
  readonly conversation: string;
  readonly server: string;
  /** Of its library and language. */
  readonly version: string;
  readonly tls: boolean;
  readonly comparison: Comparison;
}

/** The frames compared, conversation × server × TLS, as docs/frames.md has them. */
export function framesTable(rows: readonly Row[], tshark: string): string {
  const servers = [...new Set(rows.map(({ server }) => server))];
  const conversations = [...new Set(rows.map(({ conversation }) => conversation))];
  const cell = (conversation: string | undefined, server: string): string => {
    const wanted = rows.filter(
      (row) =>
        row.server === server && (conversation === undefined || row.conversation === conversation),
    );
    const [plaintext, tls] = [false, true].map((isTls) =>
      counts(wanted.filter((row) => row.tls === isTls)),
    );
    return wanted.length === 0 ? '—' : `${plaintext} / ${tls}`;
  };
  const table = alignedRows([
    ['Frames in plaintext / under TLS', ...servers],
    ...conversations.map((title) => [title, ...servers.map((server) => cell(title, server))]),
    ['All', ...servers.map((server) => cell(undefined, server))],
  ]);
  const sum = (count: (comparison: Comparison) => number): number =>
    rows.reduce((total, { comparison }) => total + count(comparison), 0);
  const versions = new Map(rows.map(({ server, version }) => [server, version]));
  return [
    ...table,
    '',
    `- ${sum(({ compared }) => compared)} frames compared, ` +
      `${sum(({ differences }) => differences.length)} differences.`,
    `- Not in a transcript, as it has to be: ${sum(({ betweenCalls }) => betweenCalls)} frames of ` +
      `connections while no call ran, ${sum(({ afterEnd }) => afterEnd)} that came for a stream ` +
      'after its end.',
    `- In a transcript alone, as it has to be: ${sum(({ unsent }) => unsent)} frames that were written ` +
      'here when the server had closed the connection.',
    `- tshark ${tshark}, Node ${process.versions.node}.`,
    ...[...versions].map(([server, version]) => `- ${server}: ${version}`),
  ].join('\n');
}

/** `76`, and `76 (2 differ)`. */
function counts(rows: readonly Row[]): string {
  if (rows.length === 0) {
    return 'not run';
  }
  const compared = rows.reduce((sum, { comparison }) => sum + comparison.compared, 0);
  const differ = rows.reduce((sum, { comparison }) => sum + comparison.differences.length, 0);
  return differ > 0 ? `${compared} (${differ} differ)` : `${compared}`;
}
