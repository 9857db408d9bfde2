/**
 * Joins files into one set of types: resolves names over all files, keeps what can't be resolved as such,
 * and says what is missing or defined twice. Imports are not needed to find a type: a server that leaves
 * an import out of a file, but serves the type elsewhere, is understood. The built-in files fill what is
 * missing, each when something of it is first asked for.
 */
import { join, quote } from './build';
import { builtinExtensionsOf, builtinFile, builtinFileOf, isBuiltin } from './builtins';
import type { Problem } from './schema';
import {
  allTypes,
  type EnumType,
  type Field,
  type FileTypes,
  type MessageType,
  mapFields,
  type Service,
  type TypeLookup,
} from './types';
import { wellKnownKind } from './wellKnown';

/** Problems beyond this many are counted, not listed: a server can make any number. */
const MAX_PROBLEMS = 500;

export class TypePool implements TypeLookup {
  readonly #messages = new Map<string, MessageType>();
  readonly #enums = new Map<string, EnumType>();
  readonly services = new Map<string, Service>();
  readonly problems: Problem[] = [];
  /** Messages with fields whose type is missing. */
  readonly broken = new Map<MessageType, readonly Problem[]>();
  readonly #files = new Map<string, FileTypes>();
  readonly #fileOf = new Map<string, FileTypes>();
  readonly #extensions = new Map<string, Map<number, Field>>();
  readonly #missingImports = new Map<string, string[]>();
  readonly #builtins = new Set<string>();

  /** `files` in the order of precedence: the first to define a symbol defines it. */
  constructor(files: readonly FileTypes[], problems: readonly Problem[] = []) {
    for (const file of files) {
      this.#addFile(file);
    }
    // A missing import that another source has filled is none.
    for (const problem of problems) {
      if (problem.code !== 'missing-import' || !this.#has(problem.subject)) {
        this.#report(problem);
      }
    }
    for (const file of files) {
      this.#checkImports(file);
    }
    for (const file of files) {
      this.#link(file);
    }
  }

  message(fullName: string): MessageType | undefined {
    const type = this.#type(fullName);
    return type?.kind === 'message' ? type : undefined;
  }

  extension(extendee: string, number: number): Field | undefined {
    const known = this.#extensions.get(extendee)?.get(number);
    return known === undefined && this.#take(builtinExtensionsOf(extendee))
      ? this.#extensions.get(extendee)?.get(number)
      : known;
  }

  /** The file that defines the service or type. */
  fileOf(fullName: string): FileTypes | undefined {
    const known = this.#fileOf.get(fullName);
    return known === undefined && this.#take(builtinFileOf(fullName))
      ? this.#fileOf.get(fullName)
      : known;
  }

  /** Imports of the file that nobody has. */
  missingImports(file: string): readonly string[] {
    return this.#missingImports.get(file) ?? [];
  }

  /** Finds a name as protoc does: `.a.B` is absolute, else from the innermost scope outwards. */
  resolve(name: string, scope: string): MessageType | EnumType | undefined {
    if (name.startsWith('.')) {
      return this.#type(name.slice(1));
    }
    for (let at = scope; ; at = at.slice(0, Math.max(0, at.lastIndexOf('.')))) {
      const found = this.#type(join(at, name));
      if (found || at === '') {
        return found;
      }
    }
  }

  #type(fullName: string): MessageType | EnumType | undefined {
    const known = this.#messages.get(fullName) ?? this.#enums.get(fullName);
    return known === undefined && this.#take(builtinFileOf(fullName))
      ? (this.#messages.get(fullName) ?? this.#enums.get(fullName))
      : known;
  }

