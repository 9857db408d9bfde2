import { afterAll, beforeAll, expect, test } from 'vitest';
import { hostileTexts } from '../../src/sampleServer/faultScripts';
import { type SampleServer, startSampleServer } from '../../src/sampleServer/sampleServer';
import { editorForFile } from '../tools/editorHooks';
import { type Peer, startPeer } from '../tools/reflectionPeer';
import { openMethod } from './targets';

const hugeName = `<img src=x onerror=alert(1)>\u001b[31m\n${'n'.repeat(10_000_000)}`;
let server: SampleServer;
let peer: Peer;

beforeAll(async () => {
  server = await startSampleServer();
  peer = await startPeer(['v1'], ({ kind }) =>
    kind === 'list'
      ? { services: [hugeName, 'short.<b>Name</b>'] }
      : { error: { code: 5, message: hugeName } },
  );
});
const editor = editorForFile(() => ({
  files: {
    '.vscode/settings.json': JSON.stringify({
      'frameline.targets': [
        { name: 'Sample', address: server.address, security: 'plaintext' },
        { name: 'Hostile names', address: peer.address, security: 'plaintext' },
      ],
    }),
  },
}));
afterAll(async () => {
  peer.close();
  await server.close();
});

/** Opens HostileText, sends, and gives the panel when the call has ended. */
async function receive(kind: string, status = 'UNKNOWN') {
  const { workbench } = editor();
  await workbench.openView('Frameline');
  const panel = await openMethod(workbench, 'Sample', 'Wire', 'HostileText');
  await panel.send({ kind });
  // The panel may still show the call before. The first value of an enum is its default and stays unsaid.
  if (kind !== 'HTML') await panel.row('message 1', kind).waitFor();
  await panel.ended(status);
  return panel;
}

test('HTML in messages, trailers and the status is text', async () => {
  const dialogs: string[] = [];
  editor().page.on('dialog', (dialog) => {
    dialogs.push(dialog.message());
    void dialog.dismiss();
  });
  const panel = await receive('HTML');
  await panel.statusCard.getByText(hostileTexts.html).first().waitFor();
  await panel.row('message 1', '<img src=x').click();
  await panel.detail.getByText('<script>').first().waitFor();
  expect(await panel.root.locator('img, script').count()).toBe(0);
  expect(dialogs).toEqual([]);
});

test.each(['TERMINAL_ESCAPES', 'CONTROL_CHARACTERS', 'BIDIRECTIONAL_OVERRIDES'])(
  '%s are shown as what they are',
  async (kind) => {
    const panel = await receive(kind);
    const text = (await panel.root.innerText()).replaceAll(/[\n\t]/g, ' ');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: none may be left.
    expect(text).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/);
  },
);

test('a header of 40 KB does not stop the panel', async () => {
  const panel = await receive('LONG_HEADER', 'OK');
  await panel.tab('Frames').click();
  await panel.row('trailers').waitFor();
  await panel.tab('Messages').click();
});

test('a message of 10 MB is shown in part, and can be opened whole', async () => {
  const { workbench } = editor();
  const panel = await openMethod(workbench, 'Sample', 'Faults', 'LargeMessage');
  await panel.setOption('max-receive-size', '16MiB');
  await panel.send({ size: 10_000_000 });
  await panel.ended('OK');
  await panel.detail.getByText('This message is too large to be shown here as JSON.').waitFor();
  await panel.tool('Open all of it in an editor').click();
  await workbench.textEditor.getByText('"data"').waitFor();
  // It opened beside the panel.
  await workbench.runCommand('View: Close Editor');
});

test('services with names of 10 MB and of HTML leave the explorer usable', async () => {
  const { workbench } = editor();
  await workbench.expand('Hostile names');
  // What came of it stands under the server: a problem, or the services with their names cut.
  await workbench.treeRows.nth(2).waitFor();
  const texts = await workbench.treeRows.allInnerTexts();
  for (const text of texts) expect(text.length).toBeLessThan(1_000);
  expect(await workbench.treeRows.locator('img, b').count()).toBe(0);
  await workbench.collapse('Hostile names');
  // A row that is scrolled out of sight doesn't exist.
  await workbench.expand('Sample');
  await workbench.collapse('Faults');
  await workbench.collapse('Wire');
  const panel = await openMethod(workbench, 'Sample', 'KitchenSink', 'Ping');
  await panel.press('send');
  await panel.ended('OK');
});
