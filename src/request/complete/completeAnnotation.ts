import { type OptionSpec, optionSpecs } from '../../grpc/callOptionSpecs';
import { type AnnotationSpec, annotationSpec, annotationSpecs } from '../file/annotations';
import type { Annotation } from '../file/syntax';
import type { Place } from './place';
import type { Suggestion } from './suggestion';

type AnnotationPlace = Extract<Place, { kind: 'annotation' }>;

/** What most requests have; the others stand below. */
const usual = ['deadline', 'expect', 'capture', 'plaintext'];

/** @param around the annotations beside the one that is written */
export function annotationNames(
  { nameSpan, name, valueSpan }: Pick<AnnotationPlace, 'nameSpan' | 'name' | 'valueSpan'>,
  around: readonly Annotation[],
  targetIsNamed: boolean,
): Suggestion[] {
  const taken = new Set(
    around
      .filter(({ span }) => span.to < nameSpan.from || span.from > nameSpan.to)
      .map((one) => one.name.text),
  );
  const isNew = valueSpan.from >= valueSpan.to;
  return annotationSpecs
    .filter((spec) => spec.repeatable || !taken.has(spec.name) || spec.name === name)
    .filter((spec) => !targetIsNamed || spec.group !== 'target')
    .sort((a, b) => rankOf(a) - rankOf(b))
    .map((spec): Suggestion => {
      const wantsValue = spec.value !== 'none' && isNew;
      return {
        label: `@${spec.name}`,
        kind: 'annotation',
        ...detailOf(spec),
        documentation: spec.help,
        insert: `@${spec.name}${wantsValue ? ' ' : ''}`,
        span: nameSpan,
        continues: wantsValue,
      };
    });
}

function rankOf({ name }: AnnotationSpec): number {
  const rank = usual.indexOf(name);
  return rank < 0 ? usual.length : rank;
}

const options: ReadonlyMap<string, OptionSpec> = new Map(
  optionSpecs().map((spec) => [spec.name, spec]),
);

/** The option that an annotation sets. */
export function optionSpec(name: string): OptionSpec | undefined {
  return options.get(name);
}

function detailOf({ name }: AnnotationSpec): { readonly detail?: string } {
  const option = options.get(name);
  return option === undefined || option.default === ''
    ? {}
    : { detail: `default ${option.default}` };
}

const durations: Readonly<Record<string, readonly string[]>> = {
  deadline: ['500ms', '1s', '2s', '5s', '15s', '30s', '1m'],
  'keepalive-time': ['5m', '10m', '30m'],
  'keepalive-timeout': ['10s', '20s'],
};

/** Values of an option. */
export function annotationValues({ name, valueSpan: span }: AnnotationPlace): Suggestion[] {
  const option = annotationSpec(name)?.value === 'option' ? options.get(name) : undefined;
  if (option === undefined) {
    return [];
  }
  return valuesOf(option).map((label) => ({
    label,
    kind: 'value',
    ...(label === option.default ? { detail: 'the default' } : {}),
    insert: label,
    span,
  }));
}

function valuesOf({ name, input }: OptionSpec): readonly string[] {
  switch (input.kind) {
    case 'duration':
      return [...(durations[name] ?? []), ...input.keywords];
    case 'boolean':
      return ['true', 'false'];
    case 'choice':
      return input.choices;
    case 'size':
      return ['1MiB', '4MiB', '16MiB', '64MiB', ...input.keywords];
    case 'text':
    case 'json':
      return [];
  }
}
