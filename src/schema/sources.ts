/** Where the schema of a server comes from; reflection and files can be combined. */
export interface SchemaSources {
  readonly reflection: boolean;
  /** Absolute paths. */
  readonly protoFiles: readonly string[];
  readonly importPaths: readonly string[];
  readonly descriptorSets: readonly string[];
}

export const reflectionOnly: SchemaSources = {
  reflection: true,
  protoFiles: [],
  importPaths: [],
  descriptorSets: [],
};
