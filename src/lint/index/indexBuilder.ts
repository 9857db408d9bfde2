import { isDeepStrictEqual } from 'node:util';
import { languageFor } from '../languages';
import type { LanguageId } from '../languages/language';
import type { Value } from '../program/value';
import { type DeadlineHints, deadlineHints } from './defaultDeadlines';
import { type Family, type FileExports, lastPart } from './exports';
import { rpcsOfGenerated, rpcsOfProto } from './serviceNames';
import { defaultChannel } from './springChannels';
import type { RpcInfo, WorkspaceIndex } from './workspaceIndex';

/** What one file adds to the index. Plain data: it can be sent to another thread. */
export interface IndexedFile extends DeadlineHints {
  readonly rpcs: readonly RpcInfo[];
}

/** Files whose name or first lines say that a generator of gRPC code wrote them. */
const generated = /grpc|_pb\b|_pb2\b|connect|\.pb\.|protoc|buf\.build/i;
const headLength = 2_000;

/** Gathers what the files of a workspace say, and is kept current file by file. */
export class IndexBuilder {
  readonly #files = new Map<string, IndexedFile>();
  readonly #exports = new Map<string, FileExports>();
  #generation = 0;
  #index: Snapshot | undefined;

  /** Takes in a file, anew if it was there. Whether that changed anything. */
  update(path: string, text: string): boolean {
    return this.add(path, indexFile(path, text));
  }

  /** Takes in what `indexFile` found. Whether that changed anything. */
  add(path: string, file: IndexedFile | undefined): boolean {
    return this.#set(this.#files, path, file);
  }

  /** Takes in what other files can use of a file. Whether that changed anything. */
  addExports(path: string, exports: FileExports | undefined): boolean {
    return this.#set(this.#exports, path, exports);
  }

