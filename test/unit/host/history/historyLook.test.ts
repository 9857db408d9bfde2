import { describe, expect, it } from 'vitest';
import type { ListedCall } from '../../../../src/host/history/historyFolder';
import {
  callLook,
  clockTime,
  fullTime,
  groupCalls,
} from '../../../../src/host/history/historyLook';
import { newCall } from './calls';

/** On this machine's clock: days are those of the user. */
const now = new Date(2026, 10, 22, 20, 13, 12);

function call(
  startedAt: Date,
  rest: Partial<ListedCall['entry']> = {},
  pinned = false,
): ListedCall {
  const id = `${String(startedAt.getTime()).padStart(15, '0')}-00000000`;
  const { entry } = newCall({ startedAt: startedAt.getTime(), ...rest });
  return { entry: { ...entry, id }, pinned, size: 2048 };
}

describe('groupCalls', () => {
  it('says the day as a person does, pinned ones first', () => {
    const calls = [
      call(new Date(2026, 10, 22, 20)),
      call(new Date(2026, 10, 22, 0, 0, 1)),
      call(new Date(2026, 10, 21, 23, 59, 59)),
      call(new Date(2026, 10, 20, 9), {}, true),
      call(new Date(2026, 10, 20, 8)),
      call(new Date(2025, 10, 22, 20)),
    ];
    expect(
      groupCalls(calls, now).map(({ id, label, calls: of }) => [id, label, of.length]),
    ).toEqual([
      ['pinned', 'Pinned', 1],
      ['2026-11-22', 'Today', 2],
      ['2026-11-21', 'Yesterday', 1],
      ['2026-11-20', 'Friday 20 November', 1],
      ['2025-11-22', '22 November 2025', 1],
    ]);
    expect(groupCalls([], now)).toEqual([]);
  });
});

describe('callLook', () => {
  it('shows method, time and duration, and the rest in the tooltip', () => {
    const look = callLook(call(now, { environment: 'local' }), false);
    expect(look).toMatchObject({
      label: 'Get',
      description: '20:13:12 · 3.2 ms',
      icon: 'pass',
      contextValue: 'call unpinned',
      spoken: 'Get, OK, 22 November 2026, 20:13:12',
    });
    expect(look.tooltip.split('\n')).toEqual([
      'market.v1.ListingService/Get',
      'OK',
      '22 November 2026, 20:13:12, took 3.2 ms',
      'Market, localhost:50051 (plaintext: not encrypted)',
      'Environment: local',
      '1 message sent, 2 received',
      '2 KiB on disk',
    ]);
  });

  it('says the message of a status only where it says more than its name', () => {
    const status = { code: 0, name: 'OK', message: 'OK', origin: 'application' } as const;
    expect(callLook(call(now, { status }), false).tooltip.split('\n')[1]).toBe('OK');
    const told = callLook(call(now, { status: { ...status, message: 'sold' } }), false);
    expect(told.tooltip.split('\n')[1]).toBe('OK: sold');
  });

  it('tells failures from cancelled calls, and a pinned one says its day', () => {
    const failed = callLook(
      call(
        now,
        { status: { code: 5, name: 'NOT_FOUND', message: 'a\nb', origin: 'application' } },
        true,
      ),
      true,
    );
    expect(failed).toMatchObject({
      description: 'NOT_FOUND · 22 Nov 20:13:12 · 3.2 ms',
      icon: 'error',
      contextValue: 'call pinned',
    });
    expect(failed.tooltip).toContain('NOT_FOUND: a↵b');
    const status = { code: 1, name: 'CANCELLED', message: '', origin: 'client' } as const;
    expect(callLook(call(now, { status }), false).icon).toBe('circle-slash');
    const byServer = { ...status, origin: 'application' } as const;
    expect(callLook(call(now, { status: byServer }), false).icon).toBe('error');
  });
});

it('writes times with two digits each', () => {
  const early = new Date(2026, 0, 2, 3, 4, 5).getTime();
  expect(clockTime(early)).toBe('03:04:05');
  expect(fullTime(early)).toBe('2 January 2026, 03:04:05');
});
