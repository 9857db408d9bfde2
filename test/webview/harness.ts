import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { extname, join, normalize } from 'node:path';
import * as esbuild from 'esbuild';
import { type Browser, chromium, type Page } from 'playwright-core';
import { browserExecutable } from '../../scripts/browser.mjs';

export type Theme = 'light' | 'dark' | 'high-contrast';

const root = join(import.meta.dirname, '../..');
const types: { readonly [extension: string]: string } = {
  '.css': 'text/css',
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.ttf': 'font/ttf',
};

/**
 * The panel in a real browser, without VS Code: built from its sources, served from 127.0.0.1 under the content
 * security policy that the extension uses, with a fake host in the page (`window.fakeHost`).
 */
export class PanelHarness {
  readonly #folder: string;
  readonly #server: Server;
  readonly #browser: Browser;
  readonly #pages: { readonly page: Page; readonly errors: string[] }[] = [];

  private constructor(folder: string, server: Server, browser: Browser) {
    this.#folder = folder;
    this.#server = server;
    this.#browser = browser;
  }

  static async start(): Promise<PanelHarness> {
    const folder = await mkdtemp(join(tmpdir(), 'frameline-webview-'));
    const [found] = await Promise.all([browserExecutable(console.log), build(folder)]);
    const server = createServer((request, response) => {
      serve(folder, request.url ?? '/').then(
        ({ headers, body }) => response.writeHead(200, headers).end(body),
        () => response.writeHead(404).end(),
      );
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new PanelHarness(folder, server, await chromium.launch(found));
  }

  /** A page with the panel loaded; the fake host has not opened a method yet. */
  async page(
    look: { width?: number; height?: number; theme?: Theme; reducedMotion?: boolean } = {},
  ): Promise<Page> {
    const context = await this.#browser.newContext({
      viewport: { width: look.width ?? 1000, height: look.height ?? 800 },
      reducedMotion: look.reducedMotion === true ? 'reduce' : 'no-preference',
    });
    const page = await context.newPage();
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') {
        errors.push(message.text());
      }
    });
    this.#pages.push({ page, errors });
    await page.goto(`${this.#origin()}/panel.html?theme=${look.theme ?? 'dark'}`);
    await page.locator('frameline-panel').waitFor({ state: 'attached' });
    return page;
  }

  /** Closes the pages; returns every error, warning and policy violation that they had. */
  async closePages(): Promise<string[]> {
    const problems: string[] = [];
    for (const { page, errors } of this.#pages.splice(0)) {
      problems.push(...errors, ...(await page.evaluate(() => [...window.violations])));
      await page.context().close();
    }
    return problems;
  }

  async stop(): Promise<void> {
    await this.#browser.close();
    await new Promise((resolve) => this.#server.close(resolve));
    await rm(this.#folder, { recursive: true, force: true });
  }

  #origin(): string {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') {
      throw new Error('The test server has no port.');
    }
    return `http://127.0.0.1:${address.port}`;
  }
}

async function build(folder: string): Promise<void> {
  await esbuild.build({
    absWorkingDir: root,
    entryPoints: {
      panel: 'src/panel/webview/panel.ts',
      fakeHost: 'test/webview/page/fakeHost.ts',
    },
    outdir: folder,
    bundle: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    tsconfig: 'src/panel/webview/tsconfig.json',
    logLevel: 'warning',
  });
}

async function serve(
  folder: string,
  url: string,
): Promise<{ headers: Record<string, string>; body: string | Buffer }> {
  const { pathname, searchParams, host } = new URL(url, 'http://127.0.0.1');
  if (pathname === '/panel.html') {
    return page(searchParams.get('theme') ?? 'dark');
  }
  const file = normalize(pathname).slice(1);
  const places: { readonly [name: string]: string } = {
    'codicon.css': 'node_modules/@vscode/codicons/dist/codicon.css',
    'codicon.ttf': 'node_modules/@vscode/codicons/dist/codicon.ttf',
    'panel.css': 'media/panel.css',
    'light.css': 'test/webview/page/themes/light.css',
    'dark.css': 'test/webview/page/themes/dark.css',
    'high-contrast.css': 'test/webview/page/themes/high-contrast.css',
  };
  const built = ['panel.js', 'fakeHost.js'].includes(file) ? join(folder, file) : undefined;
  const path = places[file] === undefined ? built : join(root, places[file]);
  if (path === undefined) {
    throw new Error(`${host} has no ${file}.`);
  }
  return {
    headers: { 'Content-Type': types[extname(path)] ?? 'application/octet-stream' },
    body: await readFile(path),
  };
}

function page(theme: string): { headers: Record<string, string>; body: string } {
  const nonce = randomBytes(16).toString('base64url');
  return {
    headers: {
      'Content-Type': 'text/html',
      'Content-Security-Policy': `default-src 'none'; script-src 'nonce-${nonce}'; style-src 'self'; font-src 'self'`,
    },
    body: `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <title>Panel</title>
    <link rel="stylesheet" href="codicon.css" />
    <link rel="stylesheet" href="panel.css" />
    <link rel="stylesheet" href="${theme}.css" />
  </head>
  <body>
    <script type="module" nonce="${nonce}" src="fakeHost.js"></script>
    <script type="module" nonce="${nonce}" src="panel.js"></script>
  </body>
</html>`,
  };
}
