import { describe, expect, it, vi } from 'vitest';
import type * as vscode from 'vscode';
import type { App } from '../../../src/host/app';
import type { Engine } from '../../../src/host/engine';
import { UserError } from '../../../src/host/errors';
import type { Discovered } from '../../../src/host/explorer/discovered';
import { Discovery } from '../../../src/host/explorer/discovery';
import { RequestPanel } from '../../../src/host/requestPanel/requestPanel';
import type { SecretStore } from '../../../src/host/secrets';
import type { Server } from '../../../src/host/servers';
import type { ToHost, ToWebview } from '../../../src/panel/protocol';
import { reflectionOnly } from '../../../src/schema/sources';
import { schema } from '../panel/conversation';

vi.mock('vscode', async () => ({
  Disposable: { from: () => ({ dispose: () => undefined }) },
  EventEmitter: (await import('../../tools/fakeEditor')).FakeEventEmitter,
  workspace: {
    getConfiguration: () => ({ get: (_name: string, fallback: unknown) => fallback }),
    onDidChangeConfiguration: () => ({ dispose: () => undefined }),
  },
}));

const server: Server = {
  id: 'market',
  name: 'Market',
  target: { address: 'localhost:1', security: { kind: 'plaintext' } },
  sources: reflectionOnly,
  origin: 'saved',
};

/** A panel over a real `Discovery` whose readings the test ends. */
function opened() {
  const readings: {
    readonly found: (discovered: Discovered) => void;
    readonly failed: (error: UserError) => void;
  }[] = [];
  const engine = {
    retire: () => {},
    discover: (_server: Server, _secrets: unknown, { signal }: { signal: AbortSignal }) =>
      new Promise<Discovered>((found, failed) => {
        readings.push({ found, failed });
        signal.addEventListener('abort', () =>
          failed(new UserError('discovery-cancelled', { what: 'Reading', why: 'Cancelled.' })),
        );
      }),
  } as unknown as Engine;
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const discovery = new Discovery(
    async () => engine,
    { get: async () => ({}) } as unknown as SecretStore,
    log as unknown as vscode.LogOutputChannel,
  );
  let send: (message: ToHost) => void = () => undefined;
  const posted: ToWebview[] = [];
  const panel = {
    title: '',
    visible: true,
    onDidChangeViewState: () => ({ dispose: () => undefined }),
    webview: {
      onDidReceiveMessage: (listener: typeof send) => {
        send = listener;
        return { dispose: () => undefined };
      },
      postMessage: async (message: ToWebview) => posted.push(message),
    },
  } as unknown as vscode.WebviewPanel;
  const app = {
    log,
    discovery,
    store: { get: () => server, onDidChange: () => ({ dispose: () => undefined }) },
    sampleServer: { restore: () => undefined, settled: async () => undefined },
  } as unknown as App;
  const request = new RequestPanel(
    app,
    panel,
    { serverId: server.id, path: '/market.v1.ListingService/Get' },
    undefined,
    { openDocument: async () => undefined, openPanel: async () => undefined },
  );
  return { discovery, readings, posted, request, send: (message: ToHost) => send(message) };
}

const discovered: Discovered = { schema, serviceHealth: new Map() };
const shown = (posted: readonly ToWebview[]) => posted.map(({ type }) => type);

describe('RequestPanel', () => {
  it('waits for the refresh that took the place of the reading it waited for', async () => {
    const { discovery, readings, posted, request, send } = opened();
    send({ type: 'ready' });
    await vi.waitFor(() => expect(readings).toHaveLength(1));
    void discovery.refresh(server);
    await vi.waitFor(() => expect(readings).toHaveLength(2));
    readings[1]?.found(discovered);
    await vi.waitFor(() => expect(shown(posted)).toContain('init'));
    expect(shown(posted)).toEqual(['init']);
    request.dispose();
  });

  it('shows the method when a server that failed is read well by someone else', async () => {
    const { discovery, readings, posted, request, send } = opened();
    send({ type: 'ready' });
    await vi.waitFor(() => expect(readings).toHaveLength(1));
    readings[0]?.failed(new UserError('discovery-failed', { what: 'Reading', why: 'Refused.' }));
    await vi.waitFor(() => expect(shown(posted)).toEqual(['unavailable']));
    void discovery.refresh(server);
    await vi.waitFor(() => expect(readings).toHaveLength(2));
    readings[1]?.found(discovered);
    await vi.waitFor(() => expect(shown(posted)).toEqual(['unavailable', 'init']));
    request.dispose();
  });

  it('says that a reading was cancelled when nothing follows it', async () => {
    const { discovery, readings, posted, request, send } = opened();
    send({ type: 'ready' });
    await vi.waitFor(() => expect(readings).toHaveLength(1));
    discovery.cancel(server);
    await vi.waitFor(() =>
      expect(posted).toMatchObject([{ type: 'unavailable', action: 'Try Again' }]),
    );
    request.dispose();
  });
});
