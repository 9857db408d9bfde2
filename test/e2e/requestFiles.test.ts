import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type SampleServer, startSampleServer } from '../../src/sampleServer/sampleServer';
import { editorForFile } from '../tools/editorHooks';
import { RequestPanel } from '../tools/editorPanel';
import { TextEditor } from '../tools/editorText';

// Each test goes on from where the one before it stopped.
let server: SampleServer;
beforeAll(async () => {
  server = await startSampleServer();
});
const editor = editorForFile(() => ({
  files: {
    'work/calls.grpc': `@host = ${server.address}

# @plaintext
# @deadline 5s

### One thing
# @expect status OK
# @expect message.title contains "lamp"
# @capture found = message.id
GRPC {{host}}/market.v1.ListingService/GetListing

{ "id": "lamp-1" }

### The same thing again
GRPC {{host}}/market.v1.ListingService/GetListing

{ "id": "{{found}}" }

### A conversation
GRPC {{host}}/market.v1.ListingService/Negotiate

{ "listingId": "lamp-1" }
=== wait
{ "text": "I can come today" }

### Nobody sells it
GRPC {{host}}/market.v1.ListingService/GetListing

{ "id": "nothing-0" }

### Too dear
# @expect message.price.units < 40
GRPC {{host}}/market.v1.ListingService/GetListing

{ "id": "lamp-1" }

### With a secret
GRPC {{host}}/market.v1.ListingService/GetListing
authorization: Bearer {{TOKEN}}
x-buyer: {{buyer}}

{ "id": "lamp-1" }

### From a file
GRPC {{host}}/market.v1.ListingService/GetListing

< ./bodies/bike.json

### From elsewhere
GRPC {{host}}/market.v1.ListingService/GetListing

< ../../outside.json
`,
    'work/frameline.json': JSON.stringify({
      environments: { local: { variables: { buyer: 'Robin' }, secrets: ['TOKEN'] } },
    }),
    '.vscode/settings.json': '{}',
    'work/bodies/bike.json': '{ "id": "bike-7" }',
  },
}));
afterAll(async () => {
  await server.close();
});

/** The editor of the file, with the cursor in the line that has a text. */
async function atLine(text: string): Promise<TextEditor> {
  const file = new TextEditor(editor());
  const lines = (await readFile(join(editor().workspace, 'work/calls.grpc'), 'utf8')).split('\n');
  await file.open('calls.grpc');
  await file.goTo(lines.indexOf(text) + 1);
  return file;
}

test('a lens sends a request, and the answer comes beside the file', async () => {
  const { workbench } = editor();
  const file = await atLine('### One thing');
  const panel = new RequestPanel(workbench);
  await file.clickLens('Send RPC', panel.root);
  await panel.ended('OK');
  await panel.detail.getByText('Brass reading lamp').waitFor();
  await file.lens(/OK · .* · 2 expectations met/).waitFor();
  expect(await workbench.editorTab('calls.grpc').count()).toBe(1);
});

test('the focus stays in the file, and the next answer comes into the same tab', async () => {
  const { workbench, page } = editor();
  await atLine('### The same thing again');
  await page.keyboard.press('Control+Alt+r');
  const panel = new RequestPanel(workbench);
  await panel.ended('OK');
  await panel.body.getByText('lamp-1').waitFor();
  expect(await workbench.editorTab(/GetListing/).count()).toBe(1);
});

test('a conversation waits for answers between its messages', async () => {
  const { workbench } = editor();
  await atLine('### A conversation');
  await workbench.runCommand('gRPC: Send RPC at Cursor');
  const panel = new RequestPanel(workbench);
  await panel.ready('Negotiate');
  await panel.ended('OK');
  expect(await workbench.editorTab(/GetListing|Negotiate/).count()).toBe(1);
});

test('a status that is an error stands above its request', async () => {
  const { workbench } = editor();
  const file = await atLine('### Nobody sells it');
  await workbench.runCommand('gRPC: Send RPC at Cursor');
  await new RequestPanel(workbench).ended('NOT_FOUND');
  await file.lens(/NOT_FOUND · /).waitFor();
});

test('an expectation that failed is an error at its line, and its lens goes there', async () => {
  const { workbench, workspace } = editor();
  const file = await atLine('### Too dear');
  await workbench.runCommand('gRPC: Send RPC at Cursor');
  await new RequestPanel(workbench).ended('OK');
  const lines = (await readFile(join(workspace, 'work/calls.grpc'), 'utf8')).split('\n');
  const line = lines.indexOf('# @expect message.price.units < 40') + 1;
  await file.clickLens(
    '1 of 1 expectation failed · OK',
    workbench.statusItem(new RegExp(`Ln ${line}, `)),
  );
  await file.hover('Expected message.price.units < 40, and it is "45".');
});

