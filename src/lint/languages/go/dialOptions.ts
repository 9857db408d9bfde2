/** Options of a channel: `grpc.DialOption` (dialoptions.go of grpc-go). */
import type { Scene, Site, SiteArgument } from '../../program/semantics';
import { type Instance, instance, type Value } from '../../program/value';
import { serviceConfigFact } from '../shared/serviceConfig';
import { waitForReadyOf } from './callOptions';
import { bestOf } from './interceptors';

const grpc = 'google.golang.org/grpc.';

/** Below this many bytes the option is ignored (`defaultWindowSize` in internal/transport/defaults.go). */
const smallestWindow = 65_535;

/** The option that a call of package grpc makes; undefined when it makes none. */
export function optionCall(site: Site, scene: Scene): Instance | undefined {
  const { callee, method, nameSpan, arguments: args } = site;
  const isOption = method.startsWith('With') || method === 'FailOnNonTempDialError';
  if (callee.kind !== 'symbol' || callee.path !== `${grpc}${method}` || !isOption) {
    return undefined;
  }
  const name: Value = { kind: 'constant', value: method, span: nameSpan };
  const values = args.map(({ value }) => value);
  const [first] = values;
  switch (method) {
    case 'WithUnaryInterceptor':
    case 'WithChainUnaryInterceptor':
    case 'WithStreamInterceptor':
    case 'WithChainStreamInterceptor':
      return option(method, { name }, bestOf(values, scene));
    case 'WithDefaultServiceConfig':
      reportConfig(args[0], scene);
      return option(method, { name, ...(first === undefined ? {} : { config: first }) });
    case 'WithKeepaliveParams':
      return option(method, { name, ...(first === undefined ? {} : { parameters: first }) });
    case 'WithDefaultCallOptions': {
      const waitForReady = waitForReadyOf(args);
      const made = option(method, { name });
      return waitForReady === undefined ? made : { ...made, waitForReady };
    }
    case 'WithBalancerName':
      return option(method, { name, ...(first === undefined ? {} : { policy: first }) });
    case 'WithInitialWindowSize':
    case 'WithInitialConnWindowSize':
      checkWindow(site, scene);
      return option(method, { name });
    default:
      return option(method, { name });
  }
}

function option(
  flavour: string,
  properties: Readonly<Record<string, Value>>,
  deadline: Instance['deadline'] = 'missing',
): Instance {
  return instance('channelOption', deadline, { flavour, properties });
}

export function reportConfig(argument: SiteArgument | undefined, scene: Scene): void {
  const fact =
    argument === undefined
      ? undefined
      : serviceConfigFact('grpc-go', argument.value, argument.span);
  if (fact !== undefined) {
    scene.report(fact);
  }
}

function checkWindow({ arguments: args, method, nameSpan }: Site, scene: Scene): void {
  const size = args[0]?.value;
  if (size?.kind === 'constant' && typeof size.value === 'number' && size.value < smallestWindow) {
    const message = `${method} ignores ${size.value}: a window below 64 KiB leaves the default of 65535 bytes.`;
    scene.report({ kind: 'option', span: nameSpan, message });
  }
}

/** Options of which only the last counts. */
const lastCounts = new Set([
  'WithUnaryInterceptor',
  'WithStreamInterceptor',
  'WithDefaultServiceConfig',
  'WithKeepaliveParams',
]);

/** Instead of the option that is given twice. */
const chained: Readonly<Record<string, string>> = {
  WithUnaryInterceptor: 'WithChainUnaryInterceptor',
  WithStreamInterceptor: 'WithChainStreamInterceptor',
};

/** Says of options that don't work together or not with this function. `direct` are those written in the call. */
export function checkOptions(
  maker: string,
  options: readonly Instance[],
  site: Site,
  scene: Scene,
): void {
  const has = new Set(options.map(({ flavour }) => flavour));
  const blocks = has.has('WithBlock') || has.has('WithReturnConnectionError');
  for (const each of options) {
    const message = ignored(each.flavour ?? '', maker, blocks);
    if (message !== undefined) {
      report(each, message, site, scene);
    }
  }
  const direct = site.arguments.flatMap(({ value }) => (isOption(value) ? [value] : []));
  for (const [at, each] of direct.entries()) {
    const name = each.flavour ?? '';
    if (lastCounts.has(name) && direct.slice(at + 1).some(({ flavour }) => flavour === name)) {
      const instead = chained[name];
      const advice = instead === undefined ? '' : ` Use grpc.${instead} for several.`;
      report(each, `Only the last grpc.${name} counts: this one is dropped.${advice}`, site, scene);
    }
  }
}

/** Why an option does nothing; undefined when it does something. */
function ignored(name: string, maker: string, blocks: boolean): string | undefined {
  switch (name) {
    case 'WithBlock':
    case 'WithReturnConnectionError':
      return maker === 'NewClient'
        ? `grpc.NewClient ignores ${name}: it connects when the first call is made.`
        : undefined;
    case 'WithTimeout':
    case 'FailOnNonTempDialError':
      if (maker === 'NewClient') {
        return `grpc.NewClient ignores ${name}: it connects when the first call is made.${name === 'WithTimeout' ? ' It is no deadline for calls: give each call a context with one.' : ''}`;
      }
      return blocks ? undefined : `${name} does nothing without grpc.WithBlock().`;
    default:
      return undefined;
  }
}

export function isOption(value: Value): value is Instance {
  return value.kind === 'instance' && value.role === 'channelOption';
}

function report(option: Instance, message: string, site: Site, scene: Scene): void {
  const { name } = option.properties;
  if (name?.kind !== 'constant') {
    return;
  }
  const at = site.arguments.findIndex(({ value }) => value === option);
  const before = site.arguments[at - 1];
  const own = site.arguments[at];
  scene.report({
    kind: 'option',
    span: name.span,
    message,
    ...(before === undefined || own === undefined
      ? {}
      : {
          replacement: {
            title: `Remove ${String(name.value)}`,
            span: { from: before.span.to, to: own.span.to },
            text: '',
          },
        }),
  });
}
