import type { ChannelFact } from '../facts';
import type { Finding } from '../finding';
import { found, type RuleContext } from './ruleContext';

/**
 * `channel-per-call`. In a loop only with one and the same address: a loop over addresses that makes a channel for
 * each is as it should be.
 */
export function checkChannelPerCall(
  fact: ChannelFact,
  { settings }: RuleContext,
): readonly Finding[] {
  const { place, target, repeatsTarget } = fact;
  const isSameTarget = target !== undefined || repeatsTarget === true;
  if (place !== 'handler' && (place !== 'loop' || !isSameTarget)) {
    return [];
  }
  const each = place === 'handler' ? 'for each request' : 'each time round';
  const message = `Makes a new ${fact.what} ${each}: every one resolves the name and connects again, and no two calls share a connection. Make it once and keep it: it is safe to share and connects again by itself.`;
  return found(settings, { rule: 'channel-per-call', span: fact.nameSpan, message, fact });
}
