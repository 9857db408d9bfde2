/** Every rule; `docs/rules/<id>.md` is its page. */
export const ruleIds = [
  'missing-deadline',
  'deadline-discarded',
  'deadline-misread',
  'unbounded-wait',
  'unknown-option',
  'keepalive-too-frequent',
  'keepalive-without-calls',
  'keepalive-outlives-idle-timeout',
  'keepalive-cannot-help',
  'invalid-service-config',
  'channel-per-call',
  'connection-balancing',
  /** Of the linter itself: a suppression that suppresses nothing, or gives no reason. */
  'unused-suppression',
] as const;

export type RuleId = (typeof ruleIds)[number];
