import { parseDuration } from '../../grpc/duration';
import { isBlank, type Line, trimmedSpan } from './lines';
import type { MessageNode, Span, SyntaxProblem, Wait } from './syntax';

const endPattern = /^\s*===(.*)$/s;

/** More answers than anybody waits for. */
const mostAnswers = 1_000_000;

/**
 * The messages of a body.
 * @param lines of the body, without comments
 */
export function parseMessages(
  text: string,
  lines: readonly Line[],
  problems: SyntaxProblem[],
): MessageNode[] {
  const messages: MessageNode[] = [];
  let segment: Line[] = [];
  let end: Line | undefined;
  const finish = (next: Line | undefined): void => {
    const message = messageOf(text, segment, end, problems);
    if (message !== undefined) {
      messages.push(message);
    } else if (end !== undefined || next !== undefined) {
      const span = trimmedSpan(end ?? next ?? { from: 0, to: 0, text: '' });
      problems.push({ span, message: 'A message has to stand on both sides of ===.' });
    }
    segment = [];
    end = next;
  };
  for (const line of lines) {
    if (endPattern.test(line.text)) {
      finish(line);
    } else {
      segment.push(line);
    }
  }
  finish(undefined);
  return messages;
}

function messageOf(
  text: string,
  segment: readonly Line[],
  end: Line | undefined,
  problems: SyntaxProblem[],
): MessageNode | undefined {
  const filled = segment.filter((line) => !isBlank(line));
  const [first] = filled;
  const last = filled.at(-1);
  const wait = end && waitOf(end, problems);
  if (first === undefined || last === undefined) {
    return undefined;
  }
  const span = { from: trimmedSpan(first).from, to: trimmedSpan(last).to };
  if (!first.text.trimStart().startsWith('<')) {
    return { kind: 'json', span, wait, json: withoutOtherLines(text, span, segment) };
  }
  const [opening = ''] = /^\s*<\s*/.exec(first.text) ?? [];
  const from = opening.length;
  const to = from + first.text.slice(from).trimEnd().length;
  for (const line of filled.slice(1)) {
    const message = 'A message that is read from a file has one line: < path.';
    problems.push({ span: trimmedSpan(line), message });
  }
  if (from === to) {
    const message = 'A path has to follow: < ./message.json';
    problems.push({ span: trimmedSpan(first), message });
  }
  return {
    kind: 'file',
    span,
    wait,
    path: {
      text: first.text.slice(from, to),
      span: { from: first.from + from, to: first.from + to },
    },
  };
}

/** The text of a span with spaces for every line that is none of `lines`: comments. Places stay what they were. */
function withoutOtherLines(text: string, { from, to }: Span, lines: readonly Line[]): string {
  let json = '';
  let at = from;
  for (const line of lines) {
    if (line.to <= from || line.from >= to) {
      continue;
    }
    const [start, stop] = [Math.max(line.from, from), Math.min(line.to, to)];
    json += blanked(text.slice(at, start)) + text.slice(start, stop);
    at = stop;
  }
  return json;
}

/** Line ends stay, so that a message about the text counts lines as the reader does. */
function blanked(text: string): string {
  // Mostly it is a line end alone.
  return text === '\n' ? text : text.replace(/[^\r\n]/g, ' ');
}

function waitOf(line: Line, problems: SyntaxProblem[]): Wait | undefined {
  const rest = (endPattern.exec(line.text)?.[1] ?? '').trim();
  if (rest === '') {
    return undefined;
  }
  const span = trimmedSpan(line);
  const [, amount = ''] = /^wait(?:\s+(.+))?$/s.exec(rest) ?? [undefined, undefined];
  if (!rest.startsWith('wait') || (amount === '' && rest !== 'wait')) {
    const message = 'After === can stand: wait, wait 3 (answers) or wait 500ms.';
    problems.push({ span, message });
    return undefined;
  }
  if (amount === '' || /^\d+$/.test(amount)) {
    const count = amount === '' ? 1 : Number(amount);
    if (count >= 1 && count <= mostAnswers) {
      return { kind: 'answers', count, span };
    }
    problems.push({ span, message: `Wait for 1 to ${mostAnswers} answers.` });
    return undefined;
  }
  const parsed = parseDuration(amount);
  if (!parsed.ok) {
    const message = `${parsed.message} Or write how many answers to wait for: wait 3.`;
    problems.push({ span, message });
    return undefined;
  }
  return { kind: 'time', milliseconds: parsed.milliseconds, span };
}
