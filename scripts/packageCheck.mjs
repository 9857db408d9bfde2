import { readFile } from 'node:fs/promises';
import { packagePath } from './package.mjs';
import { zipEntries } from './zip.mjs';

/** Bytes of the packed extension: 4.36 MiB when this was written, more than half of it grammars; request files took 0.4. */
const sizeLimit = 4.5 * 1024 * 1024;

/** What may be in it; names as in the archive, where vsce writes some of them in its own way. */
const allowed = [
  /^\[Content_Types\]\.xml$/,
  /^extension\.vsixmanifest$/,
  /^extension\/(package\.json|readme\.md|changelog\.md|LICENSE\.txt)$/i,
  /^extension\/dist\/(?!cli\/).+\.(js|cjs|css|proto|binpb|ttf|wasm)$/,
  /^extension\/dist\/THIRD-PARTY-NOTICES\.txt$/,
  /^extension\/docs\/(frameline-json|rules\/[\w-]+)\.md$/,
  /^extension\/media\/.+\.(svg|png|css)$/,
  /^extension\/media\/frameline\.schema\.json$/,
  /^extension\/syntaxes\/.+\.json$/,
];

/** What it can't do without. */
const required = [
  'extension/package.json',
  'extension/readme.md',
  'extension/changelog.md',
  'extension/LICENSE.txt',
  'extension/dist/extension.js',
  'extension/dist/THIRD-PARTY-NOTICES.txt',
  'extension/dist/grammars/web-tree-sitter.wasm',
  'extension/dist/languageServer/main.js',
  'extension/dist/panel/panel.js',
  'extension/dist/sampleServer/bin/main.cjs',
  'extension/docs/rules/missing-deadline.md',
  'extension/media/frameline.schema.json',
  'extension/media/icon.png',
];

/**
 * What is wrong with the packed extension.
 * @returns {Promise<{ problems: string[], size: number, largest: string[] }>} size in bytes
 */
export async function checkPackage() {
  const archive = await readFile(packagePath);
  const entries = zipEntries(archive);
  const names = new Set(entries.map(({ name }) => name));
  const problems = [
    ...entries
      .filter(({ name }) => !allowed.some((pattern) => pattern.test(name)))
      .map(({ name }) => `${name} does not belong into the package`),
    ...required.filter((name) => !names.has(name)).map((name) => `${name} is missing`),
    ...(archive.length > sizeLimit
      ? [`${archive.length} bytes, more than the limit of ${sizeLimit}`]
      : []),
  ];
  const largest = entries
    .sort((a, b) => b.size - a.size)
    .slice(0, 5)
    .map(({ name, size }) => `${name} ${Math.round(size / 1024)} KB`);
  return { problems, size: archive.length, largest };
}
