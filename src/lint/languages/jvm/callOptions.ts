import type { Outcome, Scene, Site } from '../../program/semantics';
import { type Instance, instance, unknown, type Value } from '../../program/value';
import { reportCall } from '../shared/report';
import { checkLength, lengthOf } from './lengths';
import { deadlined } from './stubCalls';
import { surroundingDeadline, together } from './surroundings';
import { argumentOf, derived, instanceIn, limited, markedPlace, pathOf, placeMark } from './values';

/** `CallOptions.DEFAULT` */
export function callOptionsMember(path: string): Value | undefined {
  return path === 'io.grpc.CallOptions.DEFAULT'
    ? { ...instance('callOptions', 'missing'), why: 'CallOptions.DEFAULT has none' }
    : undefined;
}

/** A method of CallOptions: other options. */
export function callOptionsCall(site: Site, scene: Scene): Outcome | undefined {
  const of = instanceIn(site.receiver, 'callOptions');
  if (of === undefined) {
    return undefined;
  }
  const { method, nameSpan } = site;
  switch (method) {
    case 'withDeadlineAfter':
      checkLength(site, scene);
      return { value: limited(of, nameSpan, method) };
    case 'withDeadline':
      return { value: deadlined(of, site) };
    case 'withWaitForReady':
      return { value: derived({ ...of, waitForReady: true }, nameSpan) };
    case 'withoutWaitForReady':
      return { value: derived({ ...of, waitForReady: false }, nameSpan) };
    default:
      return { value: method.startsWith('with') ? derived(of, nameSpan) : unknown };
  }
}

/** `Deadline.after(5, TimeUnit.SECONDS)`, and `getDeadline()` of what has one. */
export function deadlineValue(site: Site, scene: Scene): Value | undefined {
  if (pathOf(site.callee) === 'io.grpc.Deadline.after') {
    checkLength(site, scene);
    const milliseconds = lengthOf(site.arguments);
    const mark = placeMark(site.nameSpan, milliseconds ?? true);
    return instance('other', 'safe', { flavour: 'deadline', properties: { expires: mark } });
  }
  return site.method === 'getDeadline' ? deadlineMember(site.receiver) : undefined;
}

/** The deadline that options, a stub or a context have: perhaps none. */
export function deadlineMember(of: Value | undefined): Value | undefined {
  const holder =
    instanceIn(of, 'callOptions') ?? instanceIn(of, 'context') ?? instanceIn(of, 'stub');
  if (holder === undefined) {
    return undefined;
  }
  const { deadline, why, properties } = holder;
  const expires = markedPlace(properties.expires);
  return instance('other', deadline, {
    flavour: 'deadline',
    ...(why === undefined ? {} : { why }),
    ...(expires === undefined ? {} : { properties: { expires: placeMark(expires) } }),
  });
}

/**
 * Calls without a stub: `channel.newCall(method, options)`, `ClientCalls.blockingUnaryCall(channel, method,
 * options, request)` and grpc-kotlin's `ClientCalls.unaryRpc(channel, method, request, options)`.
 */
export function directCall(site: Site, scene: Scene): Outcome | undefined {
  const at = optionsPlace(site);
  if (at === undefined) {
    return undefined;
  }
  const written = argumentOf(site, at, 'callOptions');
  const channel = site.method === 'newCall' ? site.receiver : argumentOf(site, 0, 'channel')?.value;
  const options =
    written === undefined ? instance('callOptions', 'missing') : optionsIn(written.value);
  const over = instanceIn(channel, 'channel');
  const own = together(options, { deadline: over?.deadline ?? 'missing' });
  const { deadline, why } = together(own, surroundingDeadline(scene));
  const place = written === undefined ? -1 : site.arguments.indexOf(written);
  reportCall(site, scene, {
    deadline,
    ...(why === undefined ? {} : { why }),
    waitForReady: options.waitForReady === true,
    hints: { flavour: 'options', options: String(place) },
  });
  return { value: unknown };
}

function optionsIn(value: Value): Instance {
  return instanceIn(value, 'callOptions') ?? instance('callOptions', 'unknown');
}

/** Where the options stand among the arguments; undefined when this is no call. */
function optionsPlace({ callee, method, receiver, arguments: args }: Site): number | undefined {
  const path = pathOf(callee) ?? '';
  if (/^io\.grpc\.kotlin\.ClientCalls\.\w+Rpc$/.test(path)) {
    return 3;
  }
  // The other forms take a ClientCall, which was made by newCall.
  if (/^io\.grpc\.stub\.ClientCalls\.blocking\w+Call$/.test(path)) {
    return args.length === 4 ? 2 : undefined;
  }
  return method === 'newCall' && args.length === 2 && instanceIn(receiver, 'channel') !== undefined
    ? 1
    : undefined;
}
