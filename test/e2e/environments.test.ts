import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type SampleServer, startSampleServer } from '../../src/sampleServer/sampleServer';
import { editorForFile } from '../tools/editorHooks';
import { RequestPanel } from '../tools/editorPanel';
import { TextEditor } from '../tools/editorText';

const secret = 'tok-9f2c61';

let here: SampleServer;
let there: SampleServer;
beforeAll(async () => {
  [here, there] = await Promise.all([startSampleServer(), startSampleServer()]);
});

function config(name = 'there'): string {
  const market = (address: string) => ({ market: { address, security: 'plaintext' } });
  return JSON.stringify({
    environments: {
      here: { variables: { listing: 'lamp-1' }, targets: market(here.address) },
      [name]: {
        variables: { listing: 'bike-7' },
        secrets: ['MARKET_TOKEN'],
        targets: market(there.address),
      },
    },
  });
}

// Each test goes on from where the one before it stopped.
const editor = editorForFile(() => ({
  files: {
    'shop/frameline.json': config(),
    'shop/calls.grpc': `### One thing
GRPC market/market.v1.ListingService/GetListing

{ "id": "{{listing}}" }

### With a secret
GRPC market/market.v1.ListingService/GetListing
authorization: Bearer {{MARKET_TOKEN}}

{ "id": "{{listing}}" }
`,
  },
}));
afterAll(async () => {
  await Promise.all([here.close(), there.close()]);
});

async function send(line: number): Promise<RequestPanel> {
  const { workbench } = editor();
  const file = new TextEditor(editor());
  await file.open('calls.grpc');
  await file.goTo(line);
  await workbench.runCommand('gRPC: Send RPC at Cursor');
  const panel = new RequestPanel(workbench);
  await panel.ready('GetListing');
  return panel;
}

test('the status bar shows the environment beside request files, and nowhere else', async () => {
  const { workbench } = editor();
  const file = new TextEditor(editor());
  await file.open('README.md');
  expect(await workbench.statusItem(/^gRPC environment/).count()).toBe(0);
  await file.open('calls.grpc');
  await workbench.statusItem('gRPC environment: here').waitFor();
});

test('a request goes to the target of the environment, with its variables', async () => {
  const panel = await send(1);
  await panel.ended('OK');
  await panel.root.getByText(here.address).first().waitFor();
  await panel.detail.getByText('Brass reading lamp').waitFor();
});

test('another environment is chosen in the status bar, and another target is called', async () => {
  const { workbench, screenshot } = editor();
  await new TextEditor(editor()).open('calls.grpc');
  for (const theme of ['light', 'dark'] as const) {
    await workbench.setTheme(theme);
    await workbench.statusItem('gRPC environment: here').click();
    await workbench.quickRow('Edit frameline.json').waitFor();
    await screenshot(`environments ${theme}`);
    await workbench.page.keyboard.press('Escape');
  }
  await workbench.statusItem('gRPC environment: here').click();
  await workbench.pick('there');
  await workbench.statusItem('gRPC environment: there').waitFor();
  const panel = await send(1);
  await panel.detail.getByText('Touring bicycle').waitFor();
  await panel.root.getByText(there.address).first().waitFor();
});

test('the choice holds after a reload', async () => {
  const { workbench } = editor();
  await workbench.reload();
  await new TextEditor(editor()).open('calls.grpc');
  await workbench.statusItem('gRPC environment: there').waitFor();
});

test('a secret without a value is asked for, and shown nowhere', async () => {
  const { workbench } = editor();
  const file = new TextEditor(editor());
  await file.open('calls.grpc');
  await file.goTo(7);
  await workbench.runCommand('gRPC: Send RPC at Cursor');
  await workbench.quickInput.getByText('Value of MARKET_TOKEN in the environment there').waitFor();
  const input = workbench.quickInput.locator('.quick-input-box input');
  expect(await input.getAttribute('type')).toBe('password');
  await editor().screenshot('environments secret');
  await workbench.answer(secret);
  const panel = new RequestPanel(workbench);
  await panel.ended('OK');
  await panel.row('headers', ':path').click();
  await panel.detail.getByText('authorization').first().waitFor();
  expect(await panel.root.innerText()).not.toContain(secret);
  expect(await editor().logs()).not.toContain(secret);
});

test('a secret is cleared, and set by a command', async () => {
  const { workbench } = editor();
  await new TextEditor(editor()).open('calls.grpc');
  await workbench.runCommand('gRPC: Clear Secret…');
  await workbench.pick('MARKET_TOKEN');
  await workbench.runCommand('gRPC: Clear Secret…');
  await workbench.notification('No secret of frameline.json has a value.').waitFor();
  await workbench.runCommand('gRPC: Set Secret…');
  await workbench.pick('MARKET_TOKEN');
  await workbench.answer(secret);
  const panel = await send(7);
  await panel.ended('OK');
});

test('a frameline.json that changes is followed', async () => {
  const { workbench, workspace } = editor();
  await new TextEditor(editor()).open('calls.grpc');
  await writeFile(join(workspace, 'shop/frameline.json'), config('elsewhere'));
  await workbench.statusItem('gRPC environment: here').waitFor();
  await workbench.statusItem('gRPC environment: here').click();
  await workbench.pick('elsewhere');
  await workbench.statusItem('gRPC environment: elsewhere').waitFor();
});
