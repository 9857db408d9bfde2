import { afterAll, beforeAll, expect, test } from 'vitest';
import { type SampleServer, startSampleServer } from '../../src/sampleServer/sampleServer';
import { editorForFile } from '../tools/editorHooks';

let server: SampleServer;
beforeAll(async () => {
  server = await startSampleServer();
});
const editor = editorForFile();
afterAll(async () => {
  await server.close();
});

test('a server is added by address and security, tried, and shown with its services', async () => {
  const { workbench } = editor();
  await workbench.openView('Frameline');
  await workbench.runCommand('gRPC: Add Server…');
  await workbench.answer(server.address);
  await workbench.pick('Plaintext');
  await workbench.quickInput.getByText(/Found \d+ services/).waitFor();
  await workbench.answer('Own market');
  await workbench.treeRow('ListingService').waitFor();
});

test('an added server is there after a reload', async () => {
  const { workbench } = editor();
  await workbench.reload();
  await workbench.openView('Frameline');
  await workbench.expand('Own market');
  await workbench.treeRow('ListingService').waitFor();
});

test('a server that does not answer is not saved in silence', async () => {
  const { workbench } = editor();
  await workbench.runCommand('gRPC: Add Server…');
  await workbench.answer('127.0.0.1:1');
  await workbench.pick('Plaintext');
  await workbench.dialog.getByText('could not be read').waitFor();
  await workbench.answerDialog('Cancel');
  expect(await workbench.treeRow('127.0.0.1:1').count()).toBe(0);
});

test('an address that is none is refused while it is typed', async () => {
  const { workbench, page } = editor();
  await workbench.runCommand('gRPC: Add Server…');
  await workbench.type('not an address');
  await workbench.quickInput.locator('.quick-input-message').getByText(/./).first().waitFor();
  await page.keyboard.press('Enter');
  await workbench.quickInput.waitFor();
  await page.keyboard.press('Escape');
  await workbench.quickInput.waitFor({ state: 'hidden' });
});

test('a server is removed after a question', async () => {
  const { workbench } = editor();
  await workbench.rowMenu('Own market', 'Remove Server…');
  await workbench.dialog.getByText('Remove Own market from the explorer?').waitFor();
  await workbench.answerDialog('Remove');
  await workbench.welcomeButton('Start Sample Server').waitFor();
});
