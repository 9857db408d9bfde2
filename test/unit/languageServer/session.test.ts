import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Connection, Diagnostic } from 'vscode-languageserver/node';
import { clientAbilities } from '../../../src/languageServer/clientAbilities';
import { RulePages } from '../../../src/languageServer/rulePages';
import { Session } from '../../../src/languageServer/session';
import type { LintedFile, Linter, LintResult } from '../../../src/lint/linter';

const folder = resolve('/no/such/shop');
const uriOf = (name: string) => pathToFileURL(join(folder, name)).href;

/** A session whose linter does what the test says with each text. */
function sessionWith(lint: (text: string) => Promise<LintResult>) {
  const published = new Map<string, readonly Diagnostic[]>();
  const log: string[] = [];
  let live = 0;
  const linter = {
    open: (_path: string, opened: string): LintedFile => {
      live += 1;
      let text = opened;
      return {
        get text() {
          return text;
        },
        update: (changed) => {
          text = changed;
        },
        lint: () => lint(text),
        settle: () => {
          const isBroken = text.startsWith('broken');
          text = text.replace('broken', 'settled');
          return isBroken;
        },
        exports: async () => undefined,
        fixes: async () => [],
        fixAll: async () => [],
        dispose: () => {
          live -= 1;
        },
      };
    },
  } as unknown as Linter;
  const session = new Session({
    connection: {
      sendDiagnostics: ({ uri, diagnostics }: { uri: string; diagnostics: Diagnostic[] }) =>
        published.set(uri, diagnostics),
      console: { error: (text: string) => log.push(text), warn: (text: string) => log.push(text) },
    } as unknown as Connection,
    abilities: clientAbilities({ processId: null, rootUri: null, capabilities: {} }),
    linter,
    pages: new RulePages(new URL('file:///rules/')),
    folders: [folder],
  });
  sessions.push(session);
  const open = (name: string, text: string) =>
    session.open({ uri: uriOf(name), languageId: 'typescript', version: 1, text });
  return { session, published, log, open, liveFiles: () => live };
}

const sessions: Session[] = [];
afterEach(() => {
  for (const session of sessions.splice(0)) session.dispose();
});

const finding = {
  rule: 'missing-deadline',
  severity: 'warning',
  span: { from: 0, to: 1 },
  message: 'No deadline.',
} as const;

describe('Session', () => {
  it('keeps on linting other files when one makes the linter fail, and says so once', async () => {
    const { session, published, log, open } = sessionWith(async (text) => {
      if (text.startsWith('bad')) throw new TypeError('cannot read that');
      return { findings: [finding], notes: [] };
    });
    open('bad.ts', 'bad');
    open('good.ts', 'good');
    await vi.waitFor(() => expect(published.size).toBe(2));
    session.settingsChanged();
    await session.hover({
      textDocument: { uri: uriOf('bad.ts') },
      position: { line: 0, character: 0 },
    });
    expect(published.get(uriOf('bad.ts'))).toEqual([]);
    expect(published.get(uriOf('good.ts'))).toHaveLength(1);
    expect(log.filter((line) => /bad\.ts: TypeError: cannot read that/.test(line))).toHaveLength(1);
  });

  it('does not show what was found in a text that has changed meanwhile', async () => {
    const finished: (() => void)[] = [];
    const { session, published, open } = sessionWith(async (text) => {
      await new Promise<void>((resolve) => finished.push(resolve));
      return { findings: text === 'old' ? [finding] : [], notes: [] };
    });
    open('a.ts', 'old');
    await vi.waitFor(() => expect(finished).toHaveLength(1));
    session.change({
      textDocument: { uri: uriOf('a.ts'), version: 2 },
      contentChanges: [{ text: 'new' }],
    });
    finished[0]?.();
    await vi.waitFor(() => expect(finished).toHaveLength(2));
    expect(published.size).toBe(0);
    finished[1]?.();
    await vi.waitFor(() => expect(published.get(uriOf('a.ts'))).toEqual([]));
  });

  it('looks afresh at broken text once nobody types', async () => {
    const seen: string[] = [];
    const { session, open } = sessionWith(async (text) => {
      seen.push(text);
      return { findings: [], notes: [] };
    });
    open('a.ts', 'whole');
    await vi.waitFor(() => expect(seen).toEqual(['whole']));
    session.change({
      textDocument: { uri: uriOf('a.ts'), version: 2 },
      contentChanges: [{ text: 'broken (' }],
    });
    await vi.waitFor(() => expect(seen).toEqual(['whole', 'broken (', 'settled (']), {
      timeout: 20_000,
    });
  });

  it('gives everything back that it opened', async () => {
    const { session, published, open, liveFiles } = sessionWith(async () => ({
      findings: [],
      notes: [],
    }));
    open('a.ts', 'a');
    open('b.ts', 'b');
    await vi.waitFor(() => expect(published.size).toBe(2));
    expect(liveFiles()).toBe(2);
    session.close(uriOf('a.ts'));
    expect(liveFiles()).toBe(1);
    session.dispose();
    expect(liveFiles()).toBe(0);
  });
});
