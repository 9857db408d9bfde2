import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, type TestContext } from 'vitest';

declare module 'vitest' {
  interface TaskMeta {
    /** A row of a table of docs/intermediaries.md, for `npm run intermediaries`. */
    intermediaryRow?: { readonly table: string; readonly row: string };
  }
}

const page = readFileSync(
  fileURLToPath(new URL('../../../docs/intermediaries.md', import.meta.url)),
  'utf8',
);

/** Tells what was measured, and holds the documentation to it. */
export function measured({ task }: TestContext, table: string, cells: readonly string[]): void {
  const row = `| ${cells.join(' | ')} |`;
  task.meta.intermediaryRow = { table, row };
  expect(page.split('\n').includes(row), `A row of docs/intermediaries.md: ${row}`).toBe(true);
}
