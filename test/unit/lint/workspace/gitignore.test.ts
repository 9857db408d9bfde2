import { relative } from 'node:path';
import { expect, test } from 'vitest';
import { run } from '../../../../scripts/process.mjs';
import { WorkspaceFiles } from '../../../../src/lint/workspace/workspaceFiles';
import { type Random, seededRandom } from '../../../tools/random';
import { putFiles, useTemporaryFolders } from '../../../tools/temporaryFolder';

const temporaryFolder = useTemporaryFolders();
const plain = {
  folderOf: async () => undefined,
  patternsIn: async () => [],
  includeIn: async () => [],
};

/** What git would add: it is the judge. */
async function gitFiles(folder: string): Promise<string[]> {
  const { output } = await run('git', ['ls-files', '-z', '--others', '--exclude-standard'], {
    cwd: folder,
    env: { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' },
  });
  return output
    .split('\0')
    .filter((path) => path !== '')
    .sort();
}

async function ownFiles(folder: string): Promise<string[]> {
  const files = new WorkspaceFiles([folder], plain, () => undefined);
  const found: string[] = [];
  for await (const { path } of files.walk(
    folder,
    () => true,
    () => {},
  )) {
    found.push(relative(folder, path));
  }
  return found.sort();
}

async function repository(files: Record<string, string>): Promise<string> {
  const folder = await temporaryFolder();
  await run('git', ['init', '--quiet', folder]);
  await putFiles(folder, files);
  return folder;
}

const seed = Number(process.env.FRAMELINE_SEED ?? 1);

test('what git ignores is ignored, whatever the patterns', async () => {
  const random = seededRandom(seed);
  for (let round = 0; round < 40; round += 1) {
    const files = tree(random);
    const folder = await repository(files);
    expect(
      await ownFiles(folder),
      `round ${round} of FRAMELINE_SEED=${seed}: ${JSON.stringify(files)}`,
    ).toEqual(await gitFiles(folder));
  }
}, 60_000);

test.each([
  [
    'a folder that is ignored can not give back a file',
    { '.gitignore': 'out/\n!out/keep.go\n' },
    ['out/keep.go'],
  ],
  ['its content can', { '.gitignore': 'out/*\n!out/keep.go\n' }, ['out/keep.go', 'out/x.go']],
  [
    'a folder below takes back',
    { '.gitignore': '*.go\n', 'a/.gitignore': '!keep.go\n' },
    ['a/keep.go', 'a/x.go', 'keep.go'],
  ],
  [
    'info/exclude comes first',
    { '.git/info/exclude': 'gen\n!x.go\n', '.gitignore': '!gen\nx.go\n' },
    ['gen', 'x.go'],
  ],
  [
    'exclude and a folder that is taken back',
    { '.git/info/exclude': 'gen/\n', '.gitignore': '!gen/\n' },
    ['gen/a.go'],
  ],
  [
    'odd names',
    { 'a[b]/.gitignore': '/x*\n\\!y\nz\\ \n', '#c/.gitignore': 'k \n' },
    ['a[b]/x1', 'a[b]/!y', 'a[b]/z ', 'ab/x1', '#c/k', '#c/k2'],
  ],
])('%s', async (_, ignoreFiles, others) => {
  const folder = await repository({
    ...ignoreFiles,
    ...Object.fromEntries(others.map((path) => [path, ''])),
  });
  expect(await ownFiles(folder)).toEqual(await gitFiles(folder));
});

const lines = [
  ...[
    'a',
    'b/',
    '/gen',
    '*.go',
    '!x.go',
    '!/a/',
    'a/b',
    '/a/*',
    '!b',
    '**/gen',
    'gen/**',
    '!gen/**',
  ],
  ...[
    'a/**/x.go',
    '*',
    '!*/',
    '[ab]',
    '?',
    '# a',
    '',
    '\\#',
    'x.*  ',
    '.e*',
    'a\\ b',
    '!.env',
    '*/b',
  ],
];

function tree(random: Random): Record<string, string> {
  const files: Record<string, string> = {};
  for (let count = random.integer(5, 25); count > 0; count -= 1) {
    const folders = Array.from({ length: random.integer(0, 3) }, () =>
      random.pick(['a', 'b', 'gen', 'a b']),
    );
    files[[...folders, random.pick(['x.go', 'y.go', '.env', 'k.go'])].join('/')] = '';
  }
  const folders = [...new Set(Object.keys(files).map((path) => path.replace(/[^/]*$/, '')))];
  for (const folder of new Set(['', random.pick(folders), random.pick(folders)])) {
    const patterns = Array.from({ length: random.integer(1, 5) }, () => random.pick(lines));
    files[`${folder}.gitignore`] = `${patterns.join('\n')}\n`;
  }
  files['.git/info/exclude'] = random.chance(0.3) ? `${random.pick(lines)}\n` : '';
  return files;
}
