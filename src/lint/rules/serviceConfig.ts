import { pathText, type ServiceConfigIssue } from '../../grpc/configChecks/issues';
import { serviceConfigIssues } from '../../grpc/serviceConfigCheck';
import type { LintSettings } from '../config/settings';
import type { ServiceConfigFact } from '../facts';
import type { Finding } from '../finding';
import { jsonValue, parseJsonTree } from '../jsonTree';
import type { Span } from '../program/syntax';
import { messageOf, messageWithPath, reportOf } from '../serviceConfig/issueText';
import { lintServiceConfig } from '../serviceConfig/lintServiceConfig';
import { found, type RuleContext } from './ruleContext';

/** `invalid-service-config` and `unbounded-wait` for a service config that stands in code. */
export function checkServiceConfigFact(
  fact: ServiceConfigFact,
  { settings }: RuleContext,
): readonly Finding[] {
  const { config, implementation, textFrom, span } = fact;
  if ('value' in config) {
    return checkValue(fact, config.value, settings);
  }
  if (textFrom !== undefined) {
    return lintServiceConfig(config.text, implementation, settings, textFrom);
  }
  // Written with escapes: a place in the text is no place in the file.
  const { root, mistake } = parseJsonTree(config.text, 'strict');
  if (mistake !== undefined) {
    const message = `This service config is not JSON: ${mistake.message}`;
    return found(settings, { rule: 'invalid-service-config', span, message });
  }
  return checkValue(fact, root && jsonValue(root), settings);
}

function checkValue(
  fact: ServiceConfigFact,
  value: unknown,
  settings: LintSettings,
): readonly Finding[] {
  return serviceConfigIssues(value, fact.implementation)
    .filter((issue) => !isUnseen(fact, pathText(issue.path)))
    .flatMap((issue) => {
      const { span, isExact } = placeOf(fact, issue);
      const { rule, atMost } = reportOf(issue);
      const message = isExact ? messageOf(issue) : messageWithPath(issue);
      return found(settings, { rule, span, message }, atMost);
    });
}

/** Whether the place, something around it or something in it can't be seen. */
function isUnseen({ unseen = [] }: ServiceConfigFact, path: string): boolean {
  return unseen.some((part) => isWithin(path, part) || isWithin(part, path));
}

function isWithin(path: string, outer: string): boolean {
  return path.startsWith(outer) && /^$|^[.[]/.test(path.slice(outer.length));
}

function placeOf(
  { span, places = {} }: ServiceConfigFact,
  { path }: ServiceConfigIssue,
): { span: Span; isExact: boolean } {
  for (let length = path.length; length > 0; length--) {
    const place = places[pathText(path.slice(0, length))];
    if (place !== undefined) {
      return { span: place, isExact: length === path.length };
    }
  }
  return { span, isExact: path.length === 0 };
}
