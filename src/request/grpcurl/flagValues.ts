import { isAbsolute, resolve } from 'node:path';
import { formatDuration, longestDuration } from '../../grpc/duration';
import { sourceOf } from './findCommand';
import type { Flag } from './grpcurlFlags';
import { ShellError } from './shellSyntax';
import type { WordTexts } from './wordTexts';

/** What the flags of a command say, by their names. Throws `ShellError` for a value that grpcurl would refuse. */
export class FlagValues {
  readonly #flags: readonly Flag[];
  readonly #texts: WordTexts;
  readonly #folder: string;

  /** @param folder that relative paths start from */
  constructor(flags: readonly Flag[], texts: WordTexts, folder: string) {
    this.#flags = flags;
    this.#texts = texts;
    this.#folder = folder;
  }

  all(name: string): Flag[] {
    return this.#flags.filter((flag) => flag.name === name);
  }

  /** The last one holds, as everywhere in Go's flag package. */
  last(name: string): Flag | undefined {
    return this.all(name).at(-1);
  }

  /** The value of the last flag of this name; undefined when there is none or it is empty. */
  text(name: string): string | undefined {
    const value = this.last(name)?.value;
    return (value && this.#texts.line(value)) || undefined;
  }

  isOn(name: string): boolean | undefined {
    const flag = this.last(name);
    const value = flag && (flag.value ? sourceOf(flag.value) : 'true');
    if (value === undefined || /^(?:1|t|T|TRUE|true|True)$/.test(value)) {
      return flag && true;
    }
    if (/^(?:0|f|F|FALSE|false|False)$/.test(value)) {
      return false;
    }
    throw new ShellError(
      `-${name} is true or false, not ${JSON.stringify(value)}.`,
      flag?.span ?? { from: 0, to: 0 },
    );
  }

  path(name: string): string | undefined {
    const text = this.text(name);
    return text === undefined ? undefined : this.resolve(text);
  }

  /** A path that begins with a reference may be absolute: it stays as it is. */
  resolve(path: string): string {
    return path.startsWith('{{') || isAbsolute(path) ? path : resolve(this.#folder, path);
  }

  paths(name: string): string[] {
    return this.all(name).flatMap(({ value }) => (value ? [this.#texts.line(value)] : []));
  }

  /** Seconds with a fraction; 0 is the default. */
  duration(name: string, shortest = 1): string | undefined {
    const flag = this.last(name);
    const text = this.text(name);
    if (flag === undefined || text === undefined) {
      return undefined;
    }
    if (/^\{\{\w+\}\}$/.test(text)) {
      return `${text}s`;
    }
    if (!/^\+?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(text)) {
      throw new ShellError(`-${name} is a number of seconds, 0 or more.`, flag.span);
    }
    const exact = Number(text) * 1000;
    if (exact === 0) {
      return undefined;
    }
    const milliseconds = Math.min(Math.max(Math.round(exact), shortest), longestDuration);
    const duration = formatDuration(milliseconds);
    if (Math.abs(milliseconds - exact) > 1e-6 * exact) {
      this.#texts.note(`${flag.source} is imported as ${duration}.`);
    }
    return duration;
  }
}
