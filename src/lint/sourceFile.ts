import type { Parser, Tree } from 'web-tree-sitter';
import { largestFile } from '../config/sourceText';
import { FileAnalysis } from './analysis';
import { applyEdits, singleEdit } from './edits';
import type { Finding, TextEdit } from './finding';
import { type FileExports, familyOf } from './index/exports';
import type { Language } from './languages/language';
import { mentionsConfigured } from './languages/shared/configuredNames';
import type { Fix, LintContext, LintedFile, LintResult, TextChange } from './lintedFile';
import { type Grammars, parse } from './parsing/grammars';
import { unitsOf } from './program/interpreter';
import type { Program } from './program/syntax';
import { findings } from './rules';
import { applySuppressions, startOf, suppressionFor } from './suppressions';

/** Times that fixing everything starts anew: no function has more findings that depend on each other. */
const mostPasses = 200;

/** Source code in one of the languages, with its tree kept from edit to edit. */
export class SourceFile implements LintedFile {
  readonly #analysis: FileAnalysis;
  #text: string;
  #tree: Tree | undefined;
  /** Lowered from the tree, once that is the tree of the text; else the tree only knows of the edits. */
  #program: Program | undefined;
  /** Whether the tree was made from an older one. */
  #isIncremental = false;
  #isBlanked = false;

  constructor(
    readonly path: string,
    text: string,
    readonly language: Language,
    readonly grammars: Grammars,
  ) {
    this.#text = text;
    this.#analysis = new FileAnalysis(language);
  }

  get text(): string {
    return this.#text;
  }

  update(text: string, changes?: readonly TextChange[]): void {
    if (changes === undefined) {
      this.#forgetTree();
    } else {
      let before = this.#text;
      for (const change of changes) {
        const after = before.slice(0, change.from) + change.text + before.slice(change.to);
        this.#tree?.edit(treeEdit(change, before, after) as Parameters<Tree['edit']>[0]);
        before = after;
      }
    }
    this.#text = text;
    this.#program = undefined;
  }

