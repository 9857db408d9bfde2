import { expect, test } from 'vitest';
import { editorForFile } from '../tools/editorHooks';
import { RequestPanel } from '../tools/editorPanel';
import { openMethod } from './targets';

const editor = editorForFile();

test('a reload brings back the panel with what was typed, and the sample server', async () => {
  const { workbench } = editor();
  await workbench.openView('Frameline');
  await workbench.welcomeButton('Start Sample Server').click();
  const before = await openMethod(workbench, 'Sample market', 'ListingService', 'GetListing');
  await before.setBody({ id: 'piano-3' });
  await before.deadline.fill('7s');
  await before.setOption('user-agent', 'restored/1.0');
  await before.tab('Metadata').click();

  await workbench.reload();

  const after = new RequestPanel(workbench);
  await after.ready('GetListing');
  expect(await after.deadline.inputValue()).toBe('7s');
  expect(await after.tab('Metadata').getAttribute('aria-selected')).toBe('true');
  await after.tab('Body').click();
  expect(await after.body.innerText()).toContain('piano-3');
  await after.press('send');
  await after.ended('OK');
  await after.detail.getByText('Upright piano').waitFor();
  await workbench.treeRow('Sample market').waitFor();
});

test('opening the same method again shows the same panel', async () => {
  const { workbench } = editor();
  await openMethod(workbench, 'Sample market', 'ListingService', 'GetListing');
  expect(await workbench.editorTab('GetListing').count()).toBe(1);
});
