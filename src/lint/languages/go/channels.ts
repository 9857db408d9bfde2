/** Channels: `grpc.NewClient`, `grpc.Dial`, `grpc.DialContext`. */
import type { ChannelFact, KeepaliveFact } from '../../facts';
import type { Outcome, Scene, Site, SiteArgument } from '../../program/semantics';
import type { Span } from '../../program/syntax';
import {
  alternatives,
  bestDeadline,
  type Deadline,
  type Instance,
  instance,
  unknown,
  type Value,
} from '../../program/value';
import { configuredPolicy } from '../shared/configDefaults';
import { checkOptions, isOption } from './dialOptions';
import { asResult } from './results';
import { durationOf } from './time';

/** The argument that is the target. */
const makers: ReadonlyMap<string, number> = new Map([
  ['google.golang.org/grpc.NewClient', 0],
  ['google.golang.org/grpc.Dial', 0],
  ['google.golang.org/grpc.DialContext', 1],
]);

/** Frameworks whose channels give calls a timeout of their own: 2 s in go-zero and in Kratos. */
const bounded =
  /^github\.com\/(?:zeromicro\/go-zero\/zrpc|go-kratos\/kratos(?:\/v\d+)?\/transport\/grpc)\./;

/** `WithKeepaliveParams` raises a shorter or absent `Time` to this (internal/internal.go). */
const omittedTime = 10_000;

export function channelCall(site: Site, scene: Scene): Outcome | undefined {
  const { callee, receiver } = site;
  if (receiver?.kind === 'instance' && receiver.flavour === 'framework') {
    return { value: receiver };
  }
  if (callee.kind !== 'symbol') {
    return undefined;
  }
  const target = makers.get(callee.path);
  if (target === undefined) {
    if (!bounded.test(callee.path)) {
      return undefined;
    }
    const channel = instance('channel', 'safe', { flavour: 'framework' });
    return { value: asResult(channel, site, scene) };
  }
  const channel = made(site, target, scene);
  return { value: { kind: 'tuple', items: [channel, unknown] } };
}

function made(site: Site, targetAt: number, scene: Scene): Instance {
  const { arguments: args, method, call, nameSpan } = site;
  const { options, isOpen } = optionsIn(args.slice(targetAt + 1));
  checkOptions(method, options, site, scene);
  const config = options.findLast(({ flavour }) => flavour === 'WithDefaultServiceConfig')
    ?.properties.config;
  const isConfigRead = config === undefined || textOf(config) !== undefined;
  const policy = policyIn(options, config);
  const keepalive = keepaliveIn(options, scene);
  const target = args[targetAt];
  const address = target === undefined ? undefined : textOf(target.value);
  const fact: ChannelFact = {
    kind: 'channel',
    implementation: 'grpc-go',
    span: call.span,
    nameSpan,
    what: 'channel',
    ...(address === undefined || target === undefined
      ? {}
      : { target: address, targetSpan: target.span }),
    ...(keepalive === undefined ? {} : { keepalive }),
    ...(policy === undefined ? {} : { policy }),
    isOpen: isOpen || !isConfigRead,
    place: placeOf(site, scene),
  };
  scene.report(fact);
  const waitForReady = options.findLast((each) => each.waitForReady !== undefined)?.waitForReady;
  return instance('channel', 'missing', {
    ...(waitForReady === undefined ? {} : { waitForReady }),
    properties: {
      unary: said(interceptedBy(options, 'UnaryInterceptor'), nameSpan),
      stream: said(interceptedBy(options, 'StreamInterceptor'), nameSpan),
      ...(config === undefined ? {} : { config }),
    },
  });
}

function said(deadline: Deadline, span: Span): Value {
  return { kind: 'constant', value: deadline, span };
}

function interceptedBy(options: readonly Instance[], kind: string): Deadline {
  return options
    .filter(({ flavour }) => flavour?.endsWith(kind))
    .reduce<Deadline>((best, { deadline }) => bestDeadline(best, deadline), 'missing');
}

