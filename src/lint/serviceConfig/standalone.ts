import type { Node } from 'jsonc-parser';
import { itemsOf, membersOf, parseJsonTree, spanOf } from '../../config/jsonTree';
import { rootFields } from '../../grpc/configChecks/fields';
import type { Implementation } from '../../grpc/implementation';
import type { LintSettings } from '../config/settings';
import type { Finding } from '../finding';
import { found } from '../rules/ruleContext';
import { lintServiceConfigNode } from './lintServiceConfig';

/** Before a file is parsed. */
const marker =
  /"(?:methodConfig|loadBalancingConfig|loadBalancingPolicy|retryThrottling|healthCheckConfig)"/;

/** Whether a `.json` file is a service config, or a list of choices as it stands in DNS (gRFC A2). */
export function isServiceConfigFile(path: string, text: string): boolean {
  if (!/\.json$/i.test(path) || !marker.test(text)) {
    return false;
  }
  const { root } = parseJsonTree(text, 'strict');
  return root !== undefined && (looksLikeConfig(root) || choicesOf(root) !== undefined);
}

/** What is wrong with a file that `isServiceConfigFile` takes for one, in the order of the file. */
export function lintServiceConfigFile(text: string, settings: LintSettings): Finding[] {
  const { root, mistake, repeated } = parseJsonTree(text, 'strict');
  if (root === undefined || mistake !== undefined) {
    return mistake === undefined
      ? []
      : [...found(settings, { rule: 'invalid-service-config', ...mistake })];
  }
  const choices = choicesOf(root);
  const findings =
    choices === undefined
      ? lintServiceConfigNode(root, repeated, undefined, settings, 0)
      : choices.flatMap((choice) => lintChoice(choice, repeated, settings));
  return findings.sort((a, b) => a.span.from - b.span.from || a.span.to - b.span.to);
}

/**
 * By what nothing else has: methods with a list of names, a policy list of one-key objects, throttling tokens.
 * `loadBalancingPolicy` and `healthCheckConfig` stand in other programs' files too: then every other key must
 * be a field of a service config.
 */
function looksLikeConfig(node: Node): boolean {
  const members = membersOf(node);
  const methods = itemsOf(members.get('methodConfig')?.value ?? node);
  const policies = itemsOf(members.get('loadBalancingConfig')?.value ?? node);
  const throttling = members.get('retryThrottling')?.value;
  const isSure =
    methods.some((method) => itemsOf(membersOf(method).get('name')?.value ?? method).length > 0) ||
    policies.some((policy) => membersOf(policy).size === 1) ||
    (throttling !== undefined && membersOf(throttling).has('maxTokens'));
  const known = [...members.keys()].filter((key) => rootFields.includes(key));
  const others = [...members.keys()].filter((key) => !key.startsWith('$'));
  return isSure || (known.length > 0 && known.length === others.length);
}

/** gRFC A2, Canarying Changes. */
const choiceFields = ['clientLanguage', 'percentage', 'clientHostname', 'serviceConfig'];

/** The choices of a list for DNS; undefined when it is something else. */
function choicesOf(root: Node): readonly Node[] | undefined {
  const items = itemsOf(root);
  const isList =
    items.length > 0 &&
    items.every((item) => membersOf(item).has('serviceConfig')) &&
    items.some((item) => looksLikeConfig(membersOf(item).get('serviceConfig')?.value ?? item));
  return isList ? items : undefined;
}

/** Names in gRFC A2 and what grpc-js calls itself; in any case. */
const languages: Readonly<Record<string, Implementation>> = {
  go: 'grpc-go',
  java: 'grpc-java',
  node: 'grpc-js',
  'c++': 'grpc-core',
  python: 'grpc-core',
  ruby: 'grpc-core',
};

function lintChoice(choice: Node, repeated: readonly Node[], settings: LintSettings): Finding[] {
  const members = membersOf(choice);
  const report = (node: Node, message: string) =>
    found(settings, { rule: 'invalid-service-config', span: spanOf(node), message });
  const findings = [...members].flatMap(([name, { key }]) =>
    choiceFields.includes(name)
      ? []
      : report(key, `"${name}" is not a field of a choice: the whole list is refused (gRFC A2).`),
  );
  const percentage = members.get('percentage')?.value;
  const share: unknown = percentage?.value;
  if (
    percentage !== undefined &&
    !(typeof share === 'number' && Number.isInteger(share) && share >= 0 && share <= 100)
  ) {
    findings.push(...report(percentage, 'A whole number from 0 to 100.'));
  }
  for (const name of ['clientLanguage', 'clientHostname']) {
    const list = members.get(name)?.value;
    if (list !== undefined && !(list.type === 'array' && itemsOf(list).every(isText))) {
      findings.push(...report(list, `${name}: a list of texts.`));
    }
  }
  const config = members.get('serviceConfig')?.value;
  if (config !== undefined) {
    const isInside = ({ offset }: Node) =>
      offset >= config.offset && offset < config.offset + config.length;
    const implementation = readerOf(members.get('clientLanguage')?.value);
    const keys = repeated.filter(isInside);
    findings.push(...lintServiceConfigNode(config, keys, implementation, settings, 0));
  }
  return findings;
}

function isText({ type }: Node): boolean {
  return type === 'string';
}

/** The one implementation that a choice is for; undefined when there are several. */
function readerOf(list: Node | undefined): Implementation | undefined {
  const readers = new Set(
    (list === undefined ? [] : itemsOf(list)).map(
      ({ value }) => languages[String(value).toLowerCase()],
    ),
  );
  const [only] = readers;
  return readers.size === 1 ? only : undefined;
}
