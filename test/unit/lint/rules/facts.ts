import { parseConfig } from '../../../../src/lint/config/parseConfig';
import type { CallFact, ChannelFact, Fact } from '../../../../src/lint/facts';
import type { Finding } from '../../../../src/lint/finding';
import type { WorkspaceIndex } from '../../../../src/lint/index/workspaceIndex';
import { findings } from '../../../../src/lint/rules';

export const emptyIndex: WorkspaceIndex = {
  generation: 0,
  rpcs: () => [],
  hasService: () => false,
  isEmpty: true,
  defaultDeadline: () => undefined,
  givesDeadline: () => false,
  leavesDeadline: () => false,
  hasExports: () => false,
  exported: () => undefined,
  hasClass: () => false,
  mayUse: () => false,
};

/** What the rules say of facts under a `frameline.json`. */
export function judge(
  facts: readonly Fact[],
  config: object = {},
  index: Partial<WorkspaceIndex> = {},
): Finding[] {
  const { settings, problems } = parseConfig(JSON.stringify(config));
  if (problems.length > 0) {
    throw new Error(problems.map(({ message }) => message).join(' '));
  }
  return findings(facts, { settings, index: { ...emptyIndex, ...index }, language: 'go' });
}

/** Rule and severity of each finding. */
export function rulesOf(found: readonly Finding[]): string[] {
  return found.map(({ rule, severity }) => `${severity} ${rule}`);
}

export function call(parts: Partial<CallFact> = {}): CallFact {
  return {
    kind: 'call',
    span: { from: 10, to: 40 },
    nameSpan: { from: 17, to: 27 },
    method: 'GetListing',
    deadline: 'missing',
    why: 'context.Background() has none',
    waitForReady: false,
    site: {
      arguments: [],
      argumentsSpan: { from: 27, to: 40 },
      statement: { from: 10, to: 40 },
    },
    ...parts,
  };
}

export function channel(parts: Partial<ChannelFact> = {}): ChannelFact {
  return {
    kind: 'channel',
    implementation: 'grpc-go',
    span: { from: 0, to: 50 },
    nameSpan: { from: 5, to: 14 },
    what: 'channel',
    isOpen: false,
    place: 'function',
    ...parts,
  };
}
