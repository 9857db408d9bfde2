import { lastPart } from '../../index/exports';
import type { FileFacts } from '../../program/semantics';
import { bestDeadline, type Deadline, type Value } from '../../program/value';
import { isConfigured } from '../shared/configuredNames';
import { isHarmless } from '../shared/interceptorNames';

/** What sets the timeout of the request that an interceptor gets: the call, or the header that it writes. */
const setsTimeout = /\.set_timeout\s*\(|"grpc-timeout"/;

/** What an interceptor, a function or an object, does for the calls behind it. */
export function intercepted(before: Deadline, interceptor: Value, file: FileFacts): Deadline {
  switch (interceptor.kind) {
    case 'function': {
      const { span, name } = interceptor.definition;
      const text = file.text.slice(span.from, span.to);
      // Without a text it stands in another file.
      return text === '' ? byName(before, lastPart(name), file) : byText(before, text);
    }
    case 'object of':
      return byText(before, methodsOf(interceptor.className, file));
    case 'symbol':
      return byName(before, lastPart(interceptor.path), file);
    default:
      return maybe(before);
  }
}

/** The type of an interceptor, as written: of the file, of `frameline.json`, or one that the index knows. */
export function byName(before: Deadline, name: string, file: FileFacts): Deadline {
  const { settings, index } = file;
  if (isConfigured(settings.interceptors, name) || index.givesDeadline('rust', name)) {
    return bestDeadline(before, 'safe');
  }
  const own = methodsOf(name, file);
  if (own !== '') {
    return byText(before, own);
  }
  return isHarmless(name) ? before : maybe(before);
}

function byText(before: Deadline, text: string): Deadline {
  return setsTimeout.test(text) ? bestDeadline(before, 'safe') : before;
}

/** It can't be seen whether it sets a timeout. */
function maybe(before: Deadline): Deadline {
  return before === 'missing' ? 'unknown' : before;
}

/** The texts of the methods of a type of this file. */
function methodsOf(owner: string, { program, text }: FileFacts): string {
  return program.declarations
    .flatMap((each) =>
      each.kind === 'function' && (each.owner === owner || each.name === owner)
        ? [text.slice(each.span.from, each.span.to)]
        : [],
    )
    .join('\n');
}
