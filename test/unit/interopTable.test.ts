import { describe, expect, it } from 'vitest';
import { capabilities } from '../../scripts/interop/capabilities.mjs';
import { gaps, type Meta, tableOf, tableText } from '../../scripts/interop/table.mjs';

type Capability = keyof typeof capabilities;

const result = (capability: Capability, status = 'passed', more: Meta = {}) => ({
  status,
  meta: { server: 'Go', version: 'grpc-go 1', capability, ...more },
});
const everything = (Object.keys(capabilities) as Capability[]).map((it) => result(it));
const without = (capability: Capability) =>
  everything.filter(({ meta }) => meta.capability !== capability);
const marks = (...results: Parameters<typeof tableOf>[0]) =>
  tableOf(results).rows.map(({ title, cells }) => [title, ...cells.map(({ mark }) => mark)]);

describe('the table of interop tests', () => {
  it('has a row for each capability, and is whole when all that was tried holds', () => {
    const table = tableOf([...everything, { status: 'failed', meta: {} }, { status: 'passed' }]);
    expect(table.columns).toEqual([{ server: 'Go', version: 'grpc-go 1' }]);
    expect(table.rows.map(({ title }) => title)).toEqual(Object.values(capabilities));
    expect(gaps(table)).toEqual([]);
  });

  it('fails with one of several tests, and counts none that was skipped', () => {
    const table = tableOf([
      ...without('unary').filter(({ meta }) => meta.capability !== 'health'),
      result('unary'),
      result('unary', 'failed'),
      result('unary', 'skipped'),
      result('health'),
      result('health', 'skipped'),
    ]);
    expect(gaps(table)).toEqual(['Go: Health: not run', 'Go: Unary calls: ✗']);
    expect(gaps(tableOf(without('tls')))).toEqual(['Go: TLS: not run']);
    expect(gaps(tableOf([]))).toEqual(['No server was tried.']);
  });

  it('names a language that this machine lacks', () => {
    const missing = {
      status: 'skipped',
      meta: { server: 'Rust', missing: 'there is no cargo', capability: 'unary' },
    } as const;
    const table = tableOf([...everything, missing]);
    expect(gaps(table)).toEqual(['Rust: there is no cargo']);
    expect(tableText(table)).toContain('- Rust: not run. there is no cargo');
    expect(marks(...everything, missing)).toContainEqual(['Unary calls', '✓', 'not run']);
  });

  it('numbers what an implementation lacks, each reason once', () => {
    const lacks = 'gzip only';
    const table = tableOf([
      ...without('deflate').filter(({ meta }) => meta.capability !== 'json'),
      result('json', 'passed', { without: ['no -0', lacks] }),
      result('deflate', 'passed', { lacks }),
      result('deflate', 'passed', { lacks }),
    ]);
    expect(gaps(table)).toEqual([]);
    const lines = tableText(table).split('\n');
    const row = (title: string) => lines.find((line) => line.startsWith(`| ${title} `));
    expect(row(capabilities.json)).toMatch(/\| ✓ \[1\] \[2\] \|$/);
    expect(row('deflate')).toMatch(/\| — \[2\] {5}\|$/);
    expect(lines).toEqual(expect.arrayContaining(['- [1] no -0', '- [2] gzip only']));
    // Aligned, for a terminal.
    const rows = lines.filter((line) => line.startsWith('|'));
    expect(new Set(rows.map((line) => line.length)).size).toBe(1);
  });
});
