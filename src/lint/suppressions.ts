import type { Finding, Severity, TextEdit } from './finding';
import type { Span } from './program/syntax';
import { type RuleId, ruleIds } from './ruleIds';

/**
 * `// frameline-ignore missing-deadline: the stream lives as long as the page` at the end of a line, or on the
 * line before it. Several rules are parted by commas. Without a reason it suppresses nothing.
 */
export interface Suppression {
  readonly rules: readonly string[];
  readonly reason: string;
  /** From the word `frameline-ignore` to the end of the reason. */
  readonly span: Span;
  /** The whole line, without its end; what goes when it is removed. */
  readonly line: Span;
  /** Lines that it covers: its own, and the next one when it stands alone. Offsets of their starts and ends. */
  readonly covers: Span;
}

const pattern =
  /(?:\/\/+|#+|\/\*+)[ \t]*(frameline-ignore\b[ \t]*([\w-]+(?:[ \t]*,[ \t]*[\w-]+)*)?[ \t]*(?::[ \t]*([^\r\n]*))?)/g;

export function parseSuppressions(text: string): Suppression[] {
  if (!text.includes('frameline-ignore')) {
    return [];
  }
  const suppressions: Suppression[] = [];
  for (const match of text.matchAll(pattern)) {
    const [whole, said = '', rules = '', reason = ''] = match;
    const start = match.index + whole.indexOf(said);
    const line = lineAt(text, match.index);
    const isAlone = text.slice(line.from, match.index).trim() === '';
    const end = isAlone ? nextCodeLine(text, line.to) : line.to;
    const written = said.replace(/\*\/\s*$/, '').trimEnd();
    suppressions.push({
      rules: rules.split(',').flatMap((rule) => (rule.trim() === '' ? [] : [rule.trim()])),
      reason: reason.replace(/\*\/\s*$/, '').trim(),
      span: { from: start, to: start + written.length },
      line,
      covers: { from: line.from, to: end },
    });
  }
  return suppressions;
}

/** What is left of `findings`, and what is wrong with the suppressions. */
export function applySuppressions(
  findings: readonly Finding[],
  text: string,
  severity: Severity | 'off',
): Finding[] {
  const suppressions = parseSuppressions(text);
  if (suppressions.length === 0) {
    return [...findings];
  }
  const used = new Map<Suppression, Set<string>>();
  const left = findings.filter((finding) => {
    const by = suppressions.find((candidate) => suppresses(candidate, finding));
    if (by !== undefined) {
      const rules = used.get(by) ?? new Set();
      used.set(by, rules.add(finding.rule));
    }
    return by === undefined;
  });
  if (severity === 'off') {
    return left;
  }
  for (const suppression of suppressions) {
    const message = problemOf(suppression, used.get(suppression) ?? new Set());
    if (message !== undefined) {
      left.push({
        rule: 'unused-suppression',
        severity,
        span: suppression.span,
        message,
        ...(suppression.reason === ''
          ? {}
          : {
              replacement: { title: 'Remove the suppression', edits: [removal(suppression, text)] },
            }),
      });
    }
  }
  return left;
}

function suppresses({ rules, reason, covers }: Suppression, finding: Finding): boolean {
  const covered = (at: number) => covers.from <= at && at <= covers.to;
  return (
    reason !== '' &&
    rules.includes(finding.rule) &&
    (covered(finding.span.from) || covered(startOf(finding)))
  );
}

/** Where a call begins that is written over several lines. */
export function startOf({ fact, span }: Finding): number {
  return fact === undefined ? span.from : Math.min(fact.span.from, span.from);
}

function problemOf({ rules, reason }: Suppression, used: ReadonlySet<string>): string | undefined {
  const unknown = rules.find((rule) => !ruleIds.some((id) => id === rule));
  if (rules.length === 0) {
    return 'This suppression names no rule: write frameline-ignore missing-deadline: the reason.';
  }
  if (unknown !== undefined) {
    return `There is no rule "${unknown}".`;
  }
  if (reason === '') {
    return `A suppression needs a reason: write frameline-ignore ${rules.join(', ')}: the reason. Without one it suppresses nothing.`;
  }
  const idle = rules.filter((rule) => !used.has(rule));
  return idle.length === 0
    ? undefined
    : `Nothing here breaks ${idle.join(', ')}: the suppression can go.`;
}

/** Puts a suppression over the line of `at`, indented like it; the reason is still to be written. */
export function suppressionFor(
  rule: RuleId,
  at: number,
  text: string,
  lineComment: string,
): TextEdit {
  const { from } = lineAt(text, at);
  const indent = /^[ \t]*/.exec(text.slice(from))?.[0] ?? '';
  const end = text.includes('\r\n') ? '\r\n' : '\n';
  return {
    span: { from, to: from },
    text: `${indent}${lineComment} frameline-ignore ${rule}: ${end}`,
  };
}

function removal({ line, span }: Suppression, text: string): TextEdit {
  const before = text.slice(line.from, span.from);
  const comment = /[ \t]*(?:\/\/+|#+|\/\*+)[ \t]*$/.exec(before);
  const isAlone = comment !== null && comment[0].length === before.length;
  return isAlone
    ? { span: { from: line.from, to: afterLineEnd(text, line.to) }, text: '' }
    : { span: { from: span.from - (comment?.[0].length ?? 0), to: line.to }, text: '' };
}

function lineAt(text: string, offset: number): Span {
  const from = text.lastIndexOf('\n', offset - 1) + 1;
  const end = text.indexOf('\n', offset);
  const to = end < 0 ? text.length : end;
  return { from, to: to > from && text[to - 1] === '\r' ? to - 1 : to };
}

function afterLineEnd(text: string, end: number): number {
  const next = text.indexOf('\n', end);
  return next < 0 ? text.length : next + 1;
}

/** The end of the next line that isn't empty and isn't a comment only: where a suppression over it holds. */
function nextCodeLine(text: string, from: number): number {
  let at = afterLineEnd(text, from);
  while (at < text.length) {
    const line = lineAt(text, at);
    const written = text.slice(line.from, line.to).trim();
    if (written !== '' && !/^(?:\/\/|#|\/\*|\*)/.test(written)) {
      return line.to;
    }
    at = afterLineEnd(text, line.to);
  }
  return text.length;
}
