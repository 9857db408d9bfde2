import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  type BuiltServer,
  buildServer,
  RunningServer,
  type ServerOptions,
} from '../tools/languageServer';
import { LspConversation } from '../tools/lspConversation';

const golden = join(import.meta.dirname, 'golden', 'languageServer');

let built: BuiltServer;
beforeAll(async () => {
  built = await buildServer();
});
afterAll(() => built.remove());

const running: RunningServer[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.stop()));
});

async function converse(options?: ServerOptions): Promise<LspConversation> {
  const server = await RunningServer.start(built, {
    initializationOptions: { opensRulePages: true },
    ...options,
  });
  running.push(server);
  return new LspConversation(server);
}

async function expectGolden(talk: LspConversation, name: string): Promise<void> {
  await expect(talk.text).toMatchFileSnapshot(join(golden, `${name}.txt`));
}

const serviceConfig = `{
  "methodConfig": [
    {
      "name": [{ "service": "market.v1.ListingService" }],
      "timeout": "5 seconds"
    }
  ]
}
`;

describe('the language server', () => {
  it('checks a service config as it is written', async () => {
    const talk = await converse();
    await talk.open('service-config.json', serviceConfig);
    await talk.diagnostics('service-config.json');
    await talk.replace('service-config.json', '5 seconds', '5s');
    await talk.diagnostics('service-config.json');
    await expectGolden(talk, 'serviceConfig');
  });
});
