import { defineConfig } from 'vitest/config';

/**
 * Builds servers in other languages, so only when it is meant: FRAMELINE_INTEROP=1, or named with --project.
 */
const interop = {
  test: {
    name: 'interop',
    include: ['test/interop/**/*.test.ts'],
    globalSetup: 'test/interop/setup.ts',
    testTimeout: 60_000,
    fileParallelism: false,
  },
};
const withInterop =
  process.env.FRAMELINE_INTEROP === '1' || /--project[= ]interop( |$)/.test(process.argv.join(' '));

/** One project a kind of test: `npx vitest run --project unit`. */
export default defineConfig({
  test: {
    projects: [
      { test: { name: 'unit', include: ['test/unit/**/*.test.ts'] } },
      { test: { name: 'contract', include: ['test/contract/**/*.test.ts'], testTimeout: 30_000 } },
      {
        test: {
          name: 'webview',
          include: ['test/webview/**/*.test.ts'],
          testTimeout: 60_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 300_000,
          fileParallelism: false,
        },
      },
      ...(withInterop ? [interop] : []),
    ],
  },
});