/** What can be seen of the options. Of those that differ by the way taken, each counts. */
function optionsIn(args: readonly SiteArgument[]): { options: Instance[]; isOpen: boolean } {
  const options: Instance[] = [];
  let isOpen = false;
  const add = (value: Value): void => {
    for (const way of alternatives(value)) {
      if (isOption(way)) {
        options.push(way);
      } else if (way.kind === 'list') {
        way.items.forEach(add);
        isOpen ||= way.isOpen;
      } else {
        isOpen = true;
      }
    }
  };
  for (const { value } of args) {
    add(value);
  }
  return { options, isOpen };
}

function textOf(value: Value): string | undefined {
  return value.kind === 'constant' && typeof value.value === 'string' ? value.value : undefined;
}

function policyIn(options: readonly Instance[], config: Value | undefined): string | undefined {
  const named = options.findLast(({ flavour }) => flavour === 'WithBalancerName')?.properties
    .policy;
  return (
    (config === undefined ? undefined : configuredPolicy(config)) ??
    (named === undefined ? undefined : textOf(named))
  );
}

function keepaliveIn(options: readonly Instance[], { file }: Scene): KeepaliveFact | undefined {
  const given = options.findLast(({ flavour }) => flavour === 'WithKeepaliveParams');
  if (given === undefined) {
    return undefined;
  }
  const { parameters } = given.properties;
  if (parameters?.kind !== 'object') {
    return {};
  }
  const { entries, span, isOpen } = parameters;
  const time = entries.get('Time');
  const timeout = entries.get('Timeout');
  const permit = entries.get('PermitWithoutStream');
  const every = time === undefined ? (isOpen ? undefined : omittedTime) : durationOf(time.value);
  const within = timeout === undefined ? undefined : durationOf(timeout.value);
  const brace = file.text.indexOf('{', span.from);
  const typeSpan = { from: span.from, to: brace > span.from && brace < span.to ? brace : span.to };
  return {
    ...(every === undefined ? {} : { time: every, timeSpan: time?.span ?? typeSpan }),
    ...(within === undefined || timeout === undefined
      ? {}
      : { timeout: within, timeoutSpan: timeout.span }),
    ...(permit?.value.kind === 'constant' && typeof permit.value.value === 'boolean'
      ? { withoutCalls: permit.value.value, withoutCallsSpan: permit.span }
      : {}),
  };
}

/** In a loop or handler only when the channel isn't kept: pools and lazy fields make one for many calls. */
function placeOf({ call }: Site, scene: Scene): ChannelFact['place'] {
  const { fn, file, handler, inLoop, statement } = scene;
  if (fn === undefined) {
    return 'module';
  }
  if (handler === undefined && !inLoop) {
    return 'function';
  }
  const before = file.text.slice(statement.from, call.span.from);
  const name = /^(?:var\s+)?(\w+)\s*(?:,[^=]*)?:?=\s*$/.exec(before)?.[1];
  if (name === undefined || isOnce(fn.span, file.text) || isKept(name, call.span, scene)) {
    return 'function';
  }
  return handler === undefined ? 'loop' : 'handler';
}

/** Whether the function is the argument of `once.Do(…)`. */
function isOnce({ from }: Span, text: string): boolean {
  return /\b(?:Do|OnceFunc|OnceValues?)\(\s*$/.test(text.slice(Math.max(0, from - 40), from));
}

/** Whether a variable outlives the request: it is stored, sent or returned. */
function isKept(name: string, { to }: Span, { fn, file }: Scene): boolean {
  const rest = file.text.slice(to, fn?.bodySpan.to);
  const kept = new RegExp(
    [
      `append\\([^()\\n]*\\b${name}\\b`,
      `(?:<-|\\breturn)\\s*(?:&?\\w+\\{[^}]*)?\\b${name}\\b(?!\\.)`,
      `Store\\([^()\\n]*\\b${name}\\b`,
      `[\\w)\\]]\\.\\w+(?:\\[[^\\]\\n]*\\])?\\s*=\\s*[^=\\n]*\\b${name}\\b(?!\\.)`,
      `\\]\\s*=\\s*${name}\\b(?!\\.)`,
    ].join('|'),
  );
  return kept.test(rest);
}
