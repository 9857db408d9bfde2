import { afterAll, beforeAll, expect, test } from 'vitest';
import { type SampleServer, startSampleServer } from '../../src/sampleServer/sampleServer';
import { editorForFile } from '../tools/editorHooks';
import { RequestPanel } from '../tools/editorPanel';
import { TextEditor } from '../tools/editorText';

// Each test goes on from where the one before it stopped.
let server: SampleServer;
beforeAll(async () => {
  server = await startSampleServer();
});
const editor = editorForFile(() => ({
  files: {
    'work/market.grpc': `@host = ${server.address}
# @plaintext

### Cheapest
# @expect status OK
# @capture id = message[0].listing.id
GRPC {{host}}/market.v1.ListingService/SearchListings

{ "limit": 1 }

### Wrong title
# @expect message.title == "Something else"
GRPC {{host}}/market.v1.ListingService/GetListing

{ "id": "{{id}}" }

### Never sent
# @expect status OK
GRPC {{host}}/market.v1.ListingService/GetListing

{ "id": "{{nobody}}" }

### No test
GRPC {{host}}/market.v1.ListingService/GetListing
`,
  },
}));
afterAll(async () => {
  await server.close();
});

test('requests with expectations are tests, under their file', async () => {
  const { workbench } = editor();
  await workbench.openTests();
  await workbench.expandTest('work/market.grpc');
  for (const name of ['Cheapest', 'Wrong title', 'Never sent']) {
    await workbench.testRow(name).waitFor();
  }
  expect(await workbench.testRow('No test').count()).toBe(0);
});

test('a test that needs what another captures sends that first, and shows expected and actual', async () => {
  const { workbench } = editor();
  await workbench.testAction('Wrong title', 'Run Test');
  await workbench.testRow('Wrong title', 'Failed').waitFor();
  await workbench.testRow('Wrong title').dblclick();
  await workbench.testFailure.getByText('Something').waitFor();
  await workbench.testFailure.getByText('Valve radio').waitFor();
});

test('what can not be sent is an error at its place, and all are told apart', async () => {
  const { workbench } = editor();
  await workbench.testAction('work/market.grpc', 'Run Test');
  await workbench.testRow('Cheapest', 'Passed').waitFor();
  await workbench.testRow('Wrong title', 'Failed').waitFor();
  await workbench.testRow('Never sent', 'Errored').waitFor();
});

test('the transcript of a failure opens in the panel', async () => {
  const { workbench } = editor();
  await workbench.testRow('Wrong title').dblclick();
  await workbench.testFailure.getByText('Show Transcript').click();
  const panel = new RequestPanel(workbench);
  await panel.ended('OK');
  await panel.row('message 1').first().waitFor();
});

test('what is being written is a test before it is saved', async () => {
  const { workbench } = editor();
  await workbench.runCommand('View: Close All Editors');
  const file = new TextEditor(editor());
  await file.open('market.grpc');
  await file.goTo(24);
  await file.type('# @expect status OK\n');
  await workbench.testRow('No test').waitFor();
});
