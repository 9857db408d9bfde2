import type { Line } from '../file/lines';
import type { Suggestion } from './suggestion';

interface KnownKey {
  readonly name: string;
  readonly help: string;
  /** A snippet. */
  readonly value?: string;
}

const keys: readonly KnownKey[] = [
  {
    name: 'authorization',
    help: 'Who is calling. A token belongs into a secret of the environment: Bearer {{TOKEN}}.',
    value: 'Bearer {{$1}}',
  },
  {
    name: 'x-request-id',
    help: 'Names this request in the logs of the server.',
    value: '{{\\$uuid}}',
  },
  {
    name: 'traceparent',
    help: 'W3C Trace Context: version-traceid-parentid-flags.',
    value: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
  },
  { name: 'tracestate', help: 'W3C Trace Context: what vendors add to traceparent.' },
  { name: 'baggage', help: 'W3C Baggage: key=value pairs that go along with the trace.' },
  { name: 'x-b3-traceid', help: 'B3 propagation (Zipkin): 32 or 16 hex digits.' },
  { name: 'x-forwarded-for', help: 'The client behind a proxy. Servers should not trust it.' },
  {
    name: 'x-api-key',
    help: 'A key of the caller. It belongs into a secret of the environment.',
    value: '{{$1}}',
  },
  { name: 'accept-language', help: 'The languages of the answer, best first: de, en;q=0.8.' },
  { name: 'grpc-trace-bin', help: 'OpenCensus trace context, base64.' },
  { name: 'cookie', help: 'Cookies, for servers behind HTTP gateways.' },
];

/** Keys of metadata that are common, and what usually follows. */
export function completeMetadata(
  { text, from }: Line,
  offset: number,
  taken: ReadonlySet<string>,
): Suggestion[] {
  const [, key] = /^\s*([^\s:]+)\s*:/.exec(text.slice(0, offset - from)) ?? [];
  const [space = ''] = /^\s*/.exec(text) ?? [];
  const start = from + space.length;
  if (key !== undefined) {
    const known = keys.find(({ name }) => name === key.toLowerCase());
    const at = text.indexOf(':') + 1;
    const gap = /^[^\S\n]*/.exec(text.slice(at))?.[0].length ?? 0;
    return known?.value === undefined
      ? []
      : [
          {
            label: plain(known.value),
            kind: 'value',
            documentation: known.help,
            insert: `${gap === 0 ? ' ' : ''}${known.value}`,
            isSnippet: true,
            span: { from: Math.min(from + at + gap, offset), to: from + text.length },
          },
        ];
  }
  const colon = text.indexOf(':');
  const span = { from: start, to: from + (colon === -1 ? text.trimEnd().length : colon) };
  return keys
    .filter(({ name }) => !taken.has(name))
    .map(({ name, help, value }) => ({
      label: name,
      kind: 'metadata',
      documentation: help,
      insert: colon === -1 ? `${name}: ${value ?? '$0'}` : name,
      isSnippet: colon === -1,
      span: { from: span.from, to: Math.max(span.to, offset) },
    }));
}

/** A snippet as it will stand there. */
function plain(snippet: string): string {
  return snippet.replaceAll(/(?<!\\)\$\d/g, '').replaceAll(/\\(.)/g, '$1');
}
