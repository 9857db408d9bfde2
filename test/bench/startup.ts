import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { median, report } from './report';

const ROUNDS = 11;
const dist = resolve('dist');

build();
const entry = staticImports(join(dist, 'extension.js'));
const entrySize = [...entry].reduce((sum, file) => sum + statSync(file).size, 0) / 1024;
report(
  'entry bundle with what it imports statically',
  `${entrySize.toFixed(0)} KB`,
  '<= 150 KB',
  entrySize <= 150,
);

const folder = mkdtempSync(join(tmpdir(), 'frameline-startup-'));
try {
  const probe = writeProbe(folder);
  const loads: number[] = [];
  const activations: number[] = [];
  let processes = 0;
  let wasm = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const run = runProbe(probe);
    loads.push(run.load);
    activations.push(run.activate);
    processes = Math.max(processes, run.processes);
    wasm = Math.max(wasm, run.wasm);
  }
  const total = median(loads.map((load, index) => load + (activations[index] ?? 0)));
  const figure = `${median(loads).toFixed(0)} + ${median(activations).toFixed(0)} ms`;
  report(
    'load the entry + activate() (Node alone, a stand-in for vscode)',
    figure,
    '<= 50 ms',
    total <= 50,
  );
  report(
    'a Go file without gRPC is open: server processes, grammars loaded',
    `${processes}, ${wasm}`,
    '0, 0',
    processes + wasm === 0,
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}

const vsix = packageSize();
const limit = sizeLimit();
report('VSIX', `${vsix.toFixed(2)} MB`, `<= ${limit} MB`, vsix <= limit);

function build(): void {
  const { status } = spawnSync(process.execPath, ['esbuild.mjs'], { stdio: 'inherit' });
  if (status !== 0) {
    throw new Error('The build failed; see above.');
  }
}

/** What `.ci/run` holds the package to, in MiB. */
function sizeLimit(): number {
  const source = readFileSync('scripts/packageCheck.mjs', 'utf8');
  return Number(/sizeLimit = ([\d.]+) \* 1024 \* 1024/.exec(source)?.[1]);
}

/** The file and everything that loads with it: dynamic imports load later. */
function staticImports(file: string, found = new Set<string>()): Set<string> {
  if (found.has(file)) {
    return found;
  }
  found.add(file);
  const source = readFileSync(file, 'utf8');
  for (const [, specifier] of source.matchAll(/(?:from|import)\s*"(\.[^"]+)"/g)) {
    staticImports(resolve(file, '..', specifier as string), found);
  }
  return found;
}

/** A program that loads the built extension with every member of `vscode` answering to anything. */
function writeProbe(into: string): string {
  const names = new Set<string>();
  for (const file of readdirSync(dist, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.js') || file.startsWith('panel')) {
      continue;
    }
    const source = readFileSync(join(dist, file), 'utf8');
    for (const [, list] of source.matchAll(
      /import\s*(?:\*\s*as\s*\w+|\{([^}]*)\})\s*from\s*"vscode"/g,
    )) {
      for (const name of list?.split(',') ?? []) {
        names.add((name.trim().split(/\s+as\s+/)[0] ?? '').trim());
      }
    }
    for (const [, alias] of source.matchAll(/import\s*\*\s*as\s*([\w$]+)\s*from\s*"vscode"/g)) {
      const uses = new RegExp(`\\b${alias?.replaceAll('$', '\\$')}\\.(\\w+)`, 'g');
      for (const [, name] of source.matchAll(uses)) {
        names.add(name as string);
      }
    }
  }
  names.delete('');
  const stand = `const any = new Proxy(function () {}, {
    get: (_, key) => key === Symbol.toPrimitive ? () => '' : key === Symbol.iterator ? function* () {} : key === 'then' ? undefined : key === 'prototype' ? {} : key === 'fsPath' ? ${JSON.stringify(join(into, 'storage'))} : any,
    set: () => true,
    apply: () => any,
    construct: (_, __, made) => (made === any ? any : Object.create(made.prototype)),
  });
  const document = { languageId: 'go', uri: any, getText: () => 'package main\\n\\nfunc main() {}\\n' };
  const open = new Proxy(any, { get: (_, key) => (key === 'textDocuments' ? [document] : any[key]) });
  ${[...names].map((name) => `export const ${name} = ${name === 'workspace' ? 'open' : 'any'};`).join('\n')}`;
  writeFileSync(join(into, 'vscode.mjs'), stand);
  writeFileSync(
    join(into, 'hooks.mjs'),
    `export const resolve = (specifier, context, next) => specifier === 'vscode'
      ? { url: ${JSON.stringify(pathToFileURL(join(into, 'vscode.mjs')).href)}, shortCircuit: true }
      : next(specifier, context);`,
  );
  const probe = join(into, 'probe.mjs');
  writeFileSync(
    probe,
    `import { register } from 'node:module';
     import * as any from './vscode.mjs';
     register('./hooks.mjs', import.meta.url);
     const stand = Object.values(any)[0];
     const context = new Proxy({ subscriptions: [], extensionPath: ${JSON.stringify(resolve('.'))} }, {
       get: (known, key) => known[key] ?? stand,
     });
     let wasm = 0;
     const { compile } = WebAssembly;
     WebAssembly.compile = (...source) => { wasm += 1; return compile(...source); };
     const began = performance.now();
     const extension = await import(${JSON.stringify(pathToFileURL(join(dist, 'extension.js')).href)});
     const loaded = performance.now();
     extension.activate(context);
     const active = performance.now();
     // Documents are looked at a moment after they are opened.
     await new Promise((done) => setTimeout(done, 400));
     const processes = process.getActiveResourcesInfo().filter((name) => name === 'ProcessWrap').length;
     const figures = { load: loaded - began, activate: active - loaded, processes, wasm };
     process.stdout.write(JSON.stringify(figures), () => process.exit(0));`,
  );
  return probe;
}

interface Probe {
  readonly load: number;
  readonly activate: number;
  readonly processes: number;
  readonly wasm: number;
}

function runProbe(probe: string): Probe {
  const { stdout, stderr, status } = spawnSync(process.execPath, [probe], { encoding: 'utf8' });
  if (status !== 0) {
    throw new Error(`The extension did not activate:\n${stderr}`);
  }
  return JSON.parse(stdout) as Probe;
}

function packageSize(): number {
  const { status } = spawnSync(process.execPath, ['scripts/package.mjs'], { stdio: 'ignore' });
  if (status !== 0) {
    throw new Error('Packaging failed: run `npm run package` to see why.');
  }
  return statSync('frameline.vsix').size / 1024 / 1024;
}
