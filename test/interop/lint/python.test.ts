import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { run } from '../../../scripts/process.mjs';
import { python as language } from '../../../src/lint/languages/python';
import { fixedSource } from '../../tools/lintSnippet';
import { type InteropServer, start } from '../tools';

const fixtures = join(import.meta.dirname, '../../fixtures/lint/python');
const programs = join(import.meta.dirname, '../python');
const { python } = inject('interop').programs;

describe.skipIf(python === undefined)('Python', () => {
  let folder = '';
  let server: InteropServer;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'frameline-python-'));
    server = await start('python');
  });
  afterAll(async () => {
    await server?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  /** What the program prints. */
  async function printed(...args: readonly string[]): Promise<string[]> {
    const env = { ...process.env, ...python?.env };
    const { code, output } = await run(python?.file ?? '', args, { env });
    expect(code, output).toBe(0);
    return output.trim().split('\n');
  }

  it('compiles the annotated sources after all fixes', async () => {
    const names = (await readdir(fixtures)).filter((name) => name.endsWith('.py'));
    expect(names.length).toBeGreaterThan(5);
    for (const name of names) {
      const text = await readFile(join(fixtures, name), 'utf8');
      await writeFile(join(folder, name), await fixedSource(language, text));
    }
    const files = names.map((name) => join(folder, name));
    expect(await printed('-W', 'error', '-m', 'py_compile', ...files)).toEqual(['']);
  });

  it('gives calls a deadline that reaches the server', async () => {
    const text = await readFile(join(programs, 'call.py'), 'utf8');
    expect(await remaining(text)).toEqual(Array(9).fill(0));
    const fixed = await remaining(await fixedSource(language, text));
    expect(fixed).toHaveLength(9);
    for (const milliseconds of fixed) {
      expect(milliseconds).toBeGreaterThan(0);
      // What is sent is rounded up.
      expect(milliseconds).toBeLessThan(6_000);
    }
  });

  async function remaining(text: string): Promise<number[]> {
    const file = join(folder, 'call.py');
    await writeFile(file, text);
    return (await printed(file, server.address)).map(Number);
  }

  it('has grpcio do what the linter takes for granted', async () => {
    const lines = (await printed(join(programs, 'facts.py'), server.address)).filter((line) =>
      /: (?:yes|no)$/.test(line),
    );
    expect(lines.filter((line) => !line.endsWith(': yes'))).toEqual([]);
    expect(lines).toHaveLength(29);
  });
});
