import {
  type CodeAction,
  CodeActionKind,
  type CodeActionParams,
  type Diagnostic,
} from 'vscode-languageserver/node';
import type { Finding } from '../lint/finding';
import type { Fix } from '../lint/lintedFile';
import type { ClientAbilities } from './clientAbilities';
import { toDiagnostic } from './diagnostics';
import { editWithCursor, workspaceEdit } from './edits';
import type { Linted, OpenDocument } from './openDocument';
import { fixAllKind, openRulePageCommand } from './protocol';
import type { RulePages } from './rulePages';

/** What code actions are made of. */
export interface ActionSource {
  readonly document: OpenDocument;
  readonly abilities: ClientAbilities;
  readonly pages: RulePages;
}

/** What an action carries whose edit is made when it is chosen. */
export interface FixAllData {
  readonly uri: string;
}

/** What can be done about the findings in a range: mend, suppress, read about, mend everything in the file. */
export async function codeActions(
  source: ActionSource,
  { range, context: { only } }: CodeActionParams,
): Promise<CodeAction[]> {
  const { document } = source;
  const { linted } = document;
  if (!linted) {
    return [];
  }
  const wants = (kind: string) =>
    only === undefined ||
    only.some((wanted) => wanted === '' || kind === wanted || kind.startsWith(`${wanted}.`));
  const from = document.positions.offsetAt(range.start);
  const to = document.positions.offsetAt(range.end);
  const here = linted.findings.filter(({ span }) => span.from <= to && from <= span.to);
  const actions: CodeAction[] = [];
  if (wants(CodeActionKind.QuickFix)) {
    for (const finding of here) {
      actions.push(...(await actionsFor(finding, linted, source)));
    }
  }
  const mendable = linted.findings.filter(
    ({ fact, replacement }) => fact?.kind === 'call' || replacement,
  );
  if (wants(CodeActionKind.QuickFix) && mendable.length > 1 && here.some(isIn(mendable))) {
    actions.push(fixAllAction(CodeActionKind.QuickFix, document));
  }
  if (wants(fixAllKind) && mendable.length > 0) {
    actions.push(fixAllAction(fixAllKind, document));
  }
  if (source.abilities.resolvesEdits) {
    return actions;
  }
  const resolved = await Promise.all(actions.map((action) => resolveFixAll(action, source)));
  return resolved.flatMap((action) => action ?? []);
}

function isIn<Item>(list: readonly Item[]): (item: Item) => boolean {
  return (item) => list.includes(item);
}

async function actionsFor(
  finding: Finding,
  linted: Linted,
  source: ActionSource,
): Promise<CodeAction[]> {
  const { document, pages, abilities } = source;
  const diagnostic = toDiagnostic(finding, document.positions, pages);
  const fixes = await document.fixes(finding, linted);
  return [
    ...fixes.map((fix, at) => fixAction(fix, at === 0, diagnostic, source)),
    ...(abilities.opensRulePages
      ? [
          {
            title: `Explain ${finding.rule}`,
            kind: CodeActionKind.QuickFix,
            diagnostics: [diagnostic],
            command: {
              title: `Explain ${finding.rule}`,
              command: openRulePageCommand,
              arguments: [finding.rule],
            },
          },
        ]
      : []),
  ];
}

function fixAction(
  { kind, title, edits }: Fix,
  isBest: boolean,
  diagnostic: Diagnostic,
  { document, abilities }: ActionSource,
): CodeAction {
  const toEdit = kind === 'suppress' ? editWithCursor : workspaceEdit;
  return {
    title,
    kind: CodeActionKind.QuickFix,
    diagnostics: [diagnostic],
    // What mends comes first; a suppression is never what one should take.
    ...(isBest && kind !== 'suppress' ? { isPreferred: true } : {}),
    edit: toEdit(edits, document, abilities),
  };
}

function fixAllAction(kind: string, { uri }: OpenDocument): CodeAction {
  const data: FixAllData = { uri };
  return { title: 'Fix all gRPC problems in this file', kind, data };
}

/** The action with its edit, if it is one that still lacks it; undefined when there is nothing to mend. */
export async function resolveFixAll(
  action: CodeAction,
  { document, abilities }: ActionSource,
): Promise<CodeAction | undefined> {
  if (action.data === undefined) {
    return action;
  }
  const { linted } = document;
  const edits = linted ? await document.fixAll(linted) : [];
  const { data: _, ...rest } = action;
  return edits.length === 0
    ? undefined
    : { ...rest, edit: workspaceEdit(edits, document, abilities) };
}
