import { parseCapture } from '../expect/parseExpectation';
import { namePattern } from '../file/name';
import type { RequestFile, Span } from '../file/syntax';
import { textsOf } from '../file/texts';
import { findReferences } from '../variables/references';

/** Where the name of a variable stands. */
export interface Occurrence {
  readonly name: string;
  /** The name alone. */
  readonly span: Span;
  /** Whether it gets its value here: from a line of the file, or from an answer. */
  readonly isDefinition: boolean;
}

/** Every place where a file names a variable, in the order of the text. */
export function occurrencesIn(file: RequestFile): Occurrence[] {
  const occurrences: Occurrence[] = file.variables.map(({ name }) => ({
    name: name.text,
    span: name.span,
    isDefinition: true,
  }));
  const annotations = [...file.annotations, ...file.requests.flatMap((one) => one.annotations)];
  for (const { name, value } of annotations) {
    const parsed = name.text === 'capture' ? parseCapture(value.text, value.span) : undefined;
    if (parsed?.ok) {
      const { from } = value.span;
      const captured = parsed.capture.name;
      occurrences.push({
        name: captured,
        span: { from, to: from + captured.length },
        isDefinition: true,
      });
    }
  }
  const texts = [
    ...file.variables.map(({ value }) => value),
    ...file.annotations.map(({ value }) => value),
    ...file.requests.flatMap(textsOf),
  ];
  for (const { text, span } of texts) {
    for (const reference of findReferences(text)) {
      if (reference.kind === 'variable') {
        const from = span.from + text.indexOf(reference.name, reference.span.from);
        occurrences.push({
          name: reference.name,
          span: { from, to: from + reference.name.length },
          isDefinition: false,
        });
      }
    }
  }
  return occurrences.sort((a, b) => a.span.from - b.span.from);
}

/** The name at an offset, and everywhere else where it stands. */
export function occurrencesAt(
  file: RequestFile,
  offset: number,
): { readonly here: Occurrence; readonly all: readonly Occurrence[] } | undefined {
  const occurrences = occurrencesIn(file);
  const here = occurrences.find(({ span }) => span.from <= offset && offset <= span.to);
  return here && { here, all: occurrences.filter(({ name }) => name === here.name) };
}

/** Why a variable can't be called so; undefined when it can. */
export function renameProblem(
  file: RequestFile,
  before: string,
  after: string,
): string | undefined {
  if (!namePattern.test(after)) {
    return `"${after}" can't be the name of a variable: a letter or _ comes first, then letters, digits, _, - and dots.`;
  }
  const isTaken =
    after !== before &&
    occurrencesIn(file).some(({ name, isDefinition }) => isDefinition && name === after);
  return isTaken ? `There is a variable ${after} in this file already.` : undefined;
}
