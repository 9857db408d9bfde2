import { dirname, resolve } from 'node:path';
import { nextToken } from '../../schema/jsonTokens';
import { annotationSpec } from '../file/annotations';
import { requestName } from '../file/requestName';
import type { RequestFile, Span, Text } from '../file/syntax';
import { withPlaceholders } from '../variables/placeholders';

export interface OutlineItem {
  readonly kind: 'variable' | 'request';
  readonly name: string;
  readonly detail: string;
  readonly span: Span;
  /** What is shown of it when it is chosen. */
  readonly selection: Span;
}

/** Variables and requests, in their order. */
export function outline({ variables, requests }: RequestFile): OutlineItem[] {
  return [
    ...variables.map(
      ({ name, value, span }): OutlineItem => ({
        kind: 'variable',
        name: name.text,
        detail: value.text,
        span,
        selection: name.span,
      }),
    ),
    ...requests.map((request): OutlineItem => {
      const { title, line, span } = request;
      const method = [line.service.text, line.method.text].filter((part) => part !== '').join('/');
      return {
        kind: 'request',
        name: requestName(request) || 'GRPC',
        detail: method,
        span,
        selection: title?.span ?? line.span,
      };
    }),
  ].sort((a, b) => a.span.from - b.span.from);
}

/** What can be folded: requests, and objects and lists of messages. Some may be on one line. */
export function foldings({ requests }: RequestFile): Span[] {
  return requests.flatMap(({ span, messages }) => [
    span,
    ...messages.flatMap((message) =>
      message.kind === 'json' ? brackets(message.json, message.span.from) : [],
    ),
  ]);
}

function brackets(json: string, base: number): Span[] {
  const spans: Span[] = [];
  const open: number[] = [];
  const text = withPlaceholders(json);
  for (let token = nextToken(text, 0); token; token = nextToken(text, token.to)) {
    if (token.kind === '{' || token.kind === '[') {
      open.push(token.from);
    } else if (token.kind === '}' || token.kind === ']') {
      const from = open.pop();
      if (from !== undefined) {
        spans.push({ from: base + from, to: base + token.to });
      }
    }
  }
  return spans;
}

/** Files that a request file names: where the name stands, and the absolute path. */
export function fileLinks(
  { annotations, requests }: RequestFile,
  path: string,
): { readonly span: Span; readonly path: string }[] {
  const texts: Text[] = [
    ...[...annotations, ...requests.flatMap((request) => request.annotations)].flatMap(
      ({ name, value }) =>
        annotationSpec(name.text)?.value === 'path' && name.text !== 'import-path' ? [value] : [],
    ),
    ...requests.flatMap(({ messages }) =>
      messages.flatMap((message) => (message.kind === 'file' ? [message.path] : [])),
    ),
  ];
  return texts
    .filter(({ text }) => text !== '' && !text.includes('{{'))
    .map(({ text, span }) => ({ span, path: resolve(dirname(path), text) }));
}
