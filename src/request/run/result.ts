import type { MethodInfo, Schema } from '../../schema/schema';
import type { CallStatus } from '../../transcript/entry';
import type { Transcript } from '../../transcript/transcript';
import type { CheckResult } from '../expect/expectation';
import type { RequestProblem, ResolvedRequest } from '../resolve/resolved';

/** How a request of a file went. */
export type RequestResult =
  /** Nothing was sent. */
  | {
      readonly kind: 'refused';
      readonly name: string;
      readonly problems: readonly RequestProblem[];
    }
  | CallResult;

/** A call that was made and has ended. */
export interface CallResult {
  readonly kind: 'called';
  readonly request: ResolvedRequest;
  readonly schema: Schema;
  readonly method: MethodInfo;
  /** Whoever gets the result disposes of it. */
  readonly transcript: Transcript;
  readonly status: CallStatus;
  /** Milliseconds; undefined for none. */
  readonly deadline: number | undefined;
  /** Without expectations, one: that the status is OK. */
  readonly checks: readonly CheckResult[];
  readonly captured: ReadonlyMap<string, string>;
}
