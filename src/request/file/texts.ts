import type { RequestNode, Text } from './syntax';

/** The texts of a request in which references are replaced. */
export function textsOf({ line, annotations, metadata, messages }: RequestNode): Text[] {
  return [
    line.target,
    line.service,
    line.method,
    ...annotations.map(({ value }) => value),
    ...metadata.map(({ value }) => value),
    ...messages.map((message) =>
      message.kind === 'file' ? message.path : { text: message.json, span: message.span },
    ),
  ];
}
