import { lastPart } from '../../index/exports';
import type { FileFacts } from '../../program/semantics';
import { isConfigured } from '../shared/configuredNames';
import { dottedPath } from '../shared/paths';

/** Types that hold another one, which the linter looks through. */
const wrappers =
  /^(?:[\w:]*::)?(?:Arc|Rc|Box|Pin|Mutex|RwLock|RefCell|Cell|Option|Result|Vec|OnceCell|OnceLock|LazyLock|MutexGuard|OwnedMutexGuard|RwLockReadGuard|RwLockWriteGuard|Data|State|Extension|ArcSwap)<([\s\S]*)>$/;

/** A type without what only holds it. */
export interface PlainType {
  /** With imports resolved, parts joined by `.`: `tonic.Request`. */
  readonly path: string;
  /** Its type arguments, as written. */
  readonly inner: string;
}

/** `&mut Arc<Mutex<a::B<C>>>` is `a.B`, with `C`. */
export function plainType(written: string, file: FileFacts): PlainType {
  let type = written.trim();
  for (let held: string | undefined = type; held !== undefined; ) {
    type = firstOf(held)
      .replace(/^&?\s*(?:'\w+\s+)?(?:mut\s+)?(?:'\w+\s*,\s*)?/, '')
      .trim();
    held = wrappers.exec(type)?.[1];
  }
  const inner = /<([\s\S]*)>$/.exec(type)?.[1] ?? '';
  return { path: file.qualified(dottedPath(type)), inner };
}

/** The first of several type arguments, lifetimes aside. */
function firstOf(list: string): string {
  const types = list.replace(/^\s*'\w+\s*,\s*/, '');
  let depth = 0;
  for (let at = 0; at < types.length; at += 1) {
    const character = types[at] ?? '';
    if (/[<([]/.test(character)) {
      depth += 1;
    } else if (/[>)\]]/.test(character)) {
      depth -= 1;
    } else if (character === ',' && depth === 0) {
      return types.slice(0, at);
    }
  }
  return types;
}

/** Whether the file names tonic. */
export function usesTonic(file: FileFacts): boolean {
  return /\btonic::/.test(file.text);
}

/** Whether the path is this name of a crate, or the bare name where all of its names are used. */
export function isOf(path: string, crate: string, name: string, file: FileFacts): boolean {
  return (
    (path.startsWith(`${crate}.`) && path.endsWith(`.${name}`)) ||
    (path === name &&
      file.program.imports.some(
        (each) => each.name === '*' && (each.path === crate || each.path.startsWith(`${crate}.`)),
      ))
  );
}

/**
 * The service of a generated client: tonic puts `XxxClient` into a module `xxx_client`. Where it is re-exported
 * from elsewhere, the service must be known, and `isCertain`: made or declared with a channel of tonic.
 */
export function serviceOfClient(
  { path, inner }: PlainType,
  file: FileFacts,
  isCertain = false,
): string | undefined {
  const service = /(?:^|\.)(\w+)Client$/.exec(path)?.[1];
  if (service !== undefined) {
    const module = /(?:^|\.)(\w+)_client\.\w+$/.exec(path)?.[1];
    const isGenerated =
      module !== undefined && module.replaceAll('_', '') === service.toLowerCase();
    const hasChannel = /\b(?:Channel|InterceptedService|GrpcService|BoxBody)\b/.test(inner);
    const isReexported =
      (hasChannel || isCertain) && (file.index.hasService(service) || usesTonic(file));
    if (isGenerated || isReexported) {
      return service;
    }
  }
  return isConfigured(file.settings.stubs, path) ? lastPart(path) : undefined;
}
