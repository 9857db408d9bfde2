import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from '../project.mjs';
import { tableOf, tableText } from './table.mjs';

const page = join(root, 'docs', 'interop.md');
const [begin, end] = ['<!-- results -->\n', '<!-- end of results -->'];

/**
 * The table of the interop tests that were run last.
 * @returns {Promise<import('./table.mjs').Table>}
 */
export async function lastTable() {
  const report = await readFile(join(root, 'test', 'output', 'interop.json'), 'utf8').catch(
    () => '{"testResults":[]}',
  );
  /** @type {{ testResults: { assertionResults: import('./table.mjs').TestResult[] }[] }} */
  const { testResults } = JSON.parse(report);
  return tableOf(testResults.flatMap(({ assertionResults }) => assertionResults));
}

/**
 * Puts the table with the day and the machine into docs/interop.md.
 * @param {import('./table.mjs').Table} table
 */
export async function writeDocs(table) {
  const text = await readFile(page, 'utf8');
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`${page} has no place for the results.`);
  const day = new Date().toISOString().slice(0, 10);
  const where = `${day}, Node ${process.versions.node}, ${process.platform} ${process.arch}:`;
  const before = text.slice(0, from + begin.length);
  await writeFile(page, `${before}\n${where}\n\n${tableText(table)}\n${text.slice(to)}`);
}
