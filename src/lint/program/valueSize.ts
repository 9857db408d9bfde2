import { unknown, type Value } from './value';

/**
 * Values share their parts, but whoever goes through one sees a tree: configs that are made of each other would
 * grow without end. No service config or list of options that a person writes has as many parts.
 */
const mostParts = 1000;

const sizes = new WeakMap<Value, number>();

/** The value, unless it has more parts than can be looked through. */
export function handy(value: Value): Value {
  return partsOf(value) > mostParts ? unknown : value;
}

function partsOf(value: Value): number {
  const known = sizes.get(value);
  if (known !== undefined) {
    return known;
  }
  let parts = 1;
  for (const part of within(value)) {
    parts += partsOf(part);
  }
  if (parts > 1) {
    sizes.set(value, parts);
  }
  return parts;
}

function within(value: Value): readonly Value[] {
  switch (value.kind) {
    case 'object':
      return [...value.entries.values()].map((entry) => entry.value);
    case 'list':
    case 'tuple':
      return value.items;
    case 'either':
      return value.options;
    case 'instance':
      return Object.values(value.properties);
    default:
      return [];
  }
}
