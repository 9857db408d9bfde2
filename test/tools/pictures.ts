import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type Editor, startEditor } from './editor';
import { RequestPanel } from './editorPanel';

// The pictures of the README, taken from the packaged extension: `node scripts/pictures.mjs`.
const folder = resolve('media/pictures');
const viewport = { width: 1280, height: 800 };

await mkdir(folder, { recursive: true });
const editor = await startEditor({ viewport, theme: 'dark' });
try {
  const { workbench } = editor;
  await workbench.openView('Frameline');
  await workbench.welcomeButton('Start Sample Server').click();
  await workbench.treeRow('ListingService').waitFor();

  await workbench.expand('ListingService');
  let panel = await open('GetListing');
  await panel.setBody({ id: 'lamp-1' });
  await panel.tool('Format').click();
  await panel.press('send');
  await panel.ended('OK');
  await panel.detail.getByText('Brass reading lamp').waitFor();
  await inBothThemes('explorer');

  panel = await open('SearchListings');
  await panel.setOption('keepalive-time', '400ms');
  await panel.setBody({ query: '', pause: '0.3s' });
  await panel.tool('Format').click();
  await panel.press('send');
  await panel.ended('OK');
  await panel.tab('Frames').click();
  await panel.row('PING ACK').click();
  await panel.detail
    .getByText(/round.trip/i)
    .first()
    .waitFor();
  await inBothThemes('frames');

  await workbench.expand('Wire');
  panel = await open('EnforcePings');
  await panel.setOption('keepalive-time', '200ms');
  await panel.tab('Body').click();
  await panel.press('send');
  await panel.statusCard.getByText('too_many_pings').first().waitFor();
  await inBothThemes('failure');
} finally {
  await editor.close();
}

async function open(method: string): Promise<RequestPanel> {
  await editor.workbench.treeRow(method).click();
  const panel = new RequestPanel(editor.workbench);
  await panel.ready(method);
  return panel;
}

async function inBothThemes(name: string): Promise<void> {
  await save(editor, `${name}-dark`);
  await editor.workbench.setTheme('light');
  await save(editor, `${name}-light`);
  await editor.workbench.setTheme('dark');
}

async function save({ page }: Editor, name: string): Promise<void> {
  // The pointer must not leave a hover or a tooltip in the picture.
  await page.mouse.move(viewport.width / 2, viewport.height - 4);
  await page.waitForTimeout(600);
  await page.screenshot({ path: resolve(folder, `${name}.png`) });
}
