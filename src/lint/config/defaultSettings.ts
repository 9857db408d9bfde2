import type { Severity } from '../finding';
import type { RuleId } from '../ruleIds';
import { rules } from '../rules/registry';
import type { LintSettings } from './settings';

const severities = Object.fromEntries(rules.map(({ id, severity }) => [id, severity])) as Record<
  RuleId,
  Severity
>;

/** What holds where no `frameline.json` says otherwise. */
export const defaultSettings: LintSettings = {
  rules: severities,
  defaultDeadline: 5_000,
  ignore: [],
  include: [],
  stubs: [],
  interceptors: [],
  helpers: [],
  showInherited: false,
  server: {
    /** PERMIT_KEEPALIVE_TIME and PERMIT_KEEPALIVE_WITHOUT_CALLS of gRFC A8: default Go, Java and C-core servers. */
    keepaliveMinTime: 300_000,
    keepalivePermitWithoutCalls: false,
  },
  path: undefined,
};