  #set<Said>(all: Map<string, Said>, path: string, said: Said | undefined): boolean {
    if (isDeepStrictEqual(all.get(path), said)) {
      return false;
    }
    if (said === undefined) {
      all.delete(path);
    } else {
      all.set(path, said);
    }
    this.#changed();
    return true;
  }

  remove(path: string): boolean {
    const had = this.#exports.delete(path);
    const was = this.#files.delete(path) || had;
    if (was) {
      this.#changed();
    }
    return was;
  }

  #changed(): void {
    this.#generation += 1;
    this.#index = undefined;
  }

  /** Everything that was taken in, for another thread. */
  files(): readonly (readonly [string, IndexedFile])[] {
    return [...this.#files];
  }

  exports(): readonly (readonly [string, FileExports])[] {
    return [...this.#exports];
  }

  /** What is known now; the same object until something changes. */
  index(): WorkspaceIndex {
    this.#index ??= new Snapshot(this.#generation, this.#files.values(), this.#exports.values());
    return this.#index;
  }
}

/** What a file says; undefined when it says nothing that calls in other files depend on. */
export function indexFile(path: string, text: string): IndexedFile | undefined {
  const language = languageFor(path)?.id;
  const head = text.slice(0, headLength);
  const rpcs = path.endsWith('.proto')
    ? rpcsOfProto(text)
    : language !== undefined && (generated.test(path) || generated.test(head))
      ? rpcsOfGenerated(text)
      : [];
  const hints = deadlineHints(path, text, language);
  const { defaults, giving, leaving = [] } = hints;
  return rpcs.length + giving.length + leaving.length + Object.keys(defaults).length === 0
    ? undefined
    : { rpcs, ...hints };
}

class Snapshot implements WorkspaceIndex {
  readonly #rpcs = new Map<string, RpcInfo[]>();
  readonly #services = new Set<string>();
  readonly #defaults = new Map<string, string>();
  readonly #giving = new Set<string>();
  readonly #leaving = new Set<string>();
  /** Whether calls of a channel get a default, by the name that a configuration gives it. */
  readonly #channels = new Map<string, boolean>();
  readonly #classes = new Set<string>();
  /** Simple names of everything that is exported. */
  readonly #names = new Map<Family, Set<string>>();
  #rpcNames: ReadonlySet<string> | undefined;
  /** Undefined where several files say different things. */
  readonly #exported = new Map<string, Value | undefined>();

  constructor(
    readonly generation: number,
    files: Iterable<IndexedFile>,
    exports: Iterable<FileExports>,
  ) {
    for (const { family, classes, members } of exports) {
      const names = this.#names.get(family) ?? new Set();
      this.#names.set(family, names);
      for (const name of classes) {
        this.#classes.add(`${family} ${name}`);
        names.add(name);
      }
      for (const member of members) {
        names.add(lastPart(member.name).replace('()', ''));
        const key = `${family} ${member.name}`;
        const known = this.#exported.get(key);
        const isSame = !this.#exported.has(key) || isDeepStrictEqual(known, member.value);
        this.#exported.set(key, isSame ? member.value : undefined);
      }
    }
    for (const { rpcs, defaults, giving, leaving = [], channels = {} } of files) {
      for (const [name, hasDefault] of Object.entries(channels)) {
        this.#channels.set(name, hasDefault || this.#channels.get(name) === true);
      }
      for (const rpc of rpcs) {
        this.#add(rpc);
      }
      for (const [language, what] of Object.entries(defaults)) {
        this.#defaults.set(language, what);
      }
      for (const { language, name } of giving) {
        this.#giving.add(`${language} ${name}`);
      }
      for (const { language, name } of leaving) {
        this.#leaving.add(`${language} ${name}`);
      }
    }
  }

  #add(rpc: RpcInfo): void {
    this.#services.add(simpleName(rpc.service));
    const key = spelling(rpc.method);
    const same = this.#rpcs.get(key) ?? [];
    const at = same.findIndex(
      ({ service, method }) => service === rpc.service && method === rpc.method,
    );
    if (at < 0) {
      same.push(rpc);
    } else if (rpc.kind !== 'unary') {
      // Generated code doesn't always say that a method streams; the .proto does.
      same[at] = rpc;
    }
    this.#rpcs.set(key, same);
  }

  get isEmpty(): boolean {
    return this.#services.size === 0;
  }

  rpcs(name: string, service?: string): readonly RpcInfo[] {
    const key = spelling(name);
    const found = this.#rpcs.get(key) ?? this.#rpcs.get(key.replace(/async$/, '')) ?? [];
    return service === undefined
      ? found
      : found.filter(
          (rpc) => rpc.service === service || simpleName(rpc.service) === simpleName(service),
        );
  }

  hasService(name: string): boolean {
    return this.#services.has(simpleName(name));
  }

  defaultDeadline(language: string, channel?: string): string | undefined {
    if (channel !== undefined && this.#channels.size > 0) {
      const own = this.#channels.get(channel) ?? this.#channels.get(defaultChannel);
      return own === true ? this.#defaults.get(language) : undefined;
    }
    return this.#defaults.get(language);
  }

  givesDeadline(language: LanguageId, name: string): boolean {
    return this.#giving.has(`${language} ${name}`);
  }

  leavesDeadline(language: LanguageId, name: string): boolean {
    return this.#leaving.has(`${language} ${name}`) && !this.givesDeadline(language, name);
  }

  hasExports(family: Family): boolean {
    return this.#names.has(family);
  }

  exported(family: Family, name: string): Value | undefined {
    return this.#exported.get(`${family} ${name}`);
  }

  mayUse(family: Family, text: string): boolean {
    const exported = this.#names.get(family);
    if (exported === undefined) {
      return false;
    }
    this.#rpcNames ??= new Set(
      [...this.#rpcs.values()].flat().flatMap(({ method }) => spellings(method)),
    );
    let callsRpc = false;
    let namesExport = false;
    for (const [word] of text.matchAll(words)) {
      callsRpc ||= this.#rpcNames.has(word);
      namesExport ||= exported.has(word);
      if (callsRpc && namesExport) {
        return true;
      }
    }
    return false;
  }

  hasClass(family: Family, name: string): boolean {
    return this.#classes.has(`${family} ${name}`);
  }
}

const words = /[A-Za-z_$][\w$]*/g;

/** As the languages write it: `GetListing`, `getListing`, `get_listing`, `GetListingAsync`. */
function spellings(method: string): string[] {
  const camel = method.charAt(0).toLowerCase() + method.slice(1);
  const snake = camel.replace(/[A-Z]+/g, (upper) => `_${upper.toLowerCase()}`);
  return [method, camel, snake, `${method}Async`, `${camel}Async`];
}

/** `GetListing`, `getListing` and `get_listing` are the same method. */
function spelling(name: string): string {
  return name.replaceAll('_', '').toLowerCase();
}

function simpleName(service: string): string {
  return service.slice(service.lastIndexOf('.') + 1);
}
