import type { Outcome, Scene, Site } from '../../program/semantics';
import type { Expression } from '../../program/syntax';
import {
  alternatives,
  bestDeadline,
  type Deadline,
  type Entry,
  type Instance,
  instance,
  joinDeadlines,
  type ObjectValue,
  unknown,
  type Value,
} from '../../program/value';
import { reportCall } from '../shared/report';
import { channelParts, checkClientOptions, clientOptions } from './clientOptions';
import { misread, valuePlace } from './deadlines';
import { reportChannel } from './grpcClients';
import { lastName, memberOf, niceModules } from './modules';
import { worstOfOptions } from './optionWays';
import { endsCall } from './signals';
import { timeOf } from './time';

export const niceFlavour = 'nice-grpc client';
const factoryFlavour = 'nice-grpc client factory';

/** Whether `deadline` is read: the middleware is there, surely not, or perhaps. */
type Reads = 'yes' | 'no' | 'perhaps';

/** Middleware that has nothing to do with deadlines. */
const withoutDeadline =
  /^nice-grpc-(client-middleware-(retry|devtools)|prometheus|opentelemetry|error-details)/;

function factory(reads: Reads): Instance {
  return instance('builder', 'missing', {
    flavour: factoryFlavour,
    properties: { reads: text(reads) },
  });
}

function text(value: string): Value {
  return { kind: 'constant', value, span: { from: 0, to: 0 } };
}

function readsOf({ properties: { reads } }: Instance): Reads {
  return reads?.kind === 'constant' && (reads.value === 'yes' || reads.value === 'no')
    ? reads.value
    : 'perhaps';
}

/** Calls of nice-grpc's functions and of a factory's methods. */
export function callOfNice(site: Site, scene: Scene): Outcome | undefined {
  const { callee, receiver, method, arguments: args } = site;
  switch (memberOf(callee, niceModules)) {
    case 'createChannel': {
      const options = clientOptions(args[2]?.value);
      checkClientOptions(options, 'grpc-js', scene);
      reportChannel('channel', site, scene, channelParts(options, 'grpc-js'));
      return { value: instance('channel', 'unknown') };
    }
    case 'createClientFactory':
      return { value: factory('no') };
    case 'createClient':
      return { value: newClient(factory('no'), site) };
  }
  if (receiver?.kind !== 'instance' || receiver.flavour !== factoryFlavour) {
    return undefined;
  }
  switch (method) {
    case 'use':
      return { value: factory(withMiddleware(readsOf(receiver), args[0]?.value, scene)) };
    case 'create':
      return { value: newClient(receiver, site) };
    default:
      return { value: unknown };
  }
}

function withMiddleware(reads: Reads, middleware: Value | undefined, { file }: Scene): Reads {
  if (reads === 'yes' || middleware === undefined) {
    return reads;
  }
  switch (middleware.kind) {
    case 'symbol':
      return /deadline/i.test(middleware.path)
        ? 'yes'
        : withoutDeadline.test(middleware.path)
          ? reads
          : 'perhaps';
    case 'function': {
      const { from, to } = middleware.definition.span;
      return onlyHandsOn(file.text.slice(from, to)) ? reads : 'perhaps';
    }
    default:
      return 'perhaps';
  }
}

