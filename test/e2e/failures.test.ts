import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { afterAll, beforeAll, test } from 'vitest';
import { type SampleServer, startSampleServer } from '../../src/sampleServer/sampleServer';
import { editorForFile } from '../tools/editorHooks';
import type { RequestPanel } from '../tools/editorPanel';
import { openMethod, targetSettings } from './targets';

let server: SampleServer;
let unusedPort: number;

beforeAll(async () => {
  server = await startSampleServer({ tls: true });
  unusedPort = await closedPort();
});

const editor = editorForFile(() => {
  const address = server.tlsAddress ?? '';
  const settings = targetSettings([
    { name: 'Unknown CA', address, security: 'tls' },
    { name: 'Plaintext to TLS', address, security: 'plaintext' },
    { name: 'Nobody there', address: `127.0.0.1:${unusedPort}`, security: 'plaintext' },
    {
      name: 'Known CA',
      address,
      security: 'tls',
      ca: server.certificates?.ca ?? '',
    },
  ]);
  return { files: { '.vscode/settings.json': settings } };
});

afterAll(async () => {
  await server.close();
});

async function callGetListing(target: string): Promise<RequestPanel> {
  const { workbench } = editor();
  await workbench.openView('Frameline');
  const panel = await openMethod(workbench, target, 'ListingService', 'GetListing');
  await panel.send({ id: 'lamp-1' });
  return panel;
}

test('a certificate of an unknown authority is a TLS failure card with what to do next', async () => {
  const panel = await callGetListing('Unknown CA');
  await panel.ended('UNAVAILABLE');
  await panel.statusCard.getByText('Transport', { exact: true }).waitFor();
  await panel.statusCard
    .getByText(/certificate/i)
    .first()
    .waitFor();
  await panel.statusCard.getByText('What to do next').waitFor();
});

test('with the right authority the same server answers, and the panel says TLS', async () => {
  const panel = await callGetListing('Known CA');
  await panel.ended('OK');
  await panel.detail.getByText('Brass reading lamp').waitFor();
  await panel.root.locator('frameline-header').getByText('TLS', { exact: true }).waitFor();
});

test('plaintext to a TLS port says so', async () => {
  const panel = await callGetListing('Plaintext to TLS');
  await panel.ended('UNAVAILABLE');
  await panel.statusCard.getByText(/TLS/).first().waitFor();
});

test('a refused connection says that nobody listens', async () => {
  const panel = await callGetListing('Nobody there');
  await panel.ended('UNAVAILABLE');
  await panel.statusCard
    .getByText(/refused/i)
    .first()
    .waitFor();
});

/** A port of this machine that refuses connections. */
async function closedPort(): Promise<number> {
  const listener = createServer().listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port } = listener.address() as AddressInfo;
  listener.close();
  await once(listener, 'close');
  return port;
}
