import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type Editor, startEditor } from './editor';
import { RequestPanel } from './editorPanel';
import { TextEditor } from './editorText';

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

  await workbench.runCommand('View: Close All Editors');
  const text = new TextEditor(editor);
  await text.open('deadlines/client.go');
  await text.squiggles('warning').first().waitFor();
  await inBothThemes('linter', async () => {
    // The line of the call, in the middle of its method's name.
    await text.goTo(14, 28);
    await text.hover('No deadline');
  });
} finally {
  await editor.close();
}

async function open(method: string): Promise<RequestPanel> {
  await editor.workbench.treeRow(method).click();
  const panel = new RequestPanel(editor.workbench);
  await panel.ready(method);
  return panel;
}

/** @param last what is done just before each picture is taken */
async function inBothThemes(name: string, last?: () => Promise<void>): Promise<void> {
  await save(editor, `${name}-dark`, last);
  await editor.workbench.setTheme('light');
  await save(editor, `${name}-light`, last);
  await editor.workbench.setTheme('dark');
}

async function save({ page }: Editor, name: string, last?: () => Promise<void>): Promise<void> {
  // The pointer must not leave a hover or a tooltip in the picture.
  await page.mouse.move(viewport.width / 2, viewport.height - 4);
  await last?.();
  await page.waitForTimeout(600);
  await page.screenshot({ path: resolve(folder, `${name}.png`) });
}
