import { lastPart } from '../../index/exports';
import type { FileFacts, SiteArgument } from '../../program/semantics';
import { type Deadline, joinDeadlines, type Value } from '../../program/value';
import { afterInterceptor, maybe } from '../shared/interceptorNames';

/** What one more interceptor does for the calls behind it. */
export function intercepted(before: Deadline, args: readonly SiteArgument[], file: FileFacts) {
  return args.reduce((deadline, { value }) => withOne(deadline, value, file), before);
}

function withOne(before: Deadline, value: Value, file: FileFacts): Deadline {
  switch (value.kind) {
    // A function gets the metadata and nothing else.
    case 'function':
      return before;
    case 'object of':
      return byName(before, value.className, file);
    case 'object':
      return value.type === undefined
        ? joinDeadlines(before, 'unknown')
        : byName(before, lastPart(value.type), file);
    default:
      return maybe(before);
  }
}

/** The interceptor with this name: of the file, of `frameline.json`, or one that the index knows. */
export function byName(before: Deadline, name: string, file: FileFacts): Deadline {
  const own = classText(name, file);
  const sets = own === undefined ? undefined : /\bWithDeadline\s*\(|\bdeadline\s*:/.test(own);
  return afterInterceptor(before, name, 'csharp', sets, file);
}

function classText(name: string, { program, text }: FileFacts): string | undefined {
  for (const declaration of program.declarations) {
    if (declaration.kind === 'class' && declaration.name === name) {
      return text.slice(declaration.span.from, declaration.span.to);
    }
  }
  return undefined;
}
