import type { Severity } from '../finding';
import { type RuleId, ruleIds } from '../ruleIds';

export interface RuleInfo {
  readonly id: RuleId;
  /** One line, without a full stop. */
  readonly title: string;
  readonly severity: Severity;
}

const titles: Readonly<Record<RuleId, readonly [Severity, string]>> = {
  'missing-deadline': ['warning', 'A call without a deadline'],
  'deadline-discarded': ['warning', 'A deadline is made and not used'],
  'deadline-misread': ['error', 'A deadline that the library reads as something else'],
  'unbounded-wait': ['warning', 'Wait-for-ready without a deadline'],
  'unknown-option': ['warning', 'An option that has no effect, or another one'],
  'keepalive-too-frequent': ['warning', 'PINGs more often than the server allows'],
  'keepalive-without-calls': [
    'warning',
    'PINGs while no call runs, which the server does not allow',
  ],
  'keepalive-outlives-idle-timeout': ['warning', 'A PING later than a hop drops the connection'],
  'keepalive-cannot-help': ['information', 'A hop that a PING does not keep open'],
  'invalid-service-config': ['error', 'A service config that is refused, or does something else'],
  'channel-per-call': ['warning', 'A channel for each request'],
  'connection-balancing': ['warning', 'All calls of a channel at one server'],
  'unused-suppression': ['warning', 'A suppression without effect, or without a reason'],
};

/** Every rule, in the order of `ruleIds`. `severity` is the default. */
export const rules: readonly RuleInfo[] = ruleIds.map((id) => {
  const [severity, title] = titles[id];
  return { id, title, severity };
});

/** The rule's page: inside the repository and the extension. */
export function rulePage(id: RuleId): string {
  return `docs/rules/${id}.md`;
}
