import { describe, expect, it } from 'vitest';
import {
  draftOf,
  formOf,
  keptRequest,
  parseKeptDraft,
  typedSecrets,
  withoutValues,
} from '../../../../src/host/history/keptRequest';
import { SentRequest } from '../../../../src/host/history/sentRequest';
import type { RequestDraft } from '../../../../src/request/draft';
import { server } from './calls';

const draft: RequestDraft = {
  target: server.target,
  sources: server.sources,
  reflectionMetadata: [],
  method: 'market.v1.ListingService/Get',
  metadata: [],
  options: { deadline: '5s' },
  messages: ['{"id":"lamp-1"}'],
};

describe('keptRequest', () => {
  it('takes out secrets that were typed, and keeps references to variables', () => {
    const { draft: kept, hiddenMetadata } = keptRequest({
      ...draft,
      metadata: [
        { key: 'authorization', value: 'Bearer abc' },
        { key: 'authorization', value: 'Bearer {{token}}' },
        { key: 'X-Api-Key', value: '{{key}}-tail' },
        { key: 'x-token', value: '{{a}}{{b}}' },
        { key: 'x-trace', value: 'plain' },
      ],
      reflectionMetadata: [{ key: 'cookie', value: 'session=1' }],
    });
    expect(kept.metadata.map(({ value }) => value)).toEqual([
      '',
      'Bearer {{token}}',
      '',
      '{{a}}{{b}}',
      'plain',
    ]);
    expect(kept.reflectionMetadata).toEqual([{ key: 'cookie', value: '' }]);
    expect(hiddenMetadata).toEqual(['authorization', 'X-Api-Key']);
    expect(JSON.stringify(kept)).not.toMatch(/abc|tail|session/);
  });

  it('keeps no more messages than its bounds', () => {
    const many = Array.from({ length: 1200 }, (_, index) => `{"n":${index}}`);
    const kept = keptRequest({ ...draft, messages: many }, 3);
    expect(kept.draft.messages).toEqual(many.slice(0, 1000));
    expect(kept.messagesLeftOut).toBe(203);
    const large = ['a'.repeat(3e6), 'b'.repeat(3e6)];
    expect(keptRequest({ ...draft, messages: large })).toMatchObject({ messagesLeftOut: 1 });
  });

  it('is read back from its JSON', () => {
    const { draft: kept } = keptRequest({ ...draft, metadata: [{ key: 'a', value: 'b' }] });
    expect(parseKeptDraft(JSON.parse(JSON.stringify(kept)), server)).toEqual(kept);
    expect(() => parseKeptDraft({ method: 'a/b' }, server)).toThrow('no request');
    expect(
      parseKeptDraft(
        { method: 'a/b', options: { x: 1, deadline: '1s' }, messages: [1, '{}'] },
        server,
      ),
    ).toMatchObject({ options: { deadline: '1s' }, messages: ['{}'], metadata: [] });
  });
});

describe('typedSecrets', () => {
  it('are the values that must not be seen, with and without the name of their scheme', () => {
    expect(
      typedSecrets([
        { key: 'authorization', value: ' Bearer abc ' },
        { key: 'x-token', value: 'def' },
        { key: 'cookie', value: '{{cookie}}' },
        { key: 'x-trace', value: 'plain' },
      ]),
    ).toEqual(['Bearer abc', 'abc', 'def']);
  });
});

describe('withoutValues', () => {
  it('takes values out of every text, the longest first', () => {
    const data = { address: 'abc.example:1', list: ['x abcdef y', 3, true], none: undefined };
    expect(withoutValues(data, ['abc', 'abcdef', ''])).toEqual({
      address: '••••••.example:1',
      list: ['x •••••• y', 3, true],
      none: undefined,
    });
  });
});

describe('a form and its draft', () => {
  it('are turned into each other; rows that are off stay out', () => {
    const form = {
      body: '{}',
      metadata: [
        { key: 'a', value: '1', enabled: true },
        { key: 'b', value: '2', enabled: false },
        { key: ' ', value: '', enabled: true },
      ],
      options: { deadline: '1s' },
    };
    const made = draftOf(server, '/market.v1.ListingService/Get', form, ['{}', '{"id":"2"}']);
    expect(made.method).toBe('market.v1.ListingService/Get');
    expect(made.messages).toEqual(['{}', '{"id":"2"}']);
    expect(formOf(made)).toEqual({ ...form, metadata: form.metadata.slice(0, 1) });
  });
});

describe('SentRequest', () => {
  it('counts what it does not keep', () => {
    const sent = new SentRequest();
    for (let index = 0; index < 1005; index++) {
      sent.add(String(index));
    }
    sent.end();
    expect(sent.messages).toHaveLength(1000);
    expect(sent).toMatchObject({ leftOut: 5, ended: true });
  });
});
