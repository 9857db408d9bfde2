import type { ConfigProblem } from '../config/configReader';
import { Lines } from '../config/lines';
import { shownPath } from '../config/paths';
import { readConfigFile } from '../config/readConfigFile';
import { Failure } from './failure';

/** Throws a `Failure` with each mistake of a `frameline.json` at its place; warnings are none. */
export async function refuseMistakes(
  path: string,
  problems: readonly ConfigProblem[],
  cwd: string,
): Promise<void> {
  const mistakes = problems.filter(({ severity }) => severity === undefined);
  if (mistakes.length === 0) {
    return;
  }
  const lines = new Lines((await readConfigFile(path).catch(() => undefined)) ?? '');
  const shown = shownPath(path, cwd);
  throw new Failure(`${shown} has mistakes.`, {
    details: mistakes.map(({ span, message }) => {
      const { line, column } = lines.place(span.from);
      return `${shown}:${line}:${column}: ${message}`;
    }),
  });
}
