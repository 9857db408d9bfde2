import { byteSize, microseconds, oneLine, plural } from '../../panel/text';
import { ItemWord } from '../ids';
import { securityLabel, securityText } from '../servers';
import { type HistoryEntry, methodName } from './historyEntry';
import type { ListedCall } from './historyFolder';

/** Calls under one heading. */
export interface HistoryGroup {
  /** Stable: `pinned`, or the day as `2026-11-22`. */
  readonly id: string;
  readonly label: string;
  readonly calls: readonly ListedCall[];
}

/** How a call stands in a tree or a list. */
export interface CallLook {
  readonly label: string;
  readonly description: string;
  /** Plain text; lines are separated by `\n`. */
  readonly tooltip: string;
  /** A codicon. */
  readonly icon: string;
  /** A theme colour for the icon. */
  readonly color: string;
  readonly contextValue: string;
  /** What a screen reader says. */
  readonly spoken: string;
}

const formats = {
  dayName: { weekday: 'long', day: 'numeric', month: 'long' },
  dayAndYear: { day: 'numeric', month: 'long', year: 'numeric' },
  shortDay: { day: 'numeric', month: 'short' },
} as const;

function inWords(time: number | Date, format: keyof typeof formats): string {
  return new Date(time).toLocaleDateString('en-GB', formats[format]);
}

/** The calls by day, as they are given: the newest first. Pinned ones stand before all others. */
export function groupCalls(calls: readonly ListedCall[], now: Date): HistoryGroup[] {
  const pinned = calls.filter((call) => call.pinned);
  const days = new Map<string, ListedCall[]>();
  for (const call of calls.filter((it) => !it.pinned)) {
    const day = dayOf(new Date(call.entry.startedAt));
    days.set(day, [...(days.get(day) ?? []), call]);
  }
  return [
    ...(pinned.length > 0 ? [{ id: 'pinned', label: 'Pinned', calls: pinned }] : []),
    ...[...days].map(([id, ofDay]) => ({ id, label: dayLabel(ofDay, now), calls: ofDay })),
  ];
}

function dayLabel([call]: readonly ListedCall[], now: Date): string {
  const date = new Date(call?.entry.startedAt ?? 0);
  const yesterday = new Date(now.getFullYear(), now.getMonth(), now.getDate() - 1);
  if (dayOf(date) === dayOf(now)) {
    return 'Today';
  }
  if (dayOf(date) === dayOf(yesterday)) {
    return 'Yesterday';
  }
  return inWords(date, date.getFullYear() === now.getFullYear() ? 'dayName' : 'dayAndYear');
}

/** The day on this machine's clock, `2026-11-22`. */
function dayOf(date: Date): string {
  return [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join('-');
}

/** The time on this machine's clock, `20:13:12`. */
export function clockTime(startedAt: number): string {
  const date = new Date(startedAt);
  return [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':');
}

/** `22 November 2026, 20:13:12`. */
export function fullTime(startedAt: number): string {
  return `${inWords(startedAt, 'dayAndYear')}, ${clockTime(startedAt)}`;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}

export function callLook({ entry, pinned, size }: ListedCall, withDay: boolean): CallLook {
  const { status, startedAt } = entry;
  const tone = toneOf(entry);
  const day = withDay ? `${inWords(startedAt, 'shortDay')} ` : '';
  const label = oneLine(methodName(entry));
  const facts = [
    ...(tone === 'ok' ? [] : [oneLine(status.name)]),
    `${day}${clockTime(startedAt)}`,
    microseconds(entry.duration),
  ];
  return {
    label,
    description: facts.join(' · '),
    tooltip: tooltipLines(entry, pinned, size)
      .map((line) => oneLine(line, 500))
      .join('\n'),
    ...looks[tone],
    contextValue: `${ItemWord.Call} ${pinned ? ItemWord.Pinned : ItemWord.Unpinned}`,
    spoken: `${label}, ${oneLine(status.name)}, ${fullTime(startedAt)}`,
  };
}

const looks = {
  ok: { icon: 'pass', color: 'testing.iconPassed' },
  failed: { icon: 'error', color: 'testing.iconFailed' },
  cancelled: { icon: 'circle-slash', color: 'descriptionForeground' },
} as const;

/** A call that the user cancelled is no failure. */
function toneOf({ status }: HistoryEntry): keyof typeof looks {
  if (status.code === 0) {
    return 'ok';
  }
  return status.code === 1 && status.origin === 'client' ? 'cancelled' : 'failed';
}

function tooltipLines(entry: HistoryEntry, pinned: boolean, size: number): string[] {
  const { server, status, environment } = entry;
  return [
    entry.path.slice(1),
    // Servers send "OK" as the message of OK, too.
    ['', status.name].includes(status.message) ? status.name : `${status.name}: ${status.message}`,
    `${fullTime(entry.startedAt)}, took ${microseconds(entry.duration)}`,
    `${serverText(entry)} (${securityText[securityLabel(server.target.security)]})`,
    ...(environment === undefined ? [] : [`Environment: ${environment}`]),
    `${plural(entry.sentMessages, 'message')} sent, ${entry.receivedMessages} received`,
    `${byteSize(size)} on disk${pinned ? ', pinned' : ''}`,
  ];
}

/** `Market, localhost:50051`. */
export function serverText({ server: { name, target } }: HistoryEntry): string {
  return name === target.address ? name : `${name}, ${target.address}`;
}
