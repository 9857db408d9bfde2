import { describe, expect, it } from 'vitest';
import type { Environment } from '../../../../src/config/environments';
import { writtenDraft } from '../../../../src/host/requestFiles/writtenDraft';
import type { RequestDraft } from '../../../../src/request/draft';
import { parseRequestFile } from '../../../../src/request/file/parse';
import { reflectionOnly } from '../../../../src/schema/sources';

const draft: RequestDraft = {
  target: { address: 'localhost:1', security: { kind: 'plaintext' } },
  sources: reflectionOnly,
  reflectionMetadata: [],
  method: 's.S/M',
  metadata: [],
  options: {},
  messages: [],
};
const environment: Environment = {
  name: 'local',
  variables: new Map([
    ['port', '1'],
    ['address', 'localhost:1'],
  ]),
  secrets: [],
  targets: new Map([
    [
      'market',
      {
        target: { address: 'localhost:{{port}}', security: { kind: 'plaintext' } },
        sources: reflectionOnly,
      },
    ],
  ]),
};
const empty = parseRequestFile('');

describe('writtenDraft', () => {
  it('names the target as the environment does, which then says how it is reached', () => {
    const { target, sources } = writtenDraft(draft, empty, environment).draft;
    expect(target).toEqual({ address: 'market', security: { kind: 'tls', verify: true } });
    expect(sources).toEqual(reflectionOnly);
  });

  it('names the address as a variable does, the file’s first', () => {
    const without = { ...environment, targets: new Map() };
    const address = (text: string) =>
      writtenDraft(draft, parseRequestFile(text), without).draft.target.address;
    expect(address('@host = localhost:1\n')).toBe('{{host}}');
    expect(address('')).toBe('{{address}}');
    expect(writtenDraft(draft, empty, undefined).draft.target).toEqual(draft.target);
  });

  it('does not take a target for another that is reached in another way', () => {
    const tls = {
      ...draft,
      target: { address: 'localhost:1', security: { kind: 'tls', verify: true } },
    } as const;
    expect(writtenDraft(tls, empty, environment).draft.target.address).toBe('{{address}}');
  });

  it('writes references in the place of secrets, and keeps those that stand there', () => {
    const { draft: written, secrets } = writtenDraft(
      {
        ...draft,
        metadata: [
          { key: 'authorization', value: 'Bearer abc' },
          { key: 'x-api-key', value: '{{KEY}}' },
          { key: 'x-note', value: 'abc' },
        ],
        reflectionMetadata: [{ key: 'x-token', value: 'abc' }],
      },
      empty,
      undefined,
    );
    expect(written.metadata).toEqual([
      { key: 'authorization', value: 'Bearer {{authorization}}' },
      { key: 'x-api-key', value: '{{KEY}}' },
      { key: 'x-note', value: 'abc' },
    ]);
    expect(written.reflectionMetadata).toEqual([{ key: 'x-token', value: '{{x-token}}' }]);
    expect(secrets).toEqual(['authorization', 'x-token']);
  });
});
