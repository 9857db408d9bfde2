import { readdir, readFile } from 'node:fs/promises';
import { extname, join, relative } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { PublishDiagnosticsParams } from 'vscode-languageserver/node';
import type { ReportedFinding } from '../../src/cli/lint/report';
import { languageFor } from '../../src/lint/languages';
import { type BuiltCommand, buildCommand } from '../tools/commandLine';
import { type BuiltServer, buildServer, RunningServer } from '../tools/languageServer';
import { until } from '../tools/until';

let command: BuiltCommand;
let server: BuiltServer;

beforeAll(async () => {
  [command, server] = await Promise.all([buildCommand(), buildServer()]);
}, 60_000);
afterAll(() => Promise.all([command.remove(), server.remove()]));

const fixtures = join(import.meta.dirname, '../fixtures/lint');

/** Every annotated source, the `.proto` files and the `frameline.json` of some folders. */
async function workspaceFiles(): Promise<Record<string, string>> {
  const entries = await readdir(fixtures, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
  const texts = await Promise.all(
    files.map(async (path) => [relative(fixtures, path), await readFile(path, 'utf8')] as const),
  );
  return Object.fromEntries(texts);
}

type Findings = Record<string, readonly string[]>;

async function inTerminal(cwd: string): Promise<Findings> {
  const { out } = await command.run(['lint', '--format', 'json'], cwd);
  const { findings } = JSON.parse(out) as {
    findings: readonly (ReportedFinding & { readonly path: string })[];
  };
  const found: Record<string, string[]> = {};
  for (const { path, start, end, severity, rule, message } of findings) {
    found[path] ??= [];
    found[path].push(
      `${start.line}:${start.column}-${end.line}:${end.column} ${severity} ${rule} ${message}`,
    );
  }
  return found;
}

const severities = ['', 'error', 'warning', 'information', 'hint'];

function inEditor(published: ReadonlyMap<string, PublishDiagnosticsParams>): Findings {
  return Object.fromEntries(
    [...published]
      .filter(([, { diagnostics }]) => diagnostics.length > 0)
      .map(([path, { diagnostics }]) => [
        path,
        diagnostics.map(({ range: { start, end }, severity = 0, code, message }) => {
          const place = `${start.line + 1}:${start.character + 1}-${end.line + 1}:${end.character + 1}`;
          return `${place} ${severities[severity]} ${code} ${message}`;
        }),
      ]),
  );
}

test('the terminal shows what the editor shows', async () => {
  const files = await workspaceFiles();
  const running = await RunningServer.start(server, { files });
  try {
    const published = new Map<string, PublishDiagnosticsParams>();
    const names = new Map(Object.keys(files).map((name) => [running.uri(name), name]));
    running.connection.onNotification(
      'textDocument/publishDiagnostics',
      (params: PublishDiagnosticsParams) => {
        published.set(names.get(params.uri) ?? params.uri, params);
      },
    );
    running.connection.onRequest(
      'workspace/configuration',
      ({ items }: { items: readonly unknown[] }) => items.map(() => null),
    );
    const opened = Object.entries(files).filter(([name]) => languageFor(name) !== undefined);
    for (const [name, text] of opened) {
      await running.connection.sendNotification('textDocument/didOpen', {
        textDocument: {
          uri: running.uri(name),
          languageId: languageFor(name)?.editorIds[0] ?? extname(name),
          version: 1,
          text,
        },
      });
    }
    const expected = await inTerminal(running.workspace);
    expect(Object.keys(expected).length).toBeGreaterThan(20);
    const sorted = (found: Findings) => JSON.stringify(Object.entries(found).sort());
    // The editor shows what it knows at once, and again when the whole workspace is read. When they differ for
    // good, the difference is more use than a test that ran out of time.
    const end = Date.now() + 30_000;
    await until(() => sorted(inEditor(published)) === sorted(expected) || Date.now() > end);
    expect(inEditor(published)).toEqual(expected);
    expect(opened.filter(([name]) => !published.has(name))).toEqual([]);
  } finally {
    await running.stop();
  }
}, 60_000);
