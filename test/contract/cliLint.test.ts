import { spawn } from 'node:child_process';
import { readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type BuiltCommand, buildCommand } from '../tools/commandLine';
import { useTemporaryFolders } from '../tools/temporaryFolder';

const temporaryFolder = useTemporaryFolders();
let command: BuiltCommand;

beforeAll(async () => {
  command = await buildCommand();
}, 60_000);
afterAll(() => command.remove());

const proto = `syntax = "proto3";
package market.v1;
service ListingService { rpc GetListing (GetListingRequest) returns (Listing); }
message GetListingRequest {}
message Listing {}
`;

/** One call without a deadline, in line 6. */
const python = `import grpc
from market.v1 import listing_pb2, listing_pb2_grpc

def load(channel):
    stub = listing_pb2_grpc.ListingServiceStub(channel)
    return stub.GetListing(listing_pb2.GetListingRequest())
`;
const safe = python.replace('Request())', 'Request(), timeout=5)');
const market = { '.git/HEAD': '', 'proto/listing.proto': proto };

interface Json {
  readonly summary: { readonly files: number };
  readonly findings: readonly { readonly path: string; readonly rule: string }[];
  readonly notes: readonly { readonly path: string; readonly text: string }[];
}

async function json(args: readonly string[], cwd: string): Promise<Json> {
  const { out, err } = await command.run(['lint', '--format', 'json', ...args], cwd);
  try {
    return JSON.parse(out) as Json;
  } catch {
    throw new Error(`no JSON: ${out}${err}`);
  }
}

const paths = ({ findings }: Json) => findings.map(({ path }) => path);

describe('frameline', () => {
  test('says what it can do, and which version it is', async () => {
    const cwd = await temporaryFolder();
    const help = await command.run(['--help'], cwd);
    expect(help).toMatchObject({ code: 0, err: '' });
    expect(help.out).toMatch(/^Usage: frameline <command>[\s\S]*\n {2}lint {2}/);
    expect((await command.run(['lint', '--help'], cwd)).out).toMatch(/^Usage: frameline lint/);
    const { version } = JSON.parse(await readFile(join(command.folder, 'package.json'), 'utf8'));
    expect(await command.run(['--version'], cwd)).toEqual({
      code: 0,
      out: `${version}\n`,
      err: '',
    });
  });

  test('starts without the parser, the grammars and the rules', async () => {
    const small = await buildCommand();
    try {
      await rm(join(small.folder, 'dist', 'grammars'), { recursive: true });
      const main = join(small.folder, 'dist', 'cli', 'main.cjs');
      const modules =
        /"[^"\n]*\/(?:web-tree-sitter\/web-tree-sitter\.cjs|lintCommand\.ts|grpc-js\/build\/src\/index\.js)"\(.*\) \{/g;
      const source = await readFile(main, 'utf8');
      expect(source.match(modules)).toHaveLength(3);
      await writeFile(main, source.replaceAll(modules, '$& throw new Error("It was loaded.");'));
      expect((await small.run(['--help'], small.folder)).code).toBe(0);
      expect((await small.run(['--version'], small.folder)).code).toBe(0);
      expect((await small.run(['lint'], small.folder)).code).toBe(2);
    } finally {
      await small.remove();
    }
  });

  test.each([
    [['nope'], 'frameline: There is no command "nope".\n  See frameline --help.\n'],
    [['constructor'], 'frameline: There is no command "constructor".\n  See frameline --help.\n'],
    [['--nope'], 'frameline: There is no option --nope.\n  See frameline --help.\n'],
    [['lint', '--nope'], "frameline: Unknown option '--nope'.\n  See frameline lint --help.\n"],
    [['lint', 'gone.py'], 'frameline: There is no file or folder gone.py.\n'],
    [
      ['lint', '--config', 'gone.json'],
      'frameline: There is no file gone.json, which --config names.\n',
    ],
  ])('refuses %j', async (args, err) => {
    expect(await command.run(args, await temporaryFolder())).toEqual({ code: 2, out: '', err });
  });
});