/** A middleware that makes the call itself, and has nothing to do with how long it may last. */
function onlyHandsOn(middleware: string): boolean {
  return /\.next\s*\(/.test(middleware) && !/deadline|signal|abort|time_?out/i.test(middleware);
}

/** `create(definition, channel, defaultCallOptions)` */
function newClient(made: Instance, { arguments: args, call }: Site): Instance {
  const [definition, , defaults] = args;
  const written = call.arguments[0]?.value;
  const service = definition && written && serviceOf(definition.value, written);
  return instance('stub', 'missing', {
    flavour: niceFlavour,
    ...(service === undefined ? {} : { service }),
    properties: {
      ...made.properties,
      ...(defaults === undefined ? {} : { defaults: defaults.value }),
    },
  });
}

/** `ListingServiceDefinition` of ts-proto, `ListingServiceService` of grpc-tools, Connect's `ListingService`. */
export function serviceOf(definition: Value, written: Expression): string | undefined {
  const name =
    definition.kind === 'symbol'
      ? lastName(definition.path)
      : written.kind === 'name' || written.kind === 'member'
        ? written.name
        : undefined;
  return name?.replace(/Definition$/, '').replace(/ServiceService$/, 'Service');
}

/** `client.getListing(request, options)` */
export function callOfNiceClient(rpc: Instance, site: Site, scene: Scene): Outcome {
  const [, options] = site.arguments;
  const reads = readsOf(rpc);
  const isHidden = site.arguments.some(({ spread }) => spread !== undefined);
  const given = options === undefined ? 'missing' : readOptions(options.value, reads, scene, true);
  const deadline = isHidden ? 'unknown' : bestDeadline(given, defaultOf(rpc, reads, scene));
  const { service } = rpc;
  reportCall(site, scene, {
    ...(service === undefined ? {} : { service }),
    deadline: deadline === 'missing' && reads === 'perhaps' ? 'unknown' : deadline,
    why: options === undefined ? 'no call options are given' : 'its call options have none',
    waitForReady: false,
    hints: {
      library: reads === 'yes' ? 'nice-grpc with deadlines' : 'nice-grpc',
      ...(options === undefined ? { insertAt: '1' } : { optionsAt: '1' }),
    },
  });
  return { value: unknown };
}

/** Default call options, for all methods or for this one. */
function defaultOf(
  { properties: { defaults }, method = '' }: Instance,
  reads: Reads,
  scene: Scene,
): Deadline {
  if (defaults === undefined) {
    return 'missing';
  }
  return alternatives(defaults)
    .map((each): Deadline => {
      if (each.kind !== 'object') {
        return each.kind === 'constant' ? 'missing' : 'unknown';
      }
      const entry = each.entries.get(method) ?? each.entries.get('*');
      if (entry !== undefined) {
        return readOptions(entry.value, reads, scene, false);
      }
      return each.isOpen ? 'unknown' : 'missing';
    })
    .reduce(joinDeadlines);
}

function readOptions(value: Value, reads: Reads, scene: Scene, isCall: boolean): Deadline {
  return worstOfOptions(value, (options) => {
    if (isCall && reads !== 'perhaps') {
      checkKeys(options, reads, scene);
    }
    return readObject(options, reads, scene);
  });
}

function readObject({ entries, isOpen }: ObjectValue, reads: Reads, scene: Scene): Deadline {
  const signal = entries.get('signal');
  const entry = entries.get('deadline');
  const ends = signal === undefined ? 'missing' : endsCall(signal.value);
  const own = entry === undefined ? 'missing' : readDeadline(entry, reads, ends, scene);
  const deadline = bestDeadline(own, ends);
  return deadline === 'missing' && isOpen ? 'unknown' : deadline;
}

/** nice-grpc-client-middleware-deadline: a Date is a point in time, a number is milliseconds from now. */
function readDeadline(entry: Entry, reads: Reads, ends: Deadline, scene: Scene): Deadline {
  if (entry.value.kind === 'constant' && entry.value.value === null) {
    return 'missing';
  }
  const place = valuePlace(entry, scene);
  if (reads === 'no') {
    // With a signal that ends the call in time the deadline is only more than is needed.
    if (ends !== 'safe') {
      misread(
        scene,
        place,
        'nice-grpc reads "deadline" only with deadlineMiddleware on the client factory: without it the call waits for ever. Add the middleware, or use signal: AbortSignal.timeout(…).',
      );
    }
    return 'safe';
  }
  const time = timeOf(entry.value);
  if (time?.form === 'milliseconds' && time.ways.some(({ base }) => base === 'now')) {
    misread(
      scene,
      place,
      'deadlineMiddleware reads a number as milliseconds from now: this one is decades. Give the length alone, or a Date.',
    );
  } else if (time?.ways.some(({ base }) => base === 'invalid') === true) {
    misread(scene, place, 'This Date is invalid (NaN), so the deadline never comes.');
  }
  return 'safe';
}

const timeouts = /^time_?out(_?ms)?$/i;

function checkKeys({ entries }: ObjectValue, reads: Reads, scene: Scene): void {
  for (const [key, { keySpan }] of entries) {
    if (timeouts.test(key)) {
      const instead =
        reads === 'yes' ? '"deadline" in milliseconds' : 'signal: AbortSignal.timeout(…)';
      scene.report({
        kind: 'option',
        span: keySpan,
        message: `nice-grpc has no call option "${key}" and ignores it. It takes ${instead}.`,
      });
    }
  }
}
