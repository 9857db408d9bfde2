import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { parseConfig } from '../../src/lint/config/parseConfig';
import { editorForFile } from '../tools/editorHooks';
import { TextEditor } from '../tools/editorText';

const shop = `package shop

import (
	"context"

	"google.golang.org/grpc"

	marketv1 "example.com/gen/market/v1"
)

func Listing(conn *grpc.ClientConn, id string) (*marketv1.Listing, error) {
	client := marketv1.NewListingServiceClient(conn)
	return client.GetListing(context.Background(), &marketv1.GetListingRequest{Id: id})
}
`;

const editor = editorForFile(() => ({
  workspace: 'test/fixtures/lint/protos',
  files: {
    'README.md': '# Shop of grpc\n',
    'plain/main.go': 'package main\n\nfunc main() {}\n',
    'plain/package.json': '{ "dependencies": { "@grpc/grpc-js": "1" } }\n',
    'shop/shop.go': shop,
    'shop/typed.go': '',
  },
}));

function text(): TextEditor {
  return new TextEditor(editor());
}

/** Processes of language servers that run on this editor's extension. */
async function servers(): Promise<readonly number[]> {
  const extension = join(editor().workspace, '..', 'extensions');
  const found: number[] = [];
  for (const id of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const command = await readFile(join('/proc', id, 'cmdline'), 'utf8').catch(() => '');
    if (command.includes(extension) && command.includes(join('languageServer', 'main.js'))) {
      found.push(Number(id));
    }
  }
  return found;
}

test.runIf(process.platform === 'linux')('without a gRPC file no server runs', async () => {
  await text().open('plain/main.go');
  await text().open('plain/package.json');
  await text().open('README.md');
  expect(await servers()).toEqual([]);
});

test('a call without a deadline is underlined while it is typed', async () => {
  await text().open('shop/typed.go');
  expect(await text().squiggles('warning').count()).toBe(0);
  await text().replaceAll(shop.replace('context.Background(), &', 'context.'));
  // Behind `context.`; a tab counts as four.
  await text().goTo(13, 38);
  expect(await text().squiggles('warning').count()).toBe(0);
  await text().type('Background(), &');
  await text().squiggles('warning').first().waitFor();
  if (process.platform === 'linux') {
    expect(await servers()).toHaveLength(1);
  }
});

test('hovering says why, and the code opens the page of the rule', async () => {
  await text().goTo(13, 20);
  const hover = await text().hover('No deadline');
  await hover.getByText('No gRPC client sets a deadline by itself').waitFor();
  await editor().screenshot('linter-hover');
  await hover.locator('a.code-link', { hasText: 'missing-deadline' }).click();
  const { workbench } = editor();
  await workbench.editorTab('missing-deadline.md').waitFor();
  await workbench.webview.getByRole('heading', { name: 'missing-deadline' }).waitFor();
  await editor().screenshot('linter-rule-page');
});

test('the quick fix removes the underline', async () => {
  await text().open('shop/typed.go');
  await text().squiggles('warning').first().waitFor();
  await text().goTo(13, 20);
  await text().quickFix(/5s/);
  await text().squiggles('warning').first().waitFor({ state: 'detached' });
  const fixed = await text().saved('shop/typed.go');
  expect(fixed).toContain('context.WithTimeout(context.Background(), 5*time.Second)');
  expect(fixed).toContain('defer cancel()');
  expect(fixed).toContain('"time"');
});

test('a suppression leaves the cursor where its reason is to be written', async () => {
  await text().open('shop/shop.go');
  await text().squiggles('warning').first().waitFor();
  await text().goTo(13, 20);
  await text().quickFix('Suppress missing-deadline here, with a reason');
  await text().squiggles('warning').first().waitFor();
  await text().type('the stream lives as long as the page');
  await text().squiggles('warning').first().waitFor({ state: 'detached' });
  expect(await text().saved('shop/shop.go')).toContain(
    '\t// frameline-ignore missing-deadline: the stream lives as long as the page\n\treturn',
  );
});

test('frameline.json completes and changes the findings at once', async () => {
  const { workbench } = editor();
  await workbench.runCommand('gRPC: Create frameline.json');
  await workbench.editorTab('frameline.json').waitFor();
  expect(parseConfig(await text().saved('frameline.json')).problems).toEqual([]);
  await text().replaceAll('{\n  \n}\n');
  await text().goTo(2, 3);
  await text().suggestion('path');
  await editor().screenshot('linter-completion');
  await text().press('Escape');
  await text().replaceAll('{ "lint": { "rules": {  } } }\n');
  await text().goTo(1, 24);
  await text().suggestion('missing-deadline');
  await text().press('Escape');

  await text().replaceAll('{ "lint": { "rules": { "missing-deadline": "loud" } } }\n');
  await text().squiggles('error').first().waitFor();
  await text().replaceAll('{ "lint": { "rules": { "missing-deadline": "off" } } }\n');
  await text().open('shop/shop.go');
  // Nothing breaks the rule any more, so the suppression has no use.
  await text().squiggles('warning').first().waitFor();
  await text().goTo(13, 20);
  await text().hover('Nothing here breaks missing-deadline');
});

test('the page of any rule opens from the command palette', async () => {
  const { workbench } = editor();
  await workbench.runCommand('gRPC: Explain a Lint Rule…');
  await workbench.pick('connection-balancing');
  await workbench.webview.getByRole('heading', { name: 'connection-balancing' }).waitFor();
});

test.runIf(process.platform === 'linux')(
  'a server that crashes is started again, and it is said once',
  async () => {
    const { workbench } = editor();
    await text().open('shop/shop.go');
    await text().squiggles('warning').first().waitFor();
    const [first = 0] = await servers();
    process.kill(first, 'SIGKILL');
    await workbench.notification('stopped unexpectedly and was started again').waitFor();
    await text().squiggles('warning').first().waitFor();
    const [second = 0] = await servers();
    expect(second).not.toBe(first);
    process.kill(second, 'SIGKILL');
    await expect.poll(async () => (await servers()).filter((id) => id !== second)).toHaveLength(1);
    await text().squiggles('warning').first().waitFor();
    expect(await workbench.notification('stopped unexpectedly').count()).toBe(1);
  },
);

test('turned off, nothing is underlined and no server runs', async () => {
  const { workspace } = editor();
  const settings = join(workspace, '.vscode', 'settings.json');
  await mkdir(dirname(settings), { recursive: true });
  await writeFile(settings, '{ "frameline.lint.enable": false }');
  await text().squiggles('warning').first().waitFor({ state: 'detached' });
  if (process.platform === 'linux') {
    await expect.poll(servers).toEqual([]);
  }
  await writeFile(settings, '{ "frameline.lint.enable": true }');
  await text().squiggles('warning').first().waitFor();
});
