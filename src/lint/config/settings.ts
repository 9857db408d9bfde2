import type { Severity } from '../finding';
import type { Milliseconds } from '../program/value';
import type { RuleId } from '../ruleIds';
import type { Hop } from './hops';

/** What `frameline.json` says, resolved: every value there. */
export interface LintSettings {
  readonly rules: Readonly<Record<RuleId, Severity | 'off'>>;
  /** What a fix writes. */
  readonly defaultDeadline: Milliseconds;
  /** Files left out, in the syntax of `.gitignore`, relative to the folder of `frameline.json`. */
  readonly ignore: readonly string[];
  /** What is linted although it is left out by default. */
  readonly include: readonly ('generated' | 'vendored' | 'tests')[];
  /** Types that are clients although no generated code says so; `*` stands for any characters. */
  readonly stubs: readonly string[];
  /** Interceptors that give a deadline, by the name of the class or function. */
  readonly interceptors: readonly string[];
  /** Functions that give back a stub, context or options with a deadline, by name. */
  readonly helpers: readonly string[];
  /** Whether calls whose deadline is inherited or unknown are shown, as hints. */
  readonly showInherited: boolean;
  readonly server: {
    /** The shortest interval between PINGs that the server allows. */
    readonly keepaliveMinTime: Milliseconds;
    /** Whether it allows PINGs while no call runs. */
    readonly keepalivePermitWithoutCalls: boolean;
  };
  /** The hops between client and server, client first; undefined when the file doesn't say. */
  readonly path: readonly Hop[] | undefined;
}
