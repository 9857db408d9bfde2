// npm run test:interop: builds the servers in other languages, runs the interop tests on them, prints the table
// language × capability. A language that this machine can't build is counted as not run.
//   npm run test:interop                     all
//   npm run test:interop -- -t 'in Go'       arguments for vitest
//   npm run test:interop -- --write-docs     and writes the table into docs/interop.md
import { ensureDependencies } from '../project.mjs';
import { printSummary, runTests } from '../tests.mjs';
import { lastTable, writeDocs } from './report.mjs';
import { gaps, tableText } from './table.mjs';

const given = process.argv.slice(2);
const forDocs = given.includes('--write-docs');
const say = (/** @type {string} */ line) => process.stdout.write(`${line}\n`);

try {
  await ensureDependencies(say);
  const count = await runTests(
    'interop',
    given.filter((argument) => argument !== '--write-docs'),
  );
  const table = await lastTable();
  say(`\n${tableText(table)}`);
  const missing = gaps(table);
  if (forDocs && missing.length === 0) await writeDocs(table);
  else if (forDocs) say(`docs/interop.md stays as it is:\n${missing.join('\n')}`);
  process.exitCode = printSummary([count]) && !(forDocs && missing.length > 0) ? 0 : 1;
} catch (error) {
  process.stderr.write(`npm run test:interop: ${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
}
