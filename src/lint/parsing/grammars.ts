import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Language as Grammar, Parser, Tree } from 'web-tree-sitter';

type TreeSitter = typeof import('web-tree-sitter');

/** Longer than this a parse of the largest file that is linted (1 MiB) never takes, but for hostile input. */
const parseLimit = 5_000;

/**
 * Parsers of the languages. The library and each grammar are loaded when the first file needs them: 15 ms and
 * 3 to 12 ms.
 */
export class Grammars {
  readonly #locate: (file: string) => string;
  #library: Promise<TreeSitter> | undefined;
  readonly #parsers = new Map<string, Promise<Parser>>();

  /** @param where the folder that holds the `.wasm` files, or what gives the path of each */
  constructor(where: string | ((file: string) => string)) {
    this.#locate = typeof where === 'string' ? (file) => join(where, file) : where;
  }

  /** What is loaded, for tests and benchmarks: file names of grammars. */
  get loaded(): readonly string[] {
    return [...this.#parsers.keys()];
  }

  /** The parser of a grammar: `tree-sitter-go.wasm`. */
  parser(grammar: string): Promise<Parser> {
    const known = this.#parsers.get(grammar);
    if (known !== undefined) {
      return known;
    }
    const parser = this.#load(grammar);
    this.#parsers.set(grammar, parser);
    parser.catch(() => this.#parsers.delete(grammar));
    return parser;
  }

  async #load(grammar: string): Promise<Parser> {
    this.#library ??= this.#start();
    const { Language, Parser } = await this.#library;
    const language: Grammar = await Language.load(await readFile(this.#locate(grammar)));
    const parser = new Parser();
    parser.setLanguage(language);
    return parser;
  }

  async #start(): Promise<TreeSitter> {
    const library = await import('web-tree-sitter');
    await library.Parser.init({ locateFile: (file: string) => this.#locate(file) });
    return library;
  }
}

/**
 * Parses, reusing what `old` knows: it must have been told of the edits. Undefined when it takes too long. The
 * caller deletes the tree.
 */
export function parse(parser: Parser, text: string, old?: Tree): Tree | undefined {
  const end = performance.now() + parseLimit;
  const tree = parser.parse(text, old ?? null, {
    progressCallback: () => performance.now() > end,
  });
  if (tree === null) {
    parser.reset();
  }
  return tree ?? undefined;
}
