import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Severity } from '../../lint/finding';
import { paintFor, plain } from '../colors';
import { type Environment, versionOf } from '../environment';
import { exitCodes, Failure, reasonOf } from '../failure';
import { changedFiles } from './changedFiles';
import { jsonReport } from './jsonReport';
import { type LintOptions, lintUsage, parseLintOptions, severities } from './lintOptions';
import { lintRun } from './lintRun';
import { Progress } from './progress';
import { readableNotes, readableReport, readableSummary } from './readableReport';
import type { Report } from './report';
import { sarifReport } from './sarifReport';
import { nearestSettings, settingsOf } from './settings';
import { type Chosen, choose } from './targets';

/** `frameline lint`: gives the exit code. */
export async function lintCommand(args: readonly string[], env: Environment): Promise<number> {
  const options = parseLintOptions(args);
  if (options.help) {
    env.out.write(lintUsage);
    return exitCodes.clean;
  }
  const report = await lintReport(options, env);
  await show(report, options, env);
  return fails(report, options.severity) ? exitCodes.findings : exitCodes.clean;
}

async function lintReport(options: LintOptions, env: Environment): Promise<Report> {
  const { cwd, err, places } = env;
  const progress = new Progress(options.progress && err.isTTY ? err : undefined);
  try {
    const settings =
      options.config === undefined
        ? nearestSettings(cwd)
        : await settingsOf(resolve(cwd, options.config), cwd);
    const chosen = await choose(options.paths, cwd, settings, (count) =>
      progress.show('Looking', count, undefined),
    );
    const narrowed =
      options.changedSince === undefined ? chosen : await changed(chosen, options.changedSince);
    return { cwd, ...(await lintRun(narrowed, settings, places, progress)) };
  } finally {
    progress.clear();
  }
}

async function changed(chosen: Chosen, since: string): Promise<Chosen> {
  const sets = await Promise.all(chosen.roots.map((root) => changedFiles(root, since)));
  const toLint = chosen.toLint.filter((path) => sets.some((set) => set.has(path)));
  return { ...chosen, toLint };
}

function fails({ files }: Report, least: Severity): boolean {
  const levels = severities.slice(0, severities.indexOf(least) + 1);
  return files.some(({ findings }) =>
    findings.some(({ severity }) => levels.some((level) => level === severity)),
  );
}

async function show(report: Report, options: LintOptions, env: Environment): Promise<void> {
  const { format, output, quiet, color } = options;
  const paint = output === undefined ? paintFor(color, env.out, env) : plain;
  const text =
    format === 'json'
      ? jsonReport(report, await versionOf(env))
      : format === 'sarif'
        ? await sarifReport(report, await versionOf(env), env)
        : readableReport(report, paint);
  if (output === undefined) {
    env.out.write(text);
  } else {
    await save(resolve(env.cwd, output), text);
  }
  if (!quiet) {
    const errPaint = paintFor(color, env.err, env);
    env.err.write(readableNotes(report.notes, report.cwd, errPaint));
    const isRead = format === 'readable' && output === undefined;
    const [to, toPaint] = isRead ? [env.out, paint] : [env.err, errPaint];
    to.write(readableSummary(report, toPaint));
  }
}

async function save(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text);
  } catch (error) {
    throw new Failure(`The report could not be written: ${reasonOf(error)}.`, { cause: error });
  }
}
