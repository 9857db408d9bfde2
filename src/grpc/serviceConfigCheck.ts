import { inOwnSpelling, spelledAsSpecified } from './configChecks/anyCase';
import { checkBalancingConfig, checkBalancingPolicy } from './configChecks/balancing';
import { checkFields } from './configChecks/fields';
import { Issues, pathText, type ServiceConfigIssue } from './configChecks/issues';
import { checkMethods } from './configChecks/methods';
import { checkThrottling } from './configChecks/retry';
import type { Implementation } from './implementation';
import { isObject, type JsonObject } from './serviceConfig';

export type { JsonPath, ServiceConfigIssue } from './configChecks/issues';

/** One finding in a service config. */
export interface ServiceConfigFinding {
  /** Where: `methodConfig[0].retryPolicy.maxAttempts`; '' is the whole config. */
  readonly path: string;
  readonly message: string;
}

/** Valid by gRFC A6, but without the effect that it seems to have. */
export interface ServiceConfigTrap extends ServiceConfigFinding {
  /** Stable id, e.g. `service-config-health-check`. */
  readonly code: string;
}

export interface CheckedServiceConfig {
  /** Present when there are no errors. */
  readonly config?: JsonObject;
  readonly errors: readonly ServiceConfigFinding[];
  readonly traps: readonly ServiceConfigTrap[];
}

/**
 * Checks a service config for Frameline's own calls as JSON text: against gRFC A2 and A6, and for what grpc-js
 * 1.14 does otherwise (`traps`). What passes here never makes grpc-js throw.
 */
export function checkServiceConfig(text: string): CheckedServiceConfig {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { errors: [{ path: '', message: `This is not JSON: ${reason}` }], traps: [] };
  }
  const issues = serviceConfigIssues(value, 'grpc-js');
  const errors = issues.filter(({ kind }) => kind === 'invalid').map(finding);
  const traps = issues
    .filter(({ kind }) => kind === 'trap')
    .map((issue) => ({ code: issue.code, ...finding(issue) }));
  return errors.length === 0 && isObject(value)
    ? { config: value, errors, traps }
    : { errors, traps };
}

/**
 * What is wrong with a service config for this implementation; with undefined, for whoever may read it: what
 * holds for some only then names them.
 */
export function serviceConfigIssues(
  value: unknown,
  implementation: Implementation | undefined,
): readonly ServiceConfigIssue[] {
  if (implementation === 'grpc-go') {
    return issuesOf(spelledAsSpecified(value), implementation).map((issue) =>
      inOwnSpelling(issue, value),
    );
  }
  return issuesOf(value, implementation);
}

function issuesOf(
  value: unknown,
  implementation: Implementation | undefined,
): readonly ServiceConfigIssue[] {
  const issues = new Issues(implementation);
  const config = takesNull(implementation) ? withoutNulls(value) : value;
  if (!isObject(config)) {
    issues.invalid([], 'A service config is a JSON object: {"methodConfig": […]}.');
    return issues.found;
  }
  checkFields(issues, [], config, 'root');
  checkBalancingPolicy(issues, config.loadBalancingPolicy);
  checkBalancingConfig(issues, config.loadBalancingConfig);
  checkHealth(issues, config.healthCheckConfig);
  checkThrottling(issues, config.retryThrottling);
  checkMethods(issues, config.methodConfig);
  return issues.found;
}

/** Go and C core read null as if the field were not there; Java and grpc-js refuse it. */
function takesNull(implementation: Implementation | undefined): boolean {
  return implementation === 'grpc-go' || implementation === 'grpc-core';
}

function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(withoutNulls);
  }
  return isObject(value)
    ? Object.fromEntries(
        Object.entries(value).flatMap(([key, member]) =>
          member === null ? [] : [[key, withoutNulls(member)]],
        ),
      )
    : value;
}

/** gRFC A17. */
function checkHealth(issues: Issues, value: unknown): void {
  const path = ['healthCheckConfig'];
  if (value === undefined) {
    return;
  }
  issues.differs(
    ['grpc-js'],
    'trap',
    'service-config-health-check',
    path,
    (names) => `${names} has no client-side health checking: healthCheckConfig has no effect.`,
  );
  if (issues.implementation === 'grpc-js') {
    return;
  }
  if (!isObject(value)) {
    issues.invalid(path, 'An object: {"serviceName": "pkg.Service"}.');
    return;
  }
  checkFields(issues, path, value, 'healthCheck');
  if (value.serviceName !== undefined && typeof value.serviceName !== 'string') {
    issues.invalid([...path, 'serviceName'], 'The name of a service is text.');
  }
}

/** What to do in Frameline's own request panel, by the code of the trap. */
const panelAdvice: Readonly<Record<string, (issue: ServiceConfigIssue) => string>> = {
  'service-config-lb-policy': () => ' Or use the option load-balancing.',
  'service-config-wait-for-ready': () => ' Use the option wait-for-ready.',
  'service-config-message-bytes': ({ path }) =>
    ` Use the option ${path.at(-1) === 'maxRequestMessageBytes' ? 'max-send-size' : 'max-receive-size'}.`,
  'service-config-timeout-fraction': ({ fix }) =>
    fix !== undefined && 'value' in fix
      ? ` Frameline hands it over as "${fix.value}", which it reads right; do the same in your own grpc-js client.`
      : '',
};

function finding(issue: ServiceConfigIssue): ServiceConfigFinding {
  const advice = panelAdvice[issue.code]?.(issue) ?? '';
  return { path: pathText(issue.path), message: issue.message + advice };
}
