import type { Implementation } from '../implementation';
import { quote } from '../quote';
import { isObject, type JsonObject } from '../serviceConfig';
import { checkFields } from './fields';
import { type Issues, type JsonPath, pathText } from './issues';
import { checkHedgingPolicy, checkRetryPolicy } from './retry';
import { checkDuration } from './values';

/** Those that read `waitForReady` from a service config. */
const waiting: readonly Implementation[] = ['grpc-go', 'grpc-java', 'grpc-core'];

export function checkMethods(issues: Issues, value: unknown): void {
  if (value === undefined) {
    return;
  }
  if (!Array.isArray(value)) {
    issues.invalid(['methodConfig'], 'A list of objects, one for each group of methods.');
    return;
  }
  const seen = new Map<string, string>();
  for (const [index, method] of value.entries()) {
    const path = ['methodConfig', index];
    if (isObject(method)) {
      checkMethod(issues, path, method, seen);
    } else {
      issues.invalid(path, 'An object with name and what holds for these methods.');
    }
  }
}

function checkMethod(
  issues: Issues,
  path: JsonPath,
  method: JsonObject,
  seen: Map<string, string>,
): void {
  checkFields(issues, path, method, 'method');
  checkNames(issues, [...path, 'name'], method.name, seen);
  checkWaitForReady(issues, path, method);
  checkTimeout(issues, [...path, 'timeout'], method.timeout);
  for (const name of ['maxRequestMessageBytes', 'maxResponseMessageBytes']) {
    checkMessageBytes(issues, [...path, name], name, method[name]);
  }
  if (method.retryPolicy !== undefined && method.hedgingPolicy !== undefined) {
    issues.invalid(path, 'A method has a retryPolicy or a hedgingPolicy, not both.', {
      except: ['grpc-go', 'grpc-core'],
    });
  }
  if (method.retryPolicy !== undefined) {
    checkRetryPolicy(issues, [...path, 'retryPolicy'], method.retryPolicy);
  }
  if (method.hedgingPolicy !== undefined) {
    checkHedgingPolicy(issues, [...path, 'hedgingPolicy'], method.hedgingPolicy);
  }
}

function checkNames(
  issues: Issues,
  path: JsonPath,
  value: unknown,
  seen: Map<string, string>,
): void {
  if (!Array.isArray(value)) {
    const message = 'A list that says for which methods: [{"service": "pkg.Service"}].';
    if (value === undefined && !issues.isFor(['grpc-js'])) {
      issues.trap(
        'service-config-no-name',
        path,
        'Without name this holds for no method. [{}] is the default for every method.',
      );
    } else {
      issues.invalid(path, message);
    }
    return;
  }
  if (value.length === 0) {
    issues.trap(
      'service-config-no-name',
      path,
      'An empty list matches no method. [{}] is the default for every method.',
    );
  }
  for (const [index, name] of value.entries()) {
    checkName(issues, [...path, index], name, seen);
  }
}

function checkName(issues: Issues, path: JsonPath, name: unknown, seen: Map<string, string>): void {
  if (!isObject(name)) {
    issues.invalid(path, 'An object: {"service": "pkg.Service", "method": "Get"}.');
    return;
  }
  checkFields(issues, path, name, 'name');
  const { service = '', method = '' } = name;
  if (typeof service !== 'string' || typeof method !== 'string') {
    issues.invalid(path, 'service and method are text.');
    return;
  }
  if (service === '' && name.method !== undefined) {
    issues.invalid(path, 'A method without its service matches nothing: name the service.');
    return;
  }
  for (const [key, text] of Object.entries({ service, method })) {
    if (text.includes('/')) {
      issues.trap(
        'service-config-name-slash',
        [...path, key],
        `${quote(text)} matches no call: service is the full name (pkg.Service), method the name alone.`,
      );
    }
  }
  const key = `${service}/${method}`;
  const first = seen.get(key);
  if (first !== undefined) {
    issues.invalid(path, `${key === '/' ? 'The default {}' : quote(key)} is already in ${first}.`);
  }
  seen.set(key, pathText(path));
}

function checkWaitForReady(issues: Issues, path: JsonPath, method: JsonObject): void {
  const { waitForReady } = method;
  const at = [...path, 'waitForReady'];
  if (waitForReady === undefined) {
    return;
  }
  if (typeof waitForReady !== 'boolean') {
    issues.invalid(at, 'true or false.');
    return;
  }
  if (!waitForReady) {
    return;
  }
  issues.differs(
    ['grpc-js'],
    'trap',
    'service-config-wait-for-ready',
    at,
    (names) => `waitForReady in a service config has no effect in ${names}.`,
  );
  if (method.timeout === undefined && issues.isFor(waiting)) {
    issues.trap(
      'service-config-unbounded-wait',
      at,
      "waitForReady without timeout: while the server can't be reached, a call that sets no deadline of its own waits for ever, without an error. Add a timeout.",
    );
  }
}

function checkTimeout(issues: Issues, path: JsonPath, value: unknown): void {
  const seconds = value === undefined ? undefined : checkDuration(issues, path, value);
  if (seconds === undefined) {
    return;
  }
  if (seconds === 0) {
    issues.differs(
      ['grpc-go', 'grpc-java', 'grpc-js'],
      'trap',
      'service-config-zero-timeout',
      path,
      (names) => `With a timeout of 0 every call in ${names} ends at once with DEADLINE_EXCEEDED.`,
    );
    return;
  }
  const [whole = '', fraction = ''] = String(value).slice(0, -1).split('.');
  if (fraction !== '' && fraction.length < 9) {
    issues.differs(
      ['grpc-js'],
      'trap',
      'service-config-timeout-fraction',
      path,
      (names) =>
        `${names} reads ${quote(String(value))} as ${Number(whole)} s and ${Number(fraction)} ns.`,
      { value: `${whole}.${fraction.padEnd(9, '0')}s` },
    );
  }
}

function checkMessageBytes(issues: Issues, path: JsonPath, name: string, value: unknown): void {
  if (value === undefined) {
    return;
  }
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0) {
    issues.invalid(path, 'A whole number of bytes, 0 or more.');
    return;
  }
  issues.differs(
    ['grpc-js'],
    'trap',
    'service-config-message-bytes',
    path,
    (names) => `${name} has no effect in ${names}.`,
  );
}
