/** A FileDescriptorProto to the types of types.ts. A part that is malformed is left out with a problem. */
import {
  addField,
  boundComment,
  isIdentifier,
  isPackage,
  join,
  MAX_FULL_NAME,
  makeEnum,
  makeField,
  quote,
} from './build';
import {
  type EnumDescriptor,
  editionName,
  type FieldDescriptor,
  type FileDescriptor,
  has,
  type MessageDescriptor,
  type ServiceDescriptor,
} from './descriptor';
import { applyFeatures, defaultFeatures, type Features } from './features';
import { printFile } from './protoPrinter';
import type { Problem } from './schema';
import type {
  EnumType,
  Field,
  FileTypes,
  MessageType,
  Method,
  Oneof,
  Origin,
  Service,
} from './types';

/** Field types of descriptor.proto, by number; groups, messages and enums are named types. */
const TYPE_NAMES: readonly (string | undefined)[] = [
  undefined,
  'double',
  'float',
  'int64',
  'uint64',
  'int32',
  'fixed64',
  'fixed32',
  'bool',
  'string',
  undefined,
  undefined,
  'bytes',
  'uint32',
  undefined,
  'sfixed32',
  'sfixed64',
  'sint32',
  'sint64',
];
const TYPE_GROUP = 10;
const TYPE_MESSAGE = 11;
const LABEL_REQUIRED = 2;
const LABEL_REPEATED = 3;

interface Context {
  readonly file: FileDescriptor;
  readonly comments: ReadonlyMap<string, string>;
  readonly problems: Problem[];
  readonly extensions: { field: Field; scope: string }[];
}

export function fromDescriptor(
  file: FileDescriptor,
  origin: Origin,
  problems: Problem[],
): FileTypes {
  const context: Context = { file, comments: readComments(file), problems, extensions: [] };
  const features = applyFeatures(defaultFeatures(editionName(file)), file.options?.features);
  const scope = isPackage(file.package) ? file.package : '';
  if (scope !== file.package) {
    malformed(context, file.name, `the package name ${quote(file.package)} is not valid`);
  }
  const messages = file.messageType.flatMap((it, i) => {
    return message(context, it, scope, features, `4.${i}`);
  });
  const enums = file.enumType.flatMap((it, i) => enumType(context, it, scope, features, `5.${i}`));
  const services = file.service.flatMap((it, i) => service(context, it, scope, `6.${i}`));
  addExtensions(context, file.extension, scope, features, '7');
  return {
    name: file.name,
    package: scope,
    origin,
    imports: file.dependency,
    messages,
    enums,
    services,
    extensions: context.extensions,
    text: (pool) => printFile(file, context.comments, pool),
  };
}

function message(
  context: Context,
  descriptor: MessageDescriptor,
  scope: string,
  inherited: Features,
  path: string,
): MessageType[] {
  if (!isIdentifier(descriptor.name) || scope.length > MAX_FULL_NAME) {
    malformed(context, context.file.name, `a message is named ${quote(descriptor.name)}`);
    return [];
  }
  const features = applyFeatures(inherited, descriptor.options?.features);
  const fullName = join(scope, descriptor.name);
  const oneofs = descriptor.oneofDecl.map((it, i): Oneof => {
    const comment = context.comments.get(`${path}.8.${i}`);
    return {
      name: isIdentifier(it.name) ? it.name : `oneof_${i}`,
      fields: [],
      synthetic: descriptor.field.some((f) => f.proto3Optional && oneofIndex(f) === i),
      ...(comment === undefined ? {} : { comment }),
    };
  });
  const nested = [
    ...descriptor.nestedType.flatMap((it, i) =>
      message(context, it, fullName, features, `${path}.3.${i}`),
    ),
    ...descriptor.enumType.flatMap((it, i) =>
      enumType(context, it, fullName, features, `${path}.4.${i}`),
    ),
  ];
  const comment = context.comments.get(path);
  const type: MessageType = {
    kind: 'message',
    name: descriptor.name,
    fullName,
    file: context.file.name,
    fields: [],
    byNumber: new Map(),
    byJsonName: new Map(),
    oneofs: oneofs.filter((it) => !it.synthetic),
    nested,
    mapEntry: descriptor.options?.mapEntry ?? false,
    deprecated: descriptor.options?.deprecated ?? false,
    ...(comment === undefined ? {} : { comment }),
  };
  const mapEntries = new Set(
    nested.flatMap((it) => (it.kind === 'message' && it.mapEntry ? [it.fullName] : [])),
  );
  for (const [i, it] of descriptor.field.entries()) {
    const made = field(context, it, fullName, features, `${path}.2.${i}`, oneofs, mapEntries);
    if (made) {
      addField(type, made, context.problems);
    }
  }
  addExtensions(context, descriptor.extension, fullName, features, `${path}.6`);
  return [type];
}

function oneofIndex(field: FieldDescriptor): number | undefined {
  return has(field, 'oneofIndex') ? field.oneofIndex : undefined;
}

