import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { run } from '../../scripts/process.mjs';
import { type BuiltCommand, buildCommand } from '../tools/commandLine';
import { putFiles, useTemporaryFolders } from '../tools/temporaryFolder';

const temporaryFolder = useTemporaryFolders();
let command: BuiltCommand;

beforeAll(async () => {
  command = await buildCommand();
}, 60_000);
afterAll(() => command.remove());

/** One call without a deadline. */
const python = `import grpc
from market.v1 import listing_pb2, listing_pb2_grpc

def load(channel):
    stub = listing_pb2_grpc.ListingServiceStub(channel)
    return stub.GetListing(listing_pb2.GetListingRequest())
`;

const git = async (cwd: string, ...args: string[]): Promise<string> => {
  const who = ['-c', 'user.name=t', '-c', 'user.email=t@example.org', '-c', 'commit.gpgsign=false'];
  const { code, output } = await run('git', [...who, ...args], { cwd });
  if (code !== 0) {
    throw new Error(`git ${args.join(' ')}: ${output}`);
  }
  return output;
};

async function commit(cwd: string, message: string): Promise<void> {
  await git(cwd, 'add', '--all');
  await git(cwd, 'commit', '--quiet', '--allow-empty', '-m', message);
}

/** A repository with a few files on the branch main. */
async function repository(): Promise<string> {
  const cwd = await temporaryFolder();
  await git(cwd, 'init', '--quiet', '--initial-branch=main');
  const names = ['same', 'committed', 'staged', 'edited', 'moved', 'gone', 'sub/deep', 'onMain'];
  await putFiles(cwd, {
    '.gitignore': 'ignored/\n',
    ...Object.fromEntries(names.map((name) => [`${name}.py`, python])),
  });
  await commit(cwd, 'first');
  return cwd;
}

async function changed(cwd: string, ...args: string[]): Promise<string[]> {
  const { out, err } = await command.run(['lint', '--format', 'json', ...args], cwd);
  if (out === '') {
    throw new Error(err);
  }
  const { findings } = JSON.parse(out) as { findings: { path: string }[] };
  return findings.map(({ path }) => path);
}

test('lints what differs from where the branch began, and nothing that changed on the other side', async () => {
  const cwd = await repository();
  await git(cwd, 'checkout', '--quiet', '-b', 'work');
  await putFiles(cwd, { 'committed.py': `${python}\n`, 'new file\té.py': python });
  await rename(join(cwd, 'moved.py'), join(cwd, 'renamed.py'));
  await rm(join(cwd, 'gone.py'));
  await commit(cwd, 'second');
  // main goes on by itself.
  await git(cwd, 'checkout', '--quiet', 'main');
  await putFiles(cwd, { 'onMain.py': `${python}\n# more\n` });
  await commit(cwd, 'third');
  await git(cwd, 'checkout', '--quiet', 'work');

  await putFiles(cwd, { 'staged.py': `${python}\n` });
  await git(cwd, 'add', 'staged.py');
  await putFiles(cwd, {
    'edited.py': `${python}\n`,
    'sub/deep.py': `${python}\n`,
    'untracked.py': python,
    'ignored/x.py': python,
    'README.md': 'changed, and not linted',
  });
  const expected = [
    ...['committed.py', 'edited.py', 'new file\té.py', 'renamed.py', 'staged.py', 'sub/deep.py'],
    'untracked.py',
  ];
  expect(await changed(cwd, '--changed-since', 'main')).toEqual(expected);
  // Whatever the user's own git shows.
  await git(cwd, 'config', 'diff.relative', 'true');
  await git(cwd, 'config', 'diff.noprefix', 'true');
  await git(cwd, 'config', 'diff.renames', 'copies');
  const deep = join(cwd, 'sub');
  expect(await changed(deep, '--changed-since', 'main', '..')).toEqual(
    expected.map((path) => (path === 'sub/deep.py' ? 'deep.py' : `../${path}`)),
  );
  expect(await changed(deep, '--changed-since', 'main')).toEqual(['deep.py']);
  expect(await changed(cwd, '--changed-since', 'HEAD')).toEqual([
    ...['edited.py', 'staged.py', 'sub/deep.py', 'untracked.py'],
  ]);
});

test('nothing changed is nothing to lint', async () => {
  const cwd = await repository();
  expect(await command.run(['lint', '--changed-since', 'HEAD'], cwd)).toEqual({
    code: 0,
    out: 'Nothing found in 0 files.\n',
    err: '',
  });
});

test('says why it can not tell what changed', async () => {
  const cwd = await repository();
  const refused = async (folder: string, since: string, env?: NodeJS.ProcessEnv) => {
    const ended = await command.run(['lint', '--changed-since', since], folder, env);
    expect({ code: ended.code, out: ended.out }).toEqual({ code: 2, out: '' });
    return ended.err;
  };
  const unknown = /^frameline: git knows no revision "(nope|--output=x)" in \S+\.\n {2}Fetch it/;
  expect(await refused(cwd, 'nope')).toMatch(unknown);
  expect((await command.run(['lint', '--changed-since=--output=x'], cwd)).err).toMatch(unknown);

  const plain = await temporaryFolder({ 'a.py': python });
  expect(await refused(plain, 'main')).toMatch(
    /^frameline: \S+ is not in a git repository, which --changed-since needs\.\n$/,
  );

  await git(cwd, 'checkout', '--quiet', '--orphan', 'other');
  await commit(cwd, 'unrelated');
  expect(await refused(cwd, 'main')).toMatch(
    /^frameline: HEAD and "main" have no commit in common in \S+\.\n {2}A shallow clone/,
  );

  expect(await refused(cwd, 'main', { PATH: plain })).toBe(
    'frameline: --changed-since needs git, which is not on PATH.\n',
  );
});
