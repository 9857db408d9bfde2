import type { Transcript } from '../../src/transcript/transcript';
import { frameTypeName } from '../../src/wire/frameNames';

/** The transcript as short lines without times, for comparing whole conversations. */
export function outline(transcript: Transcript): string[] {
  const lines: string[] = [];
  for (let number = 0; number < transcript.length; number++) {
    const entry = transcript.entry(number);
    const arrow = 'direction' in entry ? (entry.direction === 'sent' ? '-> ' : '<- ') : '';
    switch (entry.kind) {
      case 'frame': {
        const ack = entry.header.flags & 1 && [4, 6].includes(entry.header.type) ? ' ACK' : '';
        lines.push(`${arrow}${frameTypeName(entry.header.type)}${ack}`);
        break;
      }
      case 'message':
        lines.push(`${arrow}message ${entry.index} (${entry.length} B)`);
        break;
      case 'status':
        lines.push(`status ${entry.status.name}`);
        break;
      default:
        lines.push(`${arrow}${entry.kind}`);
    }
  }
  return lines;
}
