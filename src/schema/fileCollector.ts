/** The files that a server sent: each name once, and bounds on number, size and depth of imports. */
import { quote } from './build';
import { readFileHeader } from './reflectionMessages';
import type { Problem } from './schema';

export interface CollectorLimits {
  readonly maxFiles: number;
  /** Bytes of all files together. */
  readonly maxBytes: number;
  /** Files that import files that import …: so many levels. */
  readonly maxDepth: number;
}

/** Servers that send every import again with every answer may send this many times `maxBytes`. */
const REPEAT_FACTOR = 16;

export class FileCollector {
  readonly problems: Problem[] = [];
  readonly #files = new Map<string, { readonly bytes: Uint8Array; readonly imports: string[] }>();
  readonly #differing = new Set<string>();
  #bytes = 0;
  #received = 0;
  #full = false;

  constructor(readonly limits: CollectorLimits) {}

  get files(): Uint8Array[] {
    return [...this.#files.values()].map((it) => it.bytes);
  }

  get count(): number {
    return this.#files.size;
  }

  /** A limit was reached: ask for nothing more. */
  get full(): boolean {
    return this.#full;
  }

  has(name: string): boolean {
    return this.#files.has(name);
  }

  importsOf(name: string): readonly string[] {
    return this.#files.get(name)?.imports ?? [];
  }

  names(): string[] {
    return [...this.#files.keys()];
  }

  /** Takes the files of one answer; returns the names of those that are new. */
  add(files: readonly Uint8Array[]): string[] {
    const added: string[] = [];
    for (const bytes of files) {
      this.#received += bytes.length;
      if (this.#received > this.limits.maxBytes * REPEAT_FACTOR) {
        this.#stop(`more than ${(this.limits.maxBytes * REPEAT_FACTOR) >> 20} MiB were received`);
      }
      if (this.#full) {
        break;
      }
      const name = this.#one(bytes);
      if (name !== undefined) {
        added.push(name);
      }
    }
    return added;
  }

  #one(bytes: Uint8Array): string | undefined {
    let header: { name: string; imports: string[] };
    try {
      header = readFileHeader(bytes);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.problems.push({
        code: 'malformed-descriptor',
        subject: 'reflection',
        message: `The server sent a file that is no file descriptor (${reason}); it is left out.`,
      });
      return undefined;
    }
    const { name, imports } = header;
    const before = this.#files.get(name);
    if (before) {
      if (Buffer.compare(before.bytes, bytes) !== 0 && !this.#differing.has(name)) {
        this.#differing.add(name);
        this.problems.push({
          code: 'duplicate-file',
          subject: name,
          message: `The server sent two files named ${quote(name)} with different content; the first one is used.`,
        });
      }
      return undefined;
    }
    if (this.#files.size >= this.limits.maxFiles) {
      this.#stop(`there are more than ${this.limits.maxFiles} files`);
      return undefined;
    }
    if (this.#bytes + bytes.length > this.limits.maxBytes) {
      this.#stop(`the files are larger than ${this.limits.maxBytes} bytes together`);
      return undefined;
    }
    this.#bytes += bytes.length;
    // A copy, because the bytes are a view of the whole answer, other files and all.
    this.#files.set(name, { bytes: Uint8Array.from(bytes), imports });
    return name;
  }

  #stop(reason: string): void {
    if (!this.#full) {
      this.#full = true;
      this.problems.push({
        code: 'limit',
        subject: 'reflection',
        message: `Discovery stopped: ${reason}. What came before is used; name .proto files for the rest.`,
      });
    }
  }
}
