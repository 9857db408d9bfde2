import { parseJson } from '../../schema/jsonText';
import { nextToken } from '../../schema/jsonTokens';
import type { BodyProblem } from '../../schema/schema';
import type { Span } from '../file/syntax';
import { withPlaceholders } from '../variables/placeholders';
import { findReferences, type Reference } from '../variables/references';
import { replaceReferences } from '../variables/replace';

/** Longest text that is checked while one types, in UTF-16 units. */
const longest = 1024 * 1024;

/**
 * What is wrong in the JSON of a message. Where a reference's value isn't known, nothing is said about what it is a
 * part of: it may well fit.
 * @param valueFor what a reference stands for; undefined when it is not known
 * @param validate every way in which JSON doesn't fit its type; without a schema the syntax alone is checked
 * @returns places in `json`
 */
export function checkBody(
  json: string,
  valueFor: (reference: Reference) => string | undefined,
  validate: ((json: string) => BodyProblem[]) | undefined,
): BodyProblem[] {
  if (json.length > longest) {
    return [];
  }
  const references = findReferences(json);
  if (references.length === 0) {
    return (validate ?? syntaxProblems)(json);
  }
  const unknown: Span[] = [];
  // 0 is a value wherever JSON takes one, and a text inside quotes.
  let room = longest;
  const { text, originOf } = replaceReferences(json, 'json', (reference) => {
    const value = room > 0 ? valueFor(reference) : undefined;
    room -= value?.length ?? 0;
    if (value === undefined) {
      unknown.push(reference.span);
    }
    return value ?? '0';
  });
  const ends = new Map(references.map(({ span }) => [span.from, span.to]));
  const place = ({ from, to }: Span): Span => {
    const last = originOf(to - 1);
    const start = originOf(from);
    return { from: start, to: to > from ? (ends.get(last) ?? last + 1) : start };
  };
  const mapped = (problems: readonly BodyProblem[]) =>
    problems.map((problem) => ({ ...problem, ...place(problem) }));
  if (unknown.length === 0) {
    return mapped((validate ?? syntaxProblems)(text));
  }
  const open = tokensAround(json, references, unknown);
  const isOpen = ({ from }: Span) => open.some((span) => span.from <= from && from < span.to);
  const syntax = mapped(syntaxProblems(text));
  if (syntax.some(isOpen)) {
    // It stands for more than one value: what the text becomes can't be told.
    return [];
  }
  return (validate ? mapped(validate(text)) : syntax).filter((problem) => !isOpen(problem));
}

function syntaxProblems(json: string): BodyProblem[] {
  const problems: BodyProblem[] = [];
  parseJson(json, problems);
  return problems;
}

/** The strings and words that hold some of the spans. */
function tokensAround(
  json: string,
  references: readonly Reference[],
  spans: readonly Span[],
): readonly Span[] {
  const text = withPlaceholders(json, references);
  const around: Span[] = [];
  let at = 0;
  for (const span of spans) {
    for (;;) {
      const token = nextToken(text, at);
      if (token === undefined || token.from >= span.to) {
        break;
      }
      if (token.to > span.from) {
        around.push(token);
        break;
      }
      at = token.to;
    }
  }
  return around;
}
