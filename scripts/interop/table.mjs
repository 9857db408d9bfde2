/** The table language × capability, made of what the tests of a run came to. */
import { capabilities } from './capabilities.mjs';

/**
 * What a test says of itself in its `meta`; tests of the project that are about no server have none.
 * @typedef {object} Meta
 * @property {string} [server] title of the server
 * @property {string} [version] of its library and language; absent where the server can't be built
 * @property {string} [missing] why it can't be built
 * @property {import('./capabilities.mjs').Capability} [capability]
 * @property {string} [lacks] why the implementation doesn't have it: the test shows what happens instead
 * @property {string[]} [without] the same of details
 */

/** @typedef {{ status: string, meta?: Meta }} TestResult of Vitest's JSON report */

/** @typedef {{ mark: '✓' | '✗' | '—' | 'not run', notes: string[] }} Cell */

/**
 * @typedef {object} Table
 * @property {{ server: string, version?: string, missing?: string }[]} columns
 * @property {{ title: string, cells: Cell[] }[]} rows
 */

/**
 * @param {readonly TestResult[]} results
 * @returns {Table}
 */
export function tableOf(results) {
  /** @type {Map<string, Table['columns'][number]>} */
  const columns = new Map();
  for (const { meta: { server, version, missing } = {} } of results) {
    if (server === undefined) continue;
    columns.set(server, {
      server,
      ...(version !== undefined && { version }),
      ...(missing !== undefined && { missing }),
    });
  }
  const rows = Object.entries(capabilities).map(([capability, title]) => ({
    title,
    cells: [...columns.keys()].map((server) =>
      cellOf(
        results.filter(({ meta }) => meta?.server === server && meta.capability === capability),
      ),
    ),
  }));
  return { columns: [...columns.values()], rows };
}

/**
 * @param {readonly TestResult[]} results
 * @returns {Cell}
 */
function cellOf(results) {
  if (results.some(({ status }) => status === 'failed')) return { mark: '✗', notes: [] };
  // Left out by a filter, or because what comes before them failed: that is no success.
  if (results.length === 0 || results.some(({ status }) => status !== 'passed')) {
    return { mark: 'not run', notes: [] };
  }
  const lacks = results.flatMap(({ meta }) => meta?.lacks ?? []);
  const without = results.flatMap(({ meta }) => meta?.without ?? []);
  return { mark: lacks.length > 0 ? '—' : '✓', notes: [...new Set([...lacks, ...without])] };
}

/**
 * As Markdown whose columns are aligned, so that it reads in a terminal too.
 * @param {Table} table
 */
export function tableText({ columns, rows }) {
  /** @type {Map<string, number>} */
  const numbers = new Map();
  const number = (/** @type {string} */ note) => {
    if (!numbers.has(note)) numbers.set(note, numbers.size + 1);
    return `[${numbers.get(note)}]`;
  };
  const lines = [
    ['', ...columns.map(({ server }) => server)],
    ...rows.map(({ title, cells }) => [
      title,
      ...cells.map(({ mark, notes }) => [mark, ...notes.map(number)].join(' ')),
    ]),
  ];
  const text = alignedRows(lines);
  const about = columns.map(
    ({ server, version, missing }) => `- ${server}: ${version ?? `not run. ${missing}`}`,
  );
  const legend = [...numbers].map(([note, index]) => `- [${index}] ${note}`);
  return [text, about, ...(legend.length > 0 ? [legend] : [])]
    .map((part) => `${part.join('\n')}\n`)
    .join('\n');
}

/**
 * The rows of a Markdown table, the first one its head, with columns that are aligned in the text too.
 * @param {readonly (readonly string[])[]} lines
 * @returns {string[]}
 */
export function alignedRows(lines) {
  const widths = (lines[0] ?? []).map((_, index) =>
    Math.max(3, ...lines.map((line) => line[index]?.length ?? 0)),
  );
  const rows = lines.map(
    (line) => `| ${line.map((cell, index) => cell.padEnd(widths[index] ?? 0)).join(' | ')} |`,
  );
  rows.splice(1, 0, `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`);
  return rows;
}

/**
 * What keeps the table from being whole: nothing when every capability of every server was tried and holds.
 * @param {Table} table
 * @returns {string[]}
 */
export function gaps({ columns, rows }) {
  if (columns.length === 0) return ['No server was tried.'];
  return columns.flatMap(({ server, missing }, index) => {
    if (missing !== undefined) return [`${server}: ${missing}`];
    return rows.flatMap(({ title, cells }) => {
      const mark = cells[index]?.mark;
      return mark === '✗' || mark === 'not run' ? [`${server}: ${title}: ${mark}`] : [];
    });
  });
}
