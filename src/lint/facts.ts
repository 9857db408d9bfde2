/**
 * What an adapter reads from the source of a language. Facts are plain data with spans and say nothing of
 * right or wrong, but for `misread` and `option`, where only the adapter knows what the library makes of it.
 */
import type { Implementation } from '../grpc/implementation';
import type { Span } from './program/syntax';
import type { Deadline, Milliseconds } from './program/value';

export type Fact =
  | CallFact
  | DiscardedDeadlineFact
  | MisreadDeadlineFact
  | OptionFact
  | ChannelFact
  | ServiceConfigFact;

export type { Implementation };

/** An RPC. */
export interface CallFact {
  readonly kind: 'call';
  /** The whole call, receiver included. */
  readonly span: Span;
  /** The name of the method: what is marked. */
  readonly nameSpan: Span;
  /** As written. */
  readonly method: string;
  readonly service?: string;
  readonly deadline: Deadline;
  /** Why, as the end of a sentence: `context.Background() has no deadline`. */
  readonly why?: string;
  readonly waitForReady: boolean;
  /** The name by which a framework's configuration knows its channel. */
  readonly channel?: string;
  /** For fixes. */
  readonly site: CallSiteSpans;
}

export interface CallSiteSpans {
  /** What the method is called on: the stub's expression. */
  readonly receiver?: Span;
  readonly arguments: readonly ArgumentSpan[];
  /** With its parentheses. */
  readonly argumentsSpan: Span;
  /** The statement that the call stands in: where a line can be put before. */
  readonly statement: Span;
  /** What else the fix of this language needs: a flavour, the name of the context. */
  readonly hints?: Readonly<Record<string, string>>;
}

export interface ArgumentSpan extends Span {
  readonly name?: string;
}

/** Something with a deadline was made and not used. */
export interface DiscardedDeadlineFact {
  readonly kind: 'discarded';
  readonly span: Span;
  /** What was made: `context.WithTimeout`, `withDeadlineAfter`. */
  readonly what: string;
}

/** A deadline that the library reads as something else than it says. */
export interface MisreadDeadlineFact {
  readonly kind: 'misread';
  readonly span: Span;
  readonly message: string;
  readonly replacement?: { readonly title: string; readonly span: Span; readonly text: string };
}

/** An option that is silently ignored or has another effect. */
export interface OptionFact {
  readonly kind: 'option';
  readonly span: Span;
  readonly message: string;
  readonly replacement?: { readonly title: string; readonly span: Span; readonly text: string };
}

/** A channel, or a client that makes its own. */
export interface ChannelFact {
  readonly kind: 'channel';
  readonly implementation: Implementation;
  readonly span: Span;
  /** What is marked: the name of what makes it. */
  readonly nameSpan: Span;
  /** `channel` or `client`, for the message. */
  readonly what: 'channel' | 'client';
  /** The address, where it is written in the source. */
  readonly target?: string;
  readonly targetSpan?: Span;
  /** Whether the address is the same each time round the loop around it, though it isn't written there. */
  readonly repeatsTarget?: boolean;
  readonly keepalive?: KeepaliveFact;
  /** Name of the load-balancing policy that is chosen in code; undefined when none is. */
  readonly policy?: string;
  /** Whether options may be set that can't be seen: then a default is not assumed. */
  readonly isOpen: boolean;
  /** Where it runs: `handler` and `loop` make one for each request. */
  readonly place: 'handler' | 'loop' | 'function' | 'module';
}

export interface KeepaliveFact {
  /** Undefined: not set here, or not readable; off is `Infinity`. */
  readonly time?: Milliseconds;
  readonly timeSpan?: Span;
  readonly timeout?: Milliseconds;
  readonly timeoutSpan?: Span;
  readonly withoutCalls?: boolean;
  readonly withoutCallsSpan?: Span;
}

/** A service config that stands in code. */
export interface ServiceConfigFact {
  readonly kind: 'serviceConfig';
  readonly implementation: Implementation;
  readonly span: Span;
  /** The JSON text, or the value that an object literal makes. */
  readonly config: { readonly text: string } | { readonly value: unknown };
  /**
   * Where the text's first character stands, when it is written without escapes; else findings are shown on
   * `span`. For a value: the places of its parts, by path as in `methodConfig[0].timeout`.
   */
  readonly textFrom?: number;
  readonly places?: Readonly<Record<string, PartPlace>>;
  /**
   * For a value: paths of parts that can't be seen (a variable: any text stands for it in the value), and of
   * objects and lists that may hold more than can be seen. Nothing is said of them.
   */
  readonly unseen?: readonly string[];
}

/** Where a part of a service config stands: its value. */
export interface PartPlace extends Span {
  readonly key?: Span;
  /** What stands between the quotes of a string without escapes: where another value can be written. */
  readonly text?: Span;
}