test('a request is copied as grpcurl, without its secret', async () => {
  const { workbench } = editor();
  await atLine('### With a secret');
  await workbench.runCommand('gRPC: Copy Request as grpcurl');
  await expect.poll(() => editor().clipboard()).toContain(`'authorization: Bearer '"$TOKEN"`);
  const command = await editor().clipboard();
  expect(command).toMatch(/^grpcurl -plaintext [\s\S]* market\.v1\.ListingService\/GetListing$/);
  expect(command).toContain("-rpc-header 'x-buyer: Robin'");
});

test('a message comes from a file inside the folder, and from no other', async () => {
  const { workbench } = editor();
  await atLine('### From a file');
  await workbench.runCommand('gRPC: Send RPC at Cursor');
  const panel = new RequestPanel(workbench);
  await panel.detail.getByText('Touring bicycle').waitFor();

  await atLine('### From elsewhere');
  await workbench.runCommand('gRPC: Send RPC at Cursor');
  await workbench.notification(/From elsewhere was not sent\. Line \d+: .*outside/).waitFor();
});

test('a secret is asked for once, and stands nowhere', async () => {
  const { workbench, page } = editor();
  await workbench.runCommand('Notifications: Clear All Notifications');
  const file = await atLine('### With a secret');
  await workbench.runCommand('gRPC: Send RPC at Cursor');
  await workbench.answer('s3cret-value');
  const panel = new RequestPanel(workbench);
  await panel.ended('OK');
  await file.lens(/^ ?OK · [^·]*$/).waitFor();
  await panel.rows.first().click();
  await panel.detail.getByText('authorization').first().waitFor();
  expect(await panel.root.innerText()).not.toContain('s3cret-value');
  // The form has the reference, and can be sent with it again.
  await panel.tab('Metadata').click();
  expect(await panel.metadataValues()).toEqual(['Bearer {{TOKEN}}', '{{buyer}}']);
  await panel.press('send');
  await panel.ended('OK');
  expect(await page.content()).not.toContain('s3cret-value');
});

test('the panel saves a request in the file, with its references', async () => {
  const { workbench } = editor();
  const panel = new RequestPanel(workbench);
  await panel.send({ id: 'bike-7' });
  await panel.ended('OK');
  await panel.tool('Save as request file').click();
  await workbench.pick('calls.grpc');
  const file = new TextEditor(editor());
  const saved = () => readFile(join(editor().workspace, 'work/calls.grpc'), 'utf8');
  await expect.poll(saved).toContain('"id": "bike-7"');
  const block = (await saved()).split('###').at(-1);
  expect(block).toContain('# @plaintext\n');
  expect(block).toContain('# @deadline 5s\n');
  expect(block).toContain('GRPC {{host}}/market.v1.ListingService/GetListing\n');
  expect(block).toContain('authorization: Bearer {{TOKEN}}\n');
  await file.lens('Open in panel').waitFor();
});

test('the same tab fills with a request that is not sent yet, after a reload too', async () => {
  const { workbench } = editor();
  await atLine('### Nobody sells it');
  await workbench.runCommand('gRPC: Open Request in Panel');
  const panel = new RequestPanel(workbench);
  await panel.body.getByText('nothing-0').waitFor();
  expect(await workbench.editorTab(/GetListing/).count()).toBe(1);
  await workbench.reload();
  await panel.ready('GetListing');
  await panel.body.getByText('nothing-0').waitFor();
  await panel.press('send');
  await panel.ended('NOT_FOUND');
});

test('by setting the answer is a text document', async () => {
  const { workbench } = editor();
  await workbench.runCommand('View: Close All Editors');
  await writeFile(
    join(editor().workspace, '.vscode/settings.json'),
    JSON.stringify({ 'frameline.requestFiles.answer': 'document' }),
  );
  const file = await atLine('### A conversation');
  await workbench.runCommand('gRPC: Send RPC at Cursor');
  await file.line(/^OK\s·.*2\smessages$/).waitFor();
  await file.line(/^#\sTrailers$/).waitFor();
  expect(await workbench.editorTab('gRPC answer').count()).toBe(1);
});

test('an rpc of a .proto file is sent to the server that offers it', async () => {
  const { workbench } = editor();
  await workbench.runCommand('View: Close All Editors');
  await workbench.runCommand('gRPC: Start Sample Server');
  const file = new TextEditor(editor());
  await file.open('listing_service.proto');
  const panel = new RequestPanel(workbench);
  await file.clickLens('Send RPC', workbench.quickInput);
  await workbench.pick('Sample market');
  await panel.ready('GetListing');
});
