/**
 * What every language's source is lowered to before it is interpreted: functions, statements and
 * expressions, and nothing that only one language has. A construct that has no counterpart becomes `other`,
 * whose parts are still evaluated, so a call inside it is never lost.
 */

import type { Span } from '../../config/span';

export type { Span };

/** One file. Function bodies are lowered when they are asked for: most are never looked at. */
export interface Program {
  readonly imports: readonly Import[];
  /** `package x` in Go, `package a.b` in Java and Kotlin, `namespace` in C#. */
  readonly packageName?: string;
  readonly declarations: readonly Declaration[];
  /**
   * What else outside of functions decides what stands in them, beside imports and declarations: texts by the
   * names that they declare. With it an edit costs less: without it everything between the functions counts.
   */
  readonly outline?: ReadonlyMap<string, string>;
}

/** Binds `name` in the whole file to the symbol `path`. */
export interface Import {
  /** The local name; `*` when all names of `path` are imported. */
  readonly name: string;
  /**
   * Fully qualified, parts joined by `.` after the module: `google.golang.org/grpc`, `io.grpc.Context`,
   * `market_pb2_grpc.MarketStub`, `@grpc/grpc-js.credentials`.
   */
  readonly path: string;
  readonly span: Span;
}

export type Declaration =
  | FunctionNode
  | ClassNode
  /** What runs when the file is loaded: variables of the file, statements of a script. */
  | { readonly kind: 'statement'; readonly statement: Statement };

export interface ClassNode {
  readonly kind: 'class';
  readonly name: string;
  /** What it extends or implements, as written. */
  readonly supers: readonly string[];
  readonly annotations: readonly string[];
  readonly fields: readonly FieldNode[];
  readonly methods: readonly FunctionNode[];
  readonly classes: readonly ClassNode[];
  /** Whether an object is made from its typed fields in their order, without a constructor: dataclasses. */
  readonly takesFields?: boolean;
  readonly span: Span;
}

export interface FieldNode {
  readonly name: string;
  /** As written: `pb.MarketClient`. */
  readonly type?: string;
  readonly value?: Expression;
  readonly annotations: readonly string[];
  readonly isStatic: boolean;
  readonly span: Span;
}

export interface FunctionNode {
  readonly kind: 'function';
  /** '' for a closure. */
  readonly name: string;
  /** The type that a method in Go or Rust belongs to, without pointer: `Server`. */
  readonly owner?: string;
  /** The name by which the method's object is known inside: `this`, `self`, Go's receiver. */
  readonly self?: string;
  readonly parameters: readonly Parameter[];
  /** As written. */
  readonly returnType?: string;
  /** Names of annotations, attributes and decorators, as written: `app.route("/x")`, `GetMapping("/x")`. */
  readonly annotations: readonly string[];
  /** Whether it makes the object's fields: a constructor, `__init__`, `initialize`. */
  readonly isConstructor?: boolean;
  /** The whole declaration, annotations included. */
  readonly span: Span;
  /** What stands inside it. */
  readonly bodySpan: Span;
  /** Lowers the body: see `bodyOf`, which does it once. */
  readonly body: () => readonly Statement[];
}

export interface Parameter {
  readonly name: string;
  /** As written: `context.Context`, `*http.Request`. */
  readonly type?: string;
  readonly value?: Expression;
  /** Takes the rest of the arguments: `...xs`, `*args`, `**kwargs`. */
  readonly isRest?: boolean;
  /** What the function changes of it, it changes of the argument: `T*` and `T&` in C++, `&mut T` in Rust. */
  readonly isReference?: boolean;
  readonly span: Span;
}

export type Statement =
  | { readonly kind: 'expression'; readonly value: Expression; readonly span: Span }
  /** `targets` has one entry, but where one value is taken apart: Go's `ctx, cancel := f()`. */
  | {
      readonly kind: 'assign';
      readonly target: Target;
      readonly value: Expression;
      /** Makes a new variable in this scope. */
      readonly declares: boolean;
      readonly span: Span;
    }
  /** A variable without a value: `var ctx context.Context`, `ClientContext ctx;`. */
  | {
      readonly kind: 'declare';
      readonly name: string;
      readonly type?: string;
      readonly span: Span;
    }
  | {
      readonly kind: 'if';
      readonly condition: Expression;
      readonly then: readonly Statement[];
      readonly otherwise: readonly Statement[];
      readonly span: Span;
    }
  /** One of the branches runs, or none of them unless `isExhaustive`: switch, match, select, when. */
  | {
      readonly kind: 'branches';
      readonly value?: Expression;
      readonly branches: readonly (readonly Statement[])[];
      readonly isExhaustive: boolean;
      readonly span: Span;
    }
  /** Runs any number of times; `head` is evaluated before (`for x in head`), `variables` are bound by it. */
  | {
      readonly kind: 'loop';
      readonly head: readonly Expression[];
      readonly variables: readonly Target[];
      readonly body: readonly Statement[];
      readonly span: Span;
    }
  | {
      readonly kind: 'try';
      readonly body: readonly Statement[];
      readonly handlers: readonly (readonly Statement[])[];
      readonly last: readonly Statement[];
      readonly span: Span;
    }
  /** A scope of its own. */
  | { readonly kind: 'block'; readonly body: readonly Statement[]; readonly span: Span }
  | { readonly kind: 'return'; readonly value?: Expression; readonly span: Span }
  /** `throw`, `raise`, `panic`, `break`, `continue`: what follows in this block does not run. */
  | { readonly kind: 'leave'; readonly value?: Expression; readonly span: Span }
  | { readonly kind: 'define'; readonly definition: FunctionNode | ClassNode; readonly span: Span };

