import type { CallFact } from '../facts';
import type { Finding } from '../finding';
import { found, type RuleContext } from './ruleContext';

/**
 * `missing-deadline` and `unbounded-wait`. A call that also waits for ready is shown once, by the rule that
 * says more; with `unbounded-wait` off it is a `missing-deadline` like any other.
 */
export function checkCall(fact: CallFact, context: RuleContext): readonly Finding[] {
  const { settings } = context;
  const place = { span: fact.nameSpan, fact };
  if (fact.deadline === 'missing') {
    if (context.index.defaultDeadline(context.language, fact.channel) !== undefined) {
      return [];
    }
    if (fact.waitForReady && settings.rules['unbounded-wait'] !== 'off') {
      const message = `Waits for ready without a deadline${because(fact)} While the server can't be reached, ${fact.method} waits for ever, without an error.`;
      return found(settings, { rule: 'unbounded-wait', message, ...place });
    }
    const message = `No deadline${because(fact)} ${fact.method} waits for ever when the server doesn't answer.`;
    return found(settings, { rule: 'missing-deadline', message, ...place });
  }
  if (fact.deadline === 'safe' || !settings.showInherited) {
    return [];
  }
  const message =
    fact.deadline === 'inherited'
      ? `A caller decides whether ${fact.method} has a deadline${because(fact)}`
      : `It can't be seen here whether ${fact.method} has a deadline${because(fact)}`;
  return found(settings, { rule: 'missing-deadline', message, ...place }, 'hint');
}

function because({ why }: CallFact): string {
  return why === undefined ? '.' : `: ${why}.`;
}
