import { longestDuration } from './duration';
import { quote } from './quote';
import { isObject, type JsonObject } from './serviceConfig';
import { statusNames } from './statusCodes';

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

/** A proto3 JSON Duration, as gRFC A6 demands it. */
const durationPattern = /^\d+(\.\d{1,9})?s$/;

const loadBalancingPolicies = [
  'pick_first',
  'round_robin',
  'weighted_round_robin',
  'outlier_detection',
];

const knownFields = {
  '': [
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
  retry: [
    'maxAttempts',
    'initialBackoff',
    'maxBackoff',
    'backoffMultiplier',
    'retryableStatusCodes',
    'perAttemptRecvTimeout',
  ],
  hedging: ['maxAttempts', 'hedgingDelay', 'nonFatalStatusCodes'],
} as const;

/**
 * Checks a service config as JSON text against gRFC A2 and A6, and says where grpc-js 1.14 does something
 * else with it (`traps`). What passes here never makes grpc-js throw.
 */
export function checkServiceConfig(text: string): CheckedServiceConfig {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { errors: [{ path: '', message: `This is not JSON: ${reason}` }], traps: [] };
  }
  const checker = new Checker();
  checker.root(value);
  return checker.errors.length === 0 && isObject(value)
    ? { config: value, errors: [], traps: checker.traps }
    : { errors: checker.errors, traps: checker.traps };
}

class Checker {
  readonly errors: ServiceConfigFinding[] = [];
  readonly traps: ServiceConfigTrap[] = [];

