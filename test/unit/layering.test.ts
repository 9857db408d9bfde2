import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { expect, test } from 'vitest';
import { run } from '../../scripts/process.mjs';
import { root } from '../../scripts/project.mjs';

/** What each room may import beside itself, as `docs/architecture.md` says it. */
const rooms: Record<string, readonly string[]> = {
  host: [
    ...[
      'vscode',
      'panel/file',
      'request/file',
      'config/file',
      'schema/file',
      'grpc/file',
      'transcript/file',
      'wire/file',
    ],
    ...['languageServer/protocol', 'lint/finding', 'lint/ruleIds', 'sampleServer/file'],
  ],
  languageServer: [
    'lint',
    'request/file',
    'config/file',
    'schema/file',
    'grpc/file',
    'transcript/file',
    'wire/file',
  ],
  cli: [
    'lint',
    'panel/file',
    'request/file',
    'config/file',
    'schema/file',
    'grpc/file',
    'transcript/file',
    'wire/file',
  ],
  lint: ['config/file', 'grpc/file', 'transcript/file', 'wire/file'],
  request: ['config/file', 'schema/file', 'grpc/file', 'transcript/file', 'wire/file'],
  config: ['schema/file', 'grpc/file', 'transcript/file', 'wire/file'],
  panel: ['schema/file', 'grpc/file', 'transcript/file', 'wire/file'],
  'panel/webview': ['panel/file'],
  schema: ['grpc/file', 'transcript/file', 'wire/file'],
  grpc: ['transcript/file', 'wire/file'],
  transcript: ['wire/file'],
  wire: [],
  sampleServer: ['wire/file'],
};

const importable = [
  'vscode',
  ...['host/file', 'languageServer/file', 'languageServer/protocol', 'cli/file'],
  ...['lint/file', 'lint/rules/file', 'lint/finding', 'lint/ruleIds'],
  ...['request/file', 'config/file'],
  ...['panel/file', 'schema/file', 'grpc/file', 'transcript/file', 'wire/file'],
  'sampleServer/file',
];

test('imports run down only: biome.json refuses the others, and no more', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'frameline-layering-'));
  try {
    await cp(join(root, 'biome.json'), join(folder, 'biome.json'));
    const expected: string[] = [];
    for (const [room, allowed] of Object.entries(rooms)) {
      for (const target of importable.filter((path) => dirname(path).split('/')[0] !== room)) {
        await putImport(folder, room, target);
        if (!allowed.some((path) => target === path || target.startsWith(`${path}/`))) {
          expected.push(`${room} -> ${target}`);
        }
      }
    }
    expect((await refusals(folder)).sort()).toEqual(expected.sort());
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

async function putImport(folder: string, room: string, target: string): Promise<void> {
  const file = join('src', room, `imports-${target.replaceAll('/', '+')}.ts`);
  const specifier = target === 'vscode' ? target : relative(dirname(file), join('src', target));
  await mkdir(dirname(join(folder, file)), { recursive: true });
  await writeFile(join(folder, file), `export { x } from '${specifier.replaceAll('\\', '/')}';\n`);
}

/** Imports that the linter refuses below `src`. */
async function refusals(folder: string): Promise<string[]> {
  const biome = join(root, 'node_modules', '@biomejs', 'biome', 'bin', 'biome');
  const only = ['--only=style/noRestrictedImports', '--vcs-enabled=false'];
  const print = ['--reporter=github', '--max-diagnostics=none'];
  const options = { cwd: folder };
  const { output } = await run(
    process.execPath,
    [biome, 'lint', ...only, ...print, 'src'],
    options,
  );
  return [...output.matchAll(/src\/([^,]+)\/imports-([^,]+)\.ts,/g)].map(
    ([, room = '', target = '']) => `${room} -> ${target.replaceAll('+', '/')}`,
  );
}
