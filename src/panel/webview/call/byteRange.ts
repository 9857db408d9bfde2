import type { ByteWindow, WireField } from '../../protocol';

/** Offsets [from, to) in what the hex view shows: the whole of an entry's bytes, prefix included. */
export interface ByteRange {
  readonly from: number;
  readonly to: number;
}

/** A field and where it stands in the tree: `0.2.1` is the second child of the third child of the first field. */
export interface FieldAt {
  readonly path: string;
  readonly depth: number;
  readonly field: WireField;
}

/** The tree as a list, in the order of the bytes; at most `max` fields, for a message may hold millions. */
export function flatten(
  fields: readonly WireField[],
  isOpen: (path: string) => boolean,
  max: number,
): FieldAt[] {
  const out: FieldAt[] = [];
  const walk = (list: readonly WireField[], prefix: string, depth: number): void => {
    for (const [index, field] of list.entries()) {
      if (out.length >= max) {
        return;
      }
      const path = `${prefix}${index}`;
      out.push({ path, depth, field });
      if (field.children !== undefined && depth < 100 && isOpen(path)) {
        walk(field.children, `${path}.`, depth + 1);
      }
    }
  };
  walk(fields, '', 0);
  return out;
}

/** The deepest field that holds the byte at `offset`, as a path; undefined when none does. */
export function fieldAtByte(fields: readonly WireField[], offset: number): string | undefined {
  let list: readonly WireField[] | undefined = fields;
  let path: string | undefined;
  while (list !== undefined) {
    const index: number = list.findIndex((field) => offset >= field.start && offset < field.end);
    const field: WireField | undefined = list[index];
    if (field === undefined) {
      return path;
    }
    path = path === undefined ? `${index}` : `${path}.${index}`;
    list = field.children;
  }
  return path;
}

export function fieldByPath(fields: readonly WireField[], path: string): WireField | undefined {
  let list: readonly WireField[] = fields;
  let field: WireField | undefined;
  for (const step of path.split('.')) {
    field = list[Number(step)];
    list = field?.children ?? [];
  }
  return field;
}

/** The bytes of a window; empty when the base64 is broken. */
export function decodeWindow(window: ByteWindow): Uint8Array {
  try {
    const text = atob(window.base64);
    const out = new Uint8Array(text.length);
    for (let index = 0; index < text.length; index += 1) {
      out[index] = text.charCodeAt(index);
    }
    return out;
  } catch {
    return new Uint8Array();
  }
}
