import { type Hover, MarkupKind, type Position } from 'vscode-languageserver/node';
import type { RuleId } from '../lint/ruleIds';
import { rangeOf } from './diagnostics';
import type { OpenDocument } from './openDocument';
import type { RulePages } from './rulePages';

/** What the rules say that were broken here. */
export async function hoverAt(
  document: OpenDocument,
  position: Position,
  pages: RulePages,
): Promise<Hover | null> {
  const { positions, linted } = document;
  const at = positions.offsetAt(position);
  const here = linted?.findings.filter(({ span }) => span.from <= at && at <= span.to) ?? [];
  const [first] = here;
  if (!first) {
    return null;
  }
  const range = rangeOf(first.span, positions);
  const broken = new Set<RuleId>(here.map(({ rule }) => rule));
  const summaries = await Promise.all([...broken].map((rule) => pages.summary(rule)));
  return {
    contents: { kind: MarkupKind.Markdown, value: summaries.join('\n\n---\n\n') },
    range,
  };
}
