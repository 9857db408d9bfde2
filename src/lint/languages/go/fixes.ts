import type { CallFact } from '../../facts';
import type { DeadlineFix, FixSource } from '../language';

export function addDeadline(_fact: CallFact, _source: FixSource): DeadlineFix | undefined {
  return undefined;
}
