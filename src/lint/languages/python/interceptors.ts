import type { FileFacts } from '../../program/semantics';
import type { ClassNode } from '../../program/syntax';
import type { Value } from '../../program/value';
import { isConfigured } from '../shared/configuredNames';

/** The kinds of calls that an interceptor sees, as grpcio names them. */
export type CallKind = 'unary_unary' | 'unary_stream' | 'stream_unary' | 'stream_stream';

export const callKinds: readonly CallKind[] = [
  'unary_unary',
  'unary_stream',
  'stream_unary',
  'stream_stream',
];

/** The kinds of calls that the interceptor gives a timeout; `unknown` when that can't be seen. */
export type Gives = readonly CallKind[] | 'unknown';

/** Interceptors of libraries that leave the timeout alone. */
const harmless =
  /^(?:opentelemetry|opencensus|opentracing|grpc_opentracing|py_grpc_prometheus|prometheus_client|ddtrace|sentry_sdk|elasticapm|newrelic|aws_xray_sdk)\b/;

export function interceptorGives(value: Value, file: FileFacts): Gives {
  switch (value.kind) {
    case 'object of':
      return byClass(value.className, file);
    case 'symbol':
      return byPath(value.path, file);
    default:
      return 'unknown';
  }
}

function byPath(path: string, { settings, index }: FileFacts): Gives {
  const name = path.slice(path.lastIndexOf('.') + 1);
  if (isConfigured(settings.interceptors, path) || index.givesDeadline('python', name)) {
    return callKinds;
  }
  return harmless.test(path) || index.leavesDeadline('python', name) ? [] : 'unknown';
}

function byClass(className: string, file: FileFacts): Gives {
  if (isConfigured(file.settings.interceptors, className)) {
    return callKinds;
  }
  const node = file.program.declarations.find(
    (declaration): declaration is ClassNode =>
      declaration.kind === 'class' && declaration.name === className,
  );
  if (node === undefined) {
    return 'unknown';
  }
  return givesTimeout(file.text.slice(node.span.from, node.span.to))
    ? callKinds.filter((kind) => sees(node, kind))
    : [];
}

/**
 * Whether the class writes a timeout: `_replace(timeout=…)`, or anything but the old one in the place of the
 * second field of its call details, `(method, timeout, metadata, …)`.
 */
function givesTimeout(text: string): boolean {
  return (
    /\btimeout\s*=(?!=)\s*(?!None\b|(?!self\.|cls\.)[\w.]+\.timeout[ \t]*(?:[,)\r\n#]|$))[^\s,)]/.test(
      text,
    ) ||
    /Details\(\s*[^,()]+,\s*(?!None\b|\w+\s*=|(?!self\.|cls\.)[\w.]+\.timeout\s*,)[^\s,]/.test(text)
  );
}

function sees({ supers, methods }: ClassNode, kind: CallKind): boolean {
  const parent = `${kind.replace(/(?:^|_)(\w)/g, (_, first: string) => first.toUpperCase())}ClientInterceptor`;
  return (
    supers.some((name) => name.endsWith(parent)) ||
    methods.some(({ name }) => name === `intercept_${kind}`)
  );
}
