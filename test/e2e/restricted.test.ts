import { afterAll, beforeAll, expect, test } from 'vitest';
import { type SampleServer, startSampleServer } from '../../src/sampleServer/sampleServer';
import { editorForFile } from '../tools/editorHooks';
import { RequestPanel } from '../tools/editorPanel';
import { TextEditor } from '../tools/editorText';
import { openMethod, targetSettings } from './targets';

let server: SampleServer;
beforeAll(async () => {
  server = await startSampleServer();
});
const editor = editorForFile(() => ({
  trust: false,
  files: {
    '.vscode/settings.json': targetSettings([
      { name: 'From the folder', address: server.address, security: 'plaintext' },
    ]),
    'shop.py': `import grpc
import market_pb2
import market_pb2_grpc

stub = market_pb2_grpc.ListingServiceStub(grpc.insecure_channel("localhost:50051"))
stub.GetListing(market_pb2.GetListingRequest(id="lamp-1"))
`,
    'shop/frameline.json': JSON.stringify({
      environments: {
        local: {
          secrets: ['MARKET_TOKEN'],
          targets: {
            market: { address: server.address, security: 'plaintext' },
            elsewhere: { address: server.address, ca: '/etc/hostname' },
          },
        },
      },
    }),
    'shop/calls.grpc': `### With a secret
GRPC market/market.v1.ListingService/GetListing
authorization: Bearer {{MARKET_TOKEN}}

### With a file from elsewhere
GRPC elsewhere/market.v1.ListingService/GetListing

### With nothing of either
GRPC market/market.v1.ListingService/GetListing

{ "id": "lamp-1" }
`,
  },
}));
afterAll(async () => {
  await server.close();
});

test('in Restricted Mode the servers that the folder names are not shown', async () => {
  const { workbench } = editor();
  await workbench.page.locator('.part.statusbar').getByText('Restricted Mode').waitFor();
  await workbench.openView('Frameline');
  await workbench.welcomeButton('Start Sample Server').waitFor();
  expect(await workbench.treeRow('From the folder').count()).toBe(0);
});

test('in Restricted Mode calls to the sample server work', async () => {
  const { workbench } = editor();
  await workbench.welcomeButton('Start Sample Server').click();
  const panel = await openMethod(workbench, 'Sample market', 'ListingService', 'GetListing');
  await panel.send({ id: 'lamp-1' });
  await panel.ended('OK');
});

test('in Restricted Mode code is linted: that only reads', async () => {
  const text = new TextEditor(editor());
  await text.open('shop.py');
  await text.squiggles('warning').first().waitFor();
});

test('in Restricted Mode a request file uses no secret, reads nothing outside its folder, and says why', async () => {
  const { workbench } = editor();
  const text = new TextEditor(editor());
  const send = async (line: number) => {
    await text.open('calls.grpc');
    await text.goTo(line);
    await workbench.runCommand('gRPC: Send RPC at Cursor');
  };
  await send(2);
  await workbench
    .notification(/The secret MARKET_TOKEN can't be used in Restricted Mode\. Trust the folder/)
    .waitFor();
  await send(6);
  await workbench.notification(/\/etc\/hostname is outside .*Trust the folder/).waitFor();
  await send(9);
  await new RequestPanel(workbench).ended('OK');
  await workbench.runCommand('gRPC: Set Secret…');
  await workbench.notification(/In Restricted Mode secrets can't be used/).waitFor();
});

test('a folder that becomes trusted brings its servers', async () => {
  const { workbench } = editor();
  await workbench.runCommand('Workspaces: Manage Workspace Trust');
  await workbench.page.getByRole('button', { name: 'Trust', exact: true }).click();
  await workbench.treeRow('From the folder').waitFor();
});
