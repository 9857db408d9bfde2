import { beforeAll, expect, test } from 'vitest';
import { editorForFile } from '../tools/editorHooks';
import { RequestPanel } from '../tools/editorPanel';

const editor = editorForFile();

beforeAll(async () => {
  const { workbench } = editor();
  await workbench.openView('Frameline');
  await workbench.welcomeButton('Start Sample Server').click();
  await workbench.treeRow('ListingService').waitFor();
  await workbench.expand('ListingService');
  await workbench.treeRow('SearchListings').click();
});

test('a short keepalive shows PINGs and their answers between the messages', async () => {
  const panel = new RequestPanel(editor().workbench);
  await panel.ready('SearchListings');
  await panel.setOption('keepalive-time', '100ms');
  // Most servers would not accept this: the form says so before anything is sent.
  await panel.root.getByText('too_many_pings').first().waitFor();
  await panel.send({ pause: '1s', limit: 3 });
  await panel.tab('Frames').click();
  await panel.row('PING').waitFor();
  await panel.row('PING ACK').waitFor();
  await panel.ended('OK');
});

test('a connection that is opened for a call shows its SETTINGS', async () => {
  const panel = new RequestPanel(editor().workbench);
  // The connection has other options than the one that discovery used.
  await panel.goTo('Home');
  await panel.row('SETTINGS').waitFor();
  const kinds = await panel.rows.locator('.kind').allInnerTexts();
  expect(kinds).toContain('HEADERS');
  expect(kinds).toContain('DATA');
});

test('a frame shows its bytes', async () => {
  const panel = new RequestPanel(editor().workbench);
  await panel.row('PING').click();
  await panel.detail.getByText('PING').first().waitFor();
});

test('find goes to the next row with a text', async () => {
  const { page, workbench } = editor();
  const panel = new RequestPanel(workbench);
  await panel.tool('Find in the timeline').click();
  await page.keyboard.type('grpc-status');
  await page.keyboard.press('Enter');
  await panel.rows.filter({ hasText: 'grpc-status' }).locator('mark').first().waitFor();
});
