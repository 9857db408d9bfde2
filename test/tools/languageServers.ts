import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { type BuiltServer, buildServer, RunningServer, type ServerOptions } from './languageServer';
import type { LspConversation } from './lspConversation';

const golden = join(import.meta.dirname, '../contract/golden/languageServer');

/** Builds the language server for the tests of a file; those that they start are stopped after each test. */
export function useLanguageServers(): (options?: ServerOptions) => Promise<RunningServer> {
  let built: BuiltServer;
  beforeAll(async () => {
    built = await buildServer();
  });
  afterAll(() => built.remove());
  const running: RunningServer[] = [];
  afterEach(async () => {
    await Promise.all(running.splice(0).map((server) => server.stop()));
  });
  return async (options) => {
    const server = await RunningServer.start(built, options);
    running.push(server);
    return server;
  };
}

export async function expectGolden(talk: LspConversation, name: string): Promise<void> {
  await expect(talk.text).toMatchFileSnapshot(join(golden, `${name}.txt`));
}
