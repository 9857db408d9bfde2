import { describe, expect, it } from 'vitest';
import type { CallSnapshot, TimelineRow } from '../../src/panel/protocol';
import {
  decodeWindow,
  fieldAtByte,
  fieldByPath,
  flatten,
} from '../../src/panel/webview/call/byteRange';
import { RowStore } from '../../src/panel/webview/call/rowStore';
import { phases, stripScale } from '../../src/panel/webview/call/timing';
import { HostConnection } from '../../src/panel/webview/shared/hostConnection';
import { ScrollScale } from '../../src/panel/webview/shared/scrollScale';
import {
  bytes,
  clock,
  duration,
  length,
  visible,
  visibleLines,
} from '../../src/panel/webview/shared/text';
import { readView, writeView } from '../../src/panel/webview/viewState';
import { listingDetail } from './page/transcripts';

describe('the scroll scale', () => {
  const scale = new ScrollScale(22);

  it('is one to one while the list fits the track', () => {
    expect(scale.trackHeight(1_000)).toBe(22_000);
    expect(scale.toPosition(500, 1_000, 300)).toBe(500);
  });

  it('reaches first and last row of any list', () => {
    for (const rows of [400_000, 1_000_000, 100_000_000]) {
      const viewport = 600;
      const track = scale.trackHeight(rows);
      expect(track).toBeLessThan(16_000_000);
      expect(scale.toPosition(0, rows, viewport)).toBe(0);
      expect(scale.toPosition(track - viewport, rows, viewport)).toBeCloseTo(
        rows * 22 - viewport,
        3,
      );
      const position = 12_345 * 22;
      const scrollTop = scale.toScrollTop(position, rows, viewport);
      expect(scale.toPosition(scrollTop, rows, viewport)).toBeCloseTo(position, 3);
    }
  });
});

describe('the row store', () => {
  const row = (n: number): TimelineRow => ({
    row: n,
    entry: n,
    time: n,
    delta: 1,
    kind: 'message',
    label: '',
    content: '',
  });

  it('asks for the newest window only, one request at a time', async () => {
    const asked: number[] = [];
    const answers: (() => void)[] = [];
    const store = new RowStore(
      ({ first, count }) => {
        asked.push(first);
        return new Promise((resolve) => {
          answers.push(() =>
            resolve({ rows: Array.from({ length: count }, (_, index) => row(first + index)) }),
          );
        });
      },
      () => {},
    );
    store.use(1, 'messages');
    for (const first of [1_000, 5_000, 90_000]) {
      store.want(first, first + 30);
    }
    expect(asked).toHaveLength(1);
    answers[0]?.();
    await new Promise((resolve) => setTimeout(resolve));
    expect(asked).toHaveLength(2);
    answers[1]?.();
    await new Promise((resolve) => setTimeout(resolve));
    expect(store.get(90_000)?.row).toBe(90_000);
    expect(store.get(5_000)).toBeUndefined();
    expect(asked).toHaveLength(2);
  });

  it('stays bounded, keeps what is in sight, and forgets another call', async () => {
    const store = new RowStore(
      () => Promise.resolve({ rows: [] }),
      () => {},
    );
    store.use(1, 'messages');
    store.want(50_000, 50_030);
    for (let first = 0; first < 100_000; first += 100) {
      store.put(Array.from({ length: 100 }, (_, index) => row(first + index)));
      expect(store.size).toBeLessThanOrEqual(1_300);
    }
    expect(store.get(50_010)?.row).toBe(50_010);
    store.use(2, 'messages');
    expect(store.size).toBe(0);
    await expect(store.load(3)).resolves.toBeUndefined();
  });
});

describe('fields and bytes', () => {
  const detail = listingDetail(1);
  const fields = detail.kind === 'message' ? detail.fields : [];

  it('find the deepest field of a byte', () => {
    expect(fieldAtByte(fields, 0)).toBe('0');
    const currency = fieldByPath(fields, '2.0');
    expect(fieldAtByte(fields, currency?.valueStart ?? -1)).toBe('2.0');
    expect(fieldAtByte(fields, currency === undefined ? -1 : currency.start - 1)).toBe('2');
    expect(fieldAtByte(fields, 10_000)).toBeUndefined();
  });

  it('are listed up to a bound, closed ones without their children', () => {
    expect(flatten(fields, () => true, 100).map((item) => item.path)).toEqual([
      '0',
      '1',
      '2',
      '2.0',
      '2.1',
      '3',
    ]);
    expect(flatten(fields, () => false, 100)).toHaveLength(4);
    expect(flatten(fields, () => true, 2)).toHaveLength(2);
  });

  it('take broken base64 as no bytes', () => {
    expect(decodeWindow({ base64: '%%%', offset: 0, total: 3 })).toHaveLength(0);
  });
});

