/** A FileDescriptorProto as readable `.proto` source, with the line of each definition. */
import { isIdentifier, join } from './build';
import {
  type DecodedOptions,
  type EnumDescriptor,
  editionName,
  type FieldDescriptor,
  type FileDescriptor,
  has,
  type MessageDescriptor,
  type MethodDescriptor,
  type OptionsName,
  type Range,
  type ServiceDescriptor,
} from './descriptor';
import { type OptionText, optionTexts } from './optionText';
import { type LineIndex, type TypeLookup, toJsonName } from './types';

const TYPE_NAMES =
  ' double float int64 uint64 int32 fixed64 fixed32 bool string group message bytes uint32 enum sfixed32 sfixed64 sint32 sint64'.split(
    ' ',
  );
const TYPE_STRING = 9;
const TYPE_GROUP = 10;
const TYPE_BYTES = 12;
const MAX_FIELD = 536_870_911;
const MAX_ENUM = 2_147_483_647;

export function printFile(
  file: FileDescriptor,
  comments: ReadonlyMap<string, string>,
  types: TypeLookup,
): { text: string; lines: LineIndex } {
  return new Printer(file, comments, types).print();
}

class Printer {
  readonly #out: string[] = [];
  readonly #lines = new Map<string, number>();
  readonly #edition: string;
  #indent = 0;
  /** Full name of the message around what is printed, or the package. */
  #scope: string;

  constructor(
    readonly file: FileDescriptor,
    readonly comments: ReadonlyMap<string, string>,
    readonly types: TypeLookup,
  ) {
    this.#edition = editionName(file);
    this.#scope = file.package;
  }

  print(): { text: string; lines: LineIndex } {
    const file = this.file;
    this.#comment('12');
    this.#put(
      this.#edition === 'proto2' || this.#edition === 'proto3'
        ? `syntax = "${this.#edition}";`
        : `edition = "${this.#edition}";`,
    );
    if (file.package !== '') {
      this.#gap();
      this.#put(`package ${dotted(file.package)};`);
    }
    if (file.dependency.length > 0) {
      this.#gap();
      for (const [i, name] of file.dependency.entries()) {
        const kind = file.publicDependency.includes(i)
          ? 'public '
          : file.weakDependency.includes(i)
            ? 'weak '
            : '';
        this.#put(`import ${kind}${JSON.stringify(name)};`);
      }
    }
    const options = optionTexts(file.options, 'FileOptions', this.types);
    if (options.length > 0) {
      this.#gap();
      this.#optionLines(options);
    }
    for (const [i, it] of file.service.entries()) {
      this.#service(it, `6.${i}`);
    }
    for (const [i, it] of file.messageType.entries()) {
      this.#message(it, file.package, `4.${i}`);
    }
    for (const [i, it] of file.enumType.entries()) {
      this.#enum(it, file.package, `5.${i}`);
    }
    this.#extensions(file.extension, [], '7');
    return { text: `${this.#out.join('\n')}\n`, lines: this.#lines };
  }

