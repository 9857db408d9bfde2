import { SecretMask } from '../../transcript/masking/secretMask';
import type { Answer } from '../expect/answer';
import { capture, evaluate, statusIsOk } from '../expect/evaluate';
import type { CheckResult } from '../expect/expectation';
import type { ResolvedRequest } from '../resolve/resolved';
import type { Caller } from './caller';
import type { CallResult, RequestResult } from './result';
import {
  type PreparedRequest,
  prepareRequest,
  type StartedRequest,
  type StartOptions,
  startPrepared,
} from './startRequest';

export interface RunOptions extends StartOptions {
  /** Hears of the call as soon as it runs. */
  readonly onStart?: (started: StartedRequest) => void;
}

/** Makes the call of a request, waits for its end, and holds the answer to what is expected of it. */
export async function runRequest(
  request: ResolvedRequest,
  caller: Caller,
  options: RunOptions = {},
): Promise<RequestResult> {
  const prepared = await prepareRequest(request, caller);
  return prepared.ok
    ? runPrepared(prepared, caller, options)
    : { kind: 'refused', name: request.name, problems: prepared.problems };
}

/** The same of a request that is prepared. */
export async function runPrepared(
  prepared: PreparedRequest,
  caller: Caller,
  options: RunOptions = {},
): Promise<RequestResult> {
  const { request } = prepared;
  const started = await startPrepared(prepared, caller, options);
  if (!started.ok) {
    return { kind: 'refused', name: request.name, problems: started.problems };
  }
  options.onStart?.(started);
  const { call } = started;
  const cancel = (): void => call.cancel();
  options.signal?.addEventListener('abort', cancel);
  if (options.signal?.aborted) {
    cancel();
  }
  await call.done;
  options.signal?.removeEventListener('abort', cancel);
  return finishRequest(request, started);
}

/** The result of a call that has ended. */
export async function finishRequest(
  request: ResolvedRequest,
  { call, schema, method, deadline }: StartedRequest,
): Promise<CallResult> {
  const { transcript } = call;
  const status = await call.done;
  const answer: Answer = { status, transcript, schema, method, deadline };
  const { captured, failed } = capture(request.captures, answer);
  const expectations =
    request.expectations.length === 0
      ? [{ ...statusIsOk, span: request.span }]
      : request.expectations;
  const mask = SecretMask.of(request.secrets);
  const checks: CheckResult[] = [
    ...expectations.map((expectation) => evaluate(expectation, answer)),
    ...failed,
  ];
  return {
    kind: 'called',
    request,
    schema,
    method,
    transcript,
    status,
    deadline,
    checks: mask ? checks.map((check) => withoutSecrets(check, mask)) : checks,
    captured,
  };
}

/** The expected value may be a secret; what was received is masked where it was recorded. */
function withoutSecrets(check: CheckResult, mask: SecretMask): CheckResult {
  return {
    ...check,
    message: mask.text(check.message),
    expected: mask.text(check.expected),
    actual: mask.text(check.actual),
  };
}
