import type { Environment } from '../../config/environments';
import type { Target } from '../../grpc/target';
import { StaticValues } from '../../request/check/staticValues';
import type { MetadataPair, RequestDraft } from '../../request/draft';
import type { RequestFile } from '../../request/file/syntax';
import { secretReference } from '../../request/secretReference';
import { reflectionOnly } from '../../schema/sources';
import { sameTarget } from './fileServers';

export interface WrittenDraft {
  readonly draft: RequestDraft;
  /** Names of variables that stand in place of secrets, which are written nowhere. */
  readonly secrets: readonly string[];
}

/**
 * A draft as a file should have it: no secret in it, and the target by the name that the environment or the file has
 * for it.
 */
export function writtenDraft(
  draft: RequestDraft,
  file: RequestFile,
  environment: Environment | undefined,
): WrittenDraft {
  const secrets = new Set<string>();
  const hide = (pair: MetadataPair): MetadataPair => {
    const value = secretReference(pair);
    if (value === undefined) {
      return pair;
    }
    secrets.add(value.name);
    return { ...pair, value: value.text };
  };
  return {
    draft: {
      ...named(draft, new StaticValues(file.variables, [], environment)),
      metadata: draft.metadata.map(hide),
      reflectionMetadata: draft.reflectionMetadata.map(hide),
    },
    secrets: [...secrets],
  };
}

function named(draft: RequestDraft, values: StaticValues): RequestDraft {
  const { target } = draft;
  for (const [name, { target: known }] of values.environment?.targets ?? []) {
    const address = values.resolved(known.address);
    if (address !== undefined && sameTarget({ ...known, address }, target)) {
      const plain: Target = { address: name, security: { kind: 'tls', verify: true } };
      return { ...draft, target: plain, sources: reflectionOnly };
    }
  }
  const names = [...values.variables.keys(), ...(values.environment?.variables.keys() ?? [])];
  const variable = names.find((name) => {
    const value = values.valueOf(name);
    return value.kind === 'known' && value.value === target.address;
  });
  return variable === undefined
    ? draft
    : { ...draft, target: { ...target, address: `{{${variable}}}` } };
}
