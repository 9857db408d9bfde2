export type Fields = Readonly<Record<string, unknown>>;

/** The members of something that was stored or typed by others; `undefined` when it is no object. */
export function fieldsOf(value: unknown): Fields | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Fields)
    : undefined;
}
