/**
 * Servers in other languages for Frameline to be tried against (test/interop): built with what this machine has.
 *
 *   node scripts/interop.mjs            builds and starts them, prints their addresses, stops them on Ctrl-C
 *   node scripts/interop.mjs generate   writes test/interop/go/interopv1 anew after a change of a .proto file
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, stat } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { cached } from './cache.mjs';
import { run, stop } from './process.mjs';
import { root } from './project.mjs';

const home = join(root, 'test', 'interop');
const protos = join(home, 'proto');
/** Milliseconds that a server has to print its address. */
const startTimeout = 30_000;

/**
 * How a server is started.
 * @typedef {{ file: string, args: string[], env: Record<string, string> }} Program
 */

/** @typedef {{ go?: Program, python?: Program }} Programs what the machine can't build is absent */

/**
 * Builds the servers, each once for its sources. A language that the machine lacks is reported and left out;
 * one that is there and fails is an error.
 * @param {(line: string) => void} report
 * @returns {Promise<Programs>}
 */
export async function prepareServers(report) {
  const go = await prepareGo(report);
  const python = await preparePython(report);
  return { ...(go && { go }), ...(python && { python }) };
}

/**
 * @param {(line: string) => void} report
 * @returns {Promise<Program | undefined>}
 */
async function prepareGo(report) {
  const version = await versionOf('go', ['version']);
  if (version === undefined) {
    report('Go server skipped: there is no go on PATH.');
    return undefined;
  }
  const source = join(home, 'go');
  const name = `interop-go-${await hash(version, source)}`;
  const program = process.platform === 'win32' ? 'server.exe' : 'server';
  const folder = await cached(name, async (to) => {
    report(`Building the Go server with ${version}…`);
    await must('go', ['build', '-o', join(to, program), '.'], { cwd: source });
  });
  return { file: join(folder, program), args: [], env: {} };
}

const grpcurl = 'v1.9.4';

/**
 * Builds grpcurl from the Go module proxy, once for its version.
 * @param {(line: string) => void} report
 * @returns {Promise<string | undefined>} path of the program; undefined where there is no Go
 */
export async function prepareGrpcurl(report) {
  const version = await versionOf('go', ['version']);
  if (version === undefined) {
    report('grpcurl skipped: there is no go on PATH.');
    return undefined;
  }
  const folder = await cached(
    `grpcurl-${grpcurl}-${process.platform}-${process.arch}`,
    async (to) => {
      report(`Building grpcurl ${grpcurl} with ${version}…`);
      const module = `github.com/fullstorydev/grpcurl/cmd/grpcurl@${grpcurl}`;
      await must('go', ['install', module], { env: { ...process.env, GOBIN: to } });
    },
  );
  return join(folder, process.platform === 'win32' ? 'grpcurl.exe' : 'grpcurl');
}

/**
 * @param {(line: string) => void} report
 * @returns {Promise<Program | undefined>}
 */
async function preparePython(report) {
  const python = await findPython();
  if (!python) {
    report('Python server skipped: there is no python3 with pip on PATH.');
    return undefined;
  }
  const { packages, generated } = await pythonFolders(python, report);
  return {
    file: python.file,
    args: [join(home, 'python', 'server.py')],
    env: { PYTHONPATH: [packages, generated].join(delimiter), PYTHONDONTWRITEBYTECODE: '1' },
  };
}

/**
 * @param {{ file: string, version: string }} python
 * @param {(line: string) => void} report
 */
async function pythonFolders({ file, version }, report) {
  const requirements = join(home, 'python', 'requirements.txt');
  const name = `interop-python-${await hash(version, protos, requirements)}`;
  const folder = await cached(name, async (to) => {
    report(`Installing the Python server's packages for ${version}…`);
    const packages = join(to, 'packages');
    const quiet = ['--quiet', '--disable-pip-version-check', '--no-input'];
    // A folder on the module path, unlike a virtual environment, may be renamed.
    const place = ['--target', packages, '--only-binary', ':all:'];
    await must(file, ['-m', 'pip', 'install', ...quiet, ...place, '-r', requirements]);
    const generated = join(to, 'generated');
    await mkdir(generated);
    await protoc(file, packages, [`--python_out=${generated}`, `--grpc_python_out=${generated}`]);
  });
  return { packages: join(folder, 'packages'), generated: join(folder, 'generated') };
}

/**
 * Runs the protoc that grpcio-tools brings.
 * @param {string} python
 * @param {string} packages
 * @param {readonly string[]} outputs
 */
async function protoc(python, packages, outputs) {
  const files = await filesBelow(protos);
  await must(python, ['-m', 'grpc_tools.protoc', `-I${protos}`, ...outputs, ...files], {
    env: { ...process.env, PYTHONPATH: packages },
  });
}

