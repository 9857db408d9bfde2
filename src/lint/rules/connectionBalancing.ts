import { type Hop, knownHops } from '../config/hops';
import type { ChannelFact } from '../facts';
import type { Finding } from '../finding';
import { found, type RuleContext } from './ruleContext';

/**
 * `connection-balancing`: pick_first keeps one connection, and what is on the way balances connections. Only
 * where the user named such a hop, no policy is chosen out of sight, and the address is written in the source
 * and is a name inside a cluster: behind a public name many clients share the connections out well enough.
 */
export function checkConnectionBalancing(
  fact: ChannelFact,
  { settings }: RuleContext,
): readonly Finding[] {
  const { path = [] } = settings;
  const balancers = path.filter(({ balances }) => balances === 'connections');
  const isPickFirst = fact.policy === undefined ? !fact.isOpen : fact.policy === 'pick_first';
  const host = hostName(fact.target);
  const hop = balancers.find(isService) ?? balancers[0];
  if (
    hop === undefined ||
    !isPickFirst ||
    host === undefined ||
    !isClusterName(host) ||
    path.some(({ balances }) => balances === 'calls')
  ) {
    return [];
  }
  const instead = isService(hop)
    ? 'Use round_robin with a dns:/// target and a headless Service (clusterIP: None), or a layer-7 hop'
    : "Use round_robin with a dns:/// name that has the servers' own addresses, or a layer-7 hop";
  const message = `${hop.name} balances connections, and pick_first keeps one: all calls of this ${fact.what} go to the server that it was first connected to, and new servers get none. ${instead}.`;
  const span = fact.targetSpan ?? fact.nameSpan;
  return found(settings, { rule: 'connection-balancing', span, message, fact });
}

function isService({ name }: Hop): boolean {
  return name === knownHops['kubernetes-service'].name;
}

/** Schemes after which the name is resolved by DNS; `http` and `https` for .NET, tonic and Connect. */
const dnsSchemes = new Set(['dns', 'passthrough', 'http', 'https']);

/** The DNS name of a target; undefined for addresses, this machine, and what another resolver resolves. */
function hostName(target = ''): string | undefined {
  const prefix = /^([a-z][\w+.-]*):(?!\d)/i.exec(target);
  const scheme = (prefix?.[1] ?? 'dns').toLowerCase();
  const rest = target.slice(prefix?.[0].length ?? 0);
  const [, , authority = '', path = ''] = rest.split('/');
  const endpoint = !rest.startsWith('//') ? rest : scheme.startsWith('http') ? authority : path;
  const host = endpoint.replace(/:\d+$/, '').replace(/\.$/, '').toLowerCase();
  const isName = /^[\w-]+(\.[\w-]+)*$/.test(host) && !/^[\d.]+$/.test(host);
  const isHere = /(^|\.)localhost$/.test(host);
  return dnsSchemes.has(scheme) && isName && !isHere ? host : undefined;
}

/** Ends of names that are no namespace. */
const publicEndings = new Set(['com', 'net', 'org', 'io']);

/**
 * Whether it can be the name of a Service with a cluster IP: `svc`, `svc.ns`, `svc.ns.svc`,
 * `svc.ns.svc.cluster.local`. `pod.svc.ns.svc…` exists for headless ones only.
 */
function isClusterName(host: string): boolean {
  const labels = host.split('.');
  const [service = ''] = labels;
  const at = labels.indexOf('svc', 1);
  const isInCluster = at > 0 ? at === 2 : labels.length < 3 && !publicEndings.has(labels[1] ?? '');
  return isInCluster && !/(^|-)headless(-|$)/.test(service);
}
