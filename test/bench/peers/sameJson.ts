/**
 * Where grpcurl writes something else than ProtoJSON ("ProtoJSON Format"), and Frameline doesn't: its JSON comes from a
 * library older than protojson.
 */
export type Departure =
  | 'a FieldMask is an object'
  | 'a NullValue is its name'
  | 'an empty BytesValue is null'
  | 'a negative zero is left out'
  | 'an Any of an unknown type has names of its own';

export interface Differences {
  readonly departures: readonly Departure[];
  /** Any other difference: where, and what. */
  readonly wrong: readonly string[];
}

/** Compares two values of JSON; the order of members doesn't count. */
export function differences(ours: unknown, theirs: unknown): Differences {
  const departures: Departure[] = [];
  const wrong: string[] = [];
  const compare = (one: unknown, other: unknown, path: string): void => {
    if (Object.is(one, other)) {
      return;
    }
    const departure = departureOf(one, other);
    if (departure !== undefined) {
      departures.push(departure);
    } else if (isObject(one) && isObject(other) && Array.isArray(one) === Array.isArray(other)) {
      for (const key of new Set([...Object.keys(one), ...Object.keys(other)])) {
        compare(one[key], other[key], `${path}.${key}`);
      }
    } else {
      wrong.push(`${path}: ${JSON.stringify(one)} and ${JSON.stringify(other)}`);
    }
  };
  compare(ours, theirs, '');
  return { departures, wrong };
}

function departureOf(ours: unknown, theirs: unknown): Departure | undefined {
  if (ours === null && theirs === 'NULL_VALUE') {
    return 'a NullValue is its name';
  }
  if (ours === '' && theirs === null) {
    return 'an empty BytesValue is null';
  }
  if (Object.is(ours, -0) && (theirs === undefined || theirs === 0)) {
    return 'a negative zero is left out';
  }
  if (!isObject(theirs)) {
    return undefined;
  }
  if (typeof ours === 'string' && maskText(theirs) === ours) {
    return 'a FieldMask is an object';
  }
  const isSameAny =
    isObject(ours) &&
    '@error' in theirs &&
    theirs['@type'] === ours['@type'] &&
    theirs['@value'] === ours.value;
  return isSameAny ? 'an Any of an unknown type has names of its own' : undefined;
}

/** The text that ProtoJSON has for the paths of a FieldMask. */
function maskText({ paths = [] }: Readonly<Record<string, unknown>>): string | undefined {
  return Array.isArray(paths)
    ? paths
        .map((path) =>
          String(path).replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
        )
        .join(',')
    : undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
