/** The descriptor messages of `google/protobuf/descriptor.proto`, decoded. */
import { decodeDescriptor } from './descriptorDecoder';
import type { FeatureSet } from './features';

/** Options as decoded; options that are extensions are in `$unknowns` as raw fields. */
export interface DecodedOptions {
  readonly deprecated?: boolean;
  readonly mapEntry?: boolean;
  readonly packed?: boolean;
  readonly features?: FeatureSet | null;
  readonly $unknowns?: readonly Uint8Array[];
}

/** A member that the bytes don't have reads as the protobuf default; `hasOwnProperty` tells them apart. */
export interface FieldDescriptor {
  readonly name: string;
  readonly number: number;
  readonly label: number;
  readonly type: number;
  readonly typeName: string;
  readonly extendee: string;
  readonly defaultValue: string;
  readonly oneofIndex: number;
  readonly jsonName: string;
  readonly proto3Optional: boolean;
  readonly options: DecodedOptions | null;
}

export interface Range {
  readonly start: number;
  readonly end: number;
}

export interface OneofDescriptor {
  readonly name: string;
  readonly options: DecodedOptions | null;
}

export interface MessageDescriptor {
  readonly name: string;
  readonly field: readonly FieldDescriptor[];
  readonly extension: readonly FieldDescriptor[];
  readonly nestedType: readonly MessageDescriptor[];
  readonly enumType: readonly EnumDescriptor[];
  readonly extensionRange: readonly Range[];
  readonly oneofDecl: readonly OneofDescriptor[];
  readonly reservedRange: readonly Range[];
  readonly reservedName: readonly string[];
  readonly options: DecodedOptions | null;
}

export interface EnumDescriptor {
  readonly name: string;
  readonly value: readonly {
    readonly name: string;
    readonly number: number;
    readonly options: DecodedOptions | null;
  }[];
  readonly reservedRange: readonly Range[];
  readonly reservedName: readonly string[];
  readonly options: DecodedOptions | null;
}

export interface MethodDescriptor {
  readonly name: string;
  readonly inputType: string;
  readonly outputType: string;
  readonly clientStreaming: boolean;
  readonly serverStreaming: boolean;
  readonly options: DecodedOptions | null;
}

export interface ServiceDescriptor {
  readonly name: string;
  readonly method: readonly MethodDescriptor[];
  readonly options: DecodedOptions | null;
}

export interface FileDescriptor {
  readonly name: string;
  readonly package: string;
  readonly dependency: readonly string[];
  readonly publicDependency: readonly number[];
  readonly weakDependency: readonly number[];
  readonly messageType: readonly MessageDescriptor[];
  readonly enumType: readonly EnumDescriptor[];
  readonly service: readonly ServiceDescriptor[];
  readonly extension: readonly FieldDescriptor[];
  readonly options: DecodedOptions | null;
  readonly sourceCodeInfo: {
    readonly location: readonly {
      readonly path: readonly number[];
      readonly leadingComments: string;
      readonly trailingComments: string;
    }[];
  } | null;
  readonly syntax: string;
  readonly edition: number;
}

/** The kinds of options message, by what they stand on. */
export type OptionsName =
  | 'FileOptions'
  | 'MessageOptions'
  | 'FieldOptions'
  | 'OneofOptions'
  | 'EnumOptions'
  | 'EnumValueOptions'
  | 'ServiceOptions'
  | 'MethodOptions';

/** Throws protobufjs' error when the bytes are no FileDescriptorProto. */
export function decodeFile(bytes: Uint8Array): FileDescriptor {
  return decodeDescriptor('FileDescriptorProto', bytes) as FileDescriptor;
}

/** True when the bytes had the member. */
export function has<T extends object>(message: T, member: keyof T): boolean {
  return Object.hasOwn(message, member);
}

/** `proto2`, `proto3` or the name of the edition (`2023`). */
export function editionName(file: FileDescriptor): string {
  if (file.syntax !== 'editions') {
    return file.syntax === '' ? 'proto2' : file.syntax;
  }
  // Edition numbers of descriptor.proto: EDITION_2023 = 1000, then one a year or so.
  return file.edition >= 1000 && file.edition < 1100
    ? ({ 1000: '2023', 1001: '2024', 1002: '2026' }[file.edition] ?? `edition ${file.edition}`)
    : '2023';
}
