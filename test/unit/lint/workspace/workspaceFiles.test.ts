import { symlink } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { expect, test } from 'vitest';
import type { LintSettings } from '../../../../src/lint/config/settings';
import type { LeftOut } from '../../../../src/lint/workspace/leftOut';
import { isGenerated } from '../../../../src/lint/workspace/leftOut';
import { type FileSettings, WorkspaceFiles } from '../../../../src/lint/workspace/workspaceFiles';
import { putFiles, useTemporaryFolders } from '../../../tools/temporaryFolder';

const temporaryFolder = useTemporaryFolders();

const go = {
  tests: /_test\.go$/,
  generated: { header: /^\/\/ Code generated .* DO NOT EDIT\.$/m, file: /\.pb\.go$/ },
};
const languageFor = (path: string) => (path.endsWith('.go') ? go : undefined);

interface Written {
  readonly ignore?: readonly string[];
  readonly include?: LintSettings['include'];
}

/** Settings that stand in some folders. */
function settings(written: Readonly<Record<string, Written>> = {}): FileSettings {
  const nearest = (folder: string): string | undefined => {
    if (written[folder] !== undefined) return folder;
    return dirname(folder) === folder ? undefined : nearest(dirname(folder));
  };
  return {
    folderOf: async (folder) => nearest(folder),
    patternsIn: async (folder) => written[folder]?.ignore ?? [],
    includeIn: async (folder) => written[nearest(folder) ?? '']?.include ?? [],
  };
}

async function walked(
  files: WorkspaceFiles,
  folder: string,
): Promise<Record<string, LeftOut | 'linted'>> {
  const found: Record<string, LeftOut | 'linted'> = {};
  for await (const { path, leftOut } of files.walk(folder, (path) => path.endsWith('.go'), fail)) {
    found[relative(folder, path)] = leftOut ?? 'linted';
    expect(await files.leftOut(path)).toBe(leftOut);
  }
  return found;
}

function fail(path: string, note: string): never {
  throw new Error(`${path} ${note}`);
}

const mixed = {
  'main.go': '',
  'main_test.go': '',
  'api/v1/api.pb.go': '',
  'vendor/x/x.go': '',
  'third_party/y.go': '',
  'thirdparty.go': '',
  'web/node_modules/z/z.go': '',
  '.git/hooks/h.go': '',
  '.github/tool.go': '',
  'README.md': '',
};

test('says of each file why it is not linted, and walks no installed packages', async () => {
  const folder = await temporaryFolder(mixed);
  expect(await walked(new WorkspaceFiles([folder], settings(), languageFor), folder)).toEqual({
    'main.go': 'linted',
    'main_test.go': 'tests',
    'thirdparty.go': 'linted',
    '.github/tool.go': 'linted',
    'api/v1/api.pb.go': 'generated',
    'third_party/y.go': 'vendored',
    'vendor/x/x.go': 'vendored',
  });
});

test('takes in what the settings say', async () => {
  const folder = await temporaryFolder(mixed);
  const all = settings({ [folder]: { include: ['generated', 'tests', 'vendored'] } });
  const found = await walked(new WorkspaceFiles([folder], all, languageFor), folder);
  expect(new Set(Object.values(found))).toEqual(new Set(['linted']));
  expect(Object.keys(found)).toHaveLength(7);
});

test('where a checkout stands says nothing of its files', async () => {
  const folder = await temporaryFolder({
    'vendor/tests_test.go/p/a.go': '',
    'vendor/tests_test.go/p/.git/x': '',
  });
  const root = join(folder, 'vendor/tests_test.go/p');
  expect(await walked(new WorkspaceFiles([root], settings(), languageFor), root)).toEqual({
    'a.go': 'linted',
  });
});

