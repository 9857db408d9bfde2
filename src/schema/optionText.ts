/** Options of a descriptor as they would stand in a `.proto` file. */
import type { DecodedOptions, OptionsName } from './descriptor';
import {
  definition,
  isMessage as isMessageType,
  isScalarName,
  type JsonType,
  resolveName,
} from './descriptorDecoder';
import {
  type DynamicMessage,
  decodeMessage,
  isMessage,
  type Single,
  type Value,
} from './dynamicMessage';
import { scalarText } from './jsonWriter';
import type { Field, MessageType, TypeLookup } from './types';

/** An option's name (`deprecated`, `(google.api.http)`, `features.field_presence`) and its value's text. */
export interface OptionText {
  readonly name: string;
  readonly value: string;
}

/** Options that the language writes in another way, or that only a compiler writes. */
const HIDDEN: ReadonlySet<string> = new Set(['mapEntry', 'uninterpretedOption']);

/** Extensions that no known file defines are left out: nothing but a number could be said of them. */
export function optionTexts(
  options: DecodedOptions | null,
  kind: OptionsName,
  types: TypeLookup,
): OptionText[] {
  return options ? [...standard(options, kind, ''), ...extensions(options, kind, types)] : [];
}

function standard(options: object, type: string, prefix: string): OptionText[] {
  return Object.entries(definition(type).fields ?? {}).flatMap(([fieldName, field]) => {
    if (HIDDEN.has(fieldName) || !Object.hasOwn(options, fieldName)) {
      return [];
    }
    const value: unknown = Reflect.get(options, fieldName);
    const name = `${prefix}${snakeCase(fieldName)}`;
    const target = isScalarName(field.type) ? undefined : resolveName(field.type, type);
    const values: unknown[] = Array.isArray(value) ? value : [value];
    return values.flatMap((it): OptionText[] => {
      if (target && isMessageType(target.type)) {
        return typeof it === 'object' && it !== null ? standard(it, target.name, `${name}.`) : [];
      }
      if (target) {
        return [{ name, value: valueName(target.type, Number(it)) ?? String(it) }];
      }
      return [{ name, value: typeof it === 'string' ? JSON.stringify(it) : String(it) }];
    });
  });
}

function valueName({ values = {} }: JsonType, number: number): string | undefined {
  return Object.keys(values).find((name) => values[name] === number);
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (it) => `_${it.toLowerCase()}`);
}

function extensions(options: DecodedOptions, kind: OptionsName, types: TypeLookup): OptionText[] {
  const raw = options.$unknowns ?? [];
  if (raw.length === 0) {
    return [];
  }
  let message: DynamicMessage;
  try {
    message = decodeMessage(extensionsOnly(`google.protobuf.${kind}`, types), Buffer.concat(raw));
  } catch {
    // The option bytes don't fit the extension's definition: a rendering without them is still useful.
    return [];
  }
  return [...message.values].flatMap(([field, value]) =>
    values(value).map((it) => ({ name: `(${field.fullName})`, value: valueText(field, it) })),
  );
}

/** A type that looks its fields up among the known extensions when they come. */
function extensionsOnly(fullName: string, types: TypeLookup): MessageType {
  const byNumber = new Map<number, Field>();
  byNumber.get = (number: number) => types.extension(fullName, number);
  return {
    kind: 'message',
    name: fullName,
    fullName,
    file: '',
    fields: [],
    byNumber,
    byJsonName: new Map(),
    oneofs: [],
    nested: [],
    mapEntry: false,
    deprecated: false,
  };
}

function values(value: Value): Single[] {
  if (value instanceof Map) {
    return [...value.values()];
  }
  return Array.isArray(value) ? value : [value];
}

/** "Text Format Language": fields in braces, on one line. */
function valueText(field: Field, value: Single): string {
  if (isMessage(value)) {
    const parts = [...value.values].flatMap(([inner, it]) =>
      values(it).map((one) => {
        const separator = isMessage(one) ? ' ' : ': ';
        return `${inner.name}${separator}${valueText(inner, one)}`;
      }),
    );
    return parts.length === 0 ? '{}' : `{ ${parts.join(', ')} }`;
  }
  if (field.type.kind === 'enum' && typeof value === 'number') {
    return field.type.enum.byNumber.get(value)?.name ?? String(value);
  }
  if (typeof value === 'bigint') {
    return String(value);
  }
  if (value instanceof Uint8Array) {
    return JSON.stringify(Buffer.from(value).toString('latin1'));
  }
  return scalarText(value, field.type.kind === 'scalar' && field.type.scalar === 'float');
}
