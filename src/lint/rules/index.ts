import type { Fact } from '../facts';
import type { Finding } from '../finding';
import { checkCall } from './calls';
import { checkChannelPerCall } from './channelPerCall';
import { checkConnectionBalancing } from './connectionBalancing';
import { checkKeepalive } from './keepalive';
import { checkDiscarded, checkMisuse } from './misuse';
import type { RuleContext } from './ruleContext';
import { checkServiceConfigFact } from './serviceConfig';

export type { RuleContext } from './ruleContext';

/** What the rules say of a file's facts, in the order of the file. */
export function findings(facts: readonly Fact[], context: RuleContext): Finding[] {
  return facts
    .flatMap((fact) => check(fact, context))
    .sort((a, b) => a.span.from - b.span.from || a.span.to - b.span.to)
    .filter(isFirst());
}

/** What stands in a variable is found once for each function that uses it. */
function isFirst(): (finding: Finding) => boolean {
  const known = new Set<string>();
  return ({ rule, span, message }) => {
    const key = `${span.from} ${span.to} ${rule} ${message}`;
    const isNew = !known.has(key);
    known.add(key);
    return isNew;
  };
}

function check(fact: Fact, context: RuleContext): readonly Finding[] {
  switch (fact.kind) {
    case 'call':
      return checkCall(fact, context);
    case 'discarded':
      return checkDiscarded(fact, context);
    case 'misread':
    case 'option':
      return checkMisuse(fact, context);
    case 'channel':
      return [
        ...checkKeepalive(fact, context),
        ...checkConnectionBalancing(fact, context),
        ...checkChannelPerCall(fact, context),
      ];
    case 'serviceConfig':
      return checkServiceConfigFact(fact, context);
  }
}
