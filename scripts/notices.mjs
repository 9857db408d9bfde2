import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Who wrote the grammars, whose packages ship as one without their licences: as their LICENSE files say, all MIT.
 * @type {Record<typeof import('./linterBundle.mjs').sharedGrammars[number], string>}
 */
const grammarAuthors = {
  'tree-sitter-c-sharp':
    'Copyright (c) 2014-2023 Max Brunsfeld, Damien Guard, Amaan Qureshi, and contributors.',
  'tree-sitter-cpp': 'Copyright (c) 2014 Max Brunsfeld',
  'tree-sitter-go': 'Copyright (c) 2014 Max Brunsfeld',
  'tree-sitter-java': 'Copyright (c) 2017 Ayman Nadeem',
  'tree-sitter-javascript': 'Copyright (c) 2014 Max Brunsfeld',
  'tree-sitter-python': 'Copyright (c) 2016 Max Brunsfeld',
  'tree-sitter-ruby': 'Copyright (c) 2016 Rob Rix',
  'tree-sitter-rust': 'Copyright (c) 2017 Maxim Sokolov',
  'tree-sitter-tsx': 'Copyright (c) 2017 Max Brunsfeld',
  'tree-sitter-typescript': 'Copyright (c) 2017 Max Brunsfeld',
};

/** Packages whose files are copied as they are. */
const copied = [
  'node_modules/@tree-sitter-grammars/tree-sitter-kotlin',
  'node_modules/@vscode/codicons',
  'node_modules/@vscode/tree-sitter-wasm',
];

/**
 * Writes the licences of everything that is bundled or copied into `dist`: they ask to be passed on.
 * @param {string} dist
 * @param {readonly import('esbuild').Metafile[]} metafiles of all builds
 */
export async function writeNotices(dist, metafiles) {
  const folders = new Set([...copied, ...metafiles.flatMap(bundledPackages)]);
  const packages = await Promise.all([...folders].map(packageNotice));
  const mit = await readFile('node_modules/web-tree-sitter/LICENSE', 'utf8');
  const notices = new Map([
    ...packages,
    ...Object.entries(grammarAuthors).map(
      ([name, copyright]) =>
        /** @type {const} */ ([name, mit.replace(/^Copyright .*$/m, () => copyright).trim()]),
    ),
  ]);
  const parts = [...notices]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, text]) => `${name}\n${'-'.repeat(name.length)}\n\n${text}\n`);
  const head = 'Frameline contains the following software of others, under these licences.\n';
  await writeFile(join(dist, 'THIRD-PARTY-NOTICES.txt'), [head, ...parts].join('\n\n'));
}

/**
 * @param {import('esbuild').Metafile} metafile
 * @returns {string[]} folders of the packages that something of is in the output
 */
function bundledPackages({ outputs }) {
  return Object.values(outputs).flatMap(({ inputs }) =>
    Object.entries(inputs).flatMap(([path, { bytesInOutput }]) => {
      const folder = /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(path)?.[0];
      return folder !== undefined && bytesInOutput > 0 ? [folder] : [];
    }),
  );
}

/**
 * @param {string} folder of a package
 * @returns {Promise<readonly [string, string]>} name and version, licence
 */
async function packageNotice(folder) {
  const { name, version } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  const files = (await readdir(folder)).filter((file) =>
    /^(licen[cs]e|notice|thirdpartynotices)/i.test(file),
  );
  if (!files.some((file) => /^licen[cs]e/i.test(file))) {
    throw new Error(`${folder} has no licence that could be passed on.`);
  }
  const texts = await Promise.all(files.sort().map((file) => readFile(join(folder, file), 'utf8')));
  return [`${name} ${version}`, texts.map((text) => text.trim()).join('\n\n')];
}
