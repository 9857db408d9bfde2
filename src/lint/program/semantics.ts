import type { LintSettings } from '../config/settings';
import type { Fact } from '../facts';
import type { Family } from '../index/exports';
import type { WorkspaceIndex } from '../index/workspaceIndex';
import type { Call, ClassNode, FunctionNode, ObjectLiteral, Program, Span } from './syntax';
import type { Deadline, ObjectValue, Value } from './value';

/** What a language's libraries mean: the interpreter asks, the adapter answers. */
export interface Semantics {
  /** Whether the members of an object are known by their names alone, without `this`. */
  readonly hasImplicitSelf?: boolean;
  /** What a name means that neither a scope nor the file binds: builtins, names of wildcard imports. */
  global?(name: string, file: FileFacts): Value;
  /** What a declared type says of a parameter, field or variable; undefined when nothing is known. */
  typed(
    type: string,
    place: 'parameter' | 'field' | 'variable' | 'result',
    file: FileFacts,
  ): Value | undefined;
  /**
   * A member of a value that is no object literal and no object of this file. The member of a symbol is the
   * symbol `path.name` when this says undefined.
   */
  member?(object: Value, name: string, span: Span, scene: Scene): Value | undefined;
  /** What a call gives. Reports facts through the scene. */
  call(site: Site, scene: Scene): Outcome;
  /** What a typed literal makes: `&pb.Req{…}`, `CallOptions { … }`; undefined keeps the plain object. */
  literal?(value: ObjectValue, expression: ObjectLiteral, scene: Scene): Value | undefined;
  /** Arithmetic that the interpreter doesn't know: `5 * time.Second`. Numbers of constants are done. */
  binary?(operator: string, left: Value, right: Value, span: Span, scene: Scene): Value | undefined;
  /** `object.name = value`: the object's new value; undefined when nothing changes. */
  assignMember?(
    object: Value,
    name: string,
    value: Value,
    span: Span,
    scene: Scene,
  ): Value | undefined;
  /** Something is stored in a field or a variable of the file: where a deadlined stub goes stale. */
  stored?(place: 'field' | 'module', name: string, value: Value, span: Span, scene: Scene): void;
  /** The deadline that everything inside the arguments of this call gets: `withTimeout(5_000) { … }`. */
  bounds?(
    site: Pick<Site, 'call' | 'callee' | 'receiver' | 'method'>,
    scene: Scene,
  ): Deadline | undefined;
  /**
   * What a closure that is an argument of this call, or stands in an object that is one, gets as its parameters
   * (and `it`, `this` by name).
   */
  closureArguments?(
    site: Pick<Site, 'call' | 'callee' | 'receiver' | 'method'>,
    closure: FunctionNode,
    scene: Scene,
  ): ClosureBindings | undefined;
  /** Whether the function answers requests, by its signature, its class or its annotations. */
  handler(fn: FunctionNode, owner: ClassNode | undefined, file: FileFacts): HandlerKind | undefined;
}

export interface ClosureBindings {
  /** By position. */
  readonly positional?: readonly (Value | undefined)[];
  /** Implicit names: `it` in Kotlin, `self` of `instance_eval`, `this` of `apply`. */
  readonly named?: Readonly<Record<string, Value>>;
  /** Whether it runs for each of many things. */
  readonly isLoop?: boolean;
  /** Whether it answers requests: `app.get('/x', …)`. */
  readonly handler?: HandlerKind;
}

/** `rpc`: a method of a gRPC service; `http`: a handler of a web framework. */
export type HandlerKind = 'rpc' | 'http';

/** What the whole file says. */
export interface FileFacts {
  readonly path: string;
  readonly family: Family;
  readonly text: string;
  readonly program: Program;
  /** The fully qualified path that a name or dotted type as written stands for: `pb.MarketClient`. */
  qualified(written: string): string;
  readonly index: WorkspaceIndex;
  readonly settings: LintSettings;
}

/** Where the interpreter is. */
export interface Scene {
  readonly file: FileFacts;
  /** The innermost function; undefined at the file's top level. */
  readonly fn: FunctionNode | undefined;
  readonly owner: ClassNode | undefined;
  /** Of the innermost function that is one; closures inside a handler are inside it. */
  readonly handler: HandlerKind | undefined;
  readonly inLoop: boolean;
  /** The outermost loop, or the closure that runs for each of many things. */
  readonly loop: Span | undefined;
  /** What `bounds` of a surrounding call gave. */
  readonly ambient: Deadline | undefined;
  /** The statement that is being interpreted. */
  readonly statement: Span;
  report(fact: Fact): void;
}

/** One call, its parts evaluated. */
export interface Site {
  readonly call: Call;
  readonly callee: Value;
  /** The value before the last dot of the callee; undefined for a plain name. */
  readonly receiver?: Value;
  /** The name after the last dot, or the plain name. */
  readonly method: string;
  readonly nameSpan: Span;
  readonly arguments: readonly SiteArgument[];
  /** `{ A = 1 }` after `new X(…)`. */
  readonly initializer?: ObjectValue;
}

export interface SiteArgument {
  readonly value: Value;
  readonly span: Span;
  readonly name?: string;
  readonly spread?: 'list' | 'map';
}

export interface Outcome {
  readonly value: Value;
  /** The receiver is changed by the call: its new value. */
  readonly receiver?: Value;
  /** Arguments that are changed by the call: their new values, by position. */
  readonly arguments?: readonly (Value | undefined)[];
}
