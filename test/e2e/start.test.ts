import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { launchBrowser } from '../tools/editor';
import { Workbench } from '../tools/editorWorkbench';

/** A folder for PATH: Node, what npm needs, and perhaps a `code`. */
let programs: string;
let running: ChildProcess | undefined;

beforeEach(async () => {
  programs = await mkdtemp(join(tmpdir(), 'frameline-path-'));
  for (const [name, path] of [
    ['node', process.execPath],
    ['sh', '/bin/sh'],
    ['npm', await which('npm')],
  ] as const) {
    await symlink(path, join(programs, name));
  }
});

afterEach(async () => {
  running?.kill('SIGKILL');
  running = undefined;
  await rm(programs, { recursive: true, force: true });
});

/** Runs npm start's script; `printed` resolves with the first match of a printed line. */
function start() {
  const child = spawn(process.execPath, ['scripts/start.mjs'], {
    env: { ...process.env, PATH: programs, FAKE_CODE: programs },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  running = child;
  const lines: string[] = [];
  let onLine = () => {};
  createInterface({ input: child.stdout }).on('line', (line) => {
    lines.push(line);
    onLine();
  });
  const printed = (pattern: RegExp) =>
    new Promise<string>((resolve, reject) => {
      onLine = () => {
        const match = lines.map((line) => pattern.exec(line)).find((found) => found !== null);
        if (match) resolve(match[1] ?? match[0]);
      };
      child.once('exit', () => reject(new Error(`npm start ended:\n${lines.join('\n')}`)));
      onLine();
    });
  return { child, printed };
}

async function interrupt(child: ChildProcess): Promise<void> {
  const exit = once(child, 'exit');
  child.kill('SIGINT');
  expect((await exit)[0]).toBe(0);
}

test('without a local VS Code, npm start prints an address where the sample market is ready', async () => {
  const { child, printed } = start();
  const sample = await printed(/^Sample server\s+(127\.0\.0\.1:\d+)$/);
  const url = await printed(/^Editor\s+(http:\S+)$/);
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage();
    const workbench = new Workbench(page);
    await page.goto(url);
    await workbench.ready();
    await workbench.openView('Frameline');
    await workbench.treeRow('Sample market').waitFor();
    await workbench.expand('Sample market');
    await workbench.treeRow('ListingService').waitFor();
  } finally {
    await browser.close();
  }
  await interrupt(child);
  await expect(fetch(url)).rejects.toThrow();
  await expect(fetch(`http://${sample}`)).rejects.toThrow();
});

test('with a local VS Code, npm start opens it, hands it the address, and stops it', async () => {
  const record = join(programs, 'record.json');
  await symlink(resolve('test/fixtures/fakeCode.cjs'), join(programs, 'code'));
  await symlink('/usr/bin/env', join(programs, 'env'));
  const { child, printed } = start();
  const sample = await printed(/^Sample server\s+(127\.0\.0\.1:\d+)$/);
  await expect.poll(() => existsSync(record), { timeout: 20_000 }).toBe(true);
  await expect.poll(() => readFile(record, 'utf8')).toContain('args');
  const { args, target } = JSON.parse(await readFile(record, 'utf8'));
  expect(target).toBe(sample);
  expect(args).toContain(`--extensionDevelopmentPath=${process.cwd()}/`);
  expect(existsSync(join(args.at(-1), 'proto', 'market', 'v1', 'listing_service.proto'))).toBe(
    true,
  );
  await interrupt(child);
  await expect.poll(() => existsSync(join(programs, 'stopped'))).toBe(true);
  expect(existsSync(args.at(-1))).toBe(false);
});

async function which(name: string): Promise<string> {
  const folder = (process.env.PATH ?? '').split(':').find((one) => existsSync(join(one, name)));
  if (folder === undefined) throw new Error(`${name} is not on PATH`);
  return join(folder, name);
}
