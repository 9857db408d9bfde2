import { oneLine } from '../panel/text';

/** Longest text of a notification, in UTF-16 units: more is not read there. */
const longest = 1000;

/**
 * Text for a notification. The editor turns `[label](command:…)` in one into a link that runs the command: what a
 * server or a settings file wrote must stay text.
 */
export function noticeText(...parts: readonly (string | undefined)[]): string {
  // Last: taking out control characters could bring the two brackets together.
  return oneLine(parts.filter((part) => part).join(' '), longest).replaceAll('](', '] (');
}
