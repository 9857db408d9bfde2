import { chmod, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { type BuiltCommand, buildCommand } from '../tools/commandLine';

let command: BuiltCommand;
let file: string;

beforeAll(async () => {
  command = await buildCommand();
  file = join(command.cache, 'frameline', 'code', 'list');
});
afterAll(() => command.remove());
beforeEach(() => rm(command.cache, { recursive: true, force: true }));

async function help(env?: NodeJS.ProcessEnv): Promise<string> {
  const { code, out, err } = await command.run(['list', '--help'], command.folder, env);
  expect([code, err]).toEqual([0, '']);
  return out;
}

async function kept(): Promise<Buffer | undefined> {
  return readFile(file).catch(() => undefined);
}

it('keeps the compiled code of a command for its next run, for this user alone', async () => {
  const first = await help();
  const code = await kept();
  expect(code?.length).toBeGreaterThan(10_000);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect((await stat(dirname(file))).mode & 0o777).toBe(0o700);
  expect(await help()).toBe(first);
  expect((await kept())?.equals(code ?? Buffer.of())).toBe(true);
});

it('keeps none for what is no command', async () => {
  await command.run(['lst'], command.folder);
  await command.run(['--version'], command.folder);
  await expect(stat(command.cache)).rejects.toThrow();
});

it('compiles anew what is broken or of another source', async () => {
  const first = await help();
  const code = (await kept()) ?? Buffer.of();
  await writeFile(file, code.subarray(0, code.length / 2));
  expect(await help()).toBe(first);
  expect((await kept())?.length).toBeGreaterThan(code.length / 2);

  const main = join(dirname(command.program), 'main.cjs');
  const source = await readFile(main, 'utf8');
  // As long as before, which is all that V8 looks at.
  await writeFile(main, source.replaceAll('Usage: frameline list', 'Usage: FRAMELINE list'));
  expect(await help()).toBe(first.replace('Usage: frameline list', 'Usage: FRAMELINE list'));
  await writeFile(main, source);
  expect(await help()).toBe(first);
});

it('uses no folder that others may write to', async () => {
  await help();
  await rm(file);
  await chmod(dirname(file), 0o777);
  await help();
  expect(await kept()).toBeUndefined();
});

it('works without a folder for it, and when it is turned off', async () => {
  await writeFile(command.cache, 'a file in its place');
  await help();
  await rm(command.cache);
  await help({ ...process.env, NODE_DISABLE_COMPILE_CACHE: '1' });
  await expect(stat(command.cache)).rejects.toThrow();
});
