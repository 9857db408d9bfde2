import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { ConfigFiles } from '../../../../src/lint/config/configFiles';
import { defaultSettings } from '../../../../src/lint/config/defaultSettings';

const root = resolve('/work');

/** A reader over a record, which notes what it was asked for. */
function configFiles(files: Record<string, string | Error>, roots = [root]) {
  const asked: string[] = [];
  const read = async (path: string) => {
    asked.push(path);
    const text = files[path];
    if (text instanceof Error) {
      throw text;
    }
    return text;
  };
  return { configs: new ConfigFiles(read, roots), asked };
}

const deadline = (text: string) => `{"lint": {"defaultDeadline": "${text}"}}`;
const top = join(root, 'frameline.json');
const inner = join(root, 'a', 'frameline.json');

test('the nearest file holds, and replaces the one above', async () => {
  const { configs } = configFiles({ [top]: deadline('1s'), [inner]: '{}' });
  expect(await configs.nearest(join(root, 'main.go'))).toMatchObject({ path: top, folder: root });
  expect(await configs.settingsFor(join(root, 'b', 'c', 'main.go'))).toMatchObject({
    defaultDeadline: 1_000,
  });
  expect(await configs.settingsFor(join(root, 'a', 'b', 'main.go'))).toEqual(defaultSettings);
});

test('nothing is looked for above the root', async () => {
  const { configs, asked } = configFiles({ [resolve('/frameline.json')]: deadline('1s') });
  const found = await configs.nearest(join(root, 'a', 'main.go'));
  expect(found).toEqual({
    path: undefined,
    folder: undefined,
    settings: defaultSettings,
    problems: [],
  });
  expect(asked).toEqual([inner, top]);
});

test('a file outside every root looks all the way up', async () => {
  const outside = resolve('/other/frameline.json');
  const { configs } = configFiles({ [outside]: deadline('2s') });
  expect(await configs.folderOf(resolve('/other/x/y'))).toBe(resolve('/other'));
});

test('a file is read once, at the same time too, and its settings stay the same object', async () => {
  const { configs, asked } = configFiles({ [top]: deadline('1s') });
  const [one, two] = await Promise.all([
    configs.settingsFor(join(root, 'one.go')),
    configs.settingsFor(join(root, 'two.go')),
  ]);
  expect(one).toBe(two);
  expect(await configs.settingsFor(join(root, 'one.go'))).toBe(one);
  expect(asked).toEqual([top]);
});

test('a change is seen: of the file, of a folder, when it comes and when it goes', async () => {
  const files: Record<string, string> = {};
  const { configs } = configFiles(files);
  const file = join(root, 'a', 'main.go');
  const read = async () => (await configs.settingsFor(file)).defaultDeadline;
  expect(await read()).toBe(5_000);
  files[top] = deadline('1s');
  expect(await read()).toBe(5_000);
  configs.changed(top);
  expect(await read()).toBe(1_000);
  files[inner] = deadline('2s');
  configs.changed(join(root, 'a'));
  expect(await read()).toBe(2_000);
  delete files[inner];
  configs.changed(inner);
  expect(await read()).toBe(1_000);
});

test('a file that cannot be read is a problem, and the defaults hold', async () => {
  const { configs } = configFiles({ [top]: new Error('EACCES: permission denied') });
  const found = await configs.nearest(join(root, 'main.go'));
  expect(found).toMatchObject({ path: top, settings: defaultSettings });
  expect(found.problems.map(({ message }) => message)).toEqual([
    "This file can't be read: EACCES: permission denied. The defaults hold.",
  ]);
});

test('which files there are', async () => {
  const { configs } = configFiles({
    [top]: '{"lint": {"ignore": ["gen/"], "include": ["tests"]}}',
  });
  expect(await configs.patternsIn(root)).toEqual(['gen/']);
  expect(await configs.patternsIn(join(root, 'a'))).toEqual([]);
  expect(await configs.includeIn(join(root, 'a'))).toEqual(['tests']);
});
