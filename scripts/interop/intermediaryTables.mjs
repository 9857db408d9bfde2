// npm run intermediaries: runs the tests with HAProxy, nginx and Envoy between, and prints what was measured as the
// tables that docs/intermediaries.md has.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ensureDependencies, root } from '../project.mjs';
import { printSummary, runTests } from '../tests.mjs';
import { prepareIntermediaries } from './intermediaries.mjs';

/** @typedef {{ table: string, row: string }} Row see test/interop/intermediaries/page.ts */

/** @typedef {{ testResults: { assertionResults: { meta?: { intermediaryRow?: Row } }[] }[] }} Report */

/** The first line of each table. */
const headers = /** @type {const} */ ({
  idle: '| Hop | Its timeouts | Idle connection | with PINGs | Silent stream | with PINGs | Who answers PINGs |',
  ends: '| What happens | HAProxy | nginx | Envoy |',
  balancing: '| Hop | Layer 4 | Layer 7 |',
});

const say = (/** @type {string} */ line) => process.stdout.write(`${line}\n`);

try {
  await ensureDependencies(say);
  const count = await runTests('interop', [
    'test/interop/intermediaries',
    ...process.argv.slice(2),
  ]);
  /** @type {Report} */
  const { testResults } = JSON.parse(
    await readFile(join(root, 'test', 'output', 'interop.json'), 'utf8'),
  );
  const rows = testResults.flatMap(({ assertionResults }) =>
    assertionResults.flatMap(({ meta }) => meta?.intermediaryRow ?? []),
  );
  const day = new Date().toISOString().slice(0, 10);
  const programs = Object.entries(await prepareIntermediaries(say));
  const versions = programs.map(([name, { version }]) => `${name} ${version}`);
  say(`\n${[day, ...versions].join(', ')}`);
  for (const [name, header] of Object.entries(headers)) {
    say(`\n${header}\n${header.replace(/ [^|]+ /g, '---')}`);
    for (const { table, row } of rows) if (table === name) say(row);
  }
  process.exitCode = printSummary([count]) ? 0 : 1;
} catch (error) {
  const reason = error instanceof Error ? error.message : error;
  process.stderr.write(`npm run intermediaries: ${reason}\n`);
  process.exitCode = 1;
}
