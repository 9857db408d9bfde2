import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type * as vscode from 'vscode';
import { EnvironmentSecrets } from '../../../../src/host/environments/environmentSecrets';
import { Environments } from '../../../../src/host/environments/environments';
import { useTemporaryFolders } from '../../../tools/temporaryFolder';

type Listener = (event: unknown) => void;

const editor = vi.hoisted(() => ({
  folders: [] as unknown[],
  isTrusted: true,
  listeners: new Map<string, Listener>(),
  /** What the user types for each secret that is asked for; undefined: the user leaves. */
  typed: [] as (string | undefined)[],
  asked: [] as string[],
}));

vi.mock('vscode', async () => {
  const { FakeEventEmitter } = await import('../../../tools/fakeEditor');
  const event = (name: string) => (listener: Listener) => {
    editor.listeners.set(name, listener);
    return { dispose: () => editor.listeners.delete(name) };
  };
  return {
    Disposable: {
      from: (...all: { dispose(): void }[]) => ({
        dispose: () => {
          for (const one of all) {
            one.dispose();
          }
        },
      }),
    },
    EventEmitter: FakeEventEmitter,
    workspace: {
      get isTrusted() {
        return editor.isTrusted;
      },
      get workspaceFolders() {
        return editor.folders;
      },
      createFileSystemWatcher: () => ({
        onDidCreate: event('create'),
        onDidChange: event('change'),
        onDidDelete: event('delete'),
        dispose: () => undefined,
      }),
      onDidSaveTextDocument: event('save'),
      onDidDeleteFiles: event('deleteFiles'),
      onDidRenameFiles: event('renameFiles'),
      onDidChangeWorkspaceFolders: event('folders'),
    },
  };
});

vi.mock('../../../../src/host/environments/askSecret', () => ({
  askSecret: async ({ environment, name }: { environment: string; name: string }) => {
    editor.asked.push(`${environment} ${name}`);
    return editor.typed.shift();
  },
}));

const temporaryFolder = useTemporaryFolders();
const log = { warn: vi.fn() };

const config = JSON.stringify({
  environments: {
    local: { variables: { size: 1 }, secrets: ['TOKEN', 'OTHER'] },
    staging: { variables: { size: 2 }, secrets: ['TOKEN'] },
  },
});

function uriOf(path: string, scheme = 'file'): vscode.Uri {
  return { scheme, fsPath: path } as vscode.Uri;
}

/** An editor with one folder open, and a request file in it. */
async function opened(files: Record<string, string> = { 'frameline.json': config }) {
  const folder = await temporaryFolder(files);
  editor.folders = [{ uri: uriOf(folder) }];
  const state = new Map<string, unknown>();
  const storage = new Map<string, string>();
  const make = () =>
    new Environments(
      {
        get: (key: string) => state.get(key),
        update: async (key: string, value: unknown) => void state.set(key, value),
      } as unknown as vscode.Memento,
      new EnvironmentSecrets({
        get: async (key: string) => storage.get(key),
        store: async (key: string, value: string) => void storage.set(key, value),
        delete: async (key: string) => void storage.delete(key),
      } as unknown as vscode.SecretStorage),
      log as unknown as vscode.LogOutputChannel,
    );
  return {
    folder,
    state,
    storage,
    make,
    environments: make(),
    file: uriOf(join(folder, 'a.grpc')),
  };
}

beforeEach(() => {
  editor.isTrusted = true;
  editor.typed = [];
  editor.asked = [];
  log.warn.mockClear();
});

describe('the choice', () => {
  it('is the first environment until another is chosen, and is kept for the workspace', async () => {
    const { environments, make, file } = await opened();
    expect((await environments.chosenFor(file))?.name).toBe('local');
    const changed = vi.fn();
    environments.onDidChange(changed);
    const found = await environments.fileFor(file);
    if (!found) {
      throw new Error('there is no frameline.json');
    }
    await environments.choose(found, 'staging');
    expect(changed).toHaveBeenCalledOnce();
    expect((await environments.chosenFor(file))?.name).toBe('staging');
    expect((await make().scopeFor(file)).environment?.variables.get('size')).toBe('2');
  });

  it('is one for each frameline.json', async () => {
    const { environments, folder, file } = await opened({
      'frameline.json': config,
      'inner/frameline.json': config,
    });
    const found = await environments.fileFor(file);
    if (!found) {
      throw new Error('there is no frameline.json');
    }
    await environments.choose(found, 'staging');
    const inner = uriOf(join(folder, 'inner', 'a.grpc'));
    expect((await environments.chosenFor(inner))?.name).toBe('local');
  });

  it('falls back to the first when the chosen one is gone, or what is stored is no use', async () => {
    const { environments, state, file, folder } = await opened();
    for (const stored of [{ [join(folder, 'frameline.json')]: 'gone' }, 'x', null, [3]]) {
      state.set('environments', stored);
      expect((await environments.chosenFor(file))?.name).toBe('local');
    }
  });

  it('of a file that is not on disk is that of the first folder with environments', async () => {
    const { environments, folder } = await opened();
    const empty = await temporaryFolder({ 'frameline.json': '{}' });
    editor.folders = [{ uri: uriOf(empty) }, { uri: uriOf(folder) }];
    expect((await environments.chosenFor(undefined))?.name).toBe('local');
    expect((await environments.chosenFor(uriOf('Untitled-1', 'untitled')))?.name).toBe('local');
  });

  it('is not looked for above the open folder', async () => {
    const outer = await temporaryFolder({ 'frameline.json': config, 'in/a.grpc': '' });
    const { environments } = await opened();
    editor.folders = [{ uri: uriOf(join(outer, 'in')) }];
    expect(await environments.chosenFor(uriOf(join(outer, 'in', 'a.grpc')))).toBeUndefined();
  });
});