describe('frameline lint', () => {
  test('shows findings and ends with 1', async () => {
    const cwd = await temporaryFolder({ ...market, 'app/load.py': python });
    const { code, out, err } = await command.run(['lint'], cwd);
    expect({ code, err }).toEqual({ code: 1, err: '' });
    expect(out).toMatch(
      /^app\/load\.py\n {2}6:17 {2}warning {2}\S.* {2}missing-deadline\n {8}return stub\.GetListing\(.*\n {20}\^{10}\n\n1 warning in 1 of 1 file\.\n$/,
    );
  });

  test('ends with 0 when nothing is found, or nothing that is bad enough', async () => {
    const clean = await temporaryFolder({ ...market, 'app/load.py': safe });
    expect(await command.run(['lint'], clean)).toEqual({
      code: 0,
      out: 'Nothing found in 1 file.\n',
      err: '',
    });
    const cwd = await temporaryFolder({ ...market, 'app/load.py': python });
    const lenient = await command.run(['lint', '--severity', 'error'], cwd);
    expect(lenient.code).toBe(0);
    expect(lenient.out).toContain('missing-deadline');
  });

  test('judges a file by all of its workspace, wherever it runs and whatever is named', async () => {
    const cwd = await temporaryFolder({
      ...market,
      'app/load.py': python,
      'app/deep/other.py': python,
      'app/generated_pb2_grpc.py':
        '# Generated by the gRPC Python protocol compiler plugin. DO NOT EDIT!\n',
    });
    const all = await json([], cwd);
    expect(paths(all)).toEqual(['app/deep/other.py', 'app/load.py']);
    const one = await json(['app/load.py'], cwd);
    expect(one.findings).toEqual(all.findings.filter(({ path }) => path === 'app/load.py'));
    expect(paths(await json(['..'], join(cwd, 'app')))).toEqual(['deep/other.py', 'load.py']);
    expect(paths(await json(['.'], join(cwd, 'app', 'deep')))).toEqual(['other.py']);
    // Named twice, found once.
    expect(paths(await json(['app', 'app/load.py', '.'], cwd))).toHaveLength(2);
  });

  test('obeys frameline.json: rules, what is ignored, what is taken in', async () => {
    const cwd = await temporaryFolder({
      ...market,
      'frameline.json':
        '{ "lint": { "ignore": ["old/"], "include": ["vendored"], "rules": { "missing-deadline": "error" } } }',
      'load.py': python,
      'old/load.py': python,
      'vendor/load.py': python,
      'off/frameline.json': '{ "lint": { "rules": { "missing-deadline": "off" } } }',
      'off/load.py': python,
    });
    const report = await json([], cwd);
    expect(paths(report)).toEqual(['load.py', 'vendor/load.py']);
    expect(report.findings[0]).toMatchObject({ severity: 'error' });
    expect(report.summary.files).toBe(3);
  });

  test('uses one frameline.json for all when it is told to', async () => {
    const cwd = await temporaryFolder({
      ...market,
      'ci/lint.json': '{ "lint": { "ignore": ["/b.py"] } }',
      'frameline.json': '{ "lint": { "rules": { "missing-deadline": "off" } } }',
      'a.py': python,
      'b.py': python,
    });
    expect(paths(await json(['--config', 'ci/lint.json'], cwd))).toEqual(['a.py']);
  });

  test('lints nothing while a frameline.json has mistakes', async () => {
    const cwd = await temporaryFolder({
      ...market,
      'frameline.json': '{\n  "lint": { "ignroe": ["x"] }\n}\n',
      'sub/load.py': python,
    });
    const { code, out, err } = await command.run(['lint', 'sub'], cwd);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(
      /^frameline: frameline\.json has mistakes\.\n {2}frameline\.json:2:13: .*ignroe/,
    );
  });

  test('says of what is named why it is not linted', async () => {
    const cwd = await temporaryFolder({
      ...market,
      '.gitignore': 'out/\n',
      'out/load.py': python,
      'api_pb2_grpc.py': '# Generated by the gRPC Python protocol compiler plugin. DO NOT EDIT!\n',
      'data.json': '{}',
      'README.md': '',
      'node_modules/x/y.py': python,
    });
    const named = [
      'out',
      'out/load.py',
      'api_pb2_grpc.py',
      'data.json',
      'README.md',
      'node_modules',
    ];
    const { code, out, err } = await command.run(['lint', ...named], cwd);
    expect({ code, out }).toEqual({ code: 0, out: 'Nothing found in 0 files.\n' });
    expect(err.split('\n').map((line) => line.split(/[;,]/)[0])).toEqual([
      'note  README.md: not linted: no language that Frameline knows',
      'note  api_pb2_grpc.py: not linted: it is generated',
      'note  data.json: not linted: it is no service config',
      'note  node_modules: not linted: it belongs to an installed package or to version control',
      'note  out: not linted: it is ignored by .gitignore or by "lint.ignore" in frameline.json',
      'note  out/load.py: not linted: it is ignored by .gitignore or by "lint.ignore" in frameline.json',
      '',
    ]);
    expect((await command.run(['lint', '-q', ...named], cwd)).err).toBe('');
  });

  test('a file that can not be read is a note, and the others are linted', async () => {
    const cwd = await temporaryFolder({
      ...market,
      'load.py': python,
      'large.py': `${python}${'#'.repeat(1_048_576)}\n`,
      'binary.py': Uint8Array.of(0, 1, 2),
      'latin1.py': Buffer.from(`# caf\xe9\n${python}`, 'latin1'),
      'wide.py': Buffer.from(`\uFEFF${python}`, 'utf16le'),
    });
    await symlink(join(cwd, 'nowhere'), join(cwd, 'link.py'));
    const report = await json([], cwd);
    expect(paths(report)).toEqual(['latin1.py', 'load.py', 'wide.py']);
    expect(report.notes).toEqual([
      { path: 'binary.py', text: 'is not text: left out' },
      { path: 'large.py', text: 'is larger than 1 MiB: left out' },
      { path: 'latin1.py', text: 'is not UTF-8: what could not be read was replaced' },
    ]);
  });

  test('follows a symbolic link that is named', async () => {
    const real = await temporaryFolder({ ...market, 'load.py': python });
    const cwd = await temporaryFolder();
    await symlink(real, join(cwd, 'link'));
    expect(paths(await json(['link'], cwd))).toHaveLength(1);
    expect(paths(await json(['.'], cwd))).toHaveLength(0);
  });

  test('writes a report to a file, and says where it could not', async () => {
    const cwd = await temporaryFolder({ ...market, 'load.py': python });
    const args = ['lint', '--format', 'sarif', '--output'];
    expect(await command.run([...args, 'out.sarif'], cwd)).toEqual({
      code: 1,
      out: '',
      err: '1 warning in 1 of 1 file.\n',
    });
    const log = JSON.parse(await readFile(join(cwd, 'out.sarif'), 'utf8'));
    expect(log.runs[0].results).toHaveLength(1);
    expect(log.runs[0].tool.driver.rules[0].help.markdown).toContain('# missing-deadline');
    const failed = await command.run([...args, 'no/folder/out.sarif'], cwd);
    expect(failed.code).toBe(2);
    expect(failed.err).toMatch(/^frameline: The report could not be written: ENOENT/);
  });

  test('many files in several threads give what one thread gives', async () => {
    const files: Record<string, string> = { ...market };
    for (let at = 0; at < 400; at += 1) {
      files[`p${at % 7}/load${at}.py`] = at % 4 === 0 ? python : safe;
    }
    const cwd = await temporaryFolder(files);
    const report = await json([], cwd);
    expect(report.summary.files).toBe(400);
    expect(paths(report)).toEqual(
      Object.keys(files)
        .filter((path) => files[path] === python)
        .sort(),
    );
    expect(new Set(report.findings.map(({ rule }) => rule))).toEqual(new Set(['missing-deadline']));
  });

  test('a reader that goes away changes nothing but the output', async () => {
    const files: Record<string, string> = { ...market };
    for (let at = 0; at < 200; at += 1) {
      files[`load${at}.py`] = python + python.repeat(5);
    }
    const cwd = await temporaryFolder(files);
    const child = spawn(process.execPath, [command.program, 'lint'], {
      cwd,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let err = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      err += text;
    });
    child.stdout.once('data', () => child.stdout.destroy());
    const code = await new Promise((resolve) => child.once('close', resolve));
    expect({ code, err }).toEqual({ code: 1, err: '' });
  });

  test('names with control characters do nothing to a terminal', async () => {
    const cwd = await temporaryFolder({ ...market, 'a\x1b[2J\n.py': python });
    const { out } = await command.run(['lint', '--color', 'never'], cwd);
    expect(out).toMatch(/^a\uFFFD\[2J\uFFFD\.py\n/);
  });
});