function field(
  context: Context,
  descriptor: FieldDescriptor,
  scope: string,
  inherited: Features,
  path: string,
  oneofs: readonly Oneof[],
  mapEntries: ReadonlySet<string>,
): Field | undefined {
  // A type left out of the descriptor means that the compiler had not looked the name up yet.
  const type = has(descriptor, 'type') ? descriptor.type : 0;
  const named = TYPE_NAMES[type] === undefined;
  const typeName = TYPE_NAMES[type] ?? descriptor.typeName;
  if (typeName === '') {
    malformed(context, scope, `field ${quote(descriptor.name)} has no known type`);
    return undefined;
  }
  const features = applyFeatures(inherited, descriptor.options?.features);
  const repeated = descriptor.label === LABEL_REPEATED;
  const required = descriptor.label === LABEL_REQUIRED || features.presence === 'required';
  const index = oneofIndex(descriptor);
  const oneof = index === undefined ? undefined : oneofs[index];
  const isMessage = type === TYPE_MESSAGE || type === TYPE_GROUP;
  const options = descriptor.options;
  return makeField({
    name: descriptor.name,
    number: descriptor.number,
    typeName,
    scope,
    jsonName: descriptor.jsonName,
    repeated,
    required: required && !repeated,
    presence:
      !repeated &&
      (isMessage ||
        index !== undefined ||
        descriptor.proto3Optional ||
        required ||
        features.presence === 'explicit' ||
        descriptor.extendee !== ''),
    packed:
      repeated && (options && has(options, 'packed') ? options.packed === true : features.packed),
    delimited:
      type === TYPE_GROUP ||
      (type === TYPE_MESSAGE && features.delimited && !mapEntries.has(bare(typeName))),
    map: named && repeated && mapEntries.has(bare(typeName)),
    oneof: oneof?.synthetic ? undefined : oneof,
    default: has(descriptor, 'defaultValue') ? descriptor.defaultValue : undefined,
    comment: context.comments.get(path),
    deprecated: options?.deprecated ?? false,
    extendee: descriptor.extendee === '' ? undefined : descriptor.extendee,
  });
}

function bare(name: string): string {
  return name.startsWith('.') ? name.slice(1) : name;
}

function addExtensions(
  context: Context,
  descriptors: readonly FieldDescriptor[],
  scope: string,
  features: Features,
  path: string,
): void {
  for (const [i, it] of descriptors.entries()) {
    const made = field(context, it, scope, features, `${path}.${i}`, [], new Set());
    if (made && isIdentifier(made.name)) {
      context.extensions.push({ field: made, scope });
    } else if (made) {
      malformed(context, scope || context.file.name, `an extension is named ${quote(made.name)}`);
    }
  }
}

function enumType(
  context: Context,
  descriptor: EnumDescriptor,
  scope: string,
  inherited: Features,
  path: string,
): EnumType[] {
  if (!isIdentifier(descriptor.name)) {
    malformed(context, context.file.name, `an enum is named ${quote(descriptor.name)}`);
    return [];
  }
  const fullName = join(scope, descriptor.name);
  return [
    makeEnum({
      name: descriptor.name,
      fullName,
      file: context.file.name,
      closed: applyFeatures(inherited, descriptor.options?.features).closedEnum,
      comment: context.comments.get(path),
      deprecated: descriptor.options?.deprecated ?? false,
      values: descriptor.value.flatMap((it, i) => {
        if (!isIdentifier(it.name)) {
          malformed(context, fullName, `a value is named ${quote(it.name)}`);
          return [];
        }
        const comment = context.comments.get(`${path}.2.${i}`);
        return [
          {
            name: it.name,
            number: it.number,
            deprecated: it.options?.deprecated ?? false,
            ...(comment === undefined ? {} : { comment }),
          },
        ];
      }),
    }),
  ];
}

function service(
  context: Context,
  descriptor: ServiceDescriptor,
  scope: string,
  path: string,
): Service[] {
  if (!isIdentifier(descriptor.name)) {
    malformed(context, context.file.name, `a service is named ${quote(descriptor.name)}`);
    return [];
  }
  const fullName = join(scope, descriptor.name);
  const seen = new Set<string>();
  const methods = descriptor.method.flatMap((it, i): Method[] => {
    if (!isIdentifier(it.name) || seen.has(it.name)) {
      malformed(
        context,
        fullName,
        `a method is named ${quote(it.name)}, which is no name or taken`,
      );
      return [];
    }
    seen.add(it.name);
    const comment = context.comments.get(`${path}.2.${i}`);
    return [
      {
        name: it.name,
        requestName: it.inputType,
        responseName: it.outputType,
        requestStream: it.clientStreaming,
        responseStream: it.serverStreaming,
        deprecated: it.options?.deprecated ?? false,
        ...(comment === undefined ? {} : { comment }),
      },
    ];
  });
  const comment = context.comments.get(path);
  return [
    {
      name: descriptor.name,
      fullName,
      file: context.file.name,
      methods,
      ...(comment === undefined ? {} : { comment }),
    },
  ];
}

/** Comments by path (`4.0.2.1`), SourceCodeInfo of descriptor.proto; absent from most servers. */
function readComments(file: FileDescriptor): ReadonlyMap<string, string> {
  const comments = new Map<string, string>();
  for (const location of file.sourceCodeInfo?.location ?? []) {
    const text = [location.leadingComments, location.trailingComments]
      .map((it) => tidyComment(it))
      .filter((it) => it !== '')
      .join('\n');
    if (text !== '') {
      comments.set(location.path.join('.'), boundComment(text));
    }
  }
  return comments;
}

function tidyComment(text: string): string {
  return text
    .split('\n')
    .map((line) => line.replace(/^ /, '').trimEnd())
    .join('\n')
    .trim();
}

function malformed(context: Context, subject: string, reason: string): void {
  context.problems.push({
    code: 'malformed-descriptor',
    subject,
    message: `${quote(context.file.name)}: ${reason}; that part is left out.`,
  });
}
