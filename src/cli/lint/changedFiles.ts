import { execFile } from 'node:child_process';
import { realpath } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Failure } from '../failure';

/**
 * The files of the work tree that `folder` is in which differ from where its branch left `revision` (the merge
 * base): committed, staged, changed, or new and not ignored. Renamed files by their new names; without those that
 * are gone. Absolute paths.
 */
export async function changedFiles(folder: string, revision: string): Promise<ReadonlySet<string>> {
  const top = await realpath(await workTree(folder));
  const base = await mergeBase(top, revision);
  const tracked = await git(top, [
    'diff',
    ...['--name-only', '-z', '--no-ext-diff', '--no-relative', '--ignore-submodules'],
    // Not those that are gone.
    '--diff-filter=d',
    ...[base, '--'],
  ]);
  const untracked = await git(top, ['ls-files', '-z', '--others', '--exclude-standard']);
  for (const { code, error } of [tracked, untracked]) {
    if (code !== 0) {
      throw new Failure(`git could not list the changes since ${revision}: ${firstLine(error)}`);
    }
  }
  const names = `${tracked.output}${untracked.output}`.split('\0').filter((name) => name !== '');
  return new Set(names.map((name) => resolve(top, name)));
}

async function workTree(folder: string): Promise<string> {
  const { code, output, error } = await git(folder, ['rev-parse', '--show-toplevel']);
  if (code !== 0) {
    throw new Failure(
      /not a git repository/i.test(error)
        ? `${folder} is not in a git repository, which --changed-since needs.`
        : `git can't say where the work tree of ${folder} is: ${firstLine(error)}`,
    );
  }
  return output.replace(/\r?\n$/, '');
}

async function mergeBase(top: string, revision: string): Promise<string> {
  const commit = revision.startsWith('-')
    ? undefined
    : await git(top, ['rev-parse', '--verify', '--quiet', `${revision}^{commit}`]);
  if (commit?.code !== 0) {
    throw new Failure(`git knows no revision "${revision}" in ${top}.`, {
      next: 'Fetch it first: git fetch origin, or in CI a checkout that is not shallow.',
    });
  }
  const { code, output, error } = await git(top, ['merge-base', commit.output.trim(), 'HEAD']);
  if (code !== 0) {
    throw new Failure(
      `HEAD and "${revision}" have no commit in common in ${top}${error === '' ? '' : `: ${firstLine(error)}`}.`,
      {
        next: 'A shallow clone may lack it: git fetch --unshallow, or in CI a checkout with the whole history.',
      },
    );
  }
  return output.trim();
}

interface Finished {
  readonly code: number;
  readonly output: string;
  readonly error: string;
}

function git(folder: string, args: readonly string[]): Promise<Finished> {
  return new Promise((done, fail) => {
    execFile(
      'git',
      args,
      {
        cwd: folder,
        maxBuffer: Number.POSITIVE_INFINITY,
        // Only reads: must not get in the way of a git that runs meanwhile. Messages are matched in English.
        env: { ...process.env, GIT_OPTIONAL_LOCKS: '0', LC_ALL: 'C' },
      },
      (problem, output, error) => {
        const code = problem === null ? 0 : problem.code;
        if (typeof code === 'number') {
          done({ code, output, error });
        } else if (code === 'ENOENT') {
          fail(new Failure('--changed-since needs git, which is not on PATH.'));
        } else {
          fail(new Failure(`git could not run: ${problem?.message}`));
        }
      },
    );
  });
}

function firstLine(text: string): string {
  return (
    text
      .trim()
      .split('\n')[0]
      ?.replace(/^fatal: /, '') ?? ''
  );
}
