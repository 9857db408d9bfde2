import { existsSync } from 'node:fs';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { browserExecutable } from './browser.mjs';
import { ensureEditor } from './editor.mjs';
import { packageExtension } from './package.mjs';
import { run } from './process.mjs';
import { root } from './project.mjs';

/** Kinds of test that `npm test` runs, in this order. Each is a vitest project. */
export const kinds = /** @type {const} */ (['unit', 'contract', 'webview', 'e2e']);

/**
 * @typedef {object} Count
 * @property {string} name
 * @property {number} passed
 * @property {number} failed
 * @property {number} skipped
 */

/**
 * Brings what the kinds of test need: packages are there already.
 * @param {readonly string[]} wanted
 * @param {(line: string) => void} report
 */
export async function prepare(wanted, report) {
  if (wanted.includes('webview') || wanted.includes('e2e')) await browserExecutable(report);
  if (wanted.includes('e2e')) {
    await ensureEditor(report);
    report('Packaging the extension…');
    await packageExtension();
  }
}

/**
 * Runs one kind of test and counts. A kind that could not run to its end counts as one failure more.
 * @param {string} kind a vitest project
 * @param {readonly string[]} [more] arguments for vitest
 * @returns {Promise<Count>}
 */
export async function runTests(kind, more = []) {
  const report = join(root, 'test', 'output', `${kind}.json`);
  await mkdir(join(root, 'test', 'output'), { recursive: true });
  await rm(report, { force: true });
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const { code } = await run(
    process.execPath,
    [vitest, 'run', '--project', kind, ...reporters, ...more],
    { cwd: root, show: true },
  );
  if (!existsSync(report)) return { name: kind, passed: 0, failed: 1, skipped: 0 };
  const result = JSON.parse(await readFile(report, 'utf8'));
  const failed = result.numFailedTests;
  return {
    name: kind,
    passed: result.numPassedTests,
    // A file that can't be loaded has no tests that fail.
    failed: code !== 0 && failed === 0 ? 1 : failed,
    skipped: result.numPendingTests + result.numTodoTests,
  };
}

/**
 * The closing lines: one a part, then the sum alone on the last line.
 * @param {readonly Count[]} counts
 * @returns {boolean} whether nothing failed
 */
export function printSummary(counts) {
  const width = Math.max(...counts.map(({ name }) => name.length));
  const text = (/** @type {Omit<Count, 'name'>} */ { passed, failed, skipped }) =>
    `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
  const sum = (/** @type {'passed' | 'failed' | 'skipped'} */ key) =>
    counts.reduce((total, count) => total + count[key], 0);
  const total = { passed: sum('passed'), failed: sum('failed'), skipped: sum('skipped') };
  const lines = counts.map((count) => `  ${count.name.padEnd(width)}  ${text(count)}`);
  process.stdout.write(`\n${lines.join('\n')}\n\n${text(total)}\n`);
  return total.failed === 0;
}