/** What an assignment writes to. */
export type Target =
  | { readonly kind: 'name'; readonly name: string; readonly type?: string; readonly span: Span }
  /** `self.stub = …`, `this.client = …`, `options.Deadline = …`, `@stub = …` (object: the name `self`). */
  | {
      readonly kind: 'member';
      readonly object: Expression;
      readonly name: string;
      readonly span: Span;
    }
  /** `a, b = …`, `[a, b] = …`. */
  | { readonly kind: 'list'; readonly items: readonly Target[]; readonly span: Span }
  /** `{a, b: c} = …`. */
  | {
      readonly kind: 'object';
      readonly entries: readonly { readonly key: string; readonly target: Target }[];
      readonly span: Span;
    }
  /** `_` where the language throws the value away, and targets that are not followed (`a[0] = …`). */
  | {
      readonly kind: 'ignored';
      readonly parts: readonly Expression[];
      readonly span: Span;
    };

export type Expression =
  | { readonly kind: 'name'; readonly name: string; readonly span: Span }
  | Member
  | Call
  | Literal
  | ObjectLiteral
  | { readonly kind: 'list'; readonly items: readonly Expression[]; readonly span: Span }
  | { readonly kind: 'closure'; readonly definition: FunctionNode; readonly span: Span }
  /** One of these values: `a ? b : c`, `a || b`, `x ?: y`, `if` and `switch` as expressions. */
  | {
      readonly kind: 'choice';
      readonly condition?: Expression;
      readonly options: readonly Expression[];
      readonly span: Span;
    }
  | {
      readonly kind: 'binary';
      /** As written: `*`, `+`. */
      readonly operator: string;
      readonly left: Expression;
      readonly right: Expression;
      readonly span: Span;
    }
  | {
      readonly kind: 'unary';
      /** As written: `-`, `!`, `&`, `*`. */
      readonly operator: string;
      readonly value: Expression;
      readonly span: Span;
    }
  /** Has its operand's value: `await x`, `(x)`, `x as T`, `x!`, `x?`, `move(x)`. */
  | { readonly kind: 'same'; readonly value: Expression; readonly span: Span }
  /** An assignment whose value is used: `(x = f())`. */
  | {
      readonly kind: 'assignment';
      readonly target: Target;
      readonly value: Expression;
      readonly span: Span;
    }
  /** Statements with a value, that of the last one when it is an expression: blocks in Kotlin, Ruby and Rust. */
  | { readonly kind: 'statements'; readonly body: readonly Statement[]; readonly span: Span }
  /** Anything else: the parts are evaluated, the value is unknown. */
  | { readonly kind: 'other'; readonly parts: readonly Expression[]; readonly span: Span };

/** `a.b`, `a->b`, `a::b`, `a?.b`; and `a["b"]` with a literal key. */
export interface Member {
  readonly kind: 'member';
  readonly object: Expression;
  readonly name: string;
  readonly nameSpan: Span;
  readonly span: Span;
}

export interface Call {
  readonly kind: 'call';
  readonly callee: Expression;
  readonly arguments: readonly Argument[];
  /** The argument list with its parentheses; empty at the end of the callee when there are none. */
  readonly argumentsSpan: Span;
  /** `new X(…)`. */
  readonly creates?: boolean;
  /** `new X(…) { A = 1 }` in C#. */
  readonly initializer?: ObjectLiteral;
  /** Type arguments as written: `AddGrpcClient<Market.MarketClient>(…)`. */
  readonly typeArguments?: readonly string[];
  readonly span: Span;
}

export interface Argument {
  readonly value: Expression;
  /** `timeout=5`, `deadline: t`. */
  readonly name?: string;
  /** `*args`, `...xs`: a list of arguments; `**kwargs`: a map of named ones. */
  readonly spread?: 'list' | 'map';
  /** A block after the call (Kotlin, Ruby). */
  readonly isBlock?: boolean;
  readonly span: Span;
}

/** `value` is the decoded text of a string, exact number otherwise; `null` also for `nil` and `None`. */
export interface Literal {
  readonly kind: 'literal';
  readonly value: string | number | boolean | null;
  /**
   * For a string: where its first character stands, when the text between the quotes is written without
   * escapes, so that a place in the value is a place in the file.
   */
  readonly plainFrom?: number;
  readonly span: Span;
}

/** `{a: 1}`, `keepalive.ClientParameters{Time: t}`, `dict(a=1)`, `Foo { a: 1 }`. */
export interface ObjectLiteral {
  readonly kind: 'object';
  /** The type before the braces, where the language has one. */
  readonly type?: Expression;
  readonly entries: readonly ObjectEntry[];
  /** Whether it holds keys that can't be seen: `...rest`, `**more`, a computed key. */
  readonly isOpen: boolean;
  /** What was spread into it, in order; their keys come before those of `entries`. */
  readonly spreads: readonly Expression[];
  readonly span: Span;
}

export interface ObjectEntry {
  readonly key: string;
  readonly keySpan: Span;
  readonly value: Expression;
}
