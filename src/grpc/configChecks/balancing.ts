import type { Implementation } from '../implementation';
import { nearest } from '../nearest';
import { quote } from '../quote';
import { isObject } from '../serviceConfig';
import type { Issues } from './issues';

/** Registered by grpc-js 1.14 itself; it falls back to pick_first when it knows none of a list. */
const jsPolicies = ['pick_first', 'round_robin', 'weighted_round_robin', 'outlier_detection'];

/** Policies that come with some gRPC library; others end in `_experimental`. */
const policies = [...jsPolicies, 'grpclb'];

const otherReaders: readonly Implementation[] = [
  'grpc-go',
  'grpc-java',
  'grpc-core',
  'grpc-dotnet',
];

/** loadBalancingConfig (gRFC A24): the first policy of the list that the client knows is used. */
export function checkBalancingConfig(issues: Issues, value: unknown): void {
  const path = ['loadBalancingConfig'];
  if (value === undefined) {
    return;
  }
  if (!Array.isArray(value)) {
    issues.invalid(path, 'A list of objects with one key each: [{"round_robin": {}}].');
    return;
  }
  const names: string[] = [];
  for (const [index, entry] of value.entries()) {
    const [name, ...more] = isObject(entry) ? Object.keys(entry) : [];
    if (!isObject(entry) || name === undefined || more.length > 0 || !isObject(entry[name])) {
      issues.invalid([...path, index], 'One policy name and its settings: {"round_robin": {}}.');
      return;
    }
    names.push(name);
  }
  if (names.length === 0) {
    issues.differs(
      ['grpc-go', 'grpc-core'],
      'invalid',
      'service-config-lb-empty',
      path,
      (who) => `${who} refuse an empty list: name a policy, or leave loadBalancingConfig out.`,
    );
    return;
  }
  checkPolicyNames(issues, names);
}

function checkPolicyNames(issues: Issues, names: readonly string[]): void {
  const path = ['loadBalancingConfig'];
  const last = names.length - 1;
  const meant = nearest(names[last] ?? '', policies, 2);
  const at = meant === undefined ? path : [...path, last, names[last] ?? ''];
  const hint = meant === undefined ? '' : ` Did you mean ${quote(meant)}?`;
  const fix = meant === undefined ? undefined : { key: meant };
  if (!names.some((name) => jsPolicies.includes(name)) && issues.isFor(['grpc-js'])) {
    issues.differs(
      ['grpc-js'],
      'trap',
      'service-config-lb-unknown',
      issues.implementation === undefined ? path : at,
      (who) =>
        `${who} knows none of these policies and falls back to pick_first without a word. It knows ${jsPolicies.join(', ')}.${hint}`,
      fix,
    );
  }
  if (!names.some(isKnown) && issues.isFor(otherReaders) && issues.implementation !== 'grpc-js') {
    issues.trap(
      'service-config-lb-unregistered',
      at,
      `None of these policies comes with gRPC: unless the application registers one, the config is refused.${hint}`,
      fix,
    );
  }
}

/** loadBalancingPolicy: deprecated by gRFC A24. */
export function checkBalancingPolicy(issues: Issues, value: unknown): void {
  const path = ['loadBalancingPolicy'];
  if (value === undefined) {
    return;
  }
  if (typeof value !== 'string') {
    issues.invalid(path, 'The name of a policy is text.');
    return;
  }
  issues.differs(
    ['grpc-js'],
    'trap',
    'service-config-lb-policy',
    path,
    (who) =>
      `${who} ignores loadBalancingPolicy (deprecated by gRFC A24). Write loadBalancingConfig: [{"${value.toLowerCase()}": {}}].`,
  );
  const lower = value.toLowerCase();
  if (!isKnown(lower)) {
    const meant = nearest(lower, policies, 2);
    const hint = meant === undefined ? '' : ` Did you mean ${quote(meant)}?`;
    const fix = meant === undefined ? undefined : { value: meant };
    const what = `No policy ${quote(value)} comes with gRPC: unless the application registers one,`;
    issues.differs(
      ['grpc-java', 'grpc-core'],
      'trap',
      'service-config-lb-unregistered',
      path,
      (who) => `${what} the config is refused in ${who}.${hint}`,
      fix,
    );
    issues.differs(
      ['grpc-go'],
      'trap',
      'service-config-lb-unregistered',
      path,
      (who) => `${what} ${who} falls back to pick_first without a word.${hint}`,
      fix,
    );
  } else if (value !== lower) {
    issues.differs(
      ['grpc-go'],
      'trap',
      'service-config-lb-policy-case',
      path,
      (who) => `${who} looks for a policy of exactly this name and falls back to pick_first.`,
      { value: lower },
    );
  }
}

function isKnown(name: string): boolean {
  return policies.includes(name) || name.endsWith('_experimental');
}
