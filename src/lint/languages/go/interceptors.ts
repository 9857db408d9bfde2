/** Client interceptors, and whether they give a call a deadline. */
import type { Scene, Site } from '../../program/semantics';
import {
  alternatives,
  bestDeadline,
  type Deadline,
  type Instance,
  instance,
  joinDeadlines,
  type Value,
} from '../../program/value';
import { isConfigured } from '../shared/configuredNames';

const middleware = /^github\.com\/grpc-ecosystem\/go-grpc-middleware(?:\/v\d+)?/;

/** Interceptors of libraries that give each unary call a timeout. */
const timeouts =
  /^github\.com\/(?:grpc-ecosystem\/go-grpc-middleware(?:\/v\d+)?\/interceptors|google\/trillian\/client)\/timeout\.(?:Timeout)?UnaryClientInterceptor$/;

/** Names that say that a deadline is given, where nobody can see it. */
const promising = /timeout|deadline/i;

const giving = /\bcontext\.With(?:Timeout|Deadline)(?:Cause)?\(/;

/** What a call makes that has to do with interceptors; undefined when it is something else. */
export function interceptorCall(site: Site, scene: Scene): Value | undefined {
  const { callee, method } = site;
  if (callee.kind !== 'symbol') {
    return undefined;
  }
  const { path } = callee;
  if (isGiving(path, method, scene) || timeouts.test(path)) {
    return instance('interceptor', 'safe');
  }
  if (middleware.test(path)) {
    return ofMiddleware(path, site, scene);
  }
  return promising.test(path) && /interceptor/i.test(path)
    ? instance('interceptor', 'unknown')
    : undefined;
}

/** Interceptors of frameline.json and of the workspace. */
function isGiving(path: string, name: string, { file }: Scene): boolean {
  return isConfigured(file.settings.interceptors, path) || file.index.givesDeadline('go', name);
}

function ofMiddleware(path: string, { arguments: args, method }: Site, scene: Scene) {
  if (/\.Chain(?:Unary|Stream)Client$/.test(path)) {
    return instance(
      'interceptor',
      bestOf(
        args.map(({ value }) => value),
        scene,
      ),
    );
  }
  if (!/\/retry\./.test(path)) {
    return undefined;
  }
  if (method === 'WithPerRetryTimeout' || method === 'WithMax') {
    // Alone they bound nothing: the first needs the interceptor, and the interceptor attempts.
    return instance('callOptions', 'unknown', { flavour: method });
  }
  if (method !== 'UnaryClientInterceptor') {
    return undefined;
  }
  const flavours = new Set(optionsIn(args.map(({ value }) => value)).map(({ flavour }) => flavour));
  const isBounded = flavours.has('WithPerRetryTimeout') && flavours.has('WithMax');
  return instance('interceptor', isBounded ? 'safe' : 'missing');
}

function optionsIn(values: readonly Value[]): Instance[] {
  return values.flatMap(alternatives).flatMap((value) => {
    if (value.kind === 'list') {
      return optionsIn(value.items);
    }
    return value.kind === 'instance' ? [value] : [];
  });
}

/** The deadline that a call has when it goes through all of these. */
export function bestOf(interceptors: readonly Value[], scene: Scene): Deadline {
  return interceptors.reduce<Deadline>(
    (deadline, value) => bestDeadline(deadline, deadlineOf(value, scene)),
    'missing',
  );
}

function deadlineOf(value: Value, scene: Scene): Deadline {
  const { file } = scene;
  switch (value.kind) {
    case 'instance':
      return value.role === 'interceptor' ? value.deadline : 'missing';
    case 'either':
      return value.options.map((each) => deadlineOf(each, scene)).reduce(joinDeadlines);
    case 'function': {
      const { name, bodySpan } = value.definition;
      // To ask for the result says that this rests on that function.
      const isKnown = value.result.kind !== 'unknown';
      const isGiven = giving.test(file.text.slice(bodySpan.from, bodySpan.to));
      return isGiven || (!isKnown && isGiving(name, name, scene)) ? 'safe' : 'missing';
    }
    case 'symbol': {
      const name = value.path.slice(value.path.lastIndexOf('.') + 1);
      if (isGiving(value.path, name, scene)) {
        return 'safe';
      }
      return promising.test(name) ? 'unknown' : 'missing';
    }
    case 'list':
      return value.isOpen ? 'missing' : bestOf(value.items, scene);
    default:
      return 'missing';
  }
}
