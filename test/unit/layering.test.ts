import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { expect, test } from 'vitest';
import { run } from '../../scripts/process.mjs';
import { root } from '../../scripts/project.mjs';

/** The rooms below the faces, from the top: each may import those below it. */
const stack = ['request', 'config', 'schema', 'grpc', 'transcript', 'wire'];

/** A room of the stack and those below it. */
function downFrom(room: string): string[] {
  return stack.slice(stack.indexOf(room)).map((one) => `${one}/file`);
}

/** What each room may import beside itself, as `docs/architecture.md` says it. */
const rooms: Record<string, readonly string[]> = {
  host: [
    ...['vscode', 'panel/file', ...downFrom('request')],
    ...['languageServer/protocol', 'lint/finding', 'lint/ruleIds', 'sampleServer/file'],
  ],
  languageServer: ['lint', ...downFrom('request')],
  cli: ['lint', 'panel/file', ...downFrom('request')],
  lint: ['config/file', ...downFrom('grpc')],
  request: downFrom('config'),
  config: downFrom('schema'),
  panel: downFrom('schema'),
  'panel/webview': ['panel/file'],
  schema: downFrom('grpc'),
  grpc: downFrom('transcript'),
  transcript: downFrom('wire'),
  wire: [],
  sampleServer: downFrom('wire'),
};

const importable = [
  'vscode',
  ...['host/file', 'languageServer/file', 'languageServer/protocol', 'cli/file'],
  ...['lint/file', 'lint/rules/file', 'lint/finding', 'lint/ruleIds'],
  ...['panel/file', ...downFrom('request')],
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
