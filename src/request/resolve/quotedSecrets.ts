import { SecretMask } from '../../transcript/masking/secretMask';
import type { RequestProblem } from './resolved';

/**
 * The problems of a request that was filled with secrets: what is wrong with a value is said with the value, and where
 * it is said, on a screen, in a log or a report, no secret may stand.
 */
export function withoutQuotedSecrets(
  problems: readonly RequestProblem[],
  secrets: readonly string[],
): readonly RequestProblem[] {
  const mask = SecretMask.of(secrets);
  return mask
    ? problems.map((problem) => ({ ...problem, message: mask.text(problem.message) }))
    : problems;
}
