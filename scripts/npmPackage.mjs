import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { npm, npx } from './process.mjs';
import { root } from './project.mjs';

/** Bytes of the packed command line: 2.3 MB when this was written, most of it grammars, a tenth grpc-js and protobufjs. */
const sizeLimit = 2.4 * 1024 * 1024;

const allowed = [
  /^(package\.json|README\.md|LICENSE)$/,
  /^dist\/cli\/\w+\.cjs$/,
  /^dist\/grammars\/(web-)?tree-sitter[\w-]*\.wasm$/,
  /^dist\/THIRD-PARTY-NOTICES\.txt$/,
  /^docs\/(command-line|frameline-json|options|request-files|rules\/[\w-]+)\.md$/,
  /^media\/frameline\.schema\.json$/,
];

const required = [
  'package.json',
  'LICENSE',
  'dist/THIRD-PARTY-NOTICES.txt',
  'dist/cli/frameline.cjs',
  'dist/cli/main.cjs',
  'dist/cli/lintWorker.cjs',
  'dist/grammars/web-tree-sitter.wasm',
  'docs/command-line.md',
  'docs/rules/missing-deadline.md',
  'media/frameline.schema.json',
];

/** What npm may run when somebody installs the package. */
const installScripts = ['preinstall', 'install', 'postinstall', 'prepare'];

/** @typedef {{ filename: string, size: number, files: { path: string, size: number }[] }} Packed */

/**
 * Packs the command line, which must be built.
 * @param {string} folder for the archive
 * @returns {Promise<Packed>}
 */
async function pack(folder) {
  const { code, output } = await npm(['pack', '--json', '--pack-destination', folder], {
    cwd: root,
  });
  // npm may say something else before the JSON.
  const json = /^\[\n[\s\S]*^\]$/m.exec(output)?.[0];
  if (code !== 0 || json === undefined) throw new Error(`npm pack failed:\n${output}`);
  return JSON.parse(json)[0];
}

/**
 * Packs the command line, says what is wrong with the archive, installs it into an empty folder without a network,
 * lints a fixture of each language with it and makes calls.
 * @returns {Promise<{ problems: string[], size: number, largest: string[] }>} size in bytes
 */
export async function checkNpmPackage() {
  const folder = await mkdtemp(join(tmpdir(), 'frameline-npm-'));
  try {
    const packed = await pack(folder);
    const problems = [...contentProblems(packed), ...(await manifestProblems())];
    if (problems.length === 0) {
      problems.push(...(await tryOut(join(folder, packed.filename), join(folder, 'project'))));
    }
    const largest = packed.files
      .sort((a, b) => b.size - a.size)
      .slice(0, 5)
      .map(({ path, size }) => `${path} ${Math.round(size / 1024)} KB`);
    return { problems, size: packed.size, largest };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** @param {Packed} packed */
function contentProblems({ files, size }) {
  const names = new Set(files.map(({ path }) => path));
  return [
    ...[...names]
      .filter((name) => !allowed.some((pattern) => pattern.test(name)))
      .map((name) => `${name} does not belong into the npm package`),
    ...required.filter((name) => !names.has(name)).map((name) => `${name} is missing`),
    ...(size > sizeLimit ? [`${size} bytes, more than the limit of ${sizeLimit}`] : []),
  ];
}

async function manifestProblems() {
  const manifest = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  const needs = ['dependencies', 'optionalDependencies', 'peerDependencies'].flatMap((kind) =>
    Object.keys(manifest[kind] ?? {}),
  );
  return [
    ...needs.map((name) => `${name} would be installed with it, though everything is bundled`),
    ...installScripts
      .filter((name) => manifest.scripts?.[name] !== undefined)
      .map((name) => `the script ${name} would run where it is installed`),
  ];
}

/** Folders of `test/fixtures/lint`, each with code that has findings; `node` is JavaScript and TypeScript. */
const languages = ['cpp', 'csharp', 'go', 'java', 'kotlin', 'node', 'python', 'ruby', 'rust'];

/**
 * @param {string} archive
 * @param {string} project folder to be made
 * @returns {Promise<string[]>} what is wrong
 */
async function tryOut(archive, project) {
  await mkdir(project);
  await writeFile(join(project, 'package.json'), '{ "private": true }\n');
  const install = await npm(['install', '--offline', archive], { cwd: project });
  if (install.code !== 0) return [`It can't be installed:\n${install.output}`];
  await cp(join(root, 'test', 'fixtures', 'lint'), join(project, 'sources'), { recursive: true });
  const { code, output } = await npx(['frameline', 'lint', '--no-progress', 'sources'], {
    cwd: project,
  });
  if (code !== 1) return [`frameline lint ended with ${code}, not 1:\n${output}`];
  const silent = languages.filter(
    (name) => !new RegExp(`^sources/${name}/.*\\n +\\d+:\\d+  `, 'm').test(output),
  );
  if (silent.length > 0) {
    return [`frameline lint found nothing in ${silent.join(', ')}:\n${output.slice(-500)}`];
  }
  return await tryCalls(project);
}

const requests = `# @plaintext

### Lamp
# @expect message.price.units == 45
GRPC {{host}}/market.v1.ListingService/GetListing

{ "id": "lamp-1" }
`;

/**
 * Talks with the sample server, which must be built.
 * @param {string} project folder where the command is installed
 * @returns {Promise<string[]>} what is wrong
 */
async function tryCalls(project) {
  const server = spawn(
    process.execPath,
    [join(root, 'dist', 'sampleServer', 'bin', 'main.cjs'), '--json', '--exit-with-parent'],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  );
  try {
    const [ready] = await once(server.stdout, 'data');
    const { address } = JSON.parse(String(ready));
    await writeFile(join(project, 'market.grpc'), requests);
    const method = 'market.v1.ListingService/GetListing';
    const expected = /** @type {const} */ ([
      [['list', '--plaintext', address], /^market\.v1\.ListingService$/m],
      [['call', '--plaintext', address, method], /"id": "lamp-1"/],
      [['run', '--var', `host=${address}`, 'market.grpc'], /1 request: 1 passed/],
    ]);
    const problems = [];
    for (const [args, pattern] of expected) {
      const { code, output } = await npx(['frameline', ...args], { cwd: project });
      if (code !== 0 || !pattern.test(output)) {
        problems.push(`frameline ${args.join(' ')} ended with ${code}:\n${output.slice(-500)}`);
      }
    }
    return problems;
  } finally {
    server.kill();
  }
}
