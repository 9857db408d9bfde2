import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FileAnalysis } from '../../src/lint/analysis';
import { defaultSettings } from '../../src/lint/config/defaultSettings';
import type { LintSettings } from '../../src/lint/config/settings';
import { applyEdits } from '../../src/lint/edits';
import type { CallFact, Fact } from '../../src/lint/facts';
import { IndexBuilder } from '../../src/lint/index/indexBuilder';
import type { Language } from '../../src/lint/languages/language';
import type { LintContext } from '../../src/lint/linter';
import { SourceFile } from '../../src/lint/sourceFile';
import { installedGrammars } from './grammars';
import { programText } from './programText';

const grammars = installedGrammars();
const proto = join(import.meta.dirname, '../fixtures/lint/protos/market.proto');

/** Knows the services of market.proto, and whatever settings a test changes. */
export function marketContext(settings: Partial<LintSettings> = {}): LintContext {
  const builder = new IndexBuilder();
  builder.update('market.proto', readFileSync(proto, 'utf8'));
  return { settings: { ...defaultSettings, ...settings }, index: builder.index() };
}

/** What the source becomes, as `programText` writes it. */
export async function lowered(language: Language, text: string): Promise<string> {
  return withProgram(language, text, (root) => programText(language.lower(root, text)));
}

/** What the adapter reports of a source. */
export async function factsIn(
  language: Language,
  text: string,
  context = marketContext(),
): Promise<readonly Fact[]> {
  return withProgram(language, text, (root) => {
    const problems: string[] = [];
    const program = language.lower(root, text);
    const path = `snippet${language.extensions[0]}`;
    const file = { path, text, program, isBroken: root.hasError };
    const facts = new FileAnalysis(language).facts(file, context, problems);
    if (problems.length > 0) {
      throw new Error(problems.join('\n'));
    }
    return [...facts].sort((a, b) => a.span.from - b.span.from);
  });
}

/** Each RPC in the order of the source: `GetListing missing`. */
export async function verdictsIn(
  language: Language,
  text: string,
  context = marketContext(),
): Promise<string[]> {
  const facts = await factsIn(language, text, context);
  return facts
    .filter((fact): fact is CallFact => fact.kind === 'call')
    .map(({ method, deadline }) => `${method} ${deadline}`);
}

/** The source after all its fixes; throws when that has mistakes which the source had not, or needs more fixes. */
export async function fixedSource(
  language: Language,
  text: string,
  settings: Partial<LintSettings> = {},
): Promise<string> {
  const context = marketContext(settings);
  const fixed = await fixedOnce(language, text, context);
  const mistakes = await withProgram(language, fixed, (root) => root.hasError);
  if (mistakes && !(await withProgram(language, text, (root) => root.hasError))) {
    throw new Error(`The fixed source has a syntax error:\n${fixed}`);
  }
  const again = await fixedOnce(language, fixed, context);
  if (again !== fixed) {
    throw new Error(`A second fix changes the source again:\n${again}`);
  }
  return fixed;
}

async function fixedOnce(language: Language, text: string, context: LintContext): Promise<string> {
  const file = new SourceFile(`snippet${language.extensions[0]}`, text, language, grammars);
  try {
    return applyEdits(text, await file.fixAll(context));
  } finally {
    file.dispose();
  }
}

type Root = Parameters<Language['lower']>[0];

async function withProgram<Result>(
  language: Language,
  text: string,
  read: (root: Root) => Result,
): Promise<Result> {
  const parser = await grammars.parser(language.grammar);
  const tree = parser.parse(text);
  if (tree === null) {
    throw new Error('The source could not be parsed.');
  }
  try {
    return read(tree.rootNode);
  } finally {
    tree.delete();
  }
}
