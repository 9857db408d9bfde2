import { type Diagnostic, DiagnosticTag } from 'vscode-languageserver/node';
import type { RequestFinding } from '../../request/check/surroundings';
import { type Positions, rangeOf, severities } from '../diagnostics';
import { diagnosticSource } from '../protocol';

/** A finding as the editor shows it. */
export function requestDiagnostic(
  { severity, code, span, message, isUnnecessary, isDeprecated }: RequestFinding,
  positions: Positions,
): Diagnostic {
  const tags: DiagnosticTag[] = [
    ...(isUnnecessary ? [DiagnosticTag.Unnecessary] : []),
    ...(isDeprecated ? [DiagnosticTag.Deprecated] : []),
  ];
  return {
    range: rangeOf(span, positions),
    severity: severities[severity],
    source: diagnosticSource,
    code,
    message,
    ...(tags.length > 0 ? { tags } : {}),
  };
}
