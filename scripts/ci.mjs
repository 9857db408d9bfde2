// .ci/run: everything that must hold before a change lands, from a clean install. One run tells all that is
// wrong: a step that fails does not keep the next ones from running.
import { lastTable } from './interop/report.mjs';
import { gaps, tableText } from './interop/table.mjs';
import { prepareTshark } from './interop/tshark.mjs';
import { checkNpmPackage } from './npmPackage.mjs';
import { checkPackage } from './packageCheck.mjs';
import { npm } from './process.mjs';
import { cleanInstall, root } from './project.mjs';
import { kinds, prepare, printSummary, runTests } from './tests.mjs';

/** @type {import('./tests.mjs').Count[]} */
const counts = [];
const say = (/** @type {string} */ line) => process.stdout.write(`${line}\n`);

/**
 * Runs a step and counts it as a test of its own.
 * @param {string} name
 * @param {() => Promise<void>} action rejects with what is wrong
 */
async function step(name, action) {
  say(`\n=== ${name}`);
  try {
    await action();
    counts.push({ name, passed: 1, failed: 0, skipped: 0 });
    return true;
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
    counts.push({ name, passed: 0, failed: 1, skipped: 0 });
    return false;
  }
}

/** @param {string} name of a script in package.json */
async function script(name) {
  const { code } = await npm(['run', '--silent', name], { cwd: root, show: true });
  if (code !== 0) throw new Error(`npm run ${name} ended with ${code}`);
}

/** @param {() => Promise<{ problems: string[], size: number, largest: string[] }>} checkIt */
async function check(checkIt) {
  const { problems, size, largest } = await checkIt();
  say(`${Math.round(size / 1024)} KB; largest: ${largest.join(', ')}`);
  if (problems.length > 0) throw new Error(problems.join('\n'));
}

const installed = await step('clean install', cleanInstall);
if (installed) {
  await step('lint', () => script('lint'));
  await step('type check', () => script('typecheck'));
  const packaged = await step('package, editor and browser', () => prepare(kinds, say));
  if (packaged) {
    await step('package contents', () => check(checkPackage));
    await step('npm package: contents, installation, a run', () => check(checkNpmPackage));
  }
  await step('frames can be captured', async () => {
    if ((await prepareTshark(say)) === undefined) throw new Error('Their comparison is left out.');
  });
  for (const kind of [...kinds, 'interop']) {
    say(`\n=== ${kind} tests`);
    counts.push(await runTests(kind));
  }
  await step('a minute of faults', () => script('soak'));
  await step('every capability with every server, nothing left out', async () => {
    const table = await lastTable();
    say(tableText(table));
    const missing = gaps(table);
    // What these tests need besides the servers, proxies for example, has to be here too.
    const skipped = counts.find(({ name }) => name === 'interop')?.skipped ?? 0;
    if (skipped > 0) missing.push(`${skipped} interop tests were skipped`);
    if (missing.length > 0) throw new Error(missing.join('\n'));
  });
}
process.exitCode = printSummary(counts) ? 0 : 1;
