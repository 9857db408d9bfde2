import { SecretMask } from '../transcript/masking/secretMask';

/** Why a command could not run, for the user: exit code 2. */
export class Failure extends Error {
  /** One line each, below the reason. */
  readonly details: readonly string[];
  /** What to do next, as a sentence; undefined when there is nothing to say. */
  readonly next: string | undefined;

  /** @param why as a sentence, with what it is about */
  constructor(
    why: string,
    more: {
      readonly details?: readonly string[];
      readonly next?: string;
      readonly cause?: unknown;
    } = {},
  ) {
    super(why, { cause: more.cause });
    this.name = 'Failure';
    this.details = more.details ?? [];
    this.next = more.next;
  }
}

/** A failure to do something with these secrets, which its words may quote; anything else as it is. */
export function withoutSecrets(error: unknown, secrets: readonly string[]): unknown {
  const mask = SecretMask.of(secrets);
  if (mask === undefined || !(error instanceof Failure)) {
    return error;
  }
  const { message, details, next, cause } = error;
  return new Failure(mask.text(message), {
    details: details.map((line) => mask.text(line)),
    ...(next === undefined ? {} : { next: mask.text(next) }),
    cause,
  });
}

/** What the shell gets: nothing found, something found, could not run, ended by Ctrl-C (128 + SIGINT). */
export const exitCodes = { clean: 0, findings: 1, failure: 2, interrupted: 130 } as const;

/** The reason that a thrown thing gives, as text without a full stop. */
export function reasonOf(error: unknown): string {
  const text = error instanceof Error && error.message !== '' ? error.message : String(error);
  return text.replace(/\.$/, '');
}
