import type { FunctionNode, Span } from './syntax';

/**
 * What is known of a call's deadline: none on some way to it (`missing`), decided by a caller (`inherited`),
 * not decidable here (`unknown`), or there on each way (`safe`).
 */
export type Deadline = 'missing' | 'inherited' | 'unknown' | 'safe';

/** Lengths of time in milliseconds. */
export type Milliseconds = number;

/** What the interpreter knows of a value. Values are immutable: what changes an object binds a new value. */
export type Value =
  | { readonly kind: 'unknown' }
  /** A string, number, boolean or null that is written in the source. */
  | {
      readonly kind: 'constant';
      readonly value: string | number | boolean | null;
      readonly span: Span;
      readonly plainFrom?: number;
    }
  /** A length of time with a unit: `5 * time.Second`, `Duration.ofSeconds(5)`, `5.seconds`. */
  | { readonly kind: 'duration'; readonly milliseconds: Milliseconds; readonly span: Span }
  /**
   * A point in time. `now`: counted from the clock (`plus` when the length is known); `epoch`: a fixed time,
   * in milliseconds; `invalid`: not a date (NaN); `local`: local time where UTC is needed.
   */
  | {
      readonly kind: 'instant';
      readonly base: 'now' | 'epoch' | 'invalid' | 'local';
      readonly plus?: Milliseconds;
      readonly span: Span;
    }
  /** A thing of a library, fully qualified: `google.golang.org/grpc.NewClient`, `io.grpc.Context`. */
  | { readonly kind: 'symbol'; readonly path: string }
  | ObjectValue
  | { readonly kind: 'list'; readonly items: readonly Value[]; readonly isOpen: boolean }
  /** Several values of one call: Go's results, a Python tuple. */
  | { readonly kind: 'tuple'; readonly items: readonly Value[] }
  /** One of these, by the way the program took; never nested. Read it with `alternatives`. */
  | { readonly kind: 'either'; readonly options: readonly Value[] }
  /** A function of this file, or a closure; `result` is what a call of it gives, when it is known. */
  | { readonly kind: 'function'; readonly definition: FunctionNode; readonly result: Value }
  /** An object of a class of this file, or the class itself. */
  | { readonly kind: 'object of'; readonly className: string }
  | Instance;

/** A literal object, map or keyword list. */
export interface ObjectValue {
  readonly kind: 'object';
  /** Fully qualified type, where one is written: `google.golang.org/grpc/keepalive.ClientParameters`. */
  readonly type?: string;
  readonly entries: ReadonlyMap<string, Entry>;
  /** Whether there may be keys that can't be seen. */
  readonly isOpen: boolean;
  readonly span: Span;
}

export interface Entry {
  readonly value: Value;
  readonly keySpan: Span;
  readonly span: Span;
}

/** The roles that a tracked object can have. */
export type Role =
  /** Go's `context.Context`, C++'s `ClientContext`, io.grpc's `Context`. */
  | 'context'
  | 'stub'
  | 'channel'
  /** What a channel is made with, before it is one: Java's builder, tonic's Endpoint, a client factory. */
  | 'builder'
  /** Options of one call: `grpc.CallOption`, C#'s `CallOptions`, Java's `CallOptions`. */
  | 'callOptions'
  /** An option of a channel: Go's `grpc.DialOption`. */
  | 'channelOption'
  /** A request that carries the deadline itself: tonic's `Request<T>`. */
  | 'request'
  | 'credentials'
  | 'interceptor'
  /** A method of a stub that is not called yet: `stub.Get.future(…)`, `promisify(client.get)`. */
  | 'rpc'
  | 'other';

/** An object whose deadline and settings are followed. */
export interface Instance {
  readonly kind: 'instance';
  readonly role: Role;
  readonly deadline: Deadline;
  /** What the adapter calls it: `grpc-js client`, `nice-grpc client`, `blocking stub`. */
  readonly flavour?: string;
  /** Simple or full name of the service of a stub or rpc: `ListingService`. */
  readonly service?: string;
  /** Method of an rpc, as written. */
  readonly method?: string;
  /** Whether calls wait for the connection. */
  readonly waitForReady?: boolean;
  /** Why the deadline is as it is, for the message: `context.Background() has none`. */
  readonly why?: string;
  /** Set when it was made to give a deadline and must be used: where that was done. */
  readonly made?: Span;
  /** More of the same: where it was made on the other ways to here. */
  readonly alsoMade?: readonly Span[];
  /** Settings that the adapter remembers: `keepaliveTime`, `target`, `channel`, … */
  readonly properties: Readonly<Record<string, Value>>;
}