async function findPython() {
  for (const file of ['python3', 'python']) {
    const version = await versionOf(file, ['--version']);
    const pip = version && (await versionOf(file, ['-m', 'pip', '--version']));
    if (version?.startsWith('Python 3.') && pip) return { file, version };
  }
  return undefined;
}

/**
 * @param {string} file
 * @param {readonly string[]} args
 * @returns {Promise<string | undefined>} undefined when it can't be started or fails
 */
async function versionOf(file, args) {
  const finished = await run(file, args).catch(() => undefined);
  return finished?.code === 0 ? finished.output.trim() : undefined;
}

/**
 * @param {string} file
 * @param {readonly string[]} args
 * @param {Parameters<typeof run>[2]} [options]
 */
async function must(file, args, options) {
  const { code, output } = await run(file, args, options);
  if (code !== 0) throw new Error(`${file} ${args.join(' ')} ended with ${code}:\n${output}`);
}

/**
 * @param {string} version
 * @param {readonly string[]} paths files or folders
 */
async function hash(version, ...paths) {
  const sum = createHash('sha256').update(`${version}\n`);
  for (const path of paths) {
    for (const file of await filesBelow(path)) {
      sum.update(`${file.slice(home.length)}\n`).update(await readFile(file));
    }
  }
  return sum.digest('hex').slice(0, 16);
}

/**
 * @param {string} path
 * @returns {Promise<string[]>} sorted; `path` itself when it is a file
 */
async function filesBelow(path) {
  if ((await stat(path)).isFile()) return [path];
  const names = await readdir(path);
  const files = await Promise.all(names.map((name) => filesBelow(join(path, name))));
  return files.flat().sort();
}

/**
 * Starts a server that `prepareServers` built.
 * @param {Program} program
 * @param {readonly string[]} [flags] see test/interop/go/main.go and test/interop/python/server.py
 */
export async function startServer({ file, args, env }, flags = []) {
  const child = spawn(file, [...args, ...flags], {
    env: { ...process.env, ...env },
    // The server ends when this pipe closes: also when this process is killed.
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let errors = '';
  child.stderr.on('data', (/** @type {Buffer} */ chunk) => {
    errors = (errors + chunk.toString()).slice(-20_000);
  });
  const lines = createInterface({ input: child.stdout });
  const address = await new Promise((/** @type {(line: string) => void} */ resolve, reject) => {
    const fail = (/** @type {string} */ why) => reject(new Error(`${file} ${why}\n${errors}`));
    const timer = setTimeout(() => fail('printed no address in time.'), startTimeout);
    child.on('error', (error) => fail(`can't be started: ${error.message}`));
    child.on('close', (code) => fail(`ended with ${code}.`));
    lines.once('line', resolve);
    lines.once('line', () => clearTimeout(timer));
    child.once('close', () => clearTimeout(timer));
  }).catch(async (error) => {
    await stop(child);
    throw error;
  });
  return {
    /** `127.0.0.1:PORT` */
    address,
    /** What it has written to standard error, the last of it. */
    errors: () => errors,
    stop: () => stop(child),
    /** Has it stop by its own means: it closes its connections and ends. */
    endInput() {
      child.stdin.end();
    },
    /** Ends it at once, as a crash does: the operating system closes its connections. */
    kill() {
      child.kill('SIGKILL');
    },
  };
}

async function generate() {
  const python = await findPython();
  if (!python) throw new Error('protoc comes from pip: python3 with pip must be on PATH.');
  const { packages } = await pythonFolders(python, console.log);
  const tools = await cached('interop-go-generators', async (to) => {
    const env = { ...process.env, GOBIN: to };
    const protobuf = 'google.golang.org/protobuf/cmd/protoc-gen-go@v1.36.12';
    const grpc = 'google.golang.org/grpc/cmd/protoc-gen-go-grpc@v1.6.2';
    await must('go', ['install', protobuf], { env });
    await must('go', ['install', grpc], { env });
  });
  const outputs = ['go', 'go-grpc'].flatMap((name) => [
    `--plugin=protoc-gen-${name}=${join(tools, `protoc-gen-${name}`)}`,
    `--${name}_out=${join(home, 'go')}`,
    `--${name}_opt=module=frameline.dev/interop`,
  ]);
  await protoc(python.file, packages, outputs);
}

async function serve() {
  const programs = await prepareServers(console.log);
  const servers = await Promise.all(
    Object.entries(programs).map(async ([language, program]) => {
      const server = await startServer(program);
      console.log(`${language}: ${server.address}`);
      return server;
    }),
  );
  if (servers.length === 0) return;
  await new Promise((resolve) => {
    process.once('SIGINT', resolve);
    process.once('SIGTERM', resolve);
  });
  await Promise.all(servers.map((server) => server.stop()));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await (process.argv[2] === 'generate' ? generate() : serve());
}
