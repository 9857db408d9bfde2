import { lastPart } from '../../index/exports';
import type { FileFacts } from '../../program/semantics';
import { bestDeadline, type Deadline, type Value } from '../../program/value';
import { afterInterceptor, maybe } from '../shared/interceptorNames';

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
  const own = methodsOf(name, file);
  const sets = own === '' ? undefined : setsTimeout.test(own);
  return afterInterceptor(before, name, 'rust', sets, file);
}

function byText(before: Deadline, text: string): Deadline {
  return setsTimeout.test(text) ? bestDeadline(before, 'safe') : before;
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
