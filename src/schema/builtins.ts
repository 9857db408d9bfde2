import { BUILTIN_PROTOS } from './builtinProtos';
import { readBuiltin } from './builtinReader';
import { descriptorFile } from './descriptorFile';
import { fromDescriptor } from './fromDescriptor';
import type { FileTypes } from './types';

const DESCRIPTOR = 'google/protobuf/descriptor.proto';
const ANNOTATIONS = 'google/api/annotations.proto';

export function isBuiltin(file: string): boolean {
  return file === DESCRIPTOR || BUILTIN_PROTOS.has(file);
}

/**
 * The file that defines a symbol, also one inside a message, or the extensions of one; undefined when none does. It may
 * turn out not to define it.
 */
export function builtinFileOf(symbol: string): string | undefined {
  places ??= placesOf();
  for (const name of packages) {
    if (symbol.startsWith(`${name}.`)) {
      const top = symbol.split('.', name.split('.').length + 1).join('.');
      // What is in no text may be in descriptor.proto, of which there is none.
      return places.get(top) ?? (name === 'google.protobuf' ? DESCRIPTOR : undefined);
    }
  }
  return undefined;
}

const packages = ['google.protobuf', 'google.rpc', 'google.api'];
let places: ReadonlyMap<string, string> | undefined;

/** Full names of what stands at the top of each file. Found without parsing, which takes milliseconds. */
function placesOf(): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const [file, text] of BUILTIN_PROTOS) {
    const scope = /^package (.+);$/m.exec(text)?.[1] ?? '';
    for (const [, name = ''] of text.matchAll(/^(?:message|enum) (\w+)/gm)) {
      found.set(`${scope}.${name}`, file);
    }
  }
  return found;
}

/** The file that extends a message; undefined when none does. */
export function builtinExtensionsOf(extendee: string): string | undefined {
  return extendee === 'google.protobuf.MethodOptions' ? ANNOTATIONS : undefined;
}

/** A fresh copy: a pool links the types it is given, so two pools can't share them. */
export function builtinFile(name: string): FileTypes {
  if (name === DESCRIPTOR) {
    return fromDescriptor(descriptorFile(DESCRIPTOR), 'builtin', []);
  }
  return readBuiltin(name, BUILTIN_PROTOS.get(name) ?? '');
}
