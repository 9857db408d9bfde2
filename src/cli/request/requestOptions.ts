import { optionSpecs } from '../../grpc/callOptionSpecs';
import type { MetadataPair } from '../../request/draft';
import { type AnnotationSpec, annotationSpecs } from '../../request/file/annotations';
import type { Annotation, Span } from '../../request/file/syntax';
import { Failure } from '../failure';

/** Stands for places of what was written on the command line: before every place of a file. */
export const onCommandLine: Span = { from: -1_000_000_000, to: -1_000_000_000 };

/** Options of the command line that are annotations of request files, by the same name but for one. */
const specs = annotationSpecs.filter(({ group }) => group !== 'answer');
export const targetSpecs = specs.filter(({ group }) => group === 'target');
const callSpecs = specs.filter(({ group }) => group === 'option');

type Definition = { readonly type: 'string' | 'boolean'; readonly multiple?: boolean };

function definitionsOf(list: readonly AnnotationSpec[]): Record<string, Definition> {
  return Object.fromEntries(
    list.map(({ name, value, repeatable }): [string, Definition] => [
      optionName(name),
      { type: value === 'none' ? 'boolean' : 'string', ...(repeatable && { multiple: true }) },
    ]),
  );
}

/** What describes a target, for `parseArguments`. */
export const targetDefinitions = definitionsOf(targetSpecs);
/** Every option of a call. */
export const callDefinitions = definitionsOf(callSpecs);

export const variableDefinitions = {
  env: { type: 'string' },
  var: { type: 'string', multiple: true },
} as const;

export function optionName(annotation: string): string {
  return annotation === 'reflect-metadata' ? 'reflect-header' : annotation;
}

const switches = new Set(
  optionSpecs()
    .filter(({ input }) => input.kind === 'boolean')
    .map(({ name }) => `--${name}`),
);

/** `--wait-for-ready` alone means true, as it does in other programs. */
export function withSwitches(args: readonly string[]): string[] {
  const end = args.indexOf('--');
  return args.map((arg, index) => {
    const next = args[index + 1];
    const isAlone = next !== 'true' && next !== 'false';
    return switches.has(arg) && isAlone && (end < 0 || index < end) ? `${arg}=true` : arg;
  });
}

/** What was given for the options, as annotations of a request. */
export function annotationsOf(values: Readonly<Record<string, unknown>>): Annotation[] {
  return specs.flatMap(({ name }) =>
    [values[optionName(name)]]
      .flat()
      .filter((value) => value !== undefined && value !== false)
      .map((value): Annotation => {
        if (typeof value === 'string' && value.trim() === '') {
          throw new Failure(`A value has to follow --${optionName(name)}.`);
        }
        const text = value === true ? '' : String(value);
        return {
          name: { text: name, span: onCommandLine },
          value: { text, span: onCommandLine },
          span: onCommandLine,
        };
      }),
  );
}

/** Names of the options in `values` that describe a target. */
export function givenTargetOptions(values: Readonly<Record<string, unknown>>): string[] {
  return Object.keys(targetDefinitions).filter((name) => values[name] !== undefined);
}

/** `key: value` as it follows `-H`. */
export function headerOf(text: string): MetadataPair {
  const [, key, value = ''] = /^\s*([^\s:]+)\s*:\s*(.*?)\s*$/s.exec(text) ?? [];
  if (key === undefined) {
    throw new Failure(`${JSON.stringify(text)} is no metadata.`, {
      next: "Write it as -H 'key: value'.",
    });
  }
  return { key, value };
}

/** A message about a request that came of the command line, in its words. */
export function inOptionWords(message: string): string {
  return message
    .replaceAll('@reflect-metadata', '--reflect-header')
    .replace(/@(?=[a-z][a-z-]*\b)/g, (at, index: number) =>
      specs.some(({ name }) => message.startsWith(name, index + 1)) ? '--' : at,
    );
}
