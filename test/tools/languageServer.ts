import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as esbuild from 'esbuild';
import {
  type ClientCapabilities,
  CodeActionKind,
  createProtocolConnection,
  type ProtocolConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver/node';
import { grammarFiles, languageServerBuild } from '../../scripts/linterBundle.mjs';

/** The program as it ships, built into a folder of its own. */
export interface BuiltServer {
  readonly program: string;
  remove(): Promise<void>;
}

export async function buildServer(): Promise<BuiltServer> {
  const home = await mkdtemp(join(tmpdir(), 'frameline-server-'));
  const dist = join(home, 'dist');
  await Promise.all([
    esbuild.build({ ...languageServerBuild(dist), logLevel: 'warning' }),
    grammarFiles(dist),
    cp('docs/rules', join(home, 'docs', 'rules'), { recursive: true }),
    mkdir(dist, { recursive: true }).then(() =>
      writeFile(join(home, 'package.json'), '{ "type": "module" }'),
    ),
  ]);
  return {
    program: join(dist, 'languageServer', 'main.js'),
    remove: () => rm(home, { recursive: true, force: true }),
  };
}

/** What VS Code's client says that it can do, as far as the server asks. */
export const editorCapabilities: ClientCapabilities = {
  workspace: {
    configuration: true,
    workspaceFolders: true,
    workspaceEdit: { documentChanges: true, snippetEditSupport: true },
    didChangeWatchedFiles: { dynamicRegistration: true },
    didChangeConfiguration: { dynamicRegistration: true },
  },
  textDocument: {
    completion: { dynamicRegistration: true, completionItem: { snippetSupport: true } },
    codeAction: {
      codeActionLiteralSupport: {
        codeActionKind: { valueSet: [CodeActionKind.QuickFix, CodeActionKind.SourceFixAll] },
      },
      dataSupport: true,
      resolveSupport: { properties: ['edit'] },
    },
  },
  window: { workDoneProgress: true },
};

export interface ServerOptions {
  readonly capabilities?: ClientCapabilities;
  /** Files of the workspace, path to text. */
  readonly files?: Readonly<Record<string, string>>;
  /** Folders of the workspace that are open; the whole of it when left out. */
  readonly folders?: readonly string[];
  readonly initializationOptions?: unknown;
}

/** The program, running on a workspace of its own, with a connection to it. */
export class RunningServer {
  /** What it said in its log. */
  readonly log: string[] = [];
  #folders: readonly string[] = [];

  private constructor(
    readonly connection: ProtocolConnection,
    readonly process: ChildProcess,
    /** Absolute, without links. */
    readonly workspace: string,
  ) {}

  static async start(
    { program }: BuiltServer,
    {
      capabilities = editorCapabilities,
      files = {},
      folders = ['.'],
      initializationOptions,
    }: ServerOptions = {},
  ): Promise<RunningServer> {
    const workspace = await realpath(await mkdtemp(join(tmpdir(), 'frameline-workspace-')));
    const child = spawn(process.execPath, [program, '--stdio'], {
      cwd: workspace,
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const connection = createProtocolConnection(
      new StreamMessageReader(child.stdout),
      new StreamMessageWriter(child.stdin),
    );
    const server = new RunningServer(connection, child, workspace);
    for (const [name, text] of Object.entries(files)) {
      await server.write(name, text);
    }
    connection.onNotification('window/logMessage', ({ message }: { message: string }) => {
      server.log.push(message);
    });
    connection.onRequest('client/registerCapability', () => null);
    connection.onRequest('window/workDoneProgress/create', () => null);
    server.#folders = folders;
    connection.onRequest('workspace/workspaceFolders', () => server.#workspaceFolders());
    connection.listen();
    await connection.sendRequest('initialize', {
      processId: process.pid,
      rootUri: null,
      capabilities,
      workspaceFolders: server.#workspaceFolders(),
      initializationOptions,
    });
    await connection.sendNotification('initialized', {});
    return server;
  }

  /** Opens other folders of the workspace instead. */
  async openFolders(folders: readonly string[]): Promise<void> {
    const removed = this.#workspaceFolders();
    this.#folders = folders;
    await this.connection.sendNotification('workspace/didChangeWorkspaceFolders', {
      event: { added: this.#workspaceFolders(), removed },
    });
  }

  #workspaceFolders(): { uri: string; name: string }[] {
    return this.#folders.map((name) => ({ uri: this.uri(name), name }));
  }

  uri(name: string): string {
    return pathToFileURL(join(this.workspace, name)).href;
  }

  /** Writes a file of the workspace, without a word to the server. */
  async write(name: string, text: string): Promise<void> {
    const path = join(this.workspace, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  }

  /** Ends it as an editor does; gives its exit code. */
  async stop(): Promise<number | null> {
    const exit = once(this.process, 'exit');
    if (this.process.exitCode === null) {
      await this.connection.sendRequest('shutdown');
      await this.connection.sendNotification('exit');
      await exit;
    }
    this.connection.dispose();
    await rm(this.workspace, { recursive: true, force: true });
    return this.process.exitCode;
  }
}
