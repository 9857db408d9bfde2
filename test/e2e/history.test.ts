import { expect, test } from 'vitest';
import { editorForFile } from '../tools/editorHooks';
import { RequestPanel } from '../tools/editorPanel';
import { openMethod } from './targets';

const editor = editorForFile();

test('every call that is sent stands in the history', async () => {
  const { workbench } = editor();
  await workbench.openView('Frameline');
  await workbench.historyWelcome.getByText('Every call that you send is kept here').waitFor();
  await workbench.welcomeButton('Start Sample Server').click();
  const panel = await openMethod(workbench, 'Sample market', 'ListingService', 'GetListing');
  await panel.tab('Metadata').click();
  await panel.tool('Add metadata').click();
  await panel.metadata('key').fill('authorization');
  await panel.metadata('value').fill('Bearer hush-hush');
  await panel.send({ id: 'lamp-1' });
  await panel.ended('OK');
  await workbench.historyRow('GetListing', / ms|µs/).waitFor();
  await panel.send({ id: 'lamp-999' });
  await panel.ended('NOT_FOUND');
  await workbench.historyRow('GetListing', 'NOT_FOUND').waitFor();
  expect(await workbench.historyRows.allInnerTexts()).toEqual([
    'Today',
    expect.stringMatching(/^GetListing\s*NOT_FOUND · \d\d:\d\d:\d\d · [\d.]+ (ms|µs)$/),
    expect.stringMatching(/^GetListing\s*\d\d:\d\d:\d\d · [\d.]+ (ms|µs)$/),
  ]);
});

test('a call opens with its frames after a reload, without its server', async () => {
  const { workbench } = editor();
  await workbench.runCommand('gRPC: Stop Sample Server');
  await workbench.runCommand('View: Close All Editors');
  await workbench.reload();

  await workbench.historyRow('GetListing', /^(?!.*NOT_FOUND)/s).click();
  const panel = new RequestPanel(workbench);
  await panel.keptLine.getByText('From the history').waitFor();
  await panel.ended('OK');
  await panel.detail.getByText('Brass reading lamp').waitFor();
  await panel.tab('Frames').click();
  await panel.goTo('Home');
  await panel.row('SETTINGS').waitFor();
  await panel.row('DATA', /message 1/).waitFor();
  expect(await panel.body.innerText()).toContain('lamp-1');
  // The secret was typed: neither its row nor its header has it.
  await panel.tab('Metadata').click();
  expect(await panel.metadata('key').inputValue()).toBe('authorization');
  expect(await panel.metadata('value').inputValue()).toBe('');
  await panel.row('headers', ':path').click();
  await panel.detail.getByText('authorization').waitFor();
  expect(await panel.root.innerText()).not.toContain('hush-hush');
});

test('another call takes the place of one that was only looked at', async () => {
  const { workbench } = editor();
  await workbench.historyRow('GetListing', 'NOT_FOUND').click();
  const panel = new RequestPanel(workbench);
  await panel.ended('NOT_FOUND');
  await panel.statusCard.waitFor();
  expect(await workbench.editorTab('GetListing').count()).toBe(1);
});

test('a kept call comes back with its panel after a reload', async () => {
  const { workbench } = editor();
  await workbench.reload();
  const panel = new RequestPanel(workbench);
  await panel.keptLine.waitFor();
  await panel.ended('NOT_FOUND');
});

test('two calls are compared: what is the same stands side by side', async () => {
  const { workbench } = editor();
  // Only lines on the screen are in the page.
  await workbench.resize(1400, 1600);
  await workbench.rowMenu(workbench.historyRow('GetListing', 'NOT_FOUND'), 'Select for Compare');
  const other = workbench.historyRow('GetListing', /^(?!.*NOT_FOUND)/s);
  await workbench.rowMenu(other, 'Compare with Selected');
  await workbench.editorTab(/GetListing .* ↔ GetListing/).waitFor();
  await workbench.diffSide('original').getByText('0 OK').waitFor();
  await workbench.diffSide('modified').getByText('5 NOT_FOUND').waitFor();
  await workbench.diffSide('original').getByText('"lamp-1",').waitFor();
  await workbench.diffSide('modified').getByText('no listing has the id').waitFor();
  expect(await workbench.diffSide('original').innerText()).not.toContain('hush-hush');
  await workbench.resize(1400, 900);
});

test('a secret that was not kept is asked for before anything is sent again', async () => {
  const { workbench } = editor();
  await workbench.rowAction(workbench.historyRow('GetListing', 'NOT_FOUND'), 'Send Again');
  const panel = new RequestPanel(workbench);
  await panel.root.getByText('The value of authorization is a secret and was not kept').waitFor();
  expect(await workbench.historyRows.count()).toBe(3);
  await panel.metadata('value').fill('Bearer other');
  await panel.press('send');
  // The sample server was stopped; it starts for its call.
  await workbench.historyRows.nth(3).waitFor();
  await panel.ended('NOT_FOUND');
  expect(await panel.keptLine.count()).toBe(0);
});

test('all messages of a stream are sent again', async () => {
  const { workbench } = editor();
  const panel = await openMethod(workbench, 'Sample market', 'ListingService', 'Negotiate');
  await panel.send({ listingId: 'lamp-1' });
  await panel.row('message 1', 'lamp-1').waitFor();
  await panel.send({ text: 'Is it still there?' });
  await panel.row('message 2', 'still there').waitFor();
  await panel.press('endStream');
  await panel.ended('OK');
  await workbench.historyRow('Negotiate').waitFor();
  await workbench.rowAction(workbench.historyRow('Negotiate'), 'Send Again');
  const again = new RequestPanel(workbench);
  await workbench.historyRows.nth(5).waitFor();
  await again.ended('OK');
  await again.row('message 2', 'still there').waitFor();
});

test('a pinned call stays when the history is cleared', async () => {
  const { workbench } = editor();
  await workbench.rowAction(workbench.historyRow('GetListing', 'NOT_FOUND'), 'Pin');
  await workbench.historyRow('Pinned').waitFor();
  await workbench.historyAction('Clear History');
  await workbench.dialog.getByText('1 pinned call stays').waitFor();
  await workbench.answerDialog('Clear');
  await workbench.historyRow('Today').waitFor({ state: 'hidden' });
  expect(await workbench.historyRows.count()).toBe(2);
  await workbench.historyAction('Clear History');
  await workbench.answerDialog('Clear Pinned Too');
  await workbench.historyWelcome.waitFor();
});