  async lint(context: LintContext): Promise<LintResult> {
    if (this.#text.length > largestFile) {
      return {
        findings: [],
        notes: [`${this.path} has more than ${largestFile / 1_048_576} MiB: it is not linted.`],
      };
    }
    if (!this.#mayCall(context)) {
      return { findings: this.#suppress([], context), notes: [] };
    }
    const parser = await this.grammars.parser(this.language.grammar);
    const program = this.#parsed(parser);
    if (program === undefined) {
      return { findings: [], notes: [`${this.path} takes too long to parse: it is not linted.`] };
    }
    const problems: string[] = [];
    const facts = this.#analysis.facts(
      { path: this.path, text: this.#text, program, isBroken: this.#isBroken },
      context,
      problems,
    );
    const found = findings(facts, { ...context, language: this.language.id });
    return {
      findings: this.#suppress(found, context),
      notes: problems.map((problem) => `${this.path}: could not analyse ${problem}`),
    };
  }

  async exports(context: LintContext): Promise<FileExports | undefined> {
    const gives = this.#mayCall(context) || this.language.gives?.test(this.#text) === true;
    if (this.#text.length > largestFile || !gives) {
      return undefined;
    }
    const program = this.#parsed(await this.grammars.parser(this.language.grammar));
    if (program === undefined) {
      return undefined;
    }
    const file = { path: this.path, text: this.#text, program, isBroken: this.#isBroken };
    const exports = this.#analysis.exports(file, context);
    return exports.members.length === 0 ? undefined : exports;
  }

  #mayCall({ settings, index }: LintContext): boolean {
    return (
      this.language.marker.test(this.#text) ||
      mentionsConfigured(settings.stubs, this.#text) ||
      index.mayUse(familyOf(this.language.id), this.#text)
    );
  }

  settle(): boolean {
    const isDoubtful = this.#isIncremental && this.#isBroken;
    if (isDoubtful) {
      this.#forgetTree();
      this.#analysis.settle();
    }
    return isDoubtful;
  }

  get #isBroken(): boolean {
    return this.#tree?.rootNode.hasError === true;
  }

  #suppress(found: readonly Finding[], { settings }: LintContext): Finding[] {
    return applySuppressions(found, this.#text, settings.rules['unused-suppression']).sort(
      (a, b) => a.span.from - b.span.from,
    );
  }

  async fixes(finding: Finding, context: LintContext): Promise<readonly Fix[]> {
    const mend = await this.#mend(finding, context);
    if (finding.rule === 'unused-suppression') {
      return mend;
    }
    const edit = suppressionFor(
      finding.rule,
      startOf(finding),
      this.#text,
      this.language.lineComment,
    );
    return [
      ...mend,
      { kind: 'suppress', title: `Suppress ${finding.rule} here, with a reason`, edits: [edit] },
    ];
  }

  async #mend(finding: Finding, context: LintContext): Promise<Fix[]> {
    const fixes: Fix[] = [];
    if (finding.fact?.kind === 'call') {
      const parser = await this.grammars.parser(this.language.grammar);
      const program = this.#parsed(parser);
      const root = this.#tree?.rootNode;
      const fix =
        program === undefined || root === undefined
          ? undefined
          : this.language.addDeadline(finding.fact, {
              text: this.#text,
              root,
              program,
              settings: context.settings,
            });
      if (fix !== undefined) {
        fixes.push({ kind: 'deadline', ...fix });
      }
    }
    if (finding.replacement !== undefined) {
      fixes.push({ kind: 'replacement', ...finding.replacement });
    }
    return fixes;
  }

  /** One fix in each function at a time: the second may have to look different after the first. */
  async fixAll(context: LintContext): Promise<readonly TextEdit[]> {
    const work = new SourceFile(this.path, this.#text, this.language, this.grammars);
    try {
      const tried = new Map<string, number>();
      for (let pass = 0; pass < mostPasses; pass += 1) {
        const edits = await work.#nextEdits(context, tried);
        if (edits.length === 0) {
          break;
        }
        work.update(applyEdits(work.#text, edits));
      }
      return singleEdit(this.#text, work.#text);
    } finally {
      work.dispose();
    }
  }

  async #nextEdits(context: LintContext, tried: Map<string, number>): Promise<TextEdit[]> {
    const { findings: found } = await this.lint(context);
    const left = new Map<string, number>();
    for (const finding of found) {
      const key = this.#looksOf(finding);
      left.set(key, (left.get(key) ?? 0) + 1);
    }
    // What a fix did not mend is not tried for ever: as many are left that look like it.
    const refused = new Set(
      [...tried].flatMap(([key, before]) => ((left.get(key) ?? 0) >= before ? [key] : [])),
    );
    const parser = await this.grammars.parser(this.language.grammar);
    const program = found.length === 0 ? undefined : this.#parsed(parser);
    const units = program === undefined ? [] : unitsOf(program).flatMap(({ fn }) => fn?.span ?? []);
    const taken = new Set<number>();
    const edits: TextEdit[] = [];
    for (const finding of found) {
      const unit = units.findIndex(
        ({ from, to }) => from <= finding.span.from && finding.span.from < to,
      );
      const key = this.#looksOf(finding);
      if (taken.has(unit) || refused.has(key)) {
        continue;
      }
      const [fix] = await this.#mend(finding, context);
      if (fix !== undefined && !fits(fix.edits, edits)) {
        continue;
      }
      tried.set(key, left.get(key) ?? 0);
      if (fix !== undefined) {
        taken.add(unit);
        edits.push(...fix.edits.filter((edit) => !edits.some((other) => isSame(edit, other))));
      }
    }
    return edits;
  }

  /** A finding's rule and the text around it: its place changes with every edit. */
  #looksOf({ rule, span }: Finding): string {
    return `${rule} ${this.#text.slice(Math.max(0, span.from - 40), span.to + 40)}`;
  }

  #parsed(parser: Parser): Program | undefined {
    if (this.#program === undefined) {
      const known = this.#tree;
      const readable = this.language.readable?.(this.#text);
      // An edit can change what is blank in another place, of which the old tree knows nothing.
      const old = readable === undefined && !this.#isBlanked ? known : undefined;
      this.#tree = parse(parser, readable ?? this.#text, old);
      known?.delete();
      this.#isBlanked = readable !== undefined;
      this.#isIncremental = old !== undefined;
      const root = this.#tree?.rootNode;
      this.#program = root === undefined ? undefined : this.language.lower(root, this.#text);
    }
    return this.#program;
  }

  #forgetTree(): void {
    this.#tree?.delete();
    this.#tree = undefined;
    this.#program = undefined;
  }

  dispose(): void {
    this.#forgetTree();
  }
}

function isSame(a: TextEdit, b: TextEdit): boolean {
  return a.span.from === b.span.from && a.span.to === b.span.to && a.text === b.text;
}

/** Whether the edits can be made together with the others: the same ones, or in other places. */
function fits(edits: readonly TextEdit[], others: readonly TextEdit[]): boolean {
  return edits.every((edit) =>
    others.every(
      (other) =>
        isSame(edit, other) || edit.span.to < other.span.from || other.span.to < edit.span.from,
    ),
  );
}

interface Point {
  readonly row: number;
  readonly column: number;
}

function treeEdit({ from, to, text }: TextChange, before: string, after: string) {
  const end = from + text.length;
  return {
    startIndex: from,
    oldEndIndex: to,
    newEndIndex: end,
    startPosition: pointAt(before, from),
    oldEndPosition: pointAt(before, to),
    newEndPosition: pointAt(after, end),
  };
}

function pointAt(text: string, offset: number): Point {
  let row = 0;
  let lineStart = 0;
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) {
    row += 1;
    lineStart = at + 1;
  }
  return { row, column: offset - lineStart };
}
