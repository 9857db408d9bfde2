import { isObject } from '../serviceConfig';
import { checkFields } from './fields';
import type { Issues, JsonPath } from './issues';
import { checkDuration, checkStatusCodes } from './values';

/** gRFC A6, Retry Policy. */
export function checkRetryPolicy(issues: Issues, path: JsonPath, value: unknown): void {
  if (!isObject(value)) {
    issues.invalid(path, 'An object with maxAttempts, initialBackoff, maxBackoff and so on.');
    return;
  }
  checkFields(issues, path, value, 'retry');
  checkAttempts(issues, [...path, 'maxAttempts'], value.maxAttempts);
  for (const name of ['initialBackoff', 'maxBackoff']) {
    const backoff = value[name];
    const at = [...path, name];
    if (backoff === undefined) {
      issues.invalid(at, `${name} is required: a duration such as "0.1s".`);
    } else if (checkDuration(issues, at, backoff) === 0) {
      issues.invalid(at, 'Must be over 0.');
    }
  }
  const multiplier = value.backoffMultiplier;
  if (typeof multiplier !== 'number' || !(multiplier > 0)) {
    issues.invalid(
      [...path, 'backoffMultiplier'],
      'backoffMultiplier is required: a number over 0.',
    );
  }
  if (value.perAttemptRecvTimeout !== undefined) {
    const at = [...path, 'perAttemptRecvTimeout'];
    if (checkDuration(issues, at, value.perAttemptRecvTimeout) !== undefined) {
      issues.trap(
        'service-config-per-attempt',
        at,
        'perAttemptRecvTimeout has no effect: no gRPC library uses it yet.',
      );
    }
  }
  const codes = value.retryableStatusCodes;
  const at = [...path, 'retryableStatusCodes'];
  if (Array.isArray(codes) && codes.length > 0) {
    checkStatusCodes(issues, at, codes);
  } else {
    const isTimed = Array.isArray(codes) && value.perAttemptRecvTimeout !== undefined;
    issues.invalid(at, 'retryableStatusCodes is required and not empty: ["UNAVAILABLE"].', {
      except: isTimed ? ['grpc-java'] : [],
    });
  }
}

/** gRFC A6, Hedging Policy. */
export function checkHedgingPolicy(issues: Issues, path: JsonPath, value: unknown): void {
  issues.differs(
    ['grpc-go', 'grpc-core'],
    'trap',
    'service-config-hedging',
    path,
    (names) => `hedgingPolicy has no effect in ${names}: there is no hedging.`,
  );
  if (issues.implementation === 'grpc-go' || issues.implementation === 'grpc-core') {
    return;
  }
  if (!isObject(value)) {
    issues.invalid(path, 'An object with maxAttempts, hedgingDelay and nonFatalStatusCodes.');
    return;
  }
  checkFields(issues, path, value, 'hedging');
  checkAttempts(issues, [...path, 'maxAttempts'], value.maxAttempts);
  const delayAt = [...path, 'hedgingDelay'];
  if (value.hedgingDelay !== undefined) {
    checkDuration(issues, delayAt, value.hedgingDelay);
  } else {
    issues.differs(
      ['grpc-java'],
      'invalid',
      'service-config-hedging-delay',
      delayAt,
      (names) => `${names} requires hedgingDelay: "0s" sends all attempts at once.`,
    );
  }
  if (value.nonFatalStatusCodes !== undefined) {
    const codesAt = [...path, 'nonFatalStatusCodes'];
    if (Array.isArray(value.nonFatalStatusCodes)) {
      checkStatusCodes(issues, codesAt, value.nonFatalStatusCodes);
    } else {
      issues.invalid(codesAt, 'A list of status codes.');
    }
  }
}

/** gRFC A6, Throttling Configuration. */
export function checkThrottling(issues: Issues, value: unknown): void {
  const path = ['retryThrottling'];
  if (value === undefined) {
    return;
  }
  if (!isObject(value)) {
    issues.invalid(path, 'An object with maxTokens and tokenRatio.');
    return;
  }
  checkFields(issues, path, value, 'throttling');
  const { maxTokens, tokenRatio } = value;
  const tokensAt = [...path, 'maxTokens'];
  if (typeof maxTokens !== 'number' || !(maxTokens > 0)) {
    issues.invalid(tokensAt, 'A number over 0, at most 1000.');
  } else if (maxTokens > 1_000) {
    issues.invalid(tokensAt, 'A number over 0, at most 1000.', {
      except: ['grpc-java', 'grpc-core'],
    });
  } else if (!Number.isInteger(maxTokens)) {
    issues.differs(
      ['grpc-core'],
      'invalid',
      'service-config-max-tokens',
      tokensAt,
      (names) => `${names} take whole numbers only.`,
    );
  }
  const ratioAt = [...path, 'tokenRatio'];
  if (typeof tokenRatio !== 'number' || !(tokenRatio > 0)) {
    issues.invalid(ratioAt, 'A number over 0; digits after the third are dropped.');
  } else if (Math.floor(tokenRatio * 1_000) === 0) {
    const message = 'Digits after the third are dropped, so this is 0';
    issues.differs(
      ['grpc-core'],
      'invalid',
      'service-config-token-ratio-zero',
      ratioAt,
      (names) => `${message}, which ${names} refuse.`,
    );
    issues.differs(
      ['grpc-js', 'grpc-java'],
      'trap',
      'service-config-token-ratio',
      ratioAt,
      () => `${message}: retries never come back once they stopped.`,
    );
  }
}

function checkAttempts(issues: Issues, path: JsonPath, value: unknown): void {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 2) {
    issues.invalid(path, 'maxAttempts is required: a whole number, at least 2.');
  } else if (value > 5) {
    issues.trap(
      'service-config-max-attempts',
      path,
      `${value} attempts count as 5 (gRFC A6), unless the channel itself allows more.`,
    );
  }
}
