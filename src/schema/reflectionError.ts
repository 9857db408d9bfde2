import { status } from '@grpc/grpc-js';
import { statusName } from '../grpc/statusCodes';
import { quote } from './build';

export type ReflectionVersion = 'v1' | 'v1alpha';

/** How one try at the reflection service ended. */
export interface ReflectionAttempt {
  readonly version: ReflectionVersion;
  /** gRPC status code. */
  readonly code: number;
  /** `UNIMPLEMENTED` and so on. */
  readonly name: string;
  /** What the server or the client library said; untrusted text. */
  readonly details: string;
}

/** Discovery gave nothing. `reason` says why in a sentence, `nextStep` what to do about it. */
export class ReflectionError extends Error {
  override readonly name = 'ReflectionError';

  constructor(
    readonly code: 'not-offered' | 'refused' | 'unreachable' | 'timeout' | 'cancelled' | 'failed',
    readonly reason: string,
    readonly nextStep: string,
    /** In the order tried: the first is what went wrong, a later one only what else was tried. */
    readonly attempts: readonly ReflectionAttempt[],
  ) {
    super(nextStep === '' ? reason : `${reason} ${nextStep}`);
  }
}

export function makeAttempt(
  version: ReflectionVersion,
  code: number,
  details: string,
): ReflectionAttempt {
  return { version, code, name: statusName(code), details };
}

export function timeoutError(milliseconds: number): ReflectionError {
  return new ReflectionError(
    'timeout',
    `The server accepted the reflection call but did not list its services within ${milliseconds} ms.`,
    'Try again, or name its .proto files. In the editor the setting frameline.reflection.timeout gives it more time.',
    [],
  );
}

export function cancelledError(): ReflectionError {
  return new ReflectionError('cancelled', 'Discovery was cancelled.', '', []);
}

/** The error of all attempts together. The first one decides: hiding it sends people the wrong way. */
export function attemptsError(attempts: readonly ReflectionAttempt[]): ReflectionError {
  const [v1, v1alpha] = attempts;
  if (!v1) {
    return new ReflectionError('failed', 'Discovery failed.', '', attempts);
  }
  // No v1 is no failure when the server has the older version and refuses the call to it.
  const replaced = v1.code === status.UNIMPLEMENTED && v1alpha?.code !== status.UNIMPLEMENTED;
  const first = replaced ? (v1alpha ?? v1) : v1;
  const other = replaced ? undefined : v1alpha;
  const said = `${first.name}${first.details === '' ? '' : `: ${quote(first.details)}`}`;
  const also =
    other && (other.code !== first.code || other.details !== first.details)
      ? ` (${other.version} then: ${other.name})`
      : '';
  switch (first.code) {
    case status.UNIMPLEMENTED:
      return new ReflectionError(
        'not-offered',
        `The server does not offer reflection (${said}).`,
        'Turn reflection on in the server, or name local .proto files or a descriptor set.',
        attempts,
      );
    case status.UNAUTHENTICATED:
    case status.PERMISSION_DENIED:
      return new ReflectionError(
        'refused',
        `The server refused the reflection call (${said})${also}.`,
        'Send the metadata that it needs with reflection, for example authorization.',
        attempts,
      );
    case status.UNAVAILABLE:
      return new ReflectionError(
        'unreachable',
        `The server could not be reached for reflection (${said})${also}.`,
        'Check the address, the security setting (plaintext or TLS) and that the server runs.',
        attempts,
      );
    default:
      return new ReflectionError(
        'failed',
        `Reflection failed with ${said}${also}.`,
        'Look at the server’s log, or name local .proto files or a descriptor set.',
        attempts,
      );
  }
}
