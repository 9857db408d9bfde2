import { dirname, resolve } from 'node:path';
import { type CallOptions, type OptionTexts, parseCallOptions } from '../../grpc/callOptions';
import { readMetadata } from '../../grpc/metadataRows';
import type { MethodKind } from '../../grpc/methodKind';
import { optionRisks } from '../../grpc/optionRisks';
import { parseCapture, parseExpectation } from '../expect/parseExpectation';
import { type AnnotationSpec, annotationSpec, annotationSpecs } from '../file/annotations';
import { metadataPair } from '../file/metadataPair';
import type { Annotation, Span } from '../file/syntax';
import { error, hintAt, shifted, warning } from './findings';
import type { StaticValues } from './staticValues';
import type { FileState, RequestFinding } from './surroundings';

export interface AnnotationContext {
  readonly values: StaticValues;
  /** Index of the request they belong to; undefined for the preamble. */
  readonly request: number | undefined;
  /** Absolute, of the request file. */
  readonly path: string;
  fileAt(path: string): FileState;
}

/** What is wrong in each of the annotations of a request, or of the preamble. */
export function checkAnnotations(
  annotations: readonly Annotation[],
  context: AnnotationContext,
): RequestFinding[] {
  const seen = new Set<string>();
  return annotations.flatMap((annotation) => {
    const { name } = annotation;
    const spec = annotationSpec(name.text);
    if (spec === undefined) {
      const names = annotationSpecs.map((one) => one.name);
      return [
        error(
          'unknown-annotation',
          name.span,
          `There is no annotation @${name.text}. ${hintAt(name.text, names)} A comment needs no @.`,
        ),
      ];
    }
    const isRepeated = !spec.repeatable && seen.has(spec.name);
    seen.add(spec.name);
    return isRepeated
      ? [
          warning(
            'repeated-annotation',
            name.span,
            `@${spec.name} stands here a second time; the last one counts. Remove the others.`,
          ),
        ]
      : checkValue(annotation, spec, context);
  });
}

function checkValue(
  annotation: Annotation,
  spec: AnnotationSpec,
  context: AnnotationContext,
): RequestFinding[] {
  const { name, value } = annotation;
  if (spec.value === 'none') {
    return value.text === ''
      ? []
      : [error('annotation-value', value.span, `@${name.text} takes no value.`)];
  }
  if (value.text === '') {
    const message = `@${name.text} needs a value. ${spec.help}`;
    return [error('annotation-value', name.span, message)];
  }
  const text = context.values.resolved(value.text, context.request);
  switch (spec.value) {
    case 'expectation': {
      const parsed = parseExpectation(value.text, value.span);
      return parsed.ok
        ? []
        : [error('expectation', shifted(parsed.span, value.span.from), parsed.message)];
    }
    case 'capture': {
      const parsed = parseCapture(value.text, value.span);
      return parsed.ok
        ? []
        : [error('capture', shifted(parsed.span, value.span.from), parsed.message)];
    }
    case 'option':
      return text === undefined
        ? []
        : parseCallOptions({ [spec.name]: text }).problems.map(({ message }) =>
            error('option-value', value.span, message),
          );
    case 'path':
      return text === undefined ? [] : checkPath(text, value.span, spec.name, context);
    case 'metadata':
      return text === undefined ? [] : checkPair(text, value.span);
    case 'text':
      return [];
  }
}

function checkPath(
  text: string,
  span: Span,
  name: string,
  { path, fileAt }: AnnotationContext,
): RequestFinding[] {
  const wantsFolder = name === 'import-path';
  switch (fileAt(resolve(dirname(path), text)).kind) {
    case 'missing':
      return [
        error(
          'missing-file',
          span,
          `There is no ${wantsFolder ? 'folder' : 'file'} ${text} beside this file. The path is relative to it.`,
        ),
      ];
    case 'folder':
      return wantsFolder
        ? []
        : [error('missing-file', span, `${text} is a folder; @${name} wants a file.`)];
    case 'file':
      return wantsFolder
        ? [error('missing-file', span, `${text} is a file; @import-path wants the folder of it.`)]
        : [];
    case 'outside':
    case 'unknown':
      return [];
  }
}

/** That it is a pair at all is said where the server is resolved. */
function checkPair(text: string, span: Span): RequestFinding[] {
  const pair = metadataPair(text);
  const rows = pair ? [{ ...pair, enabled: true }] : [];
  return readMetadata(rows).problems.map(({ message }) => error('metadata', span, message));
}

/** The options that annotations set, later ones winning, as far as they can be read. */
export function optionsOf(
  annotations: readonly Annotation[],
  values: StaticValues,
  request: number | undefined,
): CallOptions {
  const texts: Record<string, string> = {};
  for (const { name, value } of annotations) {
    const text = values.resolved(value.text, request);
    if (annotationSpec(name.text)?.value === 'option' && text !== undefined) {
      texts[name.text] = text;
    }
  }
  return parseCallOptions(texts satisfies OptionTexts).options;
}

/**
 * Values that are allowed and may still do harm. One is shown where a value stands that leads to it; those that the
 * preamble has by itself are shown there, once.
 * @param all the annotations that hold for the request
 */
export function checkRisks(
  preamble: readonly Annotation[],
  all: readonly Annotation[],
  {
    own,
    values,
    request,
    kind,
    line,
  }: {
    /** Those that stand in the request. */
    readonly own: readonly Annotation[];
    readonly values: StaticValues;
    readonly request: number;
    readonly kind: MethodKind | undefined;
    /** Where to show what only preamble and request together lead to. */
    readonly line: Span;
  },
): RequestFinding[] {
  const context = kind === undefined ? {} : { kind };
  const inPreamble = new Set(
    optionRisks(optionsOf(preamble, values, undefined), context).map(({ code }) => code),
  );
  return optionRisks(optionsOf(all, values, request), context).flatMap(
    ({ name, code, message }) => {
      const annotation = own.findLast((one) => one.name.text === name);
      return annotation === undefined && inPreamble.has(code)
        ? []
        : [warning(code, annotation?.span ?? line, message)];
    },
  );
}

/** What is wrong or risky in the preamble alone. */
export function checkPreambleRisks(
  preamble: readonly Annotation[],
  values: StaticValues,
): RequestFinding[] {
  return optionRisks(optionsOf(preamble, values, undefined)).flatMap(({ name, code, message }) => {
    const annotation = preamble.findLast((one) => one.name.text === name);
    return annotation ? [warning(code, annotation.span, message)] : [];
  });
}
