import type { EnumType, Field, MessageType } from './types';

/** A field as a member of a JSON object. */
export interface Member {
  /** Its place among the fields of its type. */
  readonly place: number;
  /** How it begins in JSON. */
  readonly label: string;
}

const known = new WeakMap<MessageType, ReadonlyMap<Field, Member>>();

/** All fields of a type but its extensions. */
export function membersOf(type: MessageType): ReadonlyMap<Field, Member> {
  let members = known.get(type);
  if (members === undefined) {
    members = new Map(
      type.fields.map((field, place) => [
        field,
        { place, label: `${JSON.stringify(field.jsonName)}: ` },
      ]),
    );
    known.set(type, members);
  }
  return members;
}

/** The name of an enum value, or its number where it has none. */
export function enumText(type: EnumType, value: number): string {
  if (type.fullName === 'google.protobuf.NullValue') {
    return 'null';
  }
  const name = type.byNumber.get(value)?.name;
  return name === undefined ? String(value) : JSON.stringify(name);
}
