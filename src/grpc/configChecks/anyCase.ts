import { isObject } from '../serviceConfig';
import { fieldNamed } from './fields';
import type { JsonPath, ServiceConfigIssue } from './issues';

/** Go's encoding/json finds a field whatever its case: the config with the fields as gRFC A6 spells them. */
export function spelledAsSpecified(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(spelledAsSpecified);
  }
  return isObject(value)
    ? Object.fromEntries(
        Object.entries(value).map(([key, member]) => [
          fieldFor(key, value),
          spelledAsSpecified(member),
        ]),
      )
    : value;
}

/** The same issue, where it stands in the config as it is written. */
export function inOwnSpelling(issue: ServiceConfigIssue, config: unknown): ServiceConfigIssue {
  const path: (string | number)[] = [];
  let at = config;
  for (const part of issue.path) {
    const own = isObject(at) && typeof part === 'string' ? keyFor(part, at) : part;
    path.push(own);
    at = (at as Record<string | number, unknown> | undefined)?.[own];
  }
  const same: JsonPath = path;
  return { ...issue, path: same };
}

function fieldFor(key: string, { [key]: _, ...others }: Record<string, unknown>): string {
  const field = fieldNamed(key) ?? key;
  return field in others ? key : field;
}

function keyFor(field: string, object: Record<string, unknown>): string {
  return field in object
    ? field
    : (Object.keys(object).find((key) => fieldFor(key, object) === field) ?? field);
}
