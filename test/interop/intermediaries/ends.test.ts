import { Metadata } from '@grpc/grpc-js';
import { describe, expect, it } from 'vitest';
import type { Intermediary } from '../../../scripts/interop/intermediaries.mjs';
import type { CallStatus } from '../../../src/transcript/entry';
import { answer, later, open, patience, send } from '../tools';
import { openAs, useBehind } from './behind';
import { type Attempt, endCases } from './endCases';
import { isMissing, kinds } from './hop';
import { measured } from './page';

const present = kinds.filter((kind) => !isMissing(kind));
const behind = useBehind(present);

/** As the table has it: what the explanation blames, and how sure it is. */
const marks = { observed: '●', inferred: '○' } as const;

describe.skipIf(present.length < kinds.length)('what a hop does to a call', () => {
  it.for(endCases)('$title', async ({ title, attempts }, context) => {
    const cells = kinds.map(async (kind) => {
      const attempt = attempts[kind];
      return attempt === undefined ? '' : cell(await tried(kind, attempt));
    });
    measured(context, 'ends', [title, ...(await Promise.all(cells))]);
  });

  it('layer 4 cuts a silent stream, again and again', async (context) => {
    const ends = await Promise.all(
      kinds.map(async (kind) => {
        const { hop, schema } = behind();
        const channel = await open(hop(kind).address('TCP_IDLE'));
        const seen: CallStatus[] = [];
        // A busy machine sees it late, but not each time by another time.
        while (seen.at(-1)?.cause !== 'idle-timeout' && seen.length < 8) {
          const { done } = send(channel, schema, 'ListBooks', [{ count: 1, stay: true }]);
          seen.push(await done);
        }
        expect(seen[0]).toMatchObject({ cause: 'connection-lost', origin: 'transport' });
        const last = seen.at(-1);
        expect(last?.evidence.join('\n')).toMatch(
          /without GOAWAY, [\d.]+s after the last frame, as/,
        );
        return last;
      }),
    );
    const cells = ends.map((status) => (status ? cell(status) : ''));
    measured(context, 'ends', ['layer 4 cuts a silent stream, again and again', ...cells]);
    expect(cells).toEqual(kinds.map(() => 'UNAVAILABLE `idle-timeout` ○'));
  });
});

function cell({ name, cause, origin, certainty }: CallStatus): string {
  return `${name} \`${cause}\` ${origin === 'intermediary' ? marks[certainty] : '–'}`;
}

async function tried(kind: Intermediary, attempt: Attempt): Promise<CallStatus> {
  const { hop, schema } = behind();
  const { port, authority, method, body = {}, after, ends } = attempt;
  const channel = await openAs(hop(kind).address(port), authority);
  if (after) {
    await answer(channel, schema, after, {});
  }
  const path = method.startsWith('/') ? method : `/interop.v1.Library/${method}`;
  const metadata = new Metadata();
  if (attempt.header !== undefined) {
    metadata.set('x-large', 'a'.repeat(attempt.header));
  }
  const call = channel.startCall({ path, metadata, deadline: patience });
  later(() => call.transcript.dispose());
  const type = schema.findMethod(path)?.requestType;
  if (!attempt.open || attempt.body) {
    call.send(type === undefined ? new Uint8Array() : schema.encode(type, JSON.stringify(body)));
  }
  if (!attempt.open) {
    call.halfClose();
  }
  const status = await call.done;
  expect(status, kind).toMatchObject(ends);
  for (const fact of attempt.seen) {
    expect(status.evidence.join('\n'), kind).toContain(fact);
  }
  if (ends.origin === 'intermediary' && kind !== 'haproxy') {
    expect(status.explanation.toLowerCase()).toContain(kind);
  }
  expect(status.nextActions.length).toBeGreaterThan(0);
  return status;
}

describe('the status of the server comes through as its own', () => {
  it.each(present.flatMap((kind) => [5, 12, 14].map((code) => ({ kind, code }))))(
    '$code through $kind',
    async ({ kind, code }) => {
      const { hop, schema } = behind();
      const authority = kind === 'envoy' ? 'library.test' : undefined;
      const channel = await openAs(hop(kind).address('ROUTES'), authority);
      const call = channel.startCall({ path: '/interop.v1.Library/Fail', deadline: patience });
      later(() => call.transcript.dispose());
      call.send(schema.encode('interop.v1.FailRequest', JSON.stringify({ code })));
      call.halfClose();
      expect(await call.done).toMatchObject({ code, origin: 'application', certainty: 'observed' });
    },
  );
});
