import { beforeEach, describe, expect, it, vi } from 'vitest';
import type * as vscode from 'vscode';
import { Linter } from '../../../../src/host/linter/linter';
import type { RequestSchemas } from '../../../../src/host/requestSchemas';

type Listener = (event: unknown) => void;

const editor = vi.hoisted(() => ({
  documents: [] as unknown[],
  isEnabled: true,
  listeners: new Map<string, Listener>(),
  started: 0,
  stopped: 0,
  startFails: false,
  config: undefined as string | undefined,
}));

vi.mock('vscode', () => {
  const event = (name: string) => (listener: Listener) => {
    editor.listeners.set(name, listener);
    return { dispose: () => editor.listeners.delete(name) };
  };
  return {
    Uri: { file: (path: string) => path },
    workspace: {
      getWorkspaceFolder: () => ({ uri: { path: '/w' } }),
      fs: {
        readFile: async (path: string) => {
          if (path !== '/w/frameline.json' || editor.config === undefined) {
            throw new Error(`There is no ${path}`);
          }
          return new TextEncoder().encode(editor.config);
        },
      },
      get textDocuments() {
        return editor.documents;
      },
      getConfiguration: () => ({
        get: (key: string, value: unknown) =>
          key === 'frameline.lint.enable' ? editor.isEnabled : value,
      }),
      onDidOpenTextDocument: event('open'),
      onDidChangeTextDocument: event('change'),
      onDidCloseTextDocument: event('close'),
      onDidChangeConfiguration: event('configuration'),
    },
  };
});

vi.mock('../../../../src/host/linter/client', () => ({
  createClient: () => ({
    start: async () => {
      editor.started++;
      if (editor.startFails) {
        throw new Error('no such program');
      }
    },
    dispose: async () => void editor.stopped++,
  }),
}));

const log = { error: vi.fn(), debug: vi.fn() } as unknown as vscode.LogOutputChannel;

function linter(): Linter {
  return new Linter({} as vscode.Uri, log, {} as RequestSchemas);
}

function document(text: string, languageId = 'go') {
  return { languageId, uri: { scheme: 'file', path: '/w/main.go' }, text, getText: () => text };
}

function open(opened: unknown): void {
  editor.documents.push(opened);
  editor.listeners.get('open')?.(opened);
}

function changeSettings(isEnabled: boolean): void {
  editor.isEnabled = isEnabled;
  editor.listeners.get('configuration')?.({
    affectsConfiguration: (key: string) => key === 'frameline.lint.enable',
  });
}

const grpc = 'import "google.golang.org/grpc"';
const settled = () => vi.waitFor(() => expect(editor.started).toBeGreaterThan(0));

beforeEach(() => {
  editor.documents = [];
  editor.isEnabled = true;
  editor.started = 0;
  editor.stopped = 0;
  editor.startFails = false;
  editor.config = undefined;
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  return () => vi.useRealTimers();
});

describe('Linter', () => {
  it('starts no server while nothing open has to do with gRPC', async () => {
    const running = linter();
    open(document('package main'));
    open(document('grpc', 'markdown'));
    editor.listeners.get('change')?.({ document: editor.documents[0] });
    await vi.runAllTimersAsync();
    expect(editor.started).toBe(0);
    running.dispose();
  });

  it('starts one server for all documents that have', async () => {
    editor.documents = [document(grpc)];
    const running = linter();
    open(document(grpc));
    await settled();
    expect(editor.started).toBe(1);
    running.dispose();
  });

  it('starts it once an import has been typed', async () => {
    const running = linter();
    const typed = { ...document(''), getText: () => typed.text };
    open(typed);
    typed.text = grpc;
    editor.listeners.get('change')?.({ document: typed });
    editor.listeners.get('change')?.({ document: typed });
    await vi.runAllTimersAsync();
    await settled();
    expect(editor.started).toBe(1);
    running.dispose();
  });

  it('starts it for code that calls only clients which frameline.json names', async () => {
    editor.config = '{ "lint": { "stubs": ["*.ListingApi"] } }';
    const running = linter();
    open(document('grpc', 'markdown'));
    open(document('package main'));
    await settled();
    expect(editor.started).toBe(1);
    running.dispose();
  });

  it('starts it for a request file, whether code is linted or not', async () => {
    editor.isEnabled = false;
    const running = linter();
    open(document('', 'grpc'));
    await settled();
    expect(editor.started).toBe(1);
    running.dispose();
  });

  it('ends it when the setting leaves nothing to lint, and starts it when it comes back', async () => {
    const running = linter();
    open(document(grpc));
    await settled();
    changeSettings(false);
    await vi.waitFor(() => expect(editor.stopped).toBe(1));
    open(document(grpc));
    expect(editor.started).toBe(1);
    changeSettings(true);
    await vi.waitFor(() => expect(editor.started).toBe(2));
    running.dispose();
  });

  it('does not try again and again when it can not start, until it is asked to', async () => {
    editor.startFails = true;
    const running = linter();
    open(document(grpc));
    open(document(grpc));
    await settled();
    expect(editor.started).toBe(1);
    await expect(running.restart()).rejects.toThrow('Starting the linter: no such program');
    editor.startFails = false;
    await running.restart();
    expect(editor.started).toBe(3);
    running.dispose();
    await vi.waitFor(() => expect(editor.stopped).toBe(3));
  });
});
