import { lastPart } from '../../index/exports';
import type { FileFacts } from '../../program/semantics';
import type { Value } from '../../program/value';
import { isConfigured } from '../shared/configuredNames';
import { dottedPath } from '../shared/paths';

/** A type without what holds or points to it. */
export interface PlainType {
  /** With aliases resolved, parts joined by `.`: `grpc.ClientContext`. */
  readonly path: string;
  /** How it is held: an object of its own, or a pointer or reference to one that somebody else has. */
  readonly held: 'itself' | 'pointer' | 'owned pointer';
}

const owning =
  /^(?:const\s+)?(?:(?:std|absl)::)?(?:unique_ptr|shared_ptr|optional)<([\s\S]*?)(?:,[\s\S]*)?>$/;

/** `const std::unique_ptr<grpc::ClientContext>&` is `grpc.ClientContext`, held by an owned pointer. */
export function plainType(written: string, file: FileFacts): PlainType {
  const bare = written.replace(/\b(?:const|volatile|struct|class|typename)\b/g, '').trim();
  const pointed = /[*&\s]+$/.exec(bare)?.[0].replace(/\s/g, '') ?? '';
  const inner = bare.slice(0, bare.length - (/[*&\s]+$/.exec(bare)?.[0].length ?? 0));
  const owned = owning.exec(inner)?.[1];
  if (owned !== undefined) {
    return { path: plainType(owned, file).path, held: 'owned pointer' };
  }
  return {
    path: file.qualified(dottedPath(inner)),
    held: pointed === '' ? 'itself' : 'pointer',
  };
}

/** Whether the file includes gRPC or the code that it generates. */
export function usesGrpc({ program }: FileFacts): boolean {
  return program.imports.some(({ path }) =>
    /^#(?:grpc(?:pp|\+\+)?\/|.*\.grpc\.(?:pb|fb)\.h$)/.test(path),
  );
}

/** Whether the path is this name of the library: `grpc.ClientContext`, or without the namespace where it is used. */
export function isOfGrpc(path: string, name: string, file: FileFacts): boolean {
  return (
    path === `grpc.${name}` || path === `grpc_impl.${name}` || (path === name && usesGrpc(file))
  );
}

/** The service of a generated stub's type: `market.v1.ListingService.Stub`. */
export function serviceOfStub(path: string, file: FileFacts): string | undefined {
  const service = /(?:^|\.)(\w+)\.Stub(?:Interface)?$/.exec(path)?.[1];
  if (service !== undefined) {
    return file.index.hasService(service) || usesGrpc(file) ? service : undefined;
  }
  return isConfigured(file.settings.stubs, path) ? lastPart(path) : undefined;
}

/** The path that a value stands for; undefined for what is no name. */
export function pathOfValue(value: Value, file: FileFacts): string | undefined {
  return value.kind === 'symbol' ? file.qualified(value.path) : undefined;
}