describe('a frameline.json', () => {
  it('that changes, comes or goes is read anew', async () => {
    const { environments, file, folder } = await opened();
    const path = join(folder, 'frameline.json');
    expect((await environments.chosenFor(file))?.name).toBe('local');
    const changed = vi.fn();
    environments.onDidChange(changed);
    await writeFile(path, '{"environments": {"other": {}}}');
    editor.listeners.get('change')?.(uriOf(path));
    await vi.waitFor(() => expect(changed).toHaveBeenCalledTimes(1));
    expect((await environments.chosenFor(file))?.name).toBe('other');
    await rm(path);
    editor.listeners.get('deleteFiles')?.({ files: [uriOf(folder)] });
    await vi.waitFor(() => expect(changed).toHaveBeenCalledTimes(2));
    expect(await environments.chosenFor(file)).toBeUndefined();
  });

  it('with mistakes is said once in the log', async () => {
    const { environments, file, folder } = await opened({
      'frameline.json': '{"environments": {"local": {"secret": []}}}',
    });
    await environments.chosenFor(file);
    await environments.chosenFor(file);
    expect(log.warn.mock.calls).toEqual([
      [
        `${join(folder, 'frameline.json')}: There is no setting "secret" in "environments.local". Did you mean "secrets"?`,
      ],
    ]);
  });
});

describe('a secret', () => {
  it('is asked for once, and kept for its file, environment and name', async () => {
    const { environments, file, folder, storage } = await opened();
    editor.typed = ['s3cret'];
    const scope = await environments.scopeFor(file);
    expect(await scope.secret('TOKEN')).toEqual({ ok: true, value: 's3cret' });
    expect(await (await environments.scopeFor(file)).secret('TOKEN')).toEqual({
      ok: true,
      value: 's3cret',
    });
    expect(editor.asked).toEqual(['local TOKEN']);
    expect([...storage]).toEqual([
      [
        `environment:${JSON.stringify([join(folder, 'frameline.json'), 'local', 'TOKEN'])}`,
        's3cret',
      ],
    ]);
    const found = await environments.fileFor(file);
    await (found && environments.choose(found, 'staging'));
    editor.typed = ['other'];
    expect(await (await environments.scopeFor(file)).secret('TOKEN')).toEqual({
      ok: true,
      value: 'other',
    });
  });

  it('is asked for once by requests that are sent at the same time', async () => {
    const { environments, file } = await opened();
    editor.typed = ['one', 'two'];
    const scopes = [await environments.scopeFor(file), await environments.scopeFor(file)];
    const answers = await Promise.all(
      scopes.flatMap(({ secret }) => [secret('TOKEN'), secret('OTHER'), secret('TOKEN')]),
    );
    expect(answers.map((answer) => answer.ok && answer.value)).toEqual([
      'one',
      'two',
      'one',
      'one',
      'two',
      'one',
    ]);
    expect(editor.asked).toEqual(['local TOKEN', 'local OTHER']);
  });

  it('without a value is a reason, and the user who left is not asked again by the same run', async () => {
    const { environments, file, storage } = await opened();
    editor.typed = [undefined];
    const scope = await environments.scopeFor(file);
    const refused = {
      ok: false,
      message:
        'The secret TOKEN of the environment local has no value. Give it one with "gRPC: Set Secret…".',
    };
    expect(await scope.secret('TOKEN')).toEqual(refused);
    expect(await scope.secret('TOKEN')).toEqual(refused);
    expect(editor.asked).toEqual(['local TOKEN']);
    expect(storage.size).toBe(0);
  });

  it('is not asked for when nobody is there', async () => {
    const { environments, file } = await opened();
    const scope = await environments.scopeFor(file, 'silent');
    expect((await scope.secret('TOKEN')).ok).toBe(false);
    expect(editor.asked).toEqual([]);
  });

  it('can not be used in Restricted Mode, although it has a value', async () => {
    const { environments, file, folder } = await opened();
    const path = join(folder, 'frameline.json');
    await environments.secrets.set({ file: path, environment: 'local', name: 'TOKEN' }, 's3cret');
    editor.isTrusted = false;
    const scope = await environments.scopeFor(file);
    expect(await scope.secret('TOKEN')).toEqual({
      ok: false,
      message:
        'The secret TOKEN can\'t be used in Restricted Mode. Trust the folder first: "Workspaces: Manage Workspace Trust".',
    });
    expect(scope.environment?.name).toBe('local');
    editor.isTrusted = true;
    expect(await (await environments.scopeFor(file)).secret('TOKEN')).toEqual({
      ok: true,
      value: 's3cret',
    });
  });

  it('of no environment is refused', async () => {
    const { environments } = await opened({ 'a.grpc': '' });
    const scope = await environments.scopeFor(undefined);
    expect(scope.environment).toBeUndefined();
    expect(await scope.secret('TOKEN')).toMatchObject({ ok: false });
  });
});
