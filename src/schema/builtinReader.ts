/**
 * Reads the built-in `.proto` texts. They are ours and use a small part of proto3, so a small reader is enough:
 * protobufjs's parser takes longer to load than a short command takes to do its work.
 */
import { addField, boundComment, join, makeEnum, makeField, makeMapEntry } from './build';
import { definitionLines, protoTokens } from './definitionLines';
import type { EnumType, EnumValue, Field, FileTypes, MessageType, Oneof } from './types';

/** Throws at what the built-in texts don't have. */
export function readBuiltin(name: string, text: string): FileTypes {
  return new Reader(name, text).file();
}

class Reader {
  readonly #name: string;
  readonly #text: string;
  readonly #tokens: readonly string[];
  #at = 0;

  readonly #extensions: { field: Field; scope: string }[] = [];

  constructor(name: string, text: string) {
    this.#name = name;
    this.#text = text;
    this.#tokens = [...text.matchAll(protoTokens)].map(([token]) => token);
  }

  file(): FileTypes {
    const text = this.#text;
    const imports: string[] = [];
    const types: (MessageType | EnumType)[] = [];
    let scope = '';
    while (this.#at < this.#tokens.length) {
      const comment = this.#takeComment();
      const keyword = this.#next();
      switch (keyword) {
        case 'syntax':
          this.#expect('=', '"proto3"', ';');
          break;
        case 'package':
          scope = this.#next();
          this.#expect(';');
          break;
        case 'import':
          imports.push(this.#next().slice(1, -1));
          this.#expect(';');
          break;
        case 'extend':
          this.#extend(scope);
          break;
        default:
          types.push(this.#type(keyword, scope, comment));
      }
    }
    return {
      name: this.#name,
      package: scope,
      origin: 'builtin',
      imports,
      messages: types.filter((it) => it.kind === 'message'),
      enums: types.filter((it) => it.kind === 'enum'),
      services: [],
      extensions: this.#extensions,
      text: () => ({ text, lines: definitionLines(text) }),
    };
  }

  #type(keyword: string, scope: string, comment: string | undefined): MessageType | EnumType {
    if (keyword === 'message') {
      return this.#message(scope, comment);
    }
    if (keyword === 'enum') {
      return this.#enum(scope, comment);
    }
    throw new Error(`${this.#name}: "${keyword}" is nothing that a built-in file has`);
  }

  #message(scope: string, comment: string | undefined): MessageType {
    const name = this.#next();
    const nested: (MessageType | EnumType)[] = [];
    const oneofs: Oneof[] = [];
    const type: MessageType = {
      kind: 'message',
      name,
      fullName: join(scope, name),
      file: this.#name,
      fields: [],
      byNumber: new Map(),
      byJsonName: new Map(),
      nested,
      oneofs,
      mapEntry: false,
      deprecated: false,
      ...(comment === undefined ? {} : { comment }),
    };
    this.#expect('{');
    let oneof: Oneof | undefined;
    for (let said = this.#takeComment(); ; said = this.#takeComment()) {
      const word = this.#next();
      if (word === '}' && oneof === undefined) {
        return type;
      }
      if (word === '}') {
        oneof = undefined;
      } else if (word === 'message' || word === 'enum') {
        nested.push(this.#type(word, type.fullName, said));
      } else if (word === 'oneof') {
        oneof = { name: this.#next(), fields: [], synthetic: false };
        oneofs.push(said === undefined ? oneof : { ...oneof, comment: said });
        oneof = oneofs.at(-1);
        this.#expect('{');
      } else {
        this.#field(type, nested, word, oneof, said);
      }
    }
  }

  /** @param word the first one of the field */
  #field(
    type: MessageType,
    nested: (MessageType | EnumType)[],
    word: string,
    oneof: Oneof | undefined,
    comment: string | undefined,
  ): void {
    const isOptional = word === 'optional';
    let typeName = word === 'repeated' || isOptional ? this.#next() : word;
    const isMap = word === 'map';
    if (isMap) {
      this.#expect('<');
      const key = this.#next();
      this.#expect(',');
      const value = this.#next();
      this.#expect('>');
      const entry = makeMapEntry({
        field: this.#tokens[this.#at] ?? '',
        key,
        value,
        scope: type.fullName,
        file: this.#name,
        presence: false,
      });
      nested.push(entry);
      typeName = `.${entry.fullName}`;
    }
    const repeated = word === 'repeated' || isMap;
    const made = this.#declared(typeName, type.fullName, comment, {
      repeated,
      oneof,
      map: isMap,
      presence: isOptional || oneof !== undefined,
    });
    addField(type, made, []);
  }

  /** `name = number;` */
  #declared(
    typeName: string,
    scope: string,
    comment: string | undefined,
    more: {
      readonly repeated: boolean;
      readonly presence: boolean;
      readonly oneof?: Oneof | undefined;
      readonly map?: boolean;
      readonly extendee?: string;
    },
  ): Field {
    const name = this.#next();
    this.#expect('=');
    const number = Number(this.#next());
    this.#expect(';');
    return makeField({
      ...more,
      name,
      number,
      typeName,
      scope,
      required: false,
      packed: more.repeated,
      delimited: false,
      comment,
      deprecated: false,
    });
  }

  #enum(scope: string, comment: string | undefined): EnumType {
    const name = this.#next();
    const values: EnumValue[] = [];
    this.#expect('{');
    for (let said = this.#takeComment(); ; said = this.#takeComment()) {
      const word = this.#next();
      if (word === '}') {
        break;
      }
      this.#expect('=');
      const value = { name: word, number: Number(this.#next()), deprecated: false };
      values.push(said === undefined ? value : { ...value, comment: said });
      this.#expect(';');
    }
    const fullName = join(scope, name);
    const file = this.#name;
    return makeEnum({ name, fullName, file, values, closed: false, comment, deprecated: false });
  }

  #extend(scope: string): void {
    const extendee = this.#next();
    this.#expect('{');
    const comment = this.#takeComment();
    const field = this.#declared(this.#next(), scope, comment, {
      repeated: false,
      presence: true,
      extendee,
    });
    this.#extensions.push({ field, scope });
    this.#expect('}');
  }

  #next(): string {
    this.#takeComment();
    const token = this.#tokens[this.#at++];
    if (token === undefined) {
      throw new Error(`${this.#name} ends too early`);
    }
    return token;
  }

  #expect(...expected: readonly string[]): void {
    for (const token of expected) {
      const found = this.#next();
      if (found !== token) {
        throw new Error(`${this.#name}: ${found} stands where ${token} is expected`);
      }
    }
  }

  #takeComment(): string | undefined {
    const lines: string[] = [];
    for (let token = this.#tokens[this.#at]; token?.startsWith('//'); ) {
      lines.push(token.slice(2).trim());
      token = this.#tokens[++this.#at];
    }
    const text = lines.join('\n').trim();
    return text === '' ? undefined : boundComment(text);
  }
}
