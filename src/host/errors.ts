/** Stable codes of errors that a user sees; the text may change, these may not. */
export type UserErrorCode =
  | 'address-invalid'
  | 'discovery-failed'
  | 'reflection-not-offered'
  | 'discovery-cancelled'
  | 'no-definition'
  | 'no-method'
  | 'no-server'
  | 'sample-server-failed'
  | 'linter-failed'
  | 'no-folder'
  | 'no-environment'
  | 'no-secret'
  | 'not-trusted'
  | 'file-unreadable'
  | 'file-unwritable'
  | 'no-request'
  | 'command-unreadable'
  | 'history-empty'
  | 'history-unreadable'
  | 'internal';

/** An error for the user: what was being done and to what, why it failed, and what to do next. */
export class UserError extends Error {
  readonly code: UserErrorCode;
  /** What was being done and to what: `Reading the services of Market`. */
  readonly what: string;
  /** Why it failed, as a sentence. */
  readonly why: string;
  /** The next step, as a sentence; absent when there is none. */
  readonly next: string | undefined;

  constructor(
    code: UserErrorCode,
    parts: {
      readonly what: string;
      readonly why: string;
      readonly next?: string | undefined;
      readonly cause?: unknown;
    },
  ) {
    super(`${parts.what}: ${parts.why}`, { cause: parts.cause });
    this.name = 'UserError';
    this.code = code;
    this.what = parts.what;
    this.why = parts.why;
    this.next = parts.next;
  }

  static is(error: unknown, code?: UserErrorCode): error is UserError {
    return error instanceof UserError && (code === undefined || error.code === code);
  }

  /** Any thrown thing as a `UserError`; `what` says what was being done. */
  static from(error: unknown, what: string): UserError {
    return error instanceof UserError
      ? error
      : new UserError('internal', { what, why: reasonOf(error), cause: error });
  }
}

/** The reason that a thrown thing gives, as text. */
export function reasonOf(error: unknown): string {
  if (error instanceof Error && error.message !== '') {
    return error.message;
  }
  return String(error);
}
