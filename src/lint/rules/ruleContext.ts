import type { LintSettings } from '../config/settings';
import type { Finding, Severity } from '../finding';
import type { WorkspaceIndex } from '../index/workspaceIndex';
import type { RuleId } from '../ruleIds';

/** What the facts of one file are judged by. */
export interface RuleContext {
  readonly settings: LintSettings;
  readonly index: WorkspaceIndex;
  /** The id of the file's language: `go`. */
  readonly language: string;
}

const order: readonly Severity[] = ['error', 'warning', 'information', 'hint'];

/**
 * The finding, with the severity that the settings give its rule but not above `atMost`; none when the rule
 * is off.
 */
export function found(
  settings: LintSettings,
  parts: Omit<Finding, 'severity'>,
  atMost: Severity = 'error',
): readonly Finding[] {
  const severity = softer(settings, parts.rule, atMost);
  return severity === undefined ? [] : [{ ...parts, severity }];
}

function softer(settings: LintSettings, rule: RuleId, atMost: Severity): Severity | undefined {
  const chosen = settings.rules[rule];
  if (chosen === 'off') {
    return undefined;
  }
  return order.indexOf(chosen) >= order.indexOf(atMost) ? chosen : atMost;
}