  /** Adds a built-in file; false when there is none to add. */
  #take(name: string | undefined): boolean {
    if (name === undefined || this.#builtins.has(name)) {
      return false;
    }
    this.#builtins.add(name);
    const file = builtinFile(name);
    this.#addFile(file);
    this.#link(file);
    return true;
  }

  #has(file: string): boolean {
    return this.#files.has(file) || isBuiltin(file);
  }

  #report(problem: Problem): void {
    if (this.problems.length < MAX_PROBLEMS) {
      this.problems.push(problem);
    } else if (this.problems.length === MAX_PROBLEMS) {
      this.problems.push({
        code: 'limit',
        subject: '',
        message: `More than ${MAX_PROBLEMS} problems; the rest are not listed.`,
      });
    }
  }

  #addFile(file: FileTypes): void {
    if (!this.#files.has(file.name)) {
      this.#files.set(file.name, file);
    }
    for (const type of allTypes(file)) {
      if (this.#claim(type.fullName, file)) {
        if (type.kind === 'message') {
          this.#messages.set(type.fullName, type);
        } else {
          this.#enums.set(type.fullName, type);
        }
      }
    }
    for (const service of file.services) {
      if (this.#claim(service.fullName, file)) {
        this.services.set(service.fullName, service);
      }
    }
  }

  #claim(symbol: string, file: FileTypes): boolean {
    const owner = this.#fileOf.get(symbol);
    if (!owner) {
      this.#fileOf.set(symbol, file);
      return true;
    }
    // Another origin with the same symbol is what "reflection wins, local files fill holes" means.
    if (owner.origin === file.origin) {
      this.#report({
        code: 'duplicate-symbol',
        subject: symbol,
        message:
          owner === file || owner.name === file.name
            ? `${symbol} is defined twice in ${quote(file.name)}; the first one is used.`
            : `${symbol} is defined in ${quote(owner.name)} and in ${quote(file.name)}; the one in ${quote(owner.name)} is used.`,
      });
    }
    return false;
  }

  #checkImports(file: FileTypes): void {
    if (file.origin === 'builtin') {
      return;
    }
    const missing = file.imports.filter((it) => !this.#has(it));
    if (missing.length === 0) {
      return;
    }
    this.#missingImports.set(file.name, missing);
    for (const name of missing) {
      if (this.problems.some((it) => it.code === 'missing-import' && it.subject === name)) {
        continue;
      }
      this.#report({
        code: 'missing-import',
        subject: name,
        message: `${quote(file.name)} imports ${quote(name)}, which ${
          file.origin === 'reflection'
            ? 'the server does not serve. Name the file, or its import path, to fill the hole.'
            : 'is in none of the import paths. Add the folder that it is relative to.'
        }`,
      });
    }
  }

  #link(file: FileTypes): void {
    for (const type of allTypes(file)) {
      if (type.kind === 'message' && this.#messages.get(type.fullName) === type) {
        this.#linkMessage(type, file);
      }
    }
    for (const { field, scope } of file.extensions) {
      this.#linkExtension(field, scope, file);
    }
    for (const service of file.services) {
      if (this.services.get(service.fullName) !== service) {
        continue;
      }
      for (const method of service.methods) {
        const request = this.resolve(method.requestName, service.fullName);
        const response = this.resolve(method.responseName, service.fullName);
        if (request?.kind === 'message') {
          method.request = request;
        }
        if (response?.kind === 'message') {
          method.response = response;
        }
      }
    }
  }

  #linkMessage(message: MessageType, file: FileTypes): void {
    const problems: Problem[] = [];
    for (const field of message.fields) {
      this.#linkField(field, message.fullName);
      if (field.type.kind === 'unresolved') {
        problems.push({
          code: 'unknown-type',
          subject: message.fullName,
          message: `Field ${field.name} of ${message.fullName} has the type ${quote(field.type.name)}, which ${this.missingReason(file.name)}`,
        });
      }
    }
    if (problems.length > 0) {
      this.broken.set(message, problems);
      for (const problem of problems) {
        this.#report(problem);
      }
    }
    const wellKnown = wellKnownKind(message);
    if (wellKnown) {
      message.wellKnown = wellKnown;
    }
  }

  /** The end of a sentence about a type that `file` needs and nobody defines. */
  missingReason(file: string): string {
    const missing = this.missingImports(file);
    const shown = missing.slice(0, 3).map(quote).join(', ');
    return missing.length === 0
      ? 'no known file defines.'
      : `no known file defines: ${quote(file)} imports ${shown}${missing.length > 3 ? ' and others' : ''}, which could not be found.`;
  }

  #linkField(field: Field, scope: string): void {
    if (field.type.kind !== 'unresolved') {
      return;
    }
    const found = this.resolve(field.typeName, scope);
    if (found?.kind === 'message') {
      field.type = { kind: 'message', message: found };
      field.presence = !field.repeated;
    } else if (found) {
      field.type = { kind: 'enum', enum: found };
    }
    if (field.map) {
      const [key, value] = found?.kind === 'message' ? mapFields(found) : [];
      field.map = key?.type.kind === 'scalar' && isMapKey(key.type.scalar) && value !== undefined;
    }
  }

  #linkExtension(field: Field, scope: string, file: FileTypes): void {
    this.#linkField(field, scope);
    const name = field.extendee ?? '';
    const extended = this.resolve(name, scope);
    const extendee = extended?.fullName ?? name.replace(/^\./, '');
    let known = this.#extensions.get(extendee);
    if (!known) {
      known = new Map();
      this.#extensions.set(extendee, known);
    }
    const other = known.get(field.number);
    if (other) {
      if (other.fullName !== field.fullName) {
        this.#report({
          code: 'duplicate-symbol',
          subject: field.fullName,
          message: `Extensions ${other.fullName} and ${field.fullName} (${quote(file.name)}) have the same number ${field.number} in ${extendee}; the first one is used.`,
        });
      }
      return;
    }
    known.set(field.number, field);
    if (extended?.kind === 'message' && !extended.byNumber.has(field.number)) {
      extended.byNumber.set(field.number, field);
      extended.byJsonName.set(`[${field.fullName}]`, field);
    }
  }
}

/** "Language Guide: Maps": any integral or string type. */
function isMapKey(scalar: string): boolean {
  return scalar !== 'float' && scalar !== 'double' && scalar !== 'bytes';
}
