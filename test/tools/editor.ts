import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { browserExecutable } from '../../scripts/browser.mjs';
import { ensureEditor } from '../../scripts/editor.mjs';
import { startEditorServer } from '../../scripts/editorServer.mjs';
import { packagePath } from '../../scripts/package.mjs';
import { makeSampleWorkspace } from '../../scripts/sampleWorkspace.mjs';
import { EditorConsole, frameList } from './editorConsole';
import { type Theme, themes, Workbench } from './editorWorkbench';

export interface EditorOptions {
  /** The extension; the packaged one when left out. */
  readonly vsix?: string;
  /** Folder that is copied to a temporary place and opened; the sample workspace when left out. */
  readonly workspace?: string;
  /** More files for the opened folder, path to content. */
  readonly files?: Readonly<Record<string, string>>;
  /** False turns workspace trust on: the folder opens restricted. Default true. */
  readonly trust?: boolean;
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly theme?: Theme;
  /** Variables that the extension host sees. */
  readonly env?: Readonly<Record<string, string>>;
  readonly viewport?: { readonly width: number; readonly height: number };
}

/** Pictures and logs of tests. */
export const outputFolder = resolve('test/output');

/** A real VS Code with the extension, in a browser, with user data of its own. */
export interface Editor {
  readonly page: Page;
  readonly workbench: Workbench;
  readonly console: EditorConsole;
  /** The opened folder, a copy. */
  readonly workspace: string;
  /** The text on the clipboard. */
  clipboard(): Promise<string>;
  /** Saves a picture of the window as test/output/`name`.png and gives its path. */
  screenshot(name: string): Promise<string>;
  /** What to look at when a test fails: a picture, console errors, logs of the extension host and of Frameline. */
  evidence(name: string): Promise<string>;
  /** The logs that the editor wrote, the extension's own included. */
  logs(): Promise<string>;
  /** Stops the browser and the server and removes their folders. */
  close(): Promise<void>;
}

/** Starts an editor; it is ready when this resolves. */
export async function startEditor(options: EditorOptions = {}): Promise<Editor> {
  const home = await mkdtemp(join(tmpdir(), 'frameline-e2e-'));
  const closers: (() => Promise<void>)[] = [
    () => rm(home, { recursive: true, force: true, maxRetries: 5 }),
  ];
  const close = async () => {
    for (const closer of closers.reverse()) await closer();
    closers.length = 0;
  };
  try {
    const workspace = join(home, 'workspace');
    if (options.workspace) await cp(options.workspace, workspace, { recursive: true });
    else await makeSampleWorkspace(workspace);
    for (const [name, text] of Object.entries(options.files ?? {})) {
      await mkdir(dirname(join(workspace, name)), { recursive: true });
      await writeFile(join(workspace, name), text);
    }
    const server = await startEditorServer({
      editor: await ensureEditor(),
      home,
      vsix: options.vsix ?? packagePath,
      workspace,
      trust: options.trust ?? true,
      settings: {
        'workbench.colorTheme': themes[options.theme ?? 'dark'].name,
        ...options.settings,
      },
      env: options.env ?? {},
    });
    closers.push(server.stop);
    const browser = await launchBrowser();
    closers.push(() => browser.close());
    const context = await browser.newContext({
      viewport: options.viewport ?? { width: 1400, height: 900 },
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    const console = new EditorConsole(context);
    const page = await context.newPage();
    const workbench = new Workbench(page);
    await page.goto(server.url);
    await workbench.ready();

    const clipboard = () => page.evaluate<string>('navigator.clipboard.readText()');
    const screenshot = async (name: string) => {
      await mkdir(outputFolder, { recursive: true });
      const path = join(outputFolder, `${name}.png`);
      await page.screenshot({ path });
      return path;
    };
    const logs = () => readLogs(join(server.userData, 'logs'));
    const evidence = async (name: string) =>
      [
        `picture: ${await screenshot(name)}`,
        `frames:\n${frameList(page)}`,
        `console errors:\n${console.errors.join('\n')}`,
        `policy violations:\n${console.violations.join('\n')}`,
        `logs:\n${(await logs()).slice(-8000)}`,
      ].join('\n\n');
    return {
      ...{ page, workbench, console, workspace },
      ...{ clipboard, screenshot, evidence, logs, close },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Starts the browser that the tests use, also for webview components without VS Code. */
export async function launchBrowser(): Promise<Browser> {
  const { executablePath, env, args } = await browserExecutable();
  return chromium.launch({ executablePath, env, args });
}

async function readLogs(folder: string): Promise<string> {
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  const wanted = names.filter((name) => /exthost|Frameline/.test(name) && name.endsWith('.log'));
  const texts = wanted.map(
    async (name) => `--- ${name}\n${await readFile(join(folder, name), 'utf8')}`,
  );
  return (await Promise.all(texts)).join('\n');
}
