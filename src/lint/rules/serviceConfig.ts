import { jsonValue, parseJsonTree } from '../../config/jsonTree';
import { type JsonPath, pathText, type ServiceConfigIssue } from '../../grpc/configChecks/issues';
import { serviceConfigIssues } from '../../grpc/serviceConfigCheck';
import type { LintSettings } from '../config/settings';
import type { PartPlace, ServiceConfigFact } from '../facts';
import type { Finding, Replacement } from '../finding';
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
      const { rule, atMost } = reportOf(issue);
      const place = placeOf(fact, issue.path);
      const exact = place?.isExact === true ? place.part : undefined;
      const replacement = exact && replacementOf(issue, exact);
      const finding = {
        rule,
        span: spanOf(issue, exact) ?? place?.part ?? fact.span,
        message: exact === undefined ? messageWithPath(issue) : messageOf(issue),
      };
      return found(settings, replacement ? { ...finding, replacement } : finding, atMost);
    });
}

function spanOf({ code }: ServiceConfigIssue, exact: PartPlace | undefined): Span | undefined {
  return code === 'service-config-unknown-field' ? (exact?.key ?? exact) : exact;
}

/** Keys are written with quotes in one language and without in another: only values are replaced. */
function replacementOf({ fix }: ServiceConfigIssue, { text }: PartPlace): Replacement | undefined {
  return fix === undefined || 'key' in fix || text === undefined
    ? undefined
    : { title: `Write "${fix.value}"`, edits: [{ span: text, text: String(fix.value) }] };
}

/** Whether the place, something around it or something in it can't be seen. */
function isUnseen({ unseen = [] }: ServiceConfigFact, path: string): boolean {
  return unseen.some((part) => isWithin(path, part) || isWithin(part, path));
}

function isWithin(path: string, outer: string): boolean {
  return path.startsWith(outer) && /^$|^[.[]/.test(path.slice(outer.length));
}

/** The place of the part, or of the nearest one around it. */
function placeOf(
  { places = {} }: ServiceConfigFact,
  path: JsonPath,
): { part: PartPlace; isExact: boolean } | undefined {
  for (let length = path.length; length > 0; length--) {
    const part = places[pathText(path.slice(0, length))];
    if (part !== undefined) {
      return { part, isExact: length === path.length };
    }
  }
  return undefined;
}