export const unknown: Value = { kind: 'unknown' };

const order: readonly Deadline[] = ['safe', 'inherited', 'unknown', 'missing'];

/** Of two ways to a call: safe only if safe on both, missing if missing on one. */
export function joinDeadlines(a: Deadline, b: Deadline): Deadline {
  return order.indexOf(a) >= order.indexOf(b) ? a : b;
}

/** The better of two sources that both hold: a stub's deadline and the context's. */
export function bestDeadline(a: Deadline, b: Deadline): Deadline {
  return order.indexOf(a) <= order.indexOf(b) ? a : b;
}

/** An instance with `parts` over the defaults. */
export function instance(
  role: Role,
  deadline: Deadline,
  parts: Partial<Omit<Instance, 'kind' | 'role' | 'deadline'>> = {},
): Instance {
  return { kind: 'instance', role, deadline, properties: {}, ...parts };
}

/** The same object with one more setting. */
export function withProperty(of: Instance, name: string, value: Value): Instance {
  return { ...of, properties: { ...of.properties, [name]: value } };
}

/** What is known after two ways that end in `a` and in `b`. */
export function join(a: Value, b: Value): Value {
  if (a === b) {
    return a;
  }
  if (a.kind === 'instance' && b.kind === 'instance' && a.role === b.role) {
    const worse = joinDeadlines(a.deadline, b.deadline) === a.deadline ? a : b;
    const properties = sameProperties(a.properties, b.properties);
    const { waitForReady: _, made: __, alsoMade: ___, ...rest } = worse;
    const [made, ...alsoMade] = new Set([...placesMade(a), ...placesMade(b)]);
    return {
      ...rest,
      properties,
      ...(a.waitForReady === b.waitForReady && a.waitForReady !== undefined
        ? { waitForReady: a.waitForReady }
        : {}),
      ...(made === undefined ? {} : { made }),
      ...(alsoMade.length === 0 ? {} : { alsoMade }),
    };
  }
  if (a.kind === 'tuple' && b.kind === 'tuple' && a.items.length === b.items.length) {
    return { kind: 'tuple', items: a.items.map((item, at) => join(item, b.items[at] ?? unknown)) };
  }
  if (a.kind === 'object' && b.kind === 'object') {
    return joinObjects(a, b);
  }
  if (a.kind === 'constant' && b.kind === 'constant' && a.value === b.value) {
    return a;
  }
  if (a.kind === 'duration' && b.kind === 'duration' && a.milliseconds === b.milliseconds) {
    return a;
  }
  if (a.kind === 'symbol' && b.kind === 'symbol' && a.path === b.path) {
    return a;
  }
  if (a.kind === 'instant' && b.kind === 'instant' && a.base === b.base) {
    const { plus: _, ...rest } = a;
    return a.plus === b.plus ? a : rest;
  }
  return either([...alternatives(a), ...alternatives(b)]);
}

/** Everywhere it was made, on whichever way. */
export function placesMade({ made, alsoMade = [] }: Instance): readonly Span[] {
  return made === undefined ? alsoMade : [made, ...alsoMade];
}

/** More alternatives than this are as good as nothing known. */
const mostAlternatives = 6;

/** Each value that this one can be. */
export function alternatives(value: Value): readonly Value[] {
  return value.kind === 'either' ? value.options : [value];
}

function either(values: readonly Value[]): Value {
  const options: Value[] = [];
  for (const value of values) {
    if (
      !options.some(
        (known) => known === value || (known.kind === 'unknown' && value.kind === 'unknown'),
      )
    ) {
      options.push(value);
    }
  }
  const [only] = options;
  if (options.length === 1 && only !== undefined) {
    return only;
  }
  return options.length > mostAlternatives ? unknown : { kind: 'either', options };
}

/** A key that only one of them has may be missing: then nothing is known of it, unless it is set in both. */
function joinObjects(a: ObjectValue, b: ObjectValue): ObjectValue {
  const entries = new Map<string, Entry>();
  for (const [key, entry] of a.entries) {
    const other = b.entries.get(key);
    if (other !== undefined) {
      entries.set(key, { ...entry, value: join(entry.value, other.value) });
    }
  }
  return { ...a, entries, isOpen: a.isOpen || b.isOpen };
}

function sameProperties(
  a: Readonly<Record<string, Value>>,
  b: Readonly<Record<string, Value>>,
): Record<string, Value> {
  const same: Record<string, Value> = {};
  for (const [name, value] of Object.entries(a)) {
    const other = b[name];
    if (other !== undefined) {
      same[name] = join(value, other);
    }
  }
  return same;
}
