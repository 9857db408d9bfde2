import type { BodyProblem } from './schema';

/** A ProtoJSON text does not fit its message type; nothing was encoded. */
export class BodyError extends Error {
  override readonly name = 'BodyError';
  /** UTF-16 offset of the first problem. */
  readonly offset: number;
  /** Line and column of the first problem, from 1. */
  readonly line: number;
  readonly column: number;

  constructor(
    text: string,
    /** At least one; the first is what the message says. */
    readonly problems: readonly BodyProblem[],
  ) {
    const first = problems[0];
    const offset = first?.from ?? 0;
    const before = text.slice(0, offset);
    const line = before.split('\n').length;
    const column = offset - before.lastIndexOf('\n');
    super(`Line ${line}, column ${column}: ${first?.message ?? 'The body is not valid.'}`);
    this.offset = offset;
    this.line = line;
    this.column = column;
  }
}

/** Bytes of a message that do not fit its type, or whose text would be too long to show. */
export class DecodeError extends Error {
  override readonly name = 'DecodeError';

  constructor(
    readonly code: 'malformed' | 'too-deep' | 'too-long' | 'unknown-type',
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
