import { describe, expect, it } from 'vitest';
import type { DescribeServerResult } from '../../../src/languageServer/protocol';
import { ServerSchemas } from '../../../src/languageServer/requests/serverSchemas';
import { packParts } from '../../../src/schema/packedParts';
import { reflectionOnly } from '../../../src/schema/sources';
import { sampleParts } from '../../tools/requestFiles';

const sample: DescribeServerResult = {
  kind: 'schema',
  version: '1',
  parts: packParts(sampleParts),
};

function server(address: string) {
  return {
    name: address,
    target: { address, security: { kind: 'plaintext' as const } },
    sources: reflectionOnly,
    reflectionMetadata: [],
  };
}

/** Answers in their order, the last one again and again. */
function schemas(...answers: (DescribeServerResult | Error)[]) {
  const asked: (string | undefined)[] = [];
  const clock = { now: 0 };
  let changes = 0;
  const known = new ServerSchemas(
    async (params) => {
      asked.push(params.known);
      const answer = answers.length > 1 ? answers.shift() : answers[0];
      if (answer instanceof Error) throw answer;
      return answer as DescribeServerResult;
    },
    () => changes++,
    () => clock.now,
  );
  return { known, asked, clock, changes: () => changes };
}

const a = server('a:1');

describe('what is known of servers', () => {
  it('is asked for once', async () => {
    const { known, asked, changes } = schemas(sample);
    expect(known.stateOf(a)).toEqual({ kind: 'unknown' });
    expect(known.isWanted(a)).toBe(true);
    const [first, second] = await Promise.all([known.read(a, 'x'), known.read(server('a:1'), 'y')]);
    expect(first.kind).toBe('ready');
    expect(second).toBe(first);
    expect(await known.read(a, 'x')).toBe(first);
    expect(known.isWanted(a)).toBe(false);
    expect([asked.length, changes()]).toEqual([1, 1]);
  });

  it('stays what it was until there is another answer', async () => {
    const { known, asked, changes } = schemas(sample, { kind: 'unchanged' });
    const before = await known.read(a, 'x');
    known.forget();
    expect(known.stateOf(a)).toBe(before);
    expect(known.isWanted(a)).toBe(true);
    expect(await known.read(a, 'x')).toBe(before);
    expect(asked).toEqual([undefined, '1']);
    expect(changes()).toBe(1);
  });

  it('is believed for a while when it is a failure, and told once', async () => {
    const failed: DescribeServerResult = { kind: 'failed', message: 'Nothing listens.' };
    const { known, asked, clock, changes } = schemas(failed, failed, sample);
    const first = await known.read(a, 'x');
    expect(first).toEqual(failed);
    expect(known.isWanted(a)).toBe(false);
    clock.now = 60_000;
    expect(known.isWanted(a)).toBe(true);
    expect(await known.read(a, 'x')).toBe(first);
    expect(changes()).toBe(1);
    clock.now = 120_000;
    expect((await known.read(a, 'x')).kind).toBe('ready');
    expect([asked.length, changes()]).toEqual([3, 2]);
  });

  it('says why the editor has no answer', async () => {
    const { known } = schemas(new Error('unhandled method'));
    expect(await known.read(a, 'x')).toEqual({
      kind: 'failed',
      message: "The editor can't tell what it offers: unhandled method",
    });
  });

  it('is bounded', async () => {
    const { known } = schemas({ kind: 'failed', message: 'no' });
    for (let port = 1; port <= 150; port++) {
      await known.read(server(`a:${port}`), 'x');
    }
    expect(known.stateOf(server('a:1')).kind).toBe('unknown');
    expect(known.stateOf(server('a:150')).kind).toBe('failed');
  });
});
