import { EventEmitter } from 'node:events';
import { PassThrough } from 'node:stream';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type * as vscode from 'vscode';
import { SampleServer } from '../../../src/host/sampleServer';
import type { ServerStore } from '../../../src/host/serverStore';

/** A process that the test speaks for; it ends when it is killed, a little later. */
class Child extends EventEmitter {
  readonly stdout = new PassThrough();
  readonly stderr = new PassThrough();
  isKilled = false;

  kill(): void {
    this.isKilled = true;
    setTimeout(() => this.emit('exit', null), 5);
  }

  ready(): void {
    this.stdout.write(`${JSON.stringify({ address: '127.0.0.1:50051' })}\n`);
  }
}

const children = vi.hoisted((): unknown[] => []) as Child[];

vi.mock('node:child_process', () => ({
  fork: () => {
    const child = new Child();
    children.push(child);
    return child;
  },
}));

vi.mock('vscode', () => ({
  Uri: { joinPath: () => ({ fsPath: '/sample.cjs' }) },
  commands: { executeCommand: async () => undefined },
}));

function sampleServer() {
  const sample: unknown[][] = [];
  const wanted = vi.fn(async () => undefined);
  const server = new SampleServer(
    {
      extensionUri: undefined,
      workspaceState: { get: () => undefined, update: wanted },
    } as unknown as vscode.ExtensionContext,
    { setSample: (servers: unknown[]) => sample.push(servers) } as unknown as ServerStore,
    { info: () => undefined, warn: () => undefined } as unknown as vscode.LogOutputChannel,
  );
  return { server, sample, wanted };
}

describe('SampleServer', () => {
  beforeEach(() => {
    children.length = 0;
    vi.stubEnv('FRAMELINE_SAMPLE_TARGET', '');
  });

  it('starts anew while the process that was stopped in its start still ends', async () => {
    const { server, sample } = sampleServer();
    const first = server.start();
    server.stop();
    const second = server.start();
    await expect(first).rejects.toMatchObject({ code: 'sample-server-failed' });
    expect(children.map(({ isKilled }) => isKilled)).toEqual([true, false]);
    children[1]?.ready();
    expect(await second).toMatchObject({ id: 'sample' });
    expect(sample.at(-1)).toHaveLength(1);
    server.dispose();
  });

  it('shows no server of a process that was stopped just as it was ready', async () => {
    const { server, sample } = sampleServer();
    const start = server.start();
    children[0]?.stdout.prependOnceListener('data', () => server.stop());
    children[0]?.ready();
    await expect(start).rejects.toMatchObject({ code: 'sample-server-failed' });
    expect(sample.at(-1) ?? []).toEqual([]);
  });

  it('goes on wanting the server when the window closes while it starts', async () => {
    const { server, wanted } = sampleServer();
    const start = server.start();
    server.dispose();
    await expect(start).rejects.toMatchObject({ code: 'sample-server-failed' });
    expect(children[0]?.isKilled).toBe(true);
    expect(wanted).not.toHaveBeenCalled();
  });
});
