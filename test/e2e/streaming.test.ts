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
});

async function openMethod(method: string): Promise<RequestPanel> {
  const { workbench } = editor();
  await workbench.treeRow(method).click();
  const panel = new RequestPanel(workbench);
  await panel.ready(method);
  return panel;
}

test('a server stream shows each message and ends', async () => {
  const panel = await openMethod('SearchListings');
  await panel.send({ limit: 3 });
  await panel.ended('OK');
  await panel.row('message 3').waitFor();
  expect(await panel.row('message 4').count()).toBe(0);
});

test('a server stream is cancelled here', async () => {
  const panel = await openMethod('SearchListings');
  await panel.send({ pause: '10s' });
  await panel.row('message 1', 'listing').waitFor();
  await panel.press('cancel');
  await panel.ended('CANCELLED');
  await panel.statusCard.getByText('Client', { exact: true }).waitFor();
  await panel.enabled('send');
});

test('a client stream takes messages until it is ended, then shows the answer', async () => {
  const panel = await openMethod('UploadPhotos');
  await panel.send({ info: { listingId: 'lamp-1', fileName: 'front.jpg' } });
  await panel.row('message 1', 'front.jpg').waitFor();
  await panel.send({ chunk: Buffer.from('four').toString('base64') });
  await panel.row('message 2').waitFor();
  await panel.press('endStream');
  await panel.ended('OK');
  await panel.detail.getByText('"totalSize"').waitFor();
});

test('a client stream is cancelled here', async () => {
  const panel = await openMethod('UploadPhotos');
  await panel.send({ info: { listingId: 'lamp-1', fileName: 'front.jpg' } });
  await panel.press('cancel');
  await panel.ended('CANCELLED');
});

test('a bidirectional stream answers message by message, and ends when both sides have ended', async () => {
  const panel = await openMethod('Negotiate');
  await panel.send({ listingId: 'bike-7' });
  await panel.row('message 1', 'asking').waitFor();
  await panel.send({ text: 'Is the frame straight?' });
  await panel.row('message 2', 'asking').waitFor();
  await panel.press('endStream');
  await panel.ended('OK');
});

test('a bidirectional stream is cancelled here', async () => {
  const panel = await openMethod('Negotiate');
  await panel.send({ listingId: 'bike-7' });
  await panel.row('message 1', 'asking').waitFor();
  await panel.press('cancel');
  await panel.ended('CANCELLED');
});

test('a body that does not fit is refused with the place, and the stream goes on', async () => {
  const panel = await openMethod('Negotiate');
  await panel.send({ listingId: 'bike-7' });
  await panel.row('message 1', 'asking').waitFor();
  await panel.send({ listingIdentity: 'bike-7' });
  await panel.root.getByRole('alert').getByText('listingIdentity').waitFor();
  await panel.send({ accept: true });
  await panel.ended('OK');
});

test('a deadline that passes ends the call here, and says so', async () => {
  const panel = await openMethod('SearchListings');
  await panel.deadline.fill('300ms');
  await panel.send({ pause: '10s' });
  await panel.ended('DEADLINE_EXCEEDED');
  await panel.row('message 1').waitFor();
  await panel.statusCard.getByText('What to do next').waitFor();
});
