/** The features of "Protobuf Editions: Feature Settings" that change how bytes or JSON are read. */
export interface Features {
  readonly presence: 'explicit' | 'implicit' | 'required';
  readonly closedEnum: boolean;
  readonly packed: boolean;
  readonly delimited: boolean;
}

const PROTO2: Features = {
  presence: 'explicit',
  closedEnum: true,
  packed: false,
  delimited: false,
};
const PROTO3: Features = {
  presence: 'implicit',
  closedEnum: false,
  packed: true,
  delimited: false,
};
const EDITION: Features = {
  presence: 'explicit',
  closedEnum: false,
  packed: true,
  delimited: false,
};

/** `edition` is `proto2` (also for ''), `proto3` or the name of an edition. */
export function defaultFeatures(edition: string): Features {
  switch (edition) {
    case '':
    case 'proto2':
      return PROTO2;
    case 'proto3':
      return PROTO3;
    default:
      return EDITION;
  }
}

/** A `FeatureSet` with enum values as numbers or names; unknown members are left alone. */
export interface FeatureSet {
  readonly fieldPresence?: number | string;
  readonly enumType?: number | string;
  readonly repeatedFieldEncoding?: number | string;
  readonly messageEncoding?: number | string;
}

export function applyFeatures(base: Features, set: FeatureSet | null | undefined): Features {
  if (!set) {
    return base;
  }
  return {
    presence: pick(set.fieldPresence, base.presence, [
      [1, 'EXPLICIT', 'explicit'],
      [2, 'IMPLICIT', 'implicit'],
      [3, 'LEGACY_REQUIRED', 'required'],
    ]),
    closedEnum: pick(set.enumType, base.closedEnum, [
      [1, 'OPEN', false],
      [2, 'CLOSED', true],
    ]),
    packed: pick(set.repeatedFieldEncoding, base.packed, [
      [1, 'PACKED', true],
      [2, 'EXPANDED', false],
    ]),
    delimited: pick(set.messageEncoding, base.delimited, [
      [1, 'LENGTH_PREFIXED', false],
      [2, 'DELIMITED', true],
    ]),
  };
}

function pick<T>(
  value: number | string | undefined,
  otherwise: T,
  table: readonly (readonly [number: number, name: string, meaning: T])[],
): T {
  return table.find(([number, name]) => value === number || value === name)?.[2] ?? otherwise;
}
