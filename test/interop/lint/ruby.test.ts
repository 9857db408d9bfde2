import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ruby as language } from '../../../src/lint/languages/ruby';
import { fixedSource } from '../../tools/lintSnippet';
import { findRuby, type Ruby, runRuby } from './rubyTools';

const fixtures = join(import.meta.dirname, '../../fixtures/lint/ruby');
const programs = join(import.meta.dirname, '../ruby');

const found = await findRuby();
if (typeof found === 'string') {
  console.log(`Ruby sources are not tried: ${found}.`);
} else if (!found.hasGrpc) {
  console.log('Ruby calls are not made: there is no grpc gem.');
}
const ruby = typeof found === 'string' ? undefined : found;

describe.skipIf(ruby === undefined)('Ruby', () => {
  let folder = '';

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'frameline-ruby-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const run = (...args: readonly string[]) => runRuby(ruby as Ruby, args);

  it('takes the annotated sources after all fixes', async () => {
    const names = (await readdir(fixtures)).filter((name) => name.endsWith('.rb'));
    expect(names.length).toBeGreaterThan(5);
    for (const name of names) {
      const text = await readFile(join(fixtures, name), 'utf8');
      const fixed = join(folder, name);
      await writeFile(fixed, await fixedSource(language, text));
      const { code, output } = await run('-c', fixed);
      expect(code, `${name}:\n${output}`).toBe(0);
    }
  });

  it.skipIf(ruby?.hasGrpc !== true)('gives calls a deadline that reaches the server', async () => {
    const text = await readFile(join(programs, 'call.rb'), 'utf8');
    expect(await remaining(text)).toEqual(Array(9).fill(-1));
    const fixed = await remaining(await fixedSource(language, text));
    expect(fixed).toHaveLength(9);
    for (const seconds of fixed) {
      expect(seconds).toBeGreaterThan(0);
      expect(seconds).toBeLessThan(6);
    }
  });

  async function remaining(text: string): Promise<number[]> {
    const file = join(folder, 'call.rb');
    const server = JSON.stringify(join(programs, 'market'));
    await writeFile(file, text.replace("require_relative 'market'", `require ${server}`));
    const { code, output } = await run(file);
    expect(code, output).toBe(0);
    return output.trim().split('\n').map(Number);
  }

  it.skipIf(ruby?.hasGrpc !== true)(
    'has the gem do what the linter takes for granted',
    async () => {
      const { code, output } = await run(join(programs, 'facts.rb'));
      expect(code, output).toBe(0);
      const lines = output.trim().split('\n');
      expect(lines.filter((line) => !line.endsWith(': yes'))).toEqual([]);
      expect(lines).toHaveLength(25);
    },
  );
});