test('the settings ignore more, and take back what git ignores', async () => {
  const folder = await temporaryFolder({
    '.git/HEAD': '',
    '.gitignore': '/made/*\n',
    'made/a.go': '',
    'made/b.go': '',
    'old/c.go': '',
    'new/old/d.go': '',
  });
  const files = new WorkspaceFiles(
    [folder],
    settings({ [folder]: { ignore: ['/old/', '!/made/b.go'] } }),
    languageFor,
  );
  expect(await walked(files, folder)).toEqual({ 'made/b.go': 'linted', 'new/old/d.go': 'linted' });
  expect(await files.leftOut(join(folder, 'made/a.go'))).toBe('ignored');
  expect(await files.leftOut(join(folder, 'old/deep/c.go'))).toBe('ignored');
  expect(await files.folderLeftOut(join(folder, 'old'))).toBe('ignored');
  expect(await files.folderLeftOut(join(folder, 'new'))).toBeUndefined();
  expect(await files.folderLeftOut(join(folder, 'new/vendor/x'))).toBe('vendored');
  expect(await files.folderLeftOut(folder)).toBeUndefined();
});

test('settings above a repository hold in it; the ignore file of a repository around it does not', async () => {
  const folder = await temporaryFolder({
    '.git/HEAD': '',
    '.gitignore': 'a.go\n/inner/\n',
    'inner/.git/HEAD': '',
    'inner/.git/info/exclude': 'c.go\n',
    'inner/a.go': '',
    'inner/b.go': '',
    'inner/c.go': '',
  });
  const files = new WorkspaceFiles(
    [folder],
    settings({ [folder]: { ignore: ['/inner/b.go'] } }),
    languageFor,
  );
  expect(await walked(files, join(folder, 'inner'))).toEqual({ 'a.go': 'linted' });
});

test('a linked work tree has the excludes of its repository', async () => {
  const folder = await temporaryFolder({
    'repo/.git/info/exclude': 'a.go\n',
    'repo/.git/worktrees/w/commondir': '../..\n',
    'w/a.go': '',
    'w/b.go': '',
  });
  await putFiles(folder, { 'w/.git': `gitdir: ${join(folder, 'repo/.git/worktrees/w')}\n` });
  const work = join(folder, 'w');
  expect(await walked(new WorkspaceFiles([work], settings(), languageFor), work)).toEqual({
    'b.go': 'linted',
  });
});

test('follows no symbolic links', async () => {
  const folder = await temporaryFolder({ 'a/a.go': '', 'outside/b.go': '' });
  await symlink(join(folder, 'a'), join(folder, 'a', 'again'));
  await symlink(join(folder, 'outside'), join(folder, 'a', 'out'));
  await symlink(join(folder, 'outside', 'b.go'), join(folder, 'a', 'b.go'));
  const files = new WorkspaceFiles([folder], settings(), languageFor);
  expect(await walked(files, join(folder, 'a'))).toEqual({ 'a.go': 'linted' });
});

test('reads ignore files anew when told to', async () => {
  const folder = await temporaryFolder({ '.gitignore': 'a.go\n', 'a.go': '' });
  const files = new WorkspaceFiles([folder], settings(), languageFor);
  expect(await files.leftOut(join(folder, 'a.go'))).toBe('ignored');
  await putFiles(folder, { '.gitignore': '' });
  expect(await files.leftOut(join(folder, 'a.go'))).toBe('ignored');
  files.forget();
  expect(await files.leftOut(join(folder, 'a.go'))).toBeUndefined();
});

test('a folder that is gone is a note, and an abort ends the walk', async () => {
  const folder = await temporaryFolder({ 'a.go': '', 'b.go': '' });
  const files = new WorkspaceFiles([folder], settings(), languageFor);
  const notes: string[] = [];
  const gone = join(folder, 'gone');
  for await (const _ of files.walk(
    gone,
    () => true,
    (path, note) => notes.push(`${path} ${note}`),
  )) {
    throw new Error('nothing is there');
  }
  expect(notes).toEqual([`${gone} could not be read (ENOENT)`]);

  const abort = new AbortController();
  const found: string[] = [];
  for await (const { path } of files.walk(folder, () => true, fail, abort.signal)) {
    found.push(path);
    abort.abort();
  }
  expect(found).toHaveLength(1);
});

test('generated code says so in its first lines', () => {
  expect(isGenerated('// Code generated by x. DO NOT EDIT.\npackage a\n', go)).toBe(true);
  expect(
    isGenerated(`package a\n${'// x\n'.repeat(500)}// Code generated by x. DO NOT EDIT.\n`, go),
  ).toBe(false);
});
