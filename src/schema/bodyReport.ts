import type { Read } from './jsonScalars';
import type { BodyProblem } from './schema';

/** The limit that every protobuf parser has by default; deeper messages would be refused by the server. */
export const MAX_MESSAGE_DEPTH = 100;
/** So many of each severity: warnings must not crowd out the error that refuses a body. */
const MAX_PROBLEMS = 200;

export type Place = { readonly from: number; readonly to: number };

/** Collects what doesn't fit while a body is encoded, up to a bound. */
export class BodyReport {
  readonly #count = { error: 0, warning: 0 };

  constructor(readonly problems: BodyProblem[]) {}

  problem(at: Place, message: string, severity: BodyProblem['severity'] = 'error'): void {
    if (this.#count[severity]++ < MAX_PROBLEMS) {
      this.problems.push({ from: at.from, to: at.to, severity, message });
    }
  }

  /** The value that was read, or undefined with the reason reported. */
  take<T>(at: Place, read: Read<T>): T | undefined {
    if (read.ok) {
      return read.value;
    }
    this.problem(at, read.reason);
    return undefined;
  }
}
