import type { BrowserContext, ConsoleMessage, Page } from 'playwright-core';

/** What the workbench itself prints on a closed network: its own service look-ups and files it does without. */
const known = [
  /vsda/,
  /Failed to load resource/,
  /ERR_(NAME_NOT_RESOLVED|INTERNET_DISCONNECTED|CONNECTION_\w+|PROXY_\w+|TUNNEL_\w+|BLOCKED_\w+|ABORTED)/,
  /gallery|marketplace|open-vsx/i,
  /Failed to fetch/,
  /authentication provider 'github'/,
  // A reload ends these before they are done.
  /Long running operations during shutdown|IndexedDB database .* is closed/,
  // Native modules that stay unbuilt: log files and a watchdog.
  /spdlog|native-watchdog|build\/Release\/watchdog/,
];

const policy = /Content.Security.Policy|violates the following/i;

/** What the page and every frame in it, webviews included, said to the console. */
export class EditorConsole {
  readonly #errors: string[] = [];
  readonly #violations: string[] = [];

  constructor(context: BrowserContext) {
    context.on('console', (message) => this.#read(message));
    context.on('weberror', (error) => this.#errors.push(String(error.error().stack)));
  }

  /** Uncaught errors and `console.error` lines that are not known noise. */
  get errors(): readonly string[] {
    return this.#errors;
  }

  /** Content security policy violations in any frame. */
  get violations(): readonly string[] {
    return this.#violations;
  }

  /** Forgets what was said so far, for a test that provokes an error on purpose. */
  clear(): void {
    this.#errors.length = 0;
    this.#violations.length = 0;
  }

  #read(message: ConsoleMessage): void {
    const text = message.text();
    const line = `${text}  (${message.location().url})`;
    if (policy.test(text)) this.#violations.push(line);
    else if (message.type() === 'error' && !known.some((noise) => noise.test(line))) {
      this.#errors.push(line.slice(0, 2000));
    }
  }
}

/** Frames of the page with their addresses: which webviews are open, for a message on failure. */
export function frameList(page: Page): string {
  return page
    .frames()
    .map((frame) => `${frame.name() || '(unnamed)'} ${frame.url().slice(0, 120)}`)
    .join('\n');
}
