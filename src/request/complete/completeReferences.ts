import type { StaticValues } from '../check/staticValues';
import type { RequestFile } from '../file/syntax';
import { dynamicSpecs } from '../variables/dynamic';
import { placeIn } from './place';
import type { Suggestion } from './suggestion';

/** What may stand between `{{` and `}}`; undefined when the offset isn't between them. */
export function completeReferences(
  file: RequestFile,
  offset: number,
  values: StaticValues,
): Suggestion[] | undefined {
  const { line, request } = placeIn(file, offset);
  const before = file.text.slice(line.from, offset);
  const [, typed] = /\{\{\s*([^{}]*)$/.exec(before) ?? [];
  if (typed === undefined) {
    return undefined;
  }
  const [rest = ''] = /^[\w.$-]*/.exec(file.text.slice(offset, line.to)) ?? [];
  const isClosed = /^\s*\}\}/.test(file.text.slice(offset + rest.length, line.to));
  const span = { from: offset - typed.length, to: offset + rest.length };
  const end = isClosed ? '' : '}}';
  const index = request === undefined ? undefined : file.requests.indexOf(request);
  return [
    ...[...values.variables.values()].map(
      ({ name, value }): Suggestion => ({
        label: name.text,
        kind: 'variable',
        detail: value.text,
        insert: name.text + end,
        span,
      }),
    ),
    ...[...values.captures]
      .filter(([, at]) => index === undefined || at < index)
      .map(
        ([name]): Suggestion => ({
          label: name,
          kind: 'variable',
          detail: 'captured from an earlier answer',
          insert: name + end,
          span,
        }),
      ),
    ...[...(values.environment?.variables ?? [])].map(
      ([name, value]): Suggestion => ({
        label: name,
        kind: 'variable',
        detail: `${value} (${values.environment?.name})`,
        insert: name + end,
        span,
      }),
    ),
    ...(values.environment?.secrets ?? []).map(
      (name): Suggestion => ({
        label: name,
        kind: 'variable',
        detail: `secret (${values.environment?.name})`,
        insert: name + end,
        span,
      }),
    ),
    ...dynamicSpecs.map(
      ({ name, usage, help }): Suggestion => ({
        label: usage,
        kind: 'value',
        documentation: help,
        insert: `$${name}${end}`,
        span,
        filter: `$${name}`,
      }),
    ),
  ].filter(isFirst);
}

/** A name that the file has is not offered again for the environment. */
function isFirst({ label }: Suggestion, at: number, all: readonly Suggestion[]): boolean {
  return all.findIndex((other) => other.label === label) === at;
}
