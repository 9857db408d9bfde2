import { describe, expect, it } from 'vitest';
import type { RequestDraft } from '../../../../src/request/draft';
import { draftAsGrpcurl } from '../../../../src/request/grpcurl/draftAsGrpcurl';
import { reflectionOnly } from '../../../../src/schema/sources';

const draft: RequestDraft = {
  title: '{{token}}',
  target: { address: 'localhost:1', security: { kind: 'plaintext' } },
  sources: reflectionOnly,
  reflectionMetadata: [],
  method: 'a.B/C',
  metadata: [],
  options: {},
  messages: [],
};
const lines = (change: Partial<RequestDraft>, options?: Parameters<typeof draftAsGrpcurl>[1]) =>
  draftAsGrpcurl({ ...draft, ...change }, options).command.split(' \\\n  ');
const notes = (change: Partial<RequestDraft>) => draftAsGrpcurl({ ...draft, ...change }).notes;

describe('draftAsGrpcurl', () => {
  it('is short where there is little to say, also with a secret in the title', () => {
    expect(draftAsGrpcurl(draft, { secrets: ['token'] })).toEqual({
      command: 'grpcurl -plaintext \\\n  localhost:1 a.B/C',
      notes: [],
    });
  });

  it('sends several messages, and an empty one as such', () => {
    expect(lines({ messages: ['{"a":1}', ' ', '{}'] })).toContain(`-d '{"a":1}\n{}\n{}'`);
  });

  it('takes the defaults where the request says nothing', () => {
    const defaults = { deadline: 15_000, keepaliveTime: 60_000 };
    expect(lines({ options: { deadline: '2s' } }, { defaults })).toEqual([
      ...['grpcurl -plaintext', '-max-time 2', '-keepalive-time 60', 'localhost:1 a.B/C'],
    ]);
  });

  it('keeps reflection beside files, as grpcurl alone would not', () => {
    const files = { ...reflectionOnly, protoFiles: ['/a.proto'] };
    expect(lines({ sources: files })).toContain('-use-reflection');
    expect(lines({ sources: { ...files, reflection: false } })).not.toContain('-use-reflection');
    expect(lines({})).not.toContain('-use-reflection');
  });

  it('writes the port that grpcurl needs', () => {
    const address = (text: string) => lines({ target: { ...draft.target, address: text } }).at(-1);
    expect(address('market.example')).toBe('market.example:443 a.B/C');
    expect(address('dns:///market.example')).toBe('dns:///market.example a.B/C');
    expect(address('[::1]')).toBe("'[::1]:443' a.B/C");
  });

  it('gives two secrets whose names a shell can not tell apart two variables', () => {
    const metadata = [{ key: 'a', value: '{{x-y}} {{x.y}}' }];
    expect(lines({ metadata }, { secrets: ['x-y', 'x.y'] })).toContain(
      `-rpc-header 'a: '"$x_y"' '"$x_y_"`,
    );
  });

  it.each<[string, Partial<RequestDraft>, RegExp]>([
    ['compression', { options: { compression: 'gzip' } }, /no flag for compression: gzip/],
    ['wait for ready', { options: { 'wait-for-ready': 'true' } }, /no flag for wait-for-ready/],
    [
      'keepalive timeout',
      { options: { 'keepalive-time': '10s', 'keepalive-timeout': '1s' } },
      /keepalive-timeout 1s is left out/,
    ],
    [
      'an unreadable option',
      { options: { deadline: 'soon' } },
      /option deadline is left out\. "soon"/,
    ],
    [
      'more addresses',
      { target: { ...draft.target, address: 'ipv4:10.0.0.1:1,10.0.0.2:1' } },
      /takes one address: 1 of/,
    ],
    [
      'both kinds of files',
      { sources: { ...reflectionOnly, protoFiles: ['/a'], descriptorSets: ['/b'] } },
      /not both: \/b is left out/,
    ],
    ['no schema', { sources: { ...reflectionOnly, reflection: false } }, /asked by reflection/],
  ])('notes what grpcurl does not do: %s', (_, change, note) => {
    expect(notes(change)).toEqual([expect.stringMatching(note)]);
  });

  it('has nothing to note for what grpcurl does', () => {
    const options = {
      deadline: '2s',
      'keepalive-time': '30s',
      'keepalive-timeout': '30s',
      'max-receive-size': '8MiB',
      'user-agent': 'a/1',
    };
    expect(notes({ options })).toEqual([]);
  });
});