  #put(line: string): void {
    this.#out.push(`${'  '.repeat(this.#indent)}${line}`);
  }

  #gap(): void {
    const last = this.#out.at(-1);
    if (last !== undefined && last !== '' && !last.endsWith('{')) {
      this.#out.push('');
    }
  }

  #comment(path: string): void {
    for (const line of this.comments.get(path)?.split('\n') ?? []) {
      this.#put(`// ${printable(line)}`.trimEnd());
    }
  }

  /** `head {` … `}`, or `head {}` when nothing stands in it. */
  #block(head: string, body: () => void): void {
    this.#put(`${head} {`);
    const before = this.#out.length;
    this.#indent++;
    body();
    this.#indent--;
    if (this.#out.length === before) {
      this.#out[before - 1] += '}';
    } else {
      this.#put('}');
    }
  }

  #optionLines(options: readonly OptionText[]): void {
    for (const { name, value } of options) {
      this.#put(`option ${name} = ${value};`);
    }
  }

  #options(options: DecodedOptions | null, kind: OptionsName): void {
    this.#optionLines(optionTexts(options, kind, this.types));
  }

  #service(service: ServiceDescriptor, path: string): void {
    const fullName = join(this.file.package, service.name);
    this.#gap();
    this.#comment(path);
    this.#lines.set(fullName, this.#out.length);
    this.#block(`service ${word(service.name)}`, () => {
      this.#options(service.options, 'ServiceOptions');
      for (const [i, method] of service.method.entries()) {
        this.#method(method, fullName, `${path}.2.${i}`);
      }
    });
  }

  #method(method: MethodDescriptor, service: string, path: string): void {
    if (this.comments.has(path)) {
      this.#gap();
    }
    this.#comment(path);
    this.#lines.set(`${service}.${method.name}`, this.#out.length);
    const request = `${method.clientStreaming ? 'stream ' : ''}${this.#reference(method.inputType)}`;
    const response = `${method.serverStreaming ? 'stream ' : ''}${this.#reference(method.outputType)}`;
    const head = `rpc ${word(method.name)}(${request}) returns (${response})`;
    const options = optionTexts(method.options, 'MethodOptions', this.types);
    if (options.length === 0) {
      this.#put(`${head};`);
    } else {
      this.#block(head, () => this.#optionLines(options));
    }
  }

  #message(message: MessageDescriptor, scope: string, path: string): void {
    const fullName = join(scope, message.name);
    this.#gap();
    this.#comment(path);
    this.#lines.set(fullName, this.#out.length);
    this.#block(`message ${word(message.name)}`, () => {
      this.#scope = fullName;
      this.#messageBody(message, fullName, path);
      this.#scope = scope;
    });
  }

  #messageBody(message: MessageDescriptor, fullName: string, path: string): void {
    this.#options(message.options, 'MessageOptions');
    const reserved = [
      ...message.reservedRange.map((it) => rangeText(it, true, MAX_FIELD)),
      ...message.reservedName.map((it) => this.#reservedName(it)),
    ];
    this.#list('reserved', reserved);
    this.#list(
      'extensions',
      message.extensionRange.map((it) => rangeText(it, true, MAX_FIELD)),
    );
    const groups = new Set(
      [...message.field, ...message.extension]
        .filter((it) => it.type === TYPE_GROUP)
        .map((it) => lastPart(it.typeName)),
    );
    for (const [i, it] of message.nestedType.entries()) {
      if (it.options?.mapEntry !== true && !groups.has(it.name)) {
        this.#message(it, fullName, `${path}.3.${i}`);
      }
    }
    for (const [i, it] of message.enumType.entries()) {
      this.#enum(it, fullName, `${path}.4.${i}`);
    }
    if (message.nestedType.length + message.enumType.length > 0) {
      this.#gap();
    }
    this.#fields(message, path);
    this.#extensions(message.extension, message.nestedType, `${path}.6`);
  }

  #fields(message: MessageDescriptor, path: string): void {
    const printed = new Set<number>();
    for (const [i, field] of message.field.entries()) {
      const index =
        has(field, 'oneofIndex') && !field.proto3Optional ? field.oneofIndex : undefined;
      const oneof = index === undefined ? undefined : message.oneofDecl[index];
      if (index === undefined || !oneof) {
        this.#field(field, message.nestedType, `${path}.2.${i}`, false);
      } else if (!printed.has(index)) {
        // Where the first member stands, with all the others.
        printed.add(index);
        this.#comment(`${path}.8.${index}`);
        this.#block(`oneof ${word(oneof.name)}`, () => {
          this.#options(oneof.options, 'OneofOptions');
          for (const [j, member] of message.field.entries()) {
            if (has(member, 'oneofIndex') && member.oneofIndex === index) {
              this.#field(member, message.nestedType, `${path}.2.${j}`, true);
            }
          }
        });
      }
    }
  }

  #field(
    field: FieldDescriptor,
    nested: readonly MessageDescriptor[],
    path: string,
    inOneof: boolean,
  ): void {
    this.#comment(path);
    const local = nested.find((it) => it.name === lastPart(field.typeName));
    const options = this.#fieldOptions(field);
    const suffix = options.length === 0 ? '' : ` [${options.join(', ')}]`;
    const entry = local?.options?.mapEntry === true ? local : undefined;
    const label = inOneof || entry ? '' : this.#label(field);
    if (field.type === TYPE_GROUP && local) {
      const head = `${label}group ${word(local.name)} = ${field.number}${suffix}`;
      this.#block(head, () =>
        this.#messageBody(local, join(this.#scope, local.name), `${path}.group`),
      );
      return;
    }
    const [key, value] = entry?.field ?? [];
    const type =
      key && value
        ? `map<${this.#type(key)}, ${this.#type(value)}>`
        : `${label}${this.#type(field)}`;
    this.#put(`${type} ${word(field.name)} = ${field.number}${suffix};`);
  }

  #label(field: FieldDescriptor): string {
    if (field.label === 3) {
      return 'repeated ';
    }
    if (this.#edition === 'proto2') {
      return field.label === 2 ? 'required ' : 'optional ';
    }
    return field.proto3Optional ? 'optional ' : '';
  }

  #type(field: FieldDescriptor): string {
    const name = has(field, 'type') ? TYPE_NAMES[field.type] : undefined;
    return field.typeName !== '' || name === undefined ? this.#reference(field.typeName) : name;
  }

  /** A type's name without what it shares with the scope it stands in. */
  #reference(typeName: string): string {
    const name = typeName.startsWith('.') ? typeName.slice(1) : typeName;
    const least = Math.max(1, this.file.package.length);
    for (let scope = this.#scope; scope.length >= least; scope = outer(scope)) {
      if (name.startsWith(`${scope}.`)) {
        return dotted(name.slice(scope.length + 1));
      }
    }
    return dotted(name);
  }

  #fieldOptions(field: FieldDescriptor): string[] {
    const texts = optionTexts(field.options, 'FieldOptions', this.types);
    const options = texts.map(({ name, value }) => `${name} = ${value}`);
    if (has(field, 'defaultValue')) {
      const quoted = field.type === TYPE_STRING || field.type === TYPE_BYTES;
      // The default of bytes is escaped in the descriptor already.
      const text = field.type === TYPE_BYTES ? `"${field.defaultValue}"` : field.defaultValue;
      options.unshift(
        `default = ${printable(field.type === TYPE_STRING ? JSON.stringify(text) : quoted ? text : dotted(text))}`,
      );
    }
    if (field.jsonName !== '' && field.jsonName !== toJsonName(field.name) && !field.extendee) {
      options.push(`json_name = ${JSON.stringify(field.jsonName)}`);
    }
    return options;
  }

  #extensions(
    fields: readonly FieldDescriptor[],
    nested: readonly MessageDescriptor[],
    path: string,
  ): void {
    let open: string | undefined;
    for (const [i, field] of fields.entries()) {
      if (open !== field.extendee) {
        if (open !== undefined) {
          this.#indent--;
          this.#put('}');
        }
        open = field.extendee;
        this.#gap();
        this.#put(`extend ${this.#reference(field.extendee)} {`);
        this.#indent++;
      }
      this.#field(field, nested, `${path}.${i}`, false);
    }
    if (open !== undefined) {
      this.#indent--;
      this.#put('}');
    }
  }

  #enum(type: EnumDescriptor, scope: string, path: string): void {
    this.#gap();
    this.#comment(path);
    this.#lines.set(join(scope, type.name), this.#out.length);
    this.#block(`enum ${word(type.name)}`, () => {
      this.#options(type.options, 'EnumOptions');
      this.#list('reserved', [
        ...type.reservedRange.map((it) => rangeText(it, false, MAX_ENUM)),
        ...type.reservedName.map((it) => this.#reservedName(it)),
      ]);
      for (const [i, value] of type.value.entries()) {
        this.#comment(`${path}.2.${i}`);
        const options = optionTexts(value.options, 'EnumValueOptions', this.types)
          .map((it) => `${it.name} = ${it.value}`)
          .join(', ');
        this.#put(`${word(value.name)} = ${value.number}${options === '' ? '' : ` [${options}]`};`);
      }
    });
  }

  /** Numbers and names can't stand in one `reserved`. */
  #list(keyword: string, items: readonly string[]): void {
    const names = items.filter((it) => !/^-?\d/.test(it));
    const numbers = items.filter((it) => /^-?\d/.test(it));
    for (const part of [numbers, names]) {
      if (part.length > 0) {
        this.#put(`${keyword} ${part.join(', ')};`);
      }
    }
  }

  /** Editions write reserved names as identifiers, proto2 and proto3 as strings. */
  #reservedName(name: string): string {
    return this.#edition === 'proto2' || this.#edition === 'proto3'
      ? JSON.stringify(name)
      : word(name);
  }
}

function rangeText(range: Range, exclusive: boolean, max: number): string {
  const end = exclusive ? range.end - 1 : range.end;
  if (end <= range.start) {
    return String(range.start);
  }
  return `${range.start} to ${end >= max ? 'max' : end}`;
}

function outer(scope: string): string {
  return scope.slice(0, Math.max(0, scope.lastIndexOf('.')));
}

function lastPart(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1);
}

/** A name as it is, or quoted when the server sent what is no name. */
function word(name: string): string {
  return isIdentifier(name) ? name : JSON.stringify(name);
}

function dotted(name: string): string {
  return /^[\w.+-]+$/.test(name) ? name : JSON.stringify(name);
}

function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is replaced.
  return text.replace(/[\u0000-\u001f\u007f\u2028\u2029]/g, ' ');
}
