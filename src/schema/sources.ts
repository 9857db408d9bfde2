/** Where the schema of a server comes from; reflection and files can be combined. */
export interface SchemaSources {
  readonly reflection: boolean;
  /** Absolute paths. */
  readonly protoFiles: readonly string[];
  readonly importPaths: readonly string[];
  /**
   * Absolute path of the folder that `protoFiles` were written relative to. One that is not there is looked for by the
   * same relative path below each of the import paths, as protoc and grpcurl do. Left out: as they are, only.
   */
  readonly protoFolder?: string;
  readonly descriptorSets: readonly string[];
}

export const reflectionOnly: SchemaSources = {
  reflection: true,
  protoFiles: [],
  importPaths: [],
  descriptorSets: [],
};
