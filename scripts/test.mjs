// npm test: installs what the tests need and runs them. Needs Node and npm only.
//   npm test                      all kinds
//   npm test -- e2e               one kind
//   npm test -- e2e -t 'restart'  and arguments for vitest
import { ensureDependencies } from './project.mjs';
import { kinds, prepare, printSummary, runTests } from './tests.mjs';

const isKind = (/** @type {string} */ name) => kinds.some((kind) => kind === name);
const given = process.argv.slice(2);
const more = given.filter((argument) => !isKind(argument));
const wanted = kinds.filter((kind) => !given.some(isKind) || given.includes(kind));
const say = (/** @type {string} */ line) => process.stdout.write(`${line}\n`);

try {
  await ensureDependencies(say);
  await prepare(wanted, say);
  const counts = [];
  for (const kind of wanted) counts.push(await runTests(kind, more));
  process.exitCode = printSummary(counts) ? 0 : 1;
} catch (error) {
  process.stderr.write(`npm test: ${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
}
