import { nearest } from '../nearest';
import { quote } from '../quote';
import type { JsonObject } from '../serviceConfig';
import type { Issues, JsonPath } from './issues';

/** The fields of gRFC A6 (Integration with Service Config), A17 (health checks) and A24 (load balancing). */
const knownFields = {
  root: [
    'loadBalancingPolicy',
    'loadBalancingConfig',
    'methodConfig',
    'retryThrottling',
    'healthCheckConfig',
  ],
  method: [
    'name',
    'waitForReady',
    'timeout',
    'maxRequestMessageBytes',
    'maxResponseMessageBytes',
    'retryPolicy',
    'hedgingPolicy',
  ],
  name: ['service', 'method'],
  retry: [
    'maxAttempts',
    'initialBackoff',
    'maxBackoff',
    'backoffMultiplier',
    'retryableStatusCodes',
    'perAttemptRecvTimeout',
  ],
  hedging: ['maxAttempts', 'hedgingDelay', 'nonFatalStatusCodes'],
  throttling: ['maxTokens', 'tokenRatio'],
  healthCheck: ['serviceName'],
} as const;

export type Level = keyof typeof knownFields;

export const rootFields: readonly string[] = knownFields.root;

const byLowerCase = new Map(
  Object.values(knownFields)
    .flat()
    .map((name) => [name.toLowerCase(), name]),
);

/** The field that has this name in some spelling of upper and lower case. */
export function fieldNamed(name: string): string | undefined {
  return byLowerCase.get(name.toLowerCase());
}

/** Names that other libraries or older drafts have for the same thing. */
const otherNames: Readonly<Record<string, string>> = {
  maxRequestBytes: 'maxRequestMessageBytes',
  maxResponseBytes: 'maxResponseMessageBytes',
  maxRetryAttempts: 'maxAttempts',
};

/** Fields that nobody reads. Keys that start with `$`, `_` or `//` are notes for people and tools. */
export function checkFields(issues: Issues, path: JsonPath, value: JsonObject, level: Level): void {
  const known: readonly string[] = knownFields[level];
  for (const name of Object.keys(value)) {
    if (known.includes(name) || /^(\$|_|\/\/)/.test(name)) {
      continue;
    }
    const other = otherNames[name];
    const meant = other !== undefined && known.includes(other) ? other : nearest(name, known);
    const isFree = meant !== undefined && value[meant] === undefined;
    issues.trap(
      'service-config-unknown-field',
      [...path, name],
      `${quote(name)} is not a field of a service config: it has no effect.${meant === undefined ? '' : ` Did you mean ${quote(meant)}?`}`,
      isFree ? { key: meant } : undefined,
    );
  }
}