describe('timing', () => {
  it('leaves out what has not happened or comes out of order', () => {
    const list = phases({
      resolved: 300,
      connected: 900,
      headersSent: 800,
      firstByte: 2_000,
      ended: 2_500,
    });
    expect(list.map((phase) => [phase.id, phase.from, phase.to])).toEqual([
      ['resolve', 0, 300],
      ['connect', 300, 900],
      ['wait', 900, 2_000],
      ['finish', 2_000, 2_500],
    ]);
  });

  it('scales a running call to its deadline and an ended one to its end', () => {
    const snapshot: CallSnapshot = {
      callId: 1,
      phase: 'streaming',
      canSend: false,
      deadline: 1_000,
      rows: { messages: 0, frames: 0 },
      sentMessages: 0,
      receivedMessages: 0,
      receivedBytes: 0,
      timing: {},
      framesAvailable: true,
    };
    expect(stripScale(snapshot, 20_000)).toBe(1_000_000);
    expect(stripScale({ ...snapshot, phase: 'ended', timing: { ended: 20_000 } }, 0)).toBe(20_000);
    expect(stripScale({ ...snapshot, phase: 'ended', timing: { ended: 900_000 } }, 0)).toBe(
      1_000_000,
    );
    expect(stripScale({ ...snapshot, phase: 'ended', timing: { ended: 1_000_100 } }, 0)).toBe(
      1_000_100,
    );
  });
});

describe('text', () => {
  it('shows control and reordering characters', () => {
    expect(visible('a\u0000\u001b\u007f\u0085\u202e\ufeffb\n')).toBe(
      'a␀␛␡\\u{85}\\u{202E}\\u{FEFF}b␊',
    );
    expect(visibleLines('a\n\tb\r')).toBe('a\n\tb␍');
    expect(visible('x'.repeat(50), 10)).toBe(`${'x'.repeat(10)}… (40 more characters)`);
  });

  it('formats numbers with their unit', () => {
    expect([0, 1_023, 1_024, 1_572_864, 5e12].map(bytes)).toEqual([
      '0 B',
      '1,023 B',
      '1.00 KiB',
      '1.50 MiB',
      '4.55 TiB',
    ]);
    expect([0, 450, 12_345, 1_234_000, 59_990_000, 123_000_000].map(duration)).toEqual([
      '0.00 ms',
      '0.45 ms',
      '12.3 ms',
      '1.234 s',
      '59.99 s',
      '2 m 03 s',
    ]);
    expect([-5, 800, 14_900, 61_000].map(clock)).toEqual(['0.0 s', '0.8 s', '14 s', '1 m 01 s']);
    expect([500, 15_000, 1_500, 120_000].map(length)).toEqual(['500ms', '15s', '1.5s', '2m']);
  });
});

describe('the saved arrangement', () => {
  it('comes back as it was, and nonsense as the default', () => {
    const start = readView(undefined);
    const view = {
      ...start,
      tab: 'options',
      columns: 0.3,
      call: { ...start.call, timeline: 'frames' },
    } as const;
    const state = {
      version: 1,
      target: '',
      service: '',
      method: '',
      form: { body: '', metadata: [], options: {} },
    } as const;
    expect(readView({ ...state, view: writeView(view) })).toEqual(view);
    expect(readView({ ...state, view: { tab: 'x', columns: 7, split: 'wide' } })).toEqual(start);
  });
});

describe('the connection to the host', () => {
  it('keeps the form for a reload, but no secret of it', () => {
    let state: unknown;
    const host = new HostConnection(
      {
        postMessage: () => {},
        getState: () => state,
        setState: (kept) => {
          state = kept;
        },
      },
      new EventTarget(),
    );
    host.save({
      version: 1,
      target: 'id',
      service: 'market.v1.ListingService',
      method: 'Get',
      form: {
        body: '{}',
        metadata: [
          { key: 'Authorization ', value: 'Bearer abc', enabled: true },
          { key: 'x-api-key', value: 'abc', enabled: false },
          { key: 'x-team', value: 'blue', enabled: true },
        ],
        options: {},
      },
      view: {},
    });
    host.close();
    expect(JSON.stringify(state)).not.toContain('abc');
    expect(host.saved()?.form.metadata).toEqual([
      { key: 'Authorization ', value: '', enabled: true },
      { key: 'x-api-key', value: '', enabled: false },
      { key: 'x-team', value: 'blue', enabled: true },
    ]);
  });

  it('matches replies with requests and rejects what waits when it closes', async () => {
    const messages: unknown[] = [];
    const source = new EventTarget();
    const host = new HostConnection(
      {
        postMessage: (message) => messages.push(message),
        getState: () => ({ version: 0 }),
        setState: () => {},
      },
      source,
    );
    const say = (data: unknown) => source.dispatchEvent(new MessageEvent('message', { data }));
    const first = host.request('template', {});
    const second = host.request('template', {});
    const third = host.request('template', {});
    say({ type: 'reply', id: 2, result: { body: 'second' } });
    say({ type: 'replyError', id: 1, message: 'The schema is gone.' });
    say('nonsense');
    say({ type: 'reply', id: 99, result: {} });
    await expect(first).rejects.toMatchObject({
      reason: 'refused',
      message: 'The schema is gone.',
    });
    await expect(second).resolves.toEqual({ body: 'second' });
    host.close();
    await expect(third).rejects.toMatchObject({ reason: 'closed' });
    await expect(host.request('template', {})).rejects.toMatchObject({ reason: 'closed' });
    expect(messages).toHaveLength(3);
    expect(host.saved()).toBeUndefined();
  });
});
