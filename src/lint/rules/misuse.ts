import type { DiscardedDeadlineFact, MisreadDeadlineFact, OptionFact } from '../facts';
import type { Finding } from '../finding';
import { found, type RuleContext } from './ruleContext';

/** `deadline-discarded`: something with a deadline was made and no call gets it. */
export function checkDiscarded(
  fact: DiscardedDeadlineFact,
  { settings }: RuleContext,
): readonly Finding[] {
  const message = `What ${fact.what} gives back is never used, so its deadline holds for no call.`;
  return found(settings, { rule: 'deadline-discarded', span: fact.span, message, fact });
}

/** `deadline-misread` and `unknown-option`: what the library makes of it is known to the language alone. */
export function checkMisuse(
  fact: MisreadDeadlineFact | OptionFact,
  { settings }: RuleContext,
): readonly Finding[] {
  const { span, message, replacement } = fact;
  return found(settings, {
    rule: fact.kind === 'misread' ? 'deadline-misread' : 'unknown-option',
    span,
    message,
    fact,
    ...(replacement === undefined
      ? {}
      : {
          replacement: {
            title: replacement.title,
            edits: [{ span: replacement.span, text: replacement.text }],
          },
        }),
  });
}
