import { BUILTIN_PROTOS } from './builtinProtos';
import { descriptorFileDescriptor } from './descriptor';
import { fromDescriptor } from './fromDescriptor';
import { fromProtoText } from './fromProtoText';
import type { FileTypes } from './types';

const DESCRIPTOR = 'google/protobuf/descriptor.proto';

export function isBuiltin(file: string): boolean {
  return file === DESCRIPTOR || BUILTIN_PROTOS.has(file);
}

/** Fresh copies: a pool links the types it is given, so two pools can't share them. */
export function builtinFiles(): FileTypes[] {
  const files = [...BUILTIN_PROTOS].map(([name, text]): FileTypes => {
    const file = fromProtoText(name, text, 'builtin', []);
    if (!file) {
      throw new Error(`The built-in ${name} doesn't parse`);
    }
    return file;
  });
  return [...files, descriptorFile()];
}

/** protobufjs ships descriptor.proto as data, not as text. */
function descriptorFile(): FileTypes {
  const file = { ...descriptorFileDescriptor(), name: DESCRIPTOR };
  return fromDescriptor(file, 'builtin', []);
}
