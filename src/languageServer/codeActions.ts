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
import type { OpenDocument } from './openDocument';
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
  const isMendable = ({ fact, replacement }: Finding) =>
    fact?.kind === 'call' || replacement !== undefined;
  const mendable = linted.findings.filter(isMendable).length;
  if (wants(CodeActionKind.QuickFix)) {
    let isMended = false;
    for (const finding of here) {
      const fixes = await document.fixes(finding, linted);
      if (document.linted !== linted) {
        // Changed meanwhile: the editor asks again.
        return [];
      }
      isMended ||= fixes.some(({ kind }) => kind !== 'suppress');
      actions.push(...actionsFor(finding, fixes, source));
    }
    if (isMended && mendable > 1) {
      actions.push(fixAllAction(CodeActionKind.QuickFix, document));
    }
  }
  if (wants(fixAllKind) && mendable > 0) {
    actions.push(fixAllAction(fixAllKind, document));
  }
  if (source.abilities.resolvesEdits) {
    return actions;
  }
  const resolved = await Promise.all(actions.map((action) => resolveFixAll(action, source)));
  return resolved.flatMap((action) => action ?? []);
}

function actionsFor(
  finding: Finding,
  fixes: readonly Fix[],
  source: ActionSource,
): readonly CodeAction[] {
  const { document, pages, abilities } = source;
  const diagnostic = toDiagnostic(finding, document.positions, pages);
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
  if (document.linted !== linted) {
    return undefined;
  }
  const { data: _, ...rest } = action;
  return edits.length === 0
    ? undefined
    : { ...rest, edit: workspaceEdit(edits, document, abilities) };
}
