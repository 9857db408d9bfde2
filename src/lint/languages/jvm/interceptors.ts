import type { FileFacts, Scene, Site, SiteArgument } from '../../program/semantics';
import {
  alternatives,
  bestDeadline,
  type Deadline,
  type Instance,
  instance,
  type Value,
} from '../../program/value';
import { isHarmless } from '../shared/interceptorNames';
import { isNamed } from './libraryNames';
import { classNamed } from './lowering';
import { namesIn, pathOf, withDeadline } from './values';

/** In the code of an interceptor: it gives calls a deadline. */
const setsDeadline = /\bwithDeadline(?:After)?\b/;

/** The deadline that calls get from interceptors: `missing` when these have nothing to do with it. */
export function interceptedDeadline(
  args: readonly SiteArgument[],
  { file }: Pick<Scene, 'file'>,
): Deadline {
  return args
    .map(({ value }) => deadlineOf(value, file))
    .reduce(bestDeadline, 'missing' as Deadline);
}

/** What is intercepted has the deadline that it had, or that of the interceptors. */
export function intercepted(of: Instance, args: readonly SiteArgument[], scene: Scene): Instance {
  const deadline = interceptedDeadline(args, scene);
  const best = bestDeadline(of.deadline, deadline);
  const why = deadline === 'unknown' ? 'an interceptor may set one' : undefined;
  return best === of.deadline ? of : withDeadline(of, best, why);
}

function deadlineOf(value: Value, file: FileFacts): Deadline {
  switch (value.kind) {
    case 'either':
      return alternatives(value)
        .map((option) => deadlineOf(option, file))
        .reduce((a, b) => (a === b ? a : 'unknown'));
    case 'list':
      return value.items.map((item) => deadlineOf(item, file)).reduce(bestDeadline, 'missing');
    case 'object of':
      return namedDeadline(value.className, file);
    case 'function':
      return textSets(file, value.definition.bodySpan) ? 'safe' : 'missing';
    case 'instance':
      return value.role === 'interceptor' ? value.deadline : 'unknown';
    default:
      return 'unknown';
  }
}

/** By the class's own code, or by its name. */
function namedDeadline(className: string, file: FileFacts): Deadline {
  const node = classNamed(file.program, className);
  if (node === undefined) {
    return deadlineByName(className, file);
  }
  const isSet = node.methods.some(({ bodySpan }) => textSets(file, bodySpan));
  return isSet || isKnown(className, file) ? 'safe' : 'missing';
}

function textSets({ text }: FileFacts, { from, to }: { from: number; to: number }): boolean {
  return setsDeadline.test(text.slice(from, to));
}

function isKnown(name: string, file: FileFacts): boolean {
  const { settings, index } = file;
  const simple = name.slice(name.lastIndexOf('.') + 1);
  return (
    isNamed(settings.interceptors, name, file) ||
    index.givesDeadline('java', simple) ||
    index.givesDeadline('kotlin', simple)
  );
}

/** A class or function of another file: it may set deadlines, unless its name says that it does something else. */
function deadlineByName(name: string, file: FileFacts): Deadline {
  if (isKnown(name, file)) {
    return 'safe';
  }
  // The class, or the method and what it belongs to: a package says nothing.
  const own = /(?:^|\.)([A-Z]\w*|\w+\.[a-z]\w*)$/.exec(name)?.[1] ?? name;
  return isHarmless(own) && !/deadline|timeout/i.test(own) ? 'missing' : 'unknown';
}

/** `new AuthInterceptor()`, `Interceptors.deadline()`, of another file. */
export function interceptorCall(site: Site, { file }: Scene): Value | undefined {
  const path = pathOf(site.callee) ?? namesIn(site.call.callee);
  const isOne = /Interceptor$/.test(site.method) || isKnown(path, file);
  return isOne ? instance('interceptor', deadlineByName(path, file)) : undefined;
}

/** A field or parameter of an interceptor's type. */
export function typedInterceptor(qualified: string, file: FileFacts): Value | undefined {
  const simple = qualified.slice(qualified.lastIndexOf('.') + 1);
  if (simple === 'ClientInterceptor') {
    return instance('interceptor', 'unknown');
  }
  if (classNamed(file.program, simple) !== undefined) {
    return undefined;
  }
  return /Interceptor$/.test(simple) || isKnown(qualified, file)
    ? instance('interceptor', deadlineByName(qualified, file))
    : undefined;
}
