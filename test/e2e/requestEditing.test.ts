import { afterAll, beforeAll, expect, test } from 'vitest';
import { type SampleServer, startSampleServer } from '../../src/sampleServer/sampleServer';
import { editorForFile } from '../tools/editorHooks';
import { TextEditor } from '../tools/editorText';

// Each test goes on from where the one before it stopped.
let server: SampleServer;
beforeAll(async () => {
  server = await startSampleServer();
});
afterAll(() => server.close());
const editor = editorForFile(() => ({
  files: {
    'frameline.json': `{
  "environments": {
    "local": { "targets": { "market": { "address": "${server.address}", "security": "plaintext" } } }
  }
}
`,
    'new.grpc': '',
    'wrong.grpc': `# @plaintext
GRPC ${server.address}/market.v1.ListingService/GetListing

{ "name": "lamp-1" }
`,
  },
}));

function text(): TextEditor {
  return new TextEditor(editor());
}

test('a request is written from nothing with completion', async () => {
  await text().open('new.grpc');
  await (await text().suggestion('GRPC')).click();
  await (await text().suggestion('market')).click();
  await (await text().suggestion('market.v1.ListingService')).click();
  await (await text().suggestion('GetListing { … }')).click();
  await text()
    .line(/^\s+.id.:/)
    .waitFor();
  await expect.poll(() => text().squiggles('error').count(), { timeout: 10_000 }).toBe(0);
  expect((await text().saved('new.grpc')).trimEnd()).toBe(
    'GRPC market/market.v1.ListingService/GetListing\n\n{\n  "id": ""\n}',
  );
});

test('what does not fit the schema of the server is underlined, and explained', async () => {
  await text().open('wrong.grpc');
  await text().squiggles('error').first().waitFor();
  expect(await text().squiggles('error').count()).toBe(1);
  await text().goTo(2, 60);
  const method = await text().hover('rpc GetListing');
  expect(await method.textContent()).toContain('One listing by its id');
});
