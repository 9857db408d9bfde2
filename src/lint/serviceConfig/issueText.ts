import { pathText } from '../../grpc/configChecks/issues';
import type { ServiceConfigIssue } from '../../grpc/serviceConfigCheck';
import type { Severity } from '../finding';
import type { RuleId } from '../ruleIds';

/** Which rule reports an issue, and how strongly at most. */
export function reportOf(issue: ServiceConfigIssue): { rule: RuleId; atMost: Severity } {
  if (issue.code === 'service-config-unbounded-wait') {
    return { rule: 'unbounded-wait', atMost: 'error' };
  }
  const rule = 'invalid-service-config';
  // What only some clients do, where nobody knows which will read it; a limit that a channel can raise; and a
  // policy that the application may have registered, unless it looks like a slip of the pen.
  const mayBeMeant =
    issue.code === 'service-config-max-attempts' ||
    (issue.code === 'service-config-lb-unregistered' && issue.fix === undefined);
  if (issue.only !== undefined || mayBeMeant) {
    return { rule, atMost: 'information' };
  }
  return { rule, atMost: issue.kind === 'invalid' ? 'error' : 'warning' };
}

/** What to do, where the message doesn't say it; by the code of the trap. */
const advice: Readonly<Record<string, (issue: ServiceConfigIssue) => string>> = {
  'service-config-timeout-fraction': ({ fix }) =>
    fix !== undefined && 'value' in fix
      ? `Write "${fix.value}", which every client reads right.`
      : '',
  'service-config-wait-for-ready': () => 'Set it on the call: new Metadata({waitForReady: true}).',
  'service-config-message-bytes': ({ path }) =>
    `Set the channel option ${path.at(-1) === 'maxRequestMessageBytes' ? 'grpc.max_send_message_length' : 'grpc.max_receive_message_length'}.`,
};

/** The message with its field: `initialBackoff: must be over 0`. */
export function messageOf(issue: ServiceConfigIssue): string {
  const { message, path } = issue;
  const field = path.findLast((part) => typeof part === 'string');
  const isNamed = field === undefined || message.includes(field);
  const more = advice[issue.code]?.(issue) ?? '';
  return `${isNamed ? '' : `${field}: `}${message}${more === '' ? '' : ` ${more}`}`;
}

/** The message with the whole path, for where the place itself can't be shown. */
export function messageWithPath(issue: ServiceConfigIssue): string {
  const path = pathText(issue.path);
  return path === '' ? messageOf(issue) : `${path}: ${issue.message}`;
}
