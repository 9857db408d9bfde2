// The linter: findings after an edit, linting against parsing alone, a large workspace, and how often it is right.
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { defaultSettings } from '../../src/lint/config/defaultSettings';
import { IndexBuilder } from '../../src/lint/index/indexBuilder';
import { languageFor } from '../../src/lint/languages';
import { Linter } from '../../src/lint/linter';
import { parse } from '../../src/lint/parsing/grammars';
import { installedGrammars } from '../tools/grammars';
import { seededRandom } from '../tools/random';
import { reportAccuracy } from './lintAccuracy';
import { annotatedSources, goFile, mixedWorkspace, type Source, writeFiles } from './lintCorpus';
import { median, percentile, report } from './report';

const grammars = installedGrammars();
const linter = new Linter(grammars);
const sources = await annotatedSources();
const index = new IndexBuilder();
for (const { path, text } of sources.filter((source) => source.path.endsWith('.proto'))) {
  index.update(path, text);
}
const context = { settings: defaultSettings, index: index.index() };

await afterOneCharacter();
await againstParsing();
await largeWorkspace();
await reportAccuracy(linter);

/** One character at a random place of a large file, as somebody types it. */
async function afterOneCharacter(): Promise<void> {
  const random = seededRandom(1);
  let text = goFile(2_000);
  const file = linter.open('client.go', text);
  if (file === undefined) throw new Error('Go is not linted');
  const times: number[] = [];
  let findings = 0;
  for (let edit = 0; edit < 440; edit += 1) {
    const at = random.integer(0, text.length);
    const change = { from: at, to: at, text: random.pick(['x', ' ', 'a', '(', '.', '\n']) };
    const undo = { from: at, to: at + 1, text: '' };
    const after = text.slice(0, at) + change.text + text.slice(at);
    const start = performance.now();
    file.update(after, [change]);
    findings = (await file.lint(context)).findings.length;
    // The first ones warm up.
    if (edit >= 40) times.push(performance.now() - start);
    file.update(text, [undo]);
    await file.lint(context);
    text = file.text;
  }
  file.dispose();
  const p95 = percentile(times, 0.95);
  report(
    `findings after one character, Go file of ${text.split('\n').length} lines (${findings} findings)`,
    `p95 ${p95.toFixed(1)} ms`,
    'p95 <= 15 ms',
    p95 <= 15,
  );
  report('  the same, median', `${median(times).toFixed(1)} ms`, '-', true);
}

/**
 * Linting a workspace against parsing every file of it, one after the other in one thread. Files that have nothing
 * to do with gRPC are not parsed; the second row shows what linting costs where every file calls RPCs.
 */
async function againstParsing(): Promise<void> {
  const mixed = await ratioOf(await mixedWorkspace(900));
  report(
    'linting a workspace, a third calls RPCs, against parsing it',
    `${mixed.toFixed(2)} x`,
    '<= 1.6 x',
    mixed <= 1.6,
  );
  const dense = await ratioOf(sources.filter(({ path }) => languageFor(path) !== undefined));
  report(
    '  the same where nearly every line has to do with gRPC',
    `${dense.toFixed(2)} x`,
    '-',
    true,
  );
}

async function ratioOf(files: readonly Source[]): Promise<number> {
  const ratios: number[] = [];
  for (let round = 0; round < 6; round += 1) {
    let parsed = 0;
    let linted = 0;
    for (const { path, text } of files) {
      const language = languageFor(path);
      if (language === undefined) continue;
      const parser = await grammars.parser(language.grammar);
      let start = performance.now();
      parse(parser, text)?.delete();
      parsed += performance.now() - start;
      start = performance.now();
      await linter.lint(path, text, context);
      linted += performance.now() - start;
    }
    // The first rounds warm up.
    if (round >= 2) ratios.push(linted / parsed);
  }
  return median(ratios);
}

/** The packed command over a workspace on disk: walk, index and lint. */
async function largeWorkspace(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'frameline-lint-'));
  try {
    const files = await mixedWorkspace(5_000);
    await writeFiles(folder, files);
    const bytes = files.reduce((sum, { text }) => sum + text.length, 0);
    const command = resolve('dist/cli/frameline.cjs');
    const output = join(folder, 'findings.json');
    const start = performance.now();
    const child = spawn(
      process.execPath,
      [command, 'lint', '--format', 'json', '--output', output, folder],
      { stdio: ['ignore', 'ignore', 'inherit'] },
    );
    let peak = 0;
    const watch = setInterval(async () => {
      const status = await readFile(`/proc/${child.pid}/status`, 'utf8').catch(() => '');
      peak = Math.max(peak, Number(/VmHWM:\s*(\d+)/.exec(status)?.[1] ?? 0) / 1024);
    }, 50);
    const code = await new Promise((done) => child.once('exit', done));
    clearInterval(watch);
    const seconds = (performance.now() - start) / 1_000;
    const size = `5,000 mixed files, ${(bytes / 1_048_576).toFixed(0)} MB`;
    report(
      `${size}: frameline lint (exit ${code})`,
      `${seconds.toFixed(1)} s`,
      '<= 20 s',
      seconds <= 20 && code === 1,
    );
    report(`${size}: memory at its highest`, `${peak.toFixed(0)} MB`, '<= 600 MB', peak <= 600);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
