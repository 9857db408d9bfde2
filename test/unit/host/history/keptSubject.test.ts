import { describe, expect, it, vi } from 'vitest';
import type { App } from '../../../../src/host/app';
import { UserError } from '../../../../src/host/errors';
import type { KeptCall } from '../../../../src/host/history/callHistory';
import { KeptSubject } from '../../../../src/host/history/keptSubject';
import type { Subject } from '../../../../src/host/requestPanel/panelInit';
import type { Server } from '../../../../src/host/servers';
import { buildSchema } from '../../../../src/schema/load';
import type { MethodInfo, Schema, ServiceInfo } from '../../../../src/schema/schema';
import { endedOk, ordinaryCall, schema } from '../../panel/conversation';
import { newCall, server } from './calls';

vi.mock('vscode', () => ({}));

const path = '/market.v1.ListingService/Get';
const service = schema.services[0] as ServiceInfo;
const method = schema.findMethod(path) as MethodInfo;

/** A subject over a history and servers that the test says. */
function opened(
  rest: {
    readonly servers?: readonly Server[];
    readonly offered?: Schema;
    readonly startSample?: () => void;
  } = {},
) {
  const { entry } = newCall();
  const dispose = vi.fn();
  const call = {
    entry: { ...entry, id: 'kept' },
    request: { messages: [] },
    transcript: Object.assign(ordinaryCall().transcript, { dispose }),
    ...{ status: endedOk, schema, service, method },
  } as unknown as KeptCall;
  const open = vi.fn(async () => call);
  const app = {
    history: { open },
    store: { get: (id: string) => rest.servers?.find((it) => it.id === id) },
    sampleServer: { start: async () => rest.startSample?.() },
    discovery: {
      read: async () => {
        if (!rest.offered) {
          throw new Error('Refused.');
        }
        return { schema: rest.offered };
      },
    },
  } as unknown as App;
  const shown: string[] = [];
  const kept: KeptCall[] = [];
  const subject = new KeptSubject(
    app,
    'kept',
    {
      known: ({ server: of }: Subject) => shown.push(`known ${of.id}`),
      unavailable: ({ title, reason }) => shown.push(`${title}: ${reason}`),
    },
    (it) => kept.push(it),
  );
  return { subject, open, call, dispose, shown, kept };
}

describe('KeptSubject', () => {
  it('shows the call once and the method each time the page comes back', async () => {
    const { subject, open, call, shown, kept } = opened();
    await Promise.all([subject.start(), subject.start()]);
    await subject.start();
    expect(open).toHaveBeenCalledTimes(1);
    expect(kept).toEqual([call]);
    expect(new Set(shown)).toEqual(new Set(['known market']));
    expect(subject.current).toMatchObject({ server, method });
  });

  it('says why a call can not be opened, and tries again', async () => {
    const { subject, open, shown } = opened();
    const error = new UserError('history-unreadable', { what: 'Opening', why: 'It is gone.' });
    open.mockRejectedValueOnce(error);
    await subject.start();
    expect(shown).toEqual(['Opening failed: It is gone.']);
    await subject.mend();
    expect(shown).toEqual(['Opening failed: It is gone.', 'known market']);
  });

  it('lets go of a call that comes after the panel was closed', async () => {
    const { subject, dispose, kept, shown } = opened();
    const starting = subject.start();
    subject.dispose();
    await starting;
    expect(dispose).toHaveBeenCalledTimes(1);
    expect([kept, shown]).toEqual([[], []]);
  });

  it('sends to the server as it is now, with what it offers now', async () => {
    const moved = { ...server, target: { ...server.target, address: 'localhost:2' } };
    const offered = buildSchema({
      local: {
        sources: [
          {
            name: 'a.proto',
            text: 'syntax = "proto3"; package market.v1; message New {} service ListingService { rpc Get(New) returns (New); }',
          },
        ],
        descriptors: [],
        problems: [],
      },
    });
    const { subject } = opened({ servers: [moved], offered });
    await subject.start();
    expect(await subject.toSend()).toMatchObject({
      server: moved,
      method: { requestType: 'market.v1.New' },
    });
  });

  it('sends with the kept schema where the server does not tell its own, or not this method', async () => {
    for (const offered of [undefined, buildSchema({})]) {
      const { subject } = opened({ servers: [server], ...(offered ? { offered } : {}) });
      await subject.start();
      expect(await subject.toSend()).toMatchObject({ server, schema, method });
    }
  });

  it('sends to a server that is gone as it was', async () => {
    const { subject } = opened();
    expect(await subject.toSend()).toBeUndefined();
    await subject.start();
    expect(await subject.toSend()).toMatchObject({ server, schema, method });
  });

  it('starts the sample server for a call to it', async () => {
    const startSample = vi.fn();
    const { subject, call } = opened({ startSample });
    Object.assign(call.entry, { server: { ...server, id: 'sample' } });
    await subject.start();
    await subject.toSend();
    expect(startSample).toHaveBeenCalledTimes(1);
  });
});
