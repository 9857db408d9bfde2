import type { Comparison } from './compare';

/** What one conversation with one server came to. */
export interface Row {
  readonly title: string;
  readonly server: string;
  /** `plaintext` or `TLS`. */
  readonly security: string;
  readonly comparison: Comparison;
}

/** Prints conversation × server × TLS, as docs/frames.md has it. */
export function printTable(rows: readonly Row[], version: string): void {
  const columns = [...new Set(rows.map(columnOf))];
  const titles = [...new Set(rows.map(({ title }) => title))];
  const cell = (title: string, column: string): string => {
    const row = rows.find(
      (candidate) => candidate.title === title && columnOf(candidate) === column,
    );
    return row ? `${row.comparison.compared}, ${row.comparison.differences.length}` : '-';
  };
  const sum = (key: 'compared' | 'betweenCalls' | 'afterReset'): number =>
    rows.reduce((total, { comparison }) => total + comparison[key], 0);
  const differences = rows.reduce(
    (total, { comparison }) => total + comparison.differences.length,
    0,
  );
  const lines = [
    ['Conversation', ...columns],
    ['---', ...columns.map(() => '---:')],
    ...titles.map((title) => [title, ...columns.map((column) => cell(title, column))]),
  ].map((cells) => `| ${cells.join(' | ')} |`);
  console.log(
    `Frames compared with tshark ${version}, and differences\n\n${lines.join('\n')}\n\n` +
      `${sum('compared')} frames compared, ${differences} differences; ${sum('betweenCalls')} frames of ` +
      `connections while no call ran, ${sum('afterReset')} of streams that were reset.`,
  );
}

function columnOf({ server, security }: Row): string {
  return `${server}, ${security}`;
}