  root(value: unknown): void {
    if (!isObject(value)) {
      this.#error('', 'A service config is a JSON object: {"methodConfig": […]}.');
      return;
    }
    this.#unknownFields('', value, knownFields['']);
    if (value.loadBalancingPolicy !== undefined) {
      if (typeof value.loadBalancingPolicy !== 'string') {
        this.#error('loadBalancingPolicy', 'The name of a policy is text.');
      } else {
        this.#trap(
          'service-config-lb-policy',
          'loadBalancingPolicy',
          'grpc-js ignores loadBalancingPolicy (deprecated by gRFC A24). Write loadBalancingConfig: [{"round_robin": {}}], or use the option load-balancing.',
        );
      }
    }
    this.#loadBalancing(value.loadBalancingConfig);
    if (value.healthCheckConfig !== undefined) {
      this.#trap(
        'service-config-health-check',
        'healthCheckConfig',
        'grpc-js has no client-side health checking: healthCheckConfig has no effect here.',
      );
    }
    this.#throttling(value.retryThrottling);
    this.#methods(value.methodConfig);
  }

  #loadBalancing(value: unknown): void {
    const path = 'loadBalancingConfig';
    if (value === undefined) {
      return;
    }
    if (!Array.isArray(value)) {
      this.#error(path, 'A list of objects with one key each: [{"round_robin": {}}].');
      return;
    }
    let usable = value.length === 0;
    for (const [index, entry] of value.entries()) {
      const names = isObject(entry) ? Object.keys(entry) : [];
      const name = names[0];
      if (!isObject(entry) || names.length !== 1 || name === undefined || !isObject(entry[name])) {
        this.#error(`${path}[${index}]`, 'One policy name and its settings: {"round_robin": {}}.');
        return;
      }
      usable ||= loadBalancingPolicies.includes(name);
    }
    if (!usable) {
      this.#trap(
        'service-config-lb-unknown',
        path,
        `grpc-js knows none of these policies and falls back to pick_first without a word. It knows ${loadBalancingPolicies.join(', ')}.`,
      );
    }
  }

  #throttling(value: unknown): void {
    if (value === undefined) {
      return;
    }
    const path = 'retryThrottling';
    if (!isObject(value)) {
      this.#error(path, 'An object with maxTokens and tokenRatio.');
      return;
    }
    const { maxTokens, tokenRatio } = value;
    if (typeof maxTokens !== 'number' || !(maxTokens > 0 && maxTokens <= 1_000)) {
      this.#error(`${path}.maxTokens`, 'A number over 0, at most 1000.');
    }
    if (typeof tokenRatio !== 'number' || !(tokenRatio > 0)) {
      this.#error(`${path}.tokenRatio`, 'A number over 0; digits after the third are dropped.');
    }
  }

  #methods(value: unknown): void {
    if (value === undefined) {
      return;
    }
    if (!Array.isArray(value)) {
      this.#error('methodConfig', 'A list of objects; grpc-js would ignore anything else.');
      return;
    }
    const seen = new Map<string, string>();
    for (const [index, method] of value.entries()) {
      const path = `methodConfig[${index}]`;
      if (isObject(method)) {
        this.#method(path, method, seen);
      } else {
        this.#error(path, 'An object with name and what holds for these methods.');
      }
    }
  }

  #method(path: string, method: JsonObject, seen: Map<string, string>): void {
    this.#unknownFields(path, method, knownFields.method);
    this.#names(`${path}.name`, method.name, seen);
    if (method.waitForReady !== undefined) {
      if (typeof method.waitForReady !== 'boolean') {
        this.#error(`${path}.waitForReady`, 'true or false.');
      } else if (method.waitForReady) {
        this.#trap(
          'service-config-wait-for-ready',
          `${path}.waitForReady`,
          'grpc-js ignores waitForReady in a service config. Use the option wait-for-ready.',
        );
      }
    }
    this.#timeout(`${path}.timeout`, method.timeout);
    for (const name of ['maxRequestMessageBytes', 'maxResponseMessageBytes']) {
      this.#messageBytes(`${path}.${name}`, name, method[name]);
    }
    if (method.retryPolicy !== undefined && method.hedgingPolicy !== undefined) {
      this.#error(path, 'A method has a retryPolicy or a hedgingPolicy, not both.');
    }
    if (method.retryPolicy !== undefined) {
      this.#retry(`${path}.retryPolicy`, method.retryPolicy);
    }
    if (method.hedgingPolicy !== undefined) {
      this.#hedging(`${path}.hedgingPolicy`, method.hedgingPolicy);
    }
  }

  #names(path: string, value: unknown, seen: Map<string, string>): void {
    if (!Array.isArray(value)) {
      this.#error(path, 'A list that says for which methods: [{"service": "pkg.Service"}].');
      return;
    }
    if (value.length === 0) {
      this.#trap(
        'service-config-no-name',
        path,
        'An empty list matches no method. [{}] is the default for every method.',
      );
    }
    for (const [index, name] of value.entries()) {
      const at = `${path}[${index}]`;
      if (!isObject(name)) {
        this.#error(at, 'An object: {"service": "pkg.Service", "method": "Get"}.');
        continue;
      }
      const { service = '', method = '' } = name;
      if (typeof service !== 'string' || typeof method !== 'string') {
        this.#error(at, 'service and method are text.');
        continue;
      }
      if (service === '' && name.method !== undefined) {
        this.#error(at, 'A method without its service matches nothing: name the service.');
        continue;
      }
      const key = `${service}/${method}`;
      const first = seen.get(key);
      if (first !== undefined) {
        this.#error(at, `${key === '/' ? 'The default {}' : quote(key)} is already in ${first}.`);
      }
      seen.set(key, at);
    }
  }

  #timeout(path: string, value: unknown): void {
    if (value === undefined || !this.#duration(path, value)) {
      return;
    }
    const [whole = '', fraction = ''] = value.slice(0, -1).split('.');
    if (fraction !== '' && fraction.length < 9) {
      this.#trap(
        'service-config-timeout-fraction',
        path,
        `grpc-js reads ${quote(value)} as ${Number(whole)} s and ${Number(fraction)} ns. Frameline hands it over as ${quote(
          `${whole}.${fraction.padEnd(9, '0')}s`,
        )}, which it reads right; do the same in your own grpc-js client.`,
      );
    }
  }

  #messageBytes(path: string, name: string, value: unknown): void {
    if (value === undefined) {
      return;
    }
    if (typeof value !== 'number' || !Number.isInteger(value) || value < 0) {
      this.#error(path, 'A whole number of bytes, 0 or more.');
      return;
    }
    const option = name === 'maxRequestMessageBytes' ? 'max-send-size' : 'max-receive-size';
    this.#trap(
      'service-config-message-bytes',
      path,
      `grpc-js ignores ${name}. Use the option ${option}.`,
    );
  }

  #retry(path: string, value: unknown): void {
    if (!isObject(value)) {
      this.#error(path, 'An object with maxAttempts, initialBackoff, maxBackoff and so on.');
      return;
    }
    this.#unknownFields(path, value, knownFields.retry);
    this.#attempts(`${path}.maxAttempts`, value.maxAttempts);
    for (const name of ['initialBackoff', 'maxBackoff']) {
      const backoff = value[name];
      if (backoff === undefined) {
        this.#error(`${path}.${name}`, `${name} is required: a duration such as "0.1s".`);
      } else if (this.#duration(`${path}.${name}`, backoff) && Number(backoff.slice(0, -1)) === 0) {
        this.#error(`${path}.${name}`, 'Must be over 0.');
      }
    }
    const multiplier = value.backoffMultiplier;
    if (typeof multiplier !== 'number' || !(multiplier > 0)) {
      this.#error(`${path}.backoffMultiplier`, 'backoffMultiplier is required: a number over 0.');
    }
    const codes = value.retryableStatusCodes;
    if (!Array.isArray(codes) || codes.length === 0) {
      this.#error(
        `${path}.retryableStatusCodes`,
        'retryableStatusCodes is required and not empty: ["UNAVAILABLE"].',
      );
    } else {
      this.#statusCodes(`${path}.retryableStatusCodes`, codes);
    }
    if (value.perAttemptRecvTimeout !== undefined) {
      this.#trap(
        'service-config-per-attempt',
        `${path}.perAttemptRecvTimeout`,
        'grpc-js ignores perAttemptRecvTimeout.',
      );
    }
  }

  #hedging(path: string, value: unknown): void {
    if (!isObject(value)) {
      this.#error(path, 'An object with maxAttempts, hedgingDelay and nonFatalStatusCodes.');
      return;
    }
    this.#unknownFields(path, value, knownFields.hedging);
    this.#attempts(`${path}.maxAttempts`, value.maxAttempts);
    if (value.hedgingDelay !== undefined) {
      this.#duration(`${path}.hedgingDelay`, value.hedgingDelay);
    }
    if (value.nonFatalStatusCodes !== undefined) {
      if (Array.isArray(value.nonFatalStatusCodes)) {
        this.#statusCodes(`${path}.nonFatalStatusCodes`, value.nonFatalStatusCodes);
      } else {
        this.#error(`${path}.nonFatalStatusCodes`, 'A list of status codes.');
      }
    }
  }

  #attempts(path: string, value: unknown): void {
    if (typeof value !== 'number' || !Number.isInteger(value) || value < 2) {
      this.#error(path, 'maxAttempts is required: a whole number, at least 2.');
    } else if (value > 5) {
      this.#trap('service-config-max-attempts', path, `${value} attempts count as 5 (gRFC A6).`);
    }
  }

  #statusCodes(path: string, codes: readonly unknown[]): void {
    for (const [index, code] of codes.entries()) {
      const known =
        typeof code === 'number'
          ? statusNames[code] !== undefined
          : typeof code === 'string' && statusNames.some((name) => name === code.toUpperCase());
      if (!known) {
        this.#error(
          `${path}[${index}]`,
          `${quote(String(code))} is not a status code: a name such as "UNAVAILABLE" or a number from 0 to 16.`,
        );
      }
    }
  }

  #duration(path: string, value: unknown): value is string {
    if (typeof value !== 'string' || !durationPattern.test(value)) {
      this.#error(path, 'A duration is text in seconds that ends in s: "0.1s", never "100ms".');
      return false;
    }
    if (Number(value.slice(0, -1)) * 1_000 > longestDuration) {
      this.#error(path, 'Longer than 24.8 days: timers can not count that.');
      return false;
    }
    return true;
  }

  #unknownFields(path: string, value: JsonObject, known: readonly string[]): void {
    for (const name of Object.keys(value)) {
      if (!known.includes(name)) {
        this.#trap(
          'service-config-unknown-field',
          path === '' ? name : `${path}.${name}`,
          `${quote(name)} is not a field of a service config: it has no effect.`,
        );
      }
    }
  }

  #error(path: string, message: string): void {
    this.errors.push({ path, message });
  }

  #trap(code: string, path: string, message: string): void {
    this.traps.push({ code, path, message });
  }
}
