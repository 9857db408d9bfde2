import { type Diagnostic, DiagnosticSeverity, type Range } from 'vscode-languageserver/node';
import type { ConfigProblem } from '../config/configReader';
import type { Finding, Severity } from '../lint/finding';
import type { Span } from '../lint/program/syntax';
import { diagnosticSource } from './protocol';
import type { RulePages } from './rulePages';

/** What turns offsets of a text into places. */
export interface Positions {
  positionAt(offset: number): Range['start'];
}

export const severities: Readonly<Record<Severity, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  information: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
};

export function rangeOf({ from, to }: Span, positions: Positions): Range {
  return { start: positions.positionAt(from), end: positions.positionAt(to) };
}

/** A finding as the editor shows it; its code leads to the page of the rule. */
export function toDiagnostic(
  { rule, severity, span, message }: Finding,
  positions: Positions,
  pages: RulePages,
): Diagnostic {
  return {
    range: rangeOf(span, positions),
    severity: severities[severity],
    source: diagnosticSource,
    code: rule,
    codeDescription: { href: pages.address(rule) },
    message,
  };
}

/** A mistake in `frameline.json`. */
export function configDiagnostic(
  { span, message, severity }: ConfigProblem,
  positions: Positions,
): Diagnostic {
  return {
    range: rangeOf(span, positions),
    severity: severities[severity ?? 'error'],
    source: diagnosticSource,
    message,
  };
}

/** What could not be looked at, as a hint at the start of the file: it must not look like a clean one. */
export function noteDiagnostic(note: string): Diagnostic {
  const start = { line: 0, character: 0 };
  return {
    range: { start, end: start },
    severity: DiagnosticSeverity.Hint,
    source: diagnosticSource,
    message: note,
  };
}
