/** `.proto` text to the types of types.ts, by protobufjs' parser. Names are not resolved here. */
import protobuf from 'protobufjs';
import {
  addField,
  boundComment,
  join,
  makeEnum,
  makeField,
  makeMapEntry,
  mapEntryName,
  quote,
} from './build';
import { definitionLines } from './definitionLines';
import { applyFeatures, defaultFeatures, type Features } from './features';
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

interface Context {
  readonly file: string;
  readonly problems: Problem[];
  readonly extensions: { field: Field; scope: string }[];
  /** Integers of the text that a JavaScript number does not hold, by the number that the parser makes of them. */
  readonly bigIntegers: ReadonlyMap<number, string>;
}

/** Parses `text`; undefined when the parser refuses it, with the place in `problems`. */
export function fromProtoText(
  name: string,
  text: string,
  origin: Origin,
  problems: Problem[],
): FileTypes | undefined {
  let parsed: protobuf.IParserResult;
  try {
    parsed = protobuf.parse(text, new protobuf.Root(), {
      keepCase: true,
      alternateCommentMode: true,
    });
  } catch (error) {
    problems.push(syntaxError(name, error));
    return undefined;
  }
  const packageName = parsed.package ?? '';
  const namespace = packageName === '' ? parsed.root : parsed.root.lookup(packageName);
  return fromNamespace(
    {
      name,
      package: packageName,
      imports: [...(parsed.imports ?? []), ...(parsed.weakImports ?? [])],
      origin,
      text: () => ({ text, lines: definitionLines(text) }),
    },
    namespace instanceof protobuf.Namespace ? namespace : parsed.root,
    problems,
    readBigIntegers(text),
  );
}

/** The parser turns every number into a JavaScript number; the default of an int64 must stay exact. */
function readBigIntegers(text: string): Map<number, string> {
  const found = new Map<number, string>();
  for (const [, sign, digits] of text.matchAll(
    /\bdefault\s*=\s*(-?)(\d{16,20}|0[xX][0-9a-fA-F]{13,16})\b/g,
  )) {
    const value = BigInt(digits ?? '0') * (sign === '-' ? -1n : 1n);
    found.set(Number(value), String(value));
  }
  return found;
}

function defaultText(context: Context, value: unknown): string | undefined {
  const exact = typeof value === 'number' ? context.bigIntegers.get(value) : undefined;
  return exact ?? (value === undefined ? undefined : String(value));
}

/** The parser puts the line into its message and nowhere else. */
function syntaxError(file: string, error: unknown): Problem {
  const reason = error instanceof Error ? error.message : String(error);
  const line = /\bline (\d+)\)?$/.exec(reason)?.[1];
  const what = reason.replace(/\s*\((?:[^()]*, )?line \d+\)$/, '');
  return {
    code: 'syntax-error',
    subject: file,
    message: `${quote(file)}${line === undefined ? '' : ` line ${line}`}: ${what}. Nothing of this file is used.`,
    ...(line === undefined ? {} : { line: Number(line) }),
  };
}

/** The definitions of one file, which stand in `namespace`. */
function fromNamespace(
  file: Pick<FileTypes, 'name' | 'package' | 'imports' | 'origin' | 'text'>,
  namespace: protobuf.NamespaceBase,
  problems: Problem[],
  bigIntegers: ReadonlyMap<number, string>,
): FileTypes {
  const context: Context = { file: file.name, problems, extensions: [], bigIntegers };
  const parts = namespaceParts(context, namespace, file.package, undefined);
  return {
    ...file,
    messages: parts.nested.filter((it) => it.kind === 'message'),
    enums: parts.nested.filter((it) => it.kind === 'enum'),
    services: namespace.nestedArray.flatMap((it) =>
      it instanceof protobuf.Service ? [service(context, it, file.package)] : [],
    ),
    extensions: context.extensions,
  };
}

/** Types and extensions; `inherited` is undefined at the top, where each object knows the edition. */
function namespaceParts(
  context: Context,
  namespace: protobuf.NamespaceBase,
  scope: string,
  inherited: Features | undefined,
): { nested: (MessageType | EnumType)[] } {
  const nested: (MessageType | EnumType)[] = [];
  for (const it of namespace.nestedArray) {
    const features = own(it, inherited ?? fileFeatures(it));
    if (it instanceof protobuf.Type) {
      nested.push(message(context, it, scope, features));
    } else if (it instanceof protobuf.Enum) {
      nested.push(enumType(context, it, scope, features));
    } else if (it instanceof protobuf.Field && it.extend !== undefined) {
      const made = field(context, it, scope, features, undefined, namespace);
      context.extensions.push({ field: made, scope });
    }
  }
  return { nested };
}

/** protobufjs keeps the edition on the top-level objects of a file, in a member that is not in its types. */
function fileFeatures(object: protobuf.ReflectionObject): Features {
  const edition: unknown = Reflect.get(object, '_edition');
  return defaultFeatures(typeof edition === 'string' ? edition : 'proto2');
}

