import { statusDetails } from '../../panel/details';
import { compactJson } from '../../panel/messageText';
import { microseconds, plural } from '../../panel/text';
import type { Schema } from '../../schema/schema';
import type { CallStatus, StatusOrigin } from '../../transcript/entry';
import type { Transcript } from '../../transcript/transcript';
import type { Paint } from '../colors';
import { safeJson } from '../jsonOutput';
import { printable } from '../printable';

const origins: { readonly [K in StatusOrigin]: string } = {
  application: 'the application',
  intermediary: 'something on the way',
  transport: 'the connection',
  client: 'this side',
};

export interface EndedCall {
  readonly status: CallStatus;
  readonly schema: Schema;
  readonly transcript: Pick<Transcript, 'messageCount' | 'timing'>;
}

/**
 * How a call ended, where that came from and what to do next.
 * @param evidence with what shows it
 */
export function statusText(
  { status, schema, transcript }: EndedCall,
  paint: Paint,
  evidence: boolean,
): string {
  const isOk = status.name === 'OK';
  const received = plural(transcript.messageCount('received'), 'message');
  const took = microseconds(transcript.timing.ended ?? 0);
  const said =
    status.message === '' || status.message === status.name || isOk ? '' : `: ${status.message}`;
  const name = paint(isOk ? 'green' : 'red', printable(status.name));
  const line = printable(said.replace(/\r?\n/g, '↵'));
  const head = `${name}${line}${paint('dim', ` (${received}, ${took})`)}`;
  if (isOk && !evidence) {
    return `${head}\n`;
  }
  const surely = status.certainty === 'observed' ? '' : ', most likely';
  const lines = [
    status.explanation,
    `From: ${origins[status.origin]}${surely}`,
    ...(evidence ? status.evidence.map((line) => `Seen: ${line}`) : []),
    ...(isOk ? [] : status.nextActions.map((line) => `Next: ${line}`)),
    ...statusDetails(status, schema).map(detailLine),
  ];
  return `${[head, ...lines.map((line) => `  ${printable(line)}`)].join('\n')}\n`;
}

function detailLine({
  type,
  json,
  base64 = '',
  problem,
}: ReturnType<typeof statusDetails>[number]): string {
  const content = json === undefined ? base64 : safeJson(compactJson(json));
  return `${type}: ${content}${problem === undefined ? '' : ` (${problem})`}`;
}
