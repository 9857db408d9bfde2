import { type ChildProcess, fork } from 'node:child_process';
import * as vscode from 'vscode';
import { reflectionOnly } from '../schema/sources';
import { reasonOf, UserError } from './errors';
import { ContextKey } from './ids';
import type { ServerStore } from './serverStore';
import type { Server } from './servers';

/** Where the requests of the sample workspace look for it. */
const usualPort = '50551';

/** How long the process may take until it says that it listens. */
const startTimeout = 20_000;

/** Whether the sample server was running when the window closed. */
const wantedKey = 'sampleServer.wanted';

/** The line that the sample server prints when it listens. */
interface Ready {
  readonly address: string;
  readonly tlsAddress?: string;
  readonly certificates?: { readonly ca: string };
}

/** Owns the process of the sample server, and its entries in the explorer. */
export class SampleServer implements vscode.Disposable {
  readonly #context: vscode.ExtensionContext;
  readonly #store: ServerStore;
  readonly #log: vscode.LogOutputChannel;
  /** The sample server that was started beside the editor, when there is one. */
  readonly #outside: Server | undefined;
  #child: ChildProcess | undefined;
  #starting: Promise<Server> | undefined;

  constructor(context: vscode.ExtensionContext, store: ServerStore, log: vscode.LogOutputChannel) {
    this.#context = context;
    this.#store = store;
    this.#log = log;
    this.#outside = outsideServer(process.env.FRAMELINE_SAMPLE_TARGET);
    if (this.#outside) {
      store.setSample([this.#outside]);
    }
  }

  /** Starts the server unless it runs; gives the server to show first. Rejects with a `UserError`. */
  async start(): Promise<Server> {
    if (this.#outside) {
      return this.#outside;
    }
    this.#starting ??= this.#start();
    const starting = this.#starting;
    try {
      return await starting;
    } catch (error) {
      // Stopped and started again meanwhile: the new one has nothing to do with it.
      if (this.#starting === starting) {
        this.stop();
      }
      throw new UserError('sample-server-failed', {
        what: 'Starting the sample server',
        why: reasonOf(error),
        next: 'The log has more: "gRPC: Show Log".',
        cause: error,
      });
    }
  }

  /** Whether a call to this address fails only because the server was not started. */
  isMissingAt(address: string): boolean {
    return address === `127.0.0.1:${usualPort}` && !this.#starting && !this.#outside;
  }

  /** Starts the server again when it was running as the window closed. */
  restore(): void {
    if (this.#context.workspaceState.get(wantedKey) === true && !this.#starting) {
      this.start().catch((error: unknown) => this.#log.warn(reasonOf(error)));
    }
  }

  /** Resolves when a start or restore that is under way has come to an end. */
  async settled(): Promise<void> {
    await this.#starting?.catch(() => undefined);
  }

  stop(): void {
    void this.#context.workspaceState.update(wantedKey, undefined);
    this.#end();
  }

  dispose(): void {
    const child = this.#child;
    this.#child = undefined;
    this.#starting = undefined;
    child?.kill();
  }

  async #start(): Promise<Server> {
    const program = vscode.Uri.joinPath(
      this.#context.extensionUri,
      'dist/sampleServer/bin/main.cjs',
    ).fsPath;
    const args = ['--json', '--prefer-port', usualPort, '--tls', '--exit-with-parent'];
    const child = fork(program, args, {
      // In a desktop editor process.execPath is the editor itself: this makes it run as plain Node.
      env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
      execArgv: [],
      silent: true,
    });
    this.#child = child;
    child.stderr?.on('data', (data: Buffer) => this.#log.warn(`Sample server: ${data}`.trim()));
    child.on('exit', (code) => {
      if (this.#child === child) {
        this.#log.info(`The sample server ended with code ${code}.`);
        this.#end();
      }
    });
    const ready = await readReady(child);
    if (this.#child !== child) {
      throw new Error('It was stopped while it started.');
    }
    this.#log.info(`The sample server listens on ${ready.address}.`);
    const servers = serversOf(ready);
    this.#store.setSample(servers);
    await vscode.commands.executeCommand('setContext', ContextKey.SampleServerRunning, true);
    await this.#context.workspaceState.update(wantedKey, true);
    const [first] = servers;
    if (!first) {
      throw new Error('The sample server gave no address.');
    }
    return first;
  }

  #end(): void {
    const child = this.#child;
    this.#child = undefined;
    this.#starting = undefined;
    child?.kill();
    this.#store.setSample(this.#outside ? [this.#outside] : []);
    void vscode.commands.executeCommand('setContext', ContextKey.SampleServerRunning, false);
  }
}

const sampleIds = { plaintext: 'sample', tls: 'sample-tls' } as const;

/** True for the id of one of the sample server's entries, running or not. */
export function isSample(serverId: string): boolean {
  return Object.values<string>(sampleIds).includes(serverId);
}

/** `npm start` runs a sample server of its own and gives its `host:port`. */
function outsideServer(address: string | undefined): Server | undefined {
  return address ? plaintextSample(address) : undefined;
}

function plaintextSample(address: string): Server {
  return {
    id: sampleIds.plaintext,
    name: 'Sample market',
    target: { address, security: { kind: 'plaintext' } },
    sources: reflectionOnly,
    origin: 'sample',
  };
}

function serversOf(ready: Ready): Server[] {
  return [
    plaintextSample(ready.address),
    ...(ready.tlsAddress === undefined || !ready.certificates
      ? []
      : [
          {
            id: sampleIds.tls,
            name: 'Sample market (TLS)',
            target: {
              // TLS has no server name for an IP address (RFC 6066); the certificate is for both.
              address: ready.tlsAddress.replace(/^127\.0\.0\.1:/, 'localhost:'),
              security: { kind: 'tls', verify: true, ca: ready.certificates.ca },
            },
            sources: reflectionOnly,
            origin: 'sample',
          } as const,
        ]),
  ];
}

/** The first line that the process prints, as JSON. */
function readReady(child: ChildProcess): Promise<Ready> {
  return new Promise((resolve, reject) => {
    let printed = '';
    const timer = setTimeout(
      () => reject(new Error(`It did not answer within ${startTimeout / 1000} s.`)),
      startTimeout,
    );
    const fail = (error: Error): void => {
      clearTimeout(timer);
      reject(error);
    };
    child.on('error', fail);
    child.on('exit', (code) => fail(new Error(`Its process ended with code ${code}.`)));
    child.stdout?.on('data', (data: Buffer) => {
      printed += data.toString('utf8');
      const end = printed.indexOf('\n');
      if (end === -1) {
        return;
      }
      clearTimeout(timer);
      try {
        resolve(JSON.parse(printed.slice(0, end)) as Ready);
      } catch (error) {
        reject(error);
      }
      child.stdout?.removeAllListeners('data').resume();
    });
  });
}