function own(object: protobuf.ReflectionObject, inherited: Features): Features {
  const feature = (name: string): string | undefined => {
    const set: unknown = object.options?.features;
    const value: unknown = typeof set === 'object' && set !== null ? Reflect.get(set, name) : '';
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const fieldPresence = feature('field_presence');
  const enumFeature = feature('enum_type');
  const encoding = feature('repeated_field_encoding');
  const messageEncoding = feature('message_encoding');
  return applyFeatures(inherited, {
    ...(fieldPresence === undefined ? {} : { fieldPresence }),
    ...(enumFeature === undefined ? {} : { enumType: enumFeature }),
    ...(encoding === undefined ? {} : { repeatedFieldEncoding: encoding }),
    ...(messageEncoding === undefined ? {} : { messageEncoding }),
  });
}

function message(
  context: Context,
  parsed: protobuf.Type,
  scope: string,
  features: Features,
): MessageType {
  const fullName = join(scope, parsed.name);
  const oneofs = new Map<protobuf.OneOf, Oneof>();
  for (const it of parsed.oneofsArray) {
    const comment = tidy(it.comment);
    oneofs.set(it, {
      name: it.name,
      fields: [],
      synthetic: it.fieldsArray.some((member) => member.options?.proto3_optional === true),
      ...(comment === undefined ? {} : { comment }),
    });
  }
  const { nested } = namespaceParts(context, parsed, fullName, features);
  const comment = tidy(parsed.comment);
  const type: MessageType = {
    kind: 'message',
    name: parsed.name,
    fullName,
    file: context.file,
    fields: [],
    byNumber: new Map(),
    byJsonName: new Map(),
    oneofs: [...oneofs.values()].filter((it) => !it.synthetic),
    nested,
    mapEntry: false,
    deprecated: parsed.options?.deprecated === true,
    ...(comment === undefined ? {} : { comment }),
  };
  for (const it of parsed.fieldsArray) {
    // protobufjs adds the extensions it knows to the extended type, under their full name.
    if (it.name.startsWith('.')) {
      continue;
    }
    const oneof = it.partOf ? oneofs.get(it.partOf) : undefined;
    const itsFeatures = own(it, features);
    if (it instanceof protobuf.MapField) {
      nested.push(
        makeMapEntry({
          field: it.name,
          key: it.keyType,
          value: it.type,
          scope: fullName,
          file: context.file,
          presence: itsFeatures.presence !== 'implicit',
        }),
      );
    }
    addField(type, field(context, it, fullName, itsFeatures, oneof, parsed), context.problems);
  }
  return type;
}

function field(
  context: Context,
  parsed: protobuf.Field,
  scope: string,
  features: Features,
  oneof: Oneof | undefined,
  parent: protobuf.NamespaceBase,
): Field {
  const options: Record<string, unknown> = parsed.options ?? {};
  const map = parsed instanceof protobuf.MapField;
  const repeated = parsed.repeated || map;
  const target = parent.get(parsed.type);
  const group = target instanceof protobuf.Type && Reflect.get(target, 'group') === true;
  const required = parsed.rule === 'required' || features.presence === 'required';
  return makeField({
    name: parsed.name,
    number: parsed.id,
    typeName: map ? `.${join(scope, mapEntryName(parsed.name))}` : parsed.type,
    scope,
    jsonName: typeof options.json_name === 'string' ? options.json_name : undefined,
    repeated,
    required: required && !repeated,
    presence:
      !repeated &&
      (features.presence !== 'implicit' ||
        oneof !== undefined ||
        options.proto3_optional === true ||
        required ||
        parsed.extend !== undefined),
    packed: repeated && (typeof options.packed === 'boolean' ? options.packed : features.packed),
    delimited: group || (features.delimited && !map),
    map,
    oneof: oneof?.synthetic ? undefined : oneof,
    default: defaultText(context, options.default),
    comment: tidy(parsed.comment),
    deprecated: options.deprecated === true,
    extendee: parsed.extend,
  });
}

function enumType(
  context: Context,
  parsed: protobuf.Enum,
  scope: string,
  features: Features,
): EnumType {
  return makeEnum({
    name: parsed.name,
    fullName: join(scope, parsed.name),
    file: context.file,
    closed: features.closedEnum,
    comment: tidy(parsed.comment),
    deprecated: parsed.options?.deprecated === true,
    values: Object.entries(parsed.values).map(([name, number]) => {
      const comment = tidy(parsed.comments[name]);
      return {
        name,
        number,
        deprecated: parsed.valuesOptions?.[name]?.deprecated === true,
        ...(comment === undefined ? {} : { comment }),
      };
    }),
  });
}

function service(context: Context, parsed: protobuf.Service, scope: string): Service {
  const comment = tidy(parsed.comment);
  return {
    name: parsed.name,
    fullName: join(scope, parsed.name),
    file: context.file,
    methods: parsed.methodsArray.map((it): Method => {
      const text = tidy(it.comment);
      return {
        name: it.name,
        requestName: it.requestType,
        responseName: it.responseType,
        requestStream: it.requestStream === true,
        responseStream: it.responseStream === true,
        deprecated: it.options?.deprecated === true,
        ...(text === undefined ? {} : { comment: text }),
      };
    }),
    ...(comment === undefined ? {} : { comment }),
  };
}

function tidy(comment: string | null | undefined): string | undefined {
  const text = comment?.trim();
  return text ? boundComment(text) : undefined;
}
