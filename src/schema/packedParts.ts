import type { SchemaParts } from './load';

/** `SchemaParts` as JSON, for another process. */
export interface PackedParts {
  readonly reflection?: {
    /** Base64 of a FileDescriptorProto each. */
    readonly files: readonly string[];
    readonly services: readonly string[];
    readonly problems?: NonNullable<SchemaParts['reflection']>['problems'];
  };
  readonly local?: Pick<NonNullable<SchemaParts['local']>, 'sources' | 'problems'> & {
    /** Base64 of a FileDescriptorProto each. */
    readonly descriptors: readonly string[];
  };
}

export function packParts({ reflection, local }: SchemaParts): PackedParts {
  return {
    ...(reflection && {
      reflection: {
        files: reflection.files.map(toBase64),
        services: reflection.services,
        ...(reflection.problems && { problems: reflection.problems }),
      },
    }),
    ...(local && {
      local: {
        sources: local.sources,
        problems: local.problems,
        descriptors: local.descriptors.map(toBase64),
      },
    }),
  };
}

export function unpackParts({ reflection, local }: PackedParts): SchemaParts {
  return {
    ...(reflection && {
      reflection: {
        files: reflection.files.map(fromBase64),
        services: reflection.services,
        ...(reflection.problems && { problems: reflection.problems }),
      },
    }),
    ...(local && { local: { ...local, descriptors: local.descriptors.map(fromBase64) } }),
  };
}

function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}

function fromBase64(text: string): Uint8Array {
  return Buffer.from(text, 'base64');
}
