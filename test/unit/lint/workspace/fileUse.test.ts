import { join } from 'node:path';
import { expect, test } from 'vitest';
import { isIndexed, mayMatter } from '../../../../src/lint/workspace/fileUse';
import { workspaceOf } from '../../../../src/lint/workspace/ignoreFiles';
import { useTemporaryFolders } from '../../../tools/temporaryFolder';

const temporaryFolder = useTemporaryFolders();

test.each([
  ['/w/a.go', true],
  ['/w/A.PY', true],
  ['/w/a.proto', true],
  ['/w/service_config.json', true],
  ['/w/src/main/resources/application-test.yml', true],
  ['/w/application.properties', true],
  ['/w/values.yml', false],
  ['/w/README.md', false],
  ['/w/Makefile', false],
])('%s is read: %s', (path, isRead) => {
  expect(mayMatter(path)).toBe(isRead);
});

test('the index takes in own and generated code, and the services that others define', () => {
  expect(isIndexed({ path: '/w/a.go' })).toBe(true);
  expect(isIndexed({ path: '/w/a.pb.go', leftOut: 'generated' })).toBe(true);
  expect(isIndexed({ path: '/w/vendor/a.proto', leftOut: 'vendored' })).toBe(true);
  expect(isIndexed({ path: '/w/vendor/a.go', leftOut: 'vendored' })).toBe(false);
  expect(isIndexed({ path: '/w/a_test.go', leftOut: 'tests' })).toBe(false);
  expect(isIndexed({ path: '/w/a.go', leftOut: 'ignored' })).toBe(false);
  expect(isIndexed({ path: '/w/a.json' })).toBe(false);
});

test('a workspace is a repository, or where settings stand, or the folder itself', async () => {
  const folder = await temporaryFolder({
    'repo/.git/HEAD': '',
    'repo/a/b/c.go': '',
    'plain/x/y.go': '',
  });
  const settings = (place?: string) => ({ folderOf: async () => place });
  const repo = join(folder, 'repo');
  expect(await workspaceOf(join(repo, 'a', 'b'), settings(join(repo, 'a')))).toBe(repo);
  const plain = join(folder, 'plain');
  expect(await workspaceOf(join(plain, 'x'), settings(plain))).toBe(plain);
  expect(await workspaceOf(join(plain, 'x'), settings())).toBe(join(plain, 'x'));
});
