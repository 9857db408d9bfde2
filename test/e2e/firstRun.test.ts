import { expect, test } from 'vitest';
import { editorForFile } from '../tools/editorHooks';
import { RequestPanel } from '../tools/editorPanel';

// The way of a newcomer: each test goes on from where the one before it stopped.
const editor = editorForFile();

test('an empty explorer offers the sample server, and one click shows its services', async () => {
  const { workbench } = editor();
  await workbench.openView('Frameline');
  await workbench.welcomeButton('Start Sample Server').click();
  await workbench.treeRow('ListingService').waitFor();
  expect(await workbench.treeRow('Sample market').getAttribute('aria-expanded')).toBe('true');
  await workbench.treeRow('Sample market (TLS)').waitFor();
});

test('a method in the tree opens its request panel, filled in', async () => {
  const { workbench } = editor();
  await workbench.expand('ListingService');
  await workbench.treeRow('GetListing').click();
  const panel = new RequestPanel(workbench);
  await panel.ready('GetListing');
  expect(await panel.body.innerText()).toContain('"id"');
  expect(await panel.deadline.getAttribute('placeholder')).toBe('15s');
});

test('a unary call shows its answer at once, and every frame', async () => {
  const { workbench } = editor();
  const panel = new RequestPanel(workbench);
  await panel.send({ id: 'lamp-1' });
  await panel.ended('OK');
  await panel.detail.getByText('Brass reading lamp').waitFor();

  await panel.tab('Frames').click();
  await panel.row('HEADERS', 'END_STREAM').waitFor();
  await panel.row('DATA', 'END_STREAM').waitFor();
  await panel.tab('Messages').click();
  await panel.row('trailers', 'grpc-status: 0').waitFor();
});

test('fields of a message are linked with its bytes', async () => {
  const { workbench } = editor();
  const panel = new RequestPanel(workbench);
  await panel.row('message 1', 'Brass').click();
  await panel.tab('Fields and bytes').click();
  await panel.detail.getByText('title', { exact: true }).click();
  await panel.detail.getByText(/Bytes \d+–\d+: tag/).waitFor();
  await panel.tab('JSON').click();
});

test('an application error says that it comes from the application, with its details', async () => {
  const { workbench } = editor();
  const panel = new RequestPanel(workbench);
  await panel.send({ id: 'nothing-0' });
  await panel.ended('NOT_FOUND');
  await panel.statusCard.getByText('Application', { exact: true }).waitFor();
  await panel.statusCard.getByText('LISTING_NOT_FOUND').waitFor();
});

test('Ctrl+Enter sends from the body', async () => {
  const { workbench, page } = editor();
  const panel = new RequestPanel(workbench);
  await panel.setBody({ id: 'bike-7' });
  await page.keyboard.press('Control+Enter');
  await panel.detail.getByText('Touring bicycle, 56 cm').waitFor();
});

test('the palette finds any method of any server', async () => {
  const { workbench } = editor();
  await workbench.runCommand('gRPC: Send RPC…');
  await workbench.pick('Ping');
  const panel = new RequestPanel(workbench);
  await panel.ready('Ping');
  // A request without fields is sent with one click.
  await panel.press('send');
  await panel.ended('OK');
});

test('a method name and a grpcurl command can be copied from the tree', async () => {
  const { workbench } = editor();
  await workbench.rowMenu('GetListing', 'Copy Method Name');
  await expect.poll(() => editor().clipboard()).toBe('market.v1.ListingService/GetListing');
  await workbench.rowMenu('GetListing', 'Copy as grpcurl');
  await expect
    .poll(() => editor().clipboard())
    .toMatch(/^grpcurl -plaintext [\s\S]* 127\.0\.0\.1:\d+ market/);
});

test('the definition opens as .proto text that nobody can edit', async () => {
  const { workbench } = editor();
  await workbench.rowMenu('ListingService', 'Show Definition');
  await workbench.textEditor.getByText('service ListingService').waitFor();
});

test('the sample server stops, and the explorer offers it again', async () => {
  const { workbench } = editor();
  await workbench.runCommand('gRPC: Stop Sample Server');
  await workbench.welcomeButton('Start Sample Server').waitFor();
});
