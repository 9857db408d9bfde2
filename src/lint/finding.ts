import type { Fact } from './facts';
import type { Span } from './program/syntax';
import type { RuleId } from './ruleIds';

export type Severity = 'error' | 'warning' | 'information' | 'hint';

/** What is wrong at one place. Plain data. */
export interface Finding {
  readonly rule: RuleId;
  readonly severity: Severity;
  /** What is marked: as little as says it, the method's name of a call. */
  readonly span: Span;
  /** One or two sentences: what is wrong, and what it does. Without the name of the rule. */
  readonly message: string;
  /** What it was found by; fixes are made from it. Findings in service configs and suppressions have none. */
  readonly fact?: Fact;
  /** A replacement that mends it, where the rule itself knows one. */
  readonly replacement?: Replacement;
}

export interface Replacement {
  /** What the fix does, for the menu: `Write "grpc.keepalive_time_ms"`. */
  readonly title: string;
  readonly edits: readonly TextEdit[];
}

/** Replaces what stands in `span` (nothing when it is empty). */
export interface TextEdit {
  readonly span: Span;
  readonly text: string;
}
